"""The office: which groups there are, and nothing of what closed ones say, not even their names."""

from datetime import datetime, timedelta

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group as RightsGroup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from directory.operating import OperatingRole
from discussions import emails  # noqa: F401 -- registers the kinds
from discussions.actions import groups as actions
from discussions.choices import Access, Role
from discussions.emails.posts import NewPost
from discussions.models import Entry, Group, Membership
from notifications.kinds import all_kinds
from notifications.models import Notice
from notifications.outbox import queue
from tests.conftest import grant, signed_in
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/discussions/group/"
SECRETS = ("Geheimbund", "Zweckgeheim", "Regelgeheim", "Titelgeheim", "Textgeheim", "Mitglied Geheim")


@pytest.fixture(autouse=True)
def _without_second_factor(settings) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def closed(coach: User, participant: User) -> Group:
    participant.display_name = "Mitglied Geheim"
    participant.save()
    group = GroupFactory(
        slug="zgeschlossen",
        name="Geheimbund",
        purpose="Zweckgeheim",
        rules="Regelgeheim",
        members=[participant],
        coach=coach,
    )
    PostFactory(topic=TopicFactory(group=group, title="Titelgeheim"), text="Textgeheim", author=participant)
    return group


@pytest.fixture
def opened_group(coach: User) -> Group:
    return GroupFactory(
        slug="offenergruppe", name="Donaurunde", purpose="Für alle", access=Access.OPEN, coach=coach
    )


@pytest.fixture
def office(admin: User) -> Client:
    return signed_in(admin, "en")


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def act(client: Client, name: str, *groups: Group, **more: str) -> str:
    data = {"action": name, "_selected_action": [group.pk for group in groups], **more}
    answer = client.post(LIST, data, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestWhatIsShown:
    def test_of_a_closed_group_that_it_is_there(
        self, office: Client, closed: Group, opened_group: Group
    ) -> None:
        page = text_of(office, LIST)

        assert [secret for secret in SECRETS if secret in page] == []
        for shown in ("zgeschlossen", "Donaurunde", "Coach A"):
            assert shown in page

    def test_its_page_shows_no_more(self, office: Client, closed: Group, opened_group: Group) -> None:
        page = text_of(office, f"{LIST}{closed.pk}/change/")

        assert [secret for secret in SECRETS if secret in page] == []
        assert "Für alle" in text_of(office, f"{LIST}{opened_group.pk}/change/")

    def test_numbers_and_coaches(self, closed: Group, admin: User, rf) -> None:
        request = rf.get(LIST)
        request.user = admin
        page = site._registry[Group]
        row = page.get_queryset(request).get(pk=closed.pk)

        assert (page.members(row), page.topics_number(row), page.coaches(row)) == (2, 1, "Coach A")
        assert page.last_day(row) != "–"

    @pytest.mark.parametrize(
        "asked",
        [
            "name__startswith=Geheim",
            "purpose__contains=Zweck",
            "memberships__person__id=1",
            "memberships__person__display_name__startswith=M",
            "topics__title__startswith=T",
            "created_by=1",
        ],
    )
    def test_nothing_hidden_can_be_asked_for_in_the_address(
        self, office: Client, closed: Group, asked: str
    ) -> None:
        answer = office.get(f"{LIST}?{asked}")

        assert answer.status_code in (302, 400)

    def test_filters_of_the_list_work(self, office: Client, closed: Group, opened_group: Group) -> None:
        page = text_of(office, f"{LIST}?access__exact=closed&state__exact=active&is_demo__exact=0")

        assert "zgeschlossen" in page
        assert "Donaurunde" not in page

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("Geheimbund", []),
            ("Mitglied", []),
            ("zgeschl", ["zgeschlossen"]),
            ("donau", ["offenergruppe"]),
            ("", ["zgeschlossen", "offenergruppe"]),
        ],
    )
    def test_search(
        self, closed: Group, opened_group: Group, admin: User, rf, words: str, found: list[str]
    ) -> None:
        request = rf.get(LIST)
        request.user = admin
        page = site._registry[Group]

        rows, _ = page.get_search_results(request, page.get_queryset(request), words)

        assert sorted(row.slug for row in rows) == sorted(found)

    def test_the_number_of_queries_does_not_grow(
        self, office: Client, closed: Group, django_assert_num_queries
    ) -> None:
        office.get(LIST)
        with django_assert_num_queries(4):
            office.get(LIST)
        for _number in range(20):
            GroupFactory(coach=closed.memberships.get(role=Role.COACH).person)
        with django_assert_num_queries(4):
            office.get(LIST)

    def test_there_is_no_history_and_no_raw_change(self, office: Client, closed: Group) -> None:
        assert office.get(f"{LIST}{closed.pk}/history/").status_code == 404
        assert office.get(f"{LIST}{closed.pk}/delete/").status_code == 403
        assert office.post(f"{LIST}{closed.pk}/change/", {"name": "x"}).status_code == 403

    def test_what_is_said_has_no_page(self) -> None:
        shown = {model.__name__ for model in site._registry if model._meta.app_label == "discussions"}

        assert shown & {
            "Topic", "Post", "PostVersion", "Membership", "Invitation", "Draft", "Attachment", "Translation", "Vote",
            "Reaction", "ReadMark",
        } == set()  # fmt: skip

    def test_the_text_of_a_closed_group_is_its_address(self, closed: Group, opened_group: Group) -> None:
        assert (str(closed), str(opened_group)) == ("zgeschlossen", "Donaurunde")


class TestWhoMay:
    def test_who_leads_courses_sees_the_list_and_does_nothing(self, coordinator: User, closed: Group) -> None:
        coordinator.is_staff = True
        coordinator.save()
        grant(coordinator, "discussions.view_group")
        client = signed_in(coordinator, "en")

        page = text_of(client, LIST)
        act(client, "archive", closed)

        assert "zgeschlossen" in page
        assert reverse("discussions:enter", args=[closed.slug]) not in page
        assert client.get(f"{LIST}add/").status_code == 403
        closed.refresh_from_db()
        assert closed.state == Group.State.ACTIVE

    def test_without_the_right_there_is_no_list(self, coordinator: User) -> None:
        coordinator.is_staff = True
        coordinator.save()

        assert signed_in(coordinator).get(LIST).status_code == 403

    def test_a_superuser_is_shown_the_way_in(self, office: Client, closed: Group, admin: User) -> None:
        enter = reverse("discussions:enter", args=[closed.slug])

        assert enter in text_of(office, LIST)
        assert office.get(enter).status_code == 200
        MembershipFactory(group=closed, person=admin)
        assert enter not in text_of(office, LIST)


class TestWhatIsDone:
    def test_archived_and_opened_again(self, office: Client, closed: Group) -> None:
        said = act(office, "archive", closed)

        closed.refresh_from_db()
        assert closed.state == Group.State.ARCHIVED
        assert "1 group changed." in said
        act(office, "open_again", closed)
        closed.refresh_from_db()
        assert closed.state == Group.State.ACTIVE

    def test_the_log_carries_the_address(self, office: Client, closed: Group) -> None:
        act(office, "archive", closed)

        entry = LogEntry.objects.get()
        assert entry.object_repr == "zgeschlossen"
        assert "Geheimbund" not in f"{entry} {entry.change_message}"
        assert "Geheimbund" not in text_of(office, "/admin/")

    def test_deletion_is_asked_once_then_announced_to_every_member(
        self, office: Client, closed: Group
    ) -> None:
        asked = act(office, "announce_deletion", closed)
        closed.refresh_from_db()
        assert closed.delete_at is None
        assert [secret for secret in SECRETS if secret in asked] == []
        assert "14" in asked

        act(office, "announce_deletion", closed, asked="1")

        closed.refresh_from_db()
        assert closed.delete_at is not None
        assert Notice.objects.filter(kind="group_deletion_announced").count() == 2
        act(office, "take_deletion_back", closed)
        closed.refresh_from_db()
        assert closed.delete_at is None

    def test_a_group_is_made_for_a_coach(self, office: Client, coach: User, admin: User) -> None:
        coach.groups.add(RightsGroup.objects.get_or_create(name=OperatingRole.COACH)[0])
        data = {
            "name": "Lerngruppe",
            "purpose": "",
            "languages": ["de", "hu"],
            "access": "closed",
            "leader": coach.pk,
        }

        answer = office.post(f"{LIST}add/", data, follow=True)

        group = Group.objects.get()
        row = Membership.objects.get()
        assert (group.name, group.languages, group.created_by) == ("Lerngruppe", ["de", "hu"], admin)
        assert (row.person, row.role, row.state) == (coach, "coach", "active")
        assert LogEntry.objects.get().object_repr == group.slug
        assert "Lerngruppe" not in answer.content.decode()

    def test_who_is_no_coach_leads_none(self, office: Client, participant: User) -> None:
        data = {"name": "X", "languages": ["de"], "access": "closed", "leader": participant.pk}

        answer = office.post(f"{LIST}add/", data)

        assert answer.status_code == 200
        assert not Group.objects.exists()


class TestEntries:
    def test_who_when_why(self, office: Client, closed: Group, admin: User, now: datetime) -> None:
        actions.enter(group=closed, by=admin, reason="Gericht fragt an", now=now)

        page = text_of(office, "/admin/discussions/entry/")

        for shown in ("Gericht fragt an", "zgeschlossen", "Administration"):
            assert shown in page
        detail = text_of(office, f"/admin/discussions/entry/{Entry.objects.get().pk}/change/")
        assert "Geheimbund" not in page + detail

    def test_it_is_only_read(self, office: Client, closed: Group, admin: User, now: datetime) -> None:
        actions.enter(group=closed, by=admin, reason="x", now=now)
        number = Entry.objects.get().pk

        assert office.get("/admin/discussions/entry/add/").status_code == 403
        assert office.post(f"/admin/discussions/entry/{number}/delete/", {"post": "yes"}).status_code == 403
        asked = office.get("/admin/discussions/entry/?group__name__startswith=G")
        assert asked.status_code in (302, 400)


class TestMailLog:
    def test_no_mail_of_a_group_is_shown(self, office: Client, closed: Group, now: datetime) -> None:
        post = closed.topics.get().posts.get()
        reader = closed.memberships.get(role=Role.COACH).person
        queue(NewPost, to=[reader], about=post, now=now - timedelta(days=1))

        page = text_of(office, f"/admin/notifications/notice/{Notice.objects.get().pk}/change/")

        assert [secret for secret in SECRETS if secret in page] == []

    def test_every_kind_told_in_groups_is_private(self) -> None:
        of_groups = [told for told in all_kinds() if type(told).__module__.startswith("discussions.")]

        assert len(of_groups) >= 7
        assert [told.name for told in of_groups if not told.is_private] == []
