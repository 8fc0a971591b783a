"""Pages of groups as such: list, new, settings, archive, deletion."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group as RightsGroup
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from directory.operating import OperatingRole
from discussions.actions import talk
from discussions.choices import Access, Belonging, GroupState
from discussions.models import Group
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory

pytestmark = pytest.mark.django_db
LED_PAGES = ("settings", "archive", "delete", "invite")


@pytest.fixture
def group(coach: User, participant: User) -> Group:
    return GroupFactory(name="Geheime Jugend", purpose="Für das Lager", coach=coach, members=[participant])


@pytest.fixture
def leader(coach: User) -> Client:
    return signed_in(coach, "en")


@pytest.fixture
def may_create(coach: User) -> None:
    coach.groups.add(RightsGroup.objects.get_or_create(name=OperatingRole.COACH)[0])


def at(group: Group, name: str) -> str:
    return reverse(f"discussions:{name}", args=[group.slug])


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Lager",
        "purpose": "Wir planen.",
        "rules": "Höflich sein.",
        "languages": ["de", "hu"],
        "access": "closed",
        "sends_text": "no",
        "base_version": 0,
        "key": uuid.uuid4(),
        **changes,
    }


class TestList:
    def test_ones_groups_say_what_is_new(self, group: Group, participant: User, coach: User) -> None:
        TopicFactory(group=group, posts=2)
        read = TopicFactory(group=group, posts=1)
        talk.mark_read(topic=read, by=participant, number=1)
        TopicFactory(group=group, posts=1, is_line=True, line_of=coach)

        shown = words(signed_in(participant, "en").get(reverse("discussions:list")))

        assert [word in shown for word in ("Geheime Jugend", "1 topic with something new", "2 people")] == [
            True,
            True,
            True,
        ]

    def test_coaches_count_private_lines(self, group: Group, participant: User, leader: Client) -> None:
        TopicFactory(group=group, posts=1, is_line=True, line_of=participant)

        assert "1 topic with something new" in words(leader.get(reverse("discussions:list")))

    def test_leaders_see_that_somebody_waits(self, group: Group, participant: User, leader: Client) -> None:
        MembershipFactory(group=group, state=Belonging.ASKED)

        pages = [leader, signed_in(participant, "en")]
        shown = [words(page.get(reverse("discussions:list"))) for page in pages]

        assert ["1 request to join" in one for one in shown] == [True, False]

    @pytest.mark.parametrize(
        "state", [None, Belonging.LEFT, Belonging.REMOVED, Belonging.BANNED, Belonging.ASKED]
    )
    def test_nothing_is_told_of_closed_groups_to_others(
        self, group: Group, outsider: User, state: str | None
    ) -> None:
        if state:
            MembershipFactory(group=group, person=outsider, state=state)

        shown = words(signed_in(outsider, "en").get(reverse("discussions:list")))

        assert [word in shown for word in ("Geheime", group.slug, "Lager")] == [False] * 3

    def test_an_invitation_waits(self, group: Group, outsider: User) -> None:
        MembershipFactory(group=group, person=outsider, state=Belonging.INVITED)

        shown = words(signed_in(outsider, "en").get(reverse("discussions:list")))

        assert (at(group, "join") in shown, f'href="{group.get_absolute_url()}"' in shown) == (True, False)

    def test_open_groups_may_be_joined(self, outsider: User) -> None:
        free = GroupFactory(access=Access.OPEN)
        asks = GroupFactory(access=Access.OPEN, takes_requests=True)
        waits = GroupFactory(access=Access.OPEN, takes_requests=True)
        MembershipFactory(group=waits, person=outsider, state=Belonging.ASKED)

        shown = words(signed_in(outsider, "en").get(reverse("discussions:list")))

        links = [f'<a href="{at(one, "join")}">{word}' for one, word in
                 ((free, "Join"), (asks, "Ask to join"), (waits, "Your request waits"))]  # fmt: skip
        assert [link in shown for link in links] == [True, True, True]

    def test_banned_people_do_not_see_an_open_group(self, outsider: User) -> None:
        group = GroupFactory(access=Access.OPEN, name="Offene Runde")
        MembershipFactory(group=group, person=outsider, state=Belonging.BANNED)

        assert "Offene Runde" not in words(signed_in(outsider).get(reverse("discussions:list")))

    def test_only_some_may_start_a_group(self, may_create: None, leader: Client, outsider: User) -> None:
        pages = [leader, signed_in(outsider, "en")]

        shown = [words(page.get(reverse("discussions:list"))) for page in pages]

        assert [reverse("discussions:new") in one for one in shown] == [True, False]

    def test_it_needs_the_same_queries_for_many_groups(self, participant: User) -> None:
        page = signed_in(participant)
        page.get(reverse("discussions:list"))

        counts = []
        for _more in range(2):
            for _one in range(4):
                TopicFactory(group=GroupFactory(members=[participant]), posts=2)
                GroupFactory(access=Access.OPEN)
            with CaptureQueriesContext(connection) as queries:
                page.get(reverse("discussions:list"))
            counts.append(len(queries))

        assert counts == [LIST_QUERIES, LIST_QUERIES]

    def test_a_visitor_signs_in_first(self, client: Client, db: None) -> None:
        assert client.get(reverse("discussions:list")).headers["Location"].startswith("/accounts/login/")


LIST_QUERIES = 6


class TestNew:
    def test_others_are_refused(self, outsider: User) -> None:
        page = signed_in(outsider)

        codes = [page.get(reverse("discussions:new")).status_code]
        codes.append(page.post(reverse("discussions:new"), facts()).status_code)

        assert (codes, Group.objects.count()) == ([403, 403], 0)

    def test_a_coach_starts_one_and_invites(self, may_create: None, leader: Client, coach: User) -> None:
        leader.get(reverse("discussions:new"))

        answer = leader.post(reverse("discussions:new"), facts(takes_requests="on"))

        group = Group.objects.get()
        assert answer.headers["Location"] == at(group, "invite")
        assert (group.name, group.languages, group.sends_text) == ("Lager", ["de", "hu"], False)
        assert (group.takes_requests, group.created_by) == (False, coach)

    def test_sent_twice_there_is_one(self, may_create: None, leader: Client) -> None:
        said = facts()

        answers = [leader.post(reverse("discussions:new"), said).headers["Location"] for _again in range(2)]

        assert (Group.objects.count(), answers[0] == answers[1]) == (1, True)

    @pytest.mark.parametrize(
        "wrong", [{"name": ""}, {"languages": []}, {"access": "secret"}, {"sends_text": ""}]
    )
    def test_what_is_missing_is_said(self, may_create: None, leader: Client, wrong: dict[str, Any]) -> None:
        answer = leader.post(reverse("discussions:new"), facts(**wrong))

        assert (answer.status_code, "error-summary" in words(answer), Group.objects.count()) == (422, True, 0)


class TestSettings:
    def test_the_page_says_who_reads(self, group: Group, leader: Client) -> None:
        assert "no superuser" in words(leader.get(at(group, "settings")))

    def test_an_open_group_says_so(self, coach: User, leader: Client) -> None:
        group = GroupFactory(access=Access.OPEN, coach=coach)

        assert "Open: everybody with an account reads" in words(leader.get(at(group, "settings")))

    def test_they_are_saved(self, group: Group, leader: Client) -> None:
        said = facts(access="open", takes_requests="on", base_version=group.version)

        answer = leader.post(at(group, "settings"), said)

        group.refresh_from_db()
        assert answer.headers["Location"] == at(group, "settings")
        assert (group.name, group.access, group.takes_requests, group.version) == ("Lager", "open", True, 2)

    def test_the_second_of_two_sees_both(self, group: Group, leader: Client) -> None:
        leader.post(at(group, "settings"), facts(name="Erste", base_version=1))

        answer = leader.post(at(group, "settings"), facts(name="Zweite", base_version=1))

        group.refresh_from_db()
        assert (answer.status_code, group.name) == (409, "Erste")
        assert [word in words(answer) for word in ("Erste", "Zweite")] == [True, True]

    def test_saved_again_it_is_a_choice(self, group: Group, leader: Client) -> None:
        leader.post(at(group, "settings"), facts(name="Erste", base_version=1))
        said = facts(name="Zweite", base_version=1)
        leader.post(at(group, "settings"), said)

        leader.post(at(group, "settings"), said | {"base_version": 2})

        group.refresh_from_db()
        assert group.name == "Zweite"

    def test_what_is_missing_is_said(self, group: Group, leader: Client) -> None:
        answer = leader.post(at(group, "settings"), facts(name="", base_version=1))

        assert (answer.status_code, Group.objects.get().name) == (422, "Geheime Jugend")


class TestEnd:
    def press(self, page: Client, group: Group, name: str, do: str) -> HttpResponse:
        return page.post(at(group, name), {"do": do, "key": uuid.uuid4()})

    def test_archived_and_opened_again(self, group: Group, leader: Client) -> None:
        states = []
        for do in ("archive", "open"):
            leader.get(at(group, "archive"))
            self.press(leader, group, "archive", do)
            states.append(Group.objects.get().state)

        assert states == [GroupState.ARCHIVED, GroupState.ACTIVE]

    def test_the_page_of_an_archived_group_asks_the_other_way(self, leader: Client, coach: User) -> None:
        group = GroupFactory(coach=coach, state=GroupState.ARCHIVED)

        assert "Open the group again" in words(leader.get(at(group, "archive")))

    def test_announced_and_taken_back(self, group: Group, leader: Client) -> None:
        self.press(leader, group, "delete", "delete")
        announced = Group.objects.get().delete_at
        page = words(leader.get(at(group, "delete")))
        self.press(leader, group, "delete", "keep")

        assert (announced is not None, "Keep the group" in page, Group.objects.get().delete_at) == (
            True,
            True,
            None,
        )

    def test_members_are_told_once(self, group: Group, leader: Client) -> None:
        said = {"do": "delete", "key": uuid.uuid4()}

        for _again in range(2):
            leader.post(at(group, "delete"), said)

        assert Notice.objects.filter(kind="group_deletion_announced").count() == 2

    def test_the_first_page_offers_to_archive(self, group: Group, leader: Client) -> None:
        shown = words(leader.get(at(group, "delete")))

        assert (at(group, "archive") in shown, "in 14 days" in shown) == (True, True)

    def test_without_a_key_nothing_happens(self, group: Group, leader: Client) -> None:
        answer = leader.post(at(group, "archive"), {"do": "archive"})

        assert (answer.headers["Location"], Group.objects.get().state) == (at(group, "archive"), "active")


class TestWhoComesIn:
    @pytest.mark.parametrize("name", LED_PAGES)
    def test_members_may_not(self, group: Group, participant: User, name: str) -> None:
        assert signed_in(participant).get(at(group, name)).status_code == 403

    @pytest.mark.parametrize("name", [*LED_PAGES, "people"])
    @pytest.mark.parametrize("state", [None, *(state for state in Belonging if state != Belonging.ACTIVE)])
    def test_to_others_it_does_not_exist(
        self, group: Group, outsider: User, name: str, state: str | None
    ) -> None:
        if state:
            MembershipFactory(group=group, person=outsider, state=state)
        page = signed_in(outsider)
        nowhere = page.get(reverse(f"discussions:{name}", args=["nowhere"]))

        answers = [page.get(at(group, name)), page.post(at(group, name), {"key": uuid.uuid4()})]

        codes = [answer.status_code for answer in answers]
        assert codes == [404, 405 if name == "people" else 404]
        assert words(answers[0]).replace(group.slug, "nowhere") == words(nowhere)
        assert "Geheime" not in words(answers[0])

    @pytest.mark.parametrize("name", [*LED_PAGES, "people"])
    def test_a_superuser_is_no_member(self, group: Group, admin: User, name: str) -> None:
        assert signed_in(admin).get(at(group, name)).status_code == 404

    @pytest.mark.parametrize("name", [*LED_PAGES, "people"])
    def test_a_visitor_signs_in_first(self, group: Group, client: Client, name: str) -> None:
        answer = client.get(at(group, name))

        assert (answer.status_code, answer.headers["Location"].startswith("/accounts/login/")) == (302, True)

    def test_a_moderator_of_another_group_is_an_outsider(self, group: Group, outsider: User) -> None:
        GroupFactory(moderator=outsider)

        assert signed_in(outsider).get(at(group, "settings")).status_code == 404
