"""Coming into a group and leaving it: invited, asking, by a link, and as a superuser."""

import uuid
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.actions import people
from discussions.choices import Access, Belonging, Role
from discussions.emails.people import invitation_path
from discussions.models import Entry, Group, Invitation, Membership
from discussions.views import joining
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(coach: User) -> Group:
    return GroupFactory(name="Geheime Jugend", rules="Höflich sein.", coach=coach)


@pytest.fixture
def open_group(coach: User) -> Group:
    return GroupFactory(name="Offene Runde", access=Access.OPEN, coach=coach)


@pytest.fixture
def asking_group(coach: User) -> Group:
    return GroupFactory(name="Halboffene Runde", access=Access.OPEN, takes_requests=True, coach=coach)


def at(group: Group, name: str) -> str:
    return reverse(f"discussions:{name}", args=[group.slug])


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def press(page: Client, address: str, **said: object) -> HttpResponse:
    return page.post(address, {"key": uuid.uuid4(), **said})


def state_of(group: Group, person: User) -> str:
    return Membership.objects.filter(group=group, person=person).values_list("state", flat=True).first() or ""


class TestInvited:
    def test_the_page_says_the_rules_and_who_reads(self, group: Group, outsider: User) -> None:
        MembershipFactory(group=group, person=outsider, state=Belonging.INVITED)

        shown = words(signed_in(outsider, "en").get(at(group, "join")))

        expected = ("You are invited to “Geheime Jugend”", "Höflich sein.", "no superuser", "Decline")
        assert [word in shown for word in expected] == [True] * 4

    def test_yes(self, group: Group, outsider: User) -> None:
        MembershipFactory(group=group, person=outsider, state=Belonging.INVITED)

        answer = press(signed_in(outsider), at(group, "join"), do="accept")

        assert (answer.headers["Location"], state_of(group, outsider)) == (group.get_absolute_url(), "active")

    def test_no(self, group: Group, outsider: User) -> None:
        MembershipFactory(group=group, person=outsider, state=Belonging.INVITED)
        page, said = signed_in(outsider), {"do": "decline", "key": uuid.uuid4()}

        answers = [page.post(at(group, "join"), said).headers["Location"] for _again in range(2)]

        assert (answers, state_of(group, outsider)) == ([reverse("discussions:list")] * 2, "")
        assert page.get(at(group, "join")).status_code == 404

    def test_an_invitation_goes_before_requests(self, asking_group: Group, outsider: User) -> None:
        MembershipFactory(group=asking_group, person=outsider, state=Belonging.INVITED)

        press(signed_in(outsider), at(asking_group, "join"), do="accept")

        assert state_of(asking_group, outsider) == "active"

    def test_taken_back_while_the_page_was_open(
        self, group: Group, outsider: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        MembershipFactory(group=group, person=outsider, state=Belonging.INVITED)

        def too_late(**said: object) -> None:
            raise people.NotOpen

        monkeypatch.setattr(people, "accept_membership", too_late)

        answer = press(signed_in(outsider), at(group, "join"), do="accept")

        assert (answer.headers["Location"], state_of(group, outsider)) == (at(group, "join"), "invited")


class TestOpen:
    def test_one_joins_at_once(self, open_group: Group, outsider: User) -> None:
        page, said = signed_in(outsider), {"key": uuid.uuid4()}
        page.get(at(open_group, "join"))

        answers = [page.post(at(open_group, "join"), said).headers["Location"] for _again in range(2)]

        assert (answers, state_of(open_group, outsider)) == ([open_group.get_absolute_url()] * 2, "active")

    def test_without_a_key_the_page_is_shown_again(self, open_group: Group, outsider: User) -> None:
        answer = signed_in(outsider).post(at(open_group, "join"))

        assert (answer.status_code, state_of(open_group, outsider)) == (422, "")

    def test_one_asks(self, asking_group: Group, outsider: User) -> None:
        page, said = signed_in(outsider, "en"), {"key": uuid.uuid4(), "note": "Aus Ulm"}
        page.get(at(asking_group, "join"))

        answers = [page.post(at(asking_group, "join"), said).headers["Location"] for _again in range(2)]

        assert (answers, state_of(asking_group, outsider)) == ([at(asking_group, "join")] * 2, "asked")
        assert Membership.objects.get(person=outsider).note == "Aus Ulm"
        assert "waits for an answer" in words(page.get(at(asking_group, "join")))
        assert Notice.objects.filter(kind="group_join_asked").count() == 1

    def test_there_is_a_limit_each_day(
        self, asking_group: Group, outsider: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(joining, "REQUESTS_A_DAY", 0)

        answer = press(signed_in(outsider), at(asking_group, "join"))

        assert (answer.status_code, state_of(asking_group, outsider)) == (429, "")

    def test_a_request_is_withdrawn(self, asking_group: Group, outsider: User) -> None:
        MembershipFactory(group=asking_group, person=outsider, state=Belonging.ASKED)

        press(signed_in(outsider), at(asking_group, "join"), do="decline")

        assert state_of(asking_group, outsider) == ""

    def test_a_member_goes_to_the_group(self, open_group: Group, coach: User) -> None:
        answer = signed_in(coach).get(at(open_group, "join"))

        assert answer.headers["Location"] == open_group.get_absolute_url()

    def test_banned_people_find_nothing(self, open_group: Group, outsider: User) -> None:
        MembershipFactory(group=open_group, person=outsider, state=Belonging.BANNED)
        page = signed_in(outsider)

        codes = [
            page.get(at(open_group, "join")).status_code,
            press(page, at(open_group, "join")).status_code,
        ]

        assert (codes, state_of(open_group, outsider)) == ([404, 404], "banned")


class TestClosed:
    @pytest.mark.parametrize("takes_requests", [True, False])
    @pytest.mark.parametrize(
        "state", [None, Belonging.ASKED, Belonging.LEFT, Belonging.REMOVED, Belonging.BANNED]
    )
    def test_nobody_else_learns_of_it(
        self, group: Group, outsider: User, state: str | None, takes_requests: bool
    ) -> None:
        Group.objects.update(takes_requests=takes_requests)
        if state:
            MembershipFactory(group=group, person=outsider, state=state)
        page = signed_in(outsider)
        nowhere = page.get(reverse("discussions:join", args=["nowhere"]))

        shown = page.get(at(group, "join"))
        sent = press(page, at(group, "join"), do="accept")

        assert (shown.status_code, sent.status_code) == (404, 404)
        assert words(shown).replace(group.slug, "nowhere") == words(nowhere)
        assert state_of(group, outsider) == (state or "")

    @pytest.mark.parametrize("name", ["join", "leave", "enter"])
    def test_a_visitor_signs_in_first(self, group: Group, client: Client, name: str) -> None:
        assert client.get(at(group, name)).headers["Location"].startswith("/accounts/login/")


class TestLeave:
    @pytest.mark.parametrize("access", list(Access))
    def test_it_asks_once(self, group: Group, participant: User, access: str) -> None:
        Group.objects.update(access=access)
        MembershipFactory(group=group, person=participant)
        page, said = signed_in(participant, "en"), {"key": uuid.uuid4()}
        asked = "Leave “Geheime Jugend”?" in words(page.get(at(group, "leave")))

        answers = [page.post(at(group, "leave"), said).headers["Location"] for _again in range(2)]

        assert (asked, answers) == (True, [reverse("discussions:list")] * 2)
        assert (state_of(group, participant), page.get(at(group, "leave")).status_code) == ("left", 404)

    def test_the_last_leader_is_told_why_not(self, group: Group, coach: User) -> None:
        MembershipFactory(group=group)

        answer = press(signed_in(coach, "en"), at(group, "leave"))

        assert (answer.status_code, "Nobody else leads this group" in words(answer)) == (409, True)
        assert state_of(group, coach) == "active"

    @pytest.mark.parametrize("name", ["leave", "follow_all"])
    @pytest.mark.parametrize("access", list(Access))
    def test_who_does_not_belong_has_nothing_to_leave(
        self, group: Group, outsider: User, access: str, name: str
    ) -> None:
        Group.objects.update(access=access)

        assert press(signed_in(outsider), at(group, name)).status_code == 404


@pytest.mark.parametrize(("on", "follows"), [("yes", True), ("no", False)])
def test_one_says_whether_one_is_told(group: Group, participant: User, on: str, follows: bool) -> None:
    MembershipFactory(group=group, person=participant, follows_all=not follows)

    answer = press(signed_in(participant), at(group, "follow_all"), on=on)

    assert answer.headers["Location"] == group.get_absolute_url()
    assert Membership.objects.get(person=participant).follows_all is follows


class TestEnter:
    def test_it_tells_nothing_before(self, group: Group, admin: User) -> None:
        shown = words(signed_in(admin, "en").get(at(group, "enter")))

        assert ("every member is told" in shown, "Geheime" in shown) == (True, False)

    def test_it_is_kept_and_told(self, group: Group, admin: User) -> None:
        page, said = signed_in(admin), {"reason": "Ein Hinweis", "key": uuid.uuid4()}

        answers = [page.post(at(group, "enter"), said).headers["Location"] for _again in range(2)]

        assert (answers, state_of(group, admin)) == ([group.get_absolute_url()] * 2, "active")
        assert (Entry.objects.count(), Notice.objects.filter(kind="group_looked_into").count()) == (1, 1)

    def test_not_without_a_reason(self, group: Group, admin: User) -> None:
        answer = press(signed_in(admin), at(group, "enter"), reason=" ")

        assert (answer.status_code, state_of(group, admin), Entry.objects.count()) == (422, "", 0)

    def test_to_others_it_does_not_exist(
        self, group: Group, outsider: User, coach: User, coordinator: User
    ) -> None:
        coordinator.is_staff = True
        coordinator.save()

        codes = [
            press(signed_in(one), at(group, "enter"), reason="Neugier").status_code
            for one in (outsider, coach, coordinator)
        ]

        assert (codes, Entry.objects.count()) == ([404] * 3, 0)

    def test_what_is_open_need_not_be_entered(self, open_group: Group, admin: User) -> None:
        assert signed_in(admin).get(at(open_group, "enter")).status_code == 404

    def test_what_does_not_exist_cannot_be_entered(self, admin: User) -> None:
        assert signed_in(admin).get(reverse("discussions:enter", args=["nowhere"])).status_code == 404


class TestLink:
    @pytest.fixture
    def invitation(self, group: Group, coach: User) -> Invitation:
        people.invite(
            group=group,
            emails=["eva@example.org"],
            language="hu",
            role=Role.MODERATOR,
            by=coach,
            now=timezone.now(),
        )
        return Invitation.objects.get()

    def test_signed_out_it_leads_to_an_account_and_back(self, invitation: Invitation, client: Client) -> None:
        address = invitation_path(invitation)

        answer = client.get(address)

        assert (answer.status_code, answer.headers["Content-Language"]) == (200, "hu")
        shown = words(answer)
        assert [word in shown for word in ("Geheime Jugend", reverse("account_signup"), "Coach A")] == [
            True
        ] * 3
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"

    def test_looking_changes_nothing(self, invitation: Invitation, outsider: User) -> None:
        signed_in(outsider).get(invitation_path(invitation))

        invitation.refresh_from_db()
        assert (invitation.accepted_at, state_of(invitation.group, outsider)) == (None, "")

    def test_signed_out_the_button_leads_to_signing_in(self, invitation: Invitation, client: Client) -> None:
        answer = press(client, invitation_path(invitation))

        assert answer.headers["Location"].startswith("/accounts/login/?next=%2Fgroups%2Finvitation%2F")

    def test_one_joins_once(self, invitation: Invitation, outsider: User) -> None:
        page, said, address = signed_in(outsider), {"key": uuid.uuid4()}, invitation_path(invitation)
        group = invitation.group

        answers = [page.post(address, said).headers["Location"] for _again in range(2)]

        invitation.refresh_from_db()
        assert (answers, invitation.email) == ([group.get_absolute_url()] * 2, "")
        assert Membership.objects.get(person=outsider).role == Role.MODERATOR

    def test_without_a_key_the_page_is_shown_again(self, invitation: Invitation, outsider: User) -> None:
        answer = signed_in(outsider).post(invitation_path(invitation))

        assert (answer.status_code, state_of(invitation.group, outsider)) == (200, "")

    def test_used_it_lets_nobody_else_in(
        self, invitation: Invitation, outsider: User, participant: User
    ) -> None:
        press(signed_in(outsider), invitation_path(invitation))

        answer = press(signed_in(participant), invitation_path(invitation))

        assert (answer.status_code, state_of(invitation.group, participant)) == (410, "")
        assert "Geheime" not in words(answer)

    def test_two_tabs(self, invitation: Invitation, outsider: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def too_late(**said: object) -> None:
            raise people.NotOpen

        monkeypatch.setattr(joining.actions, "accept_invitation", too_late)

        answer = press(signed_in(outsider), invitation_path(invitation))

        assert answer.headers["Location"] == invitation_path(invitation)

    def test_banned_people_are_not_let_in(self, invitation: Invitation, outsider: User) -> None:
        MembershipFactory(group=invitation.group, person=outsider, state=Belonging.BANNED)

        answer = press(signed_in(outsider), invitation_path(invitation))

        assert (answer.status_code, state_of(invitation.group, outsider)) == (410, "banned")

    @pytest.mark.parametrize("name", ["withdrawn_at", "expires_at"])
    def test_over_it_says_so(self, invitation: Invitation, outsider: User, name: str) -> None:
        Invitation.objects.update(**{name: timezone.now() - timedelta(hours=1)})

        answer = press(signed_in(outsider), invitation_path(invitation))

        assert (answer.status_code, state_of(invitation.group, outsider)) == (410, "")
        assert "Geheime" not in words(answer)

    @pytest.mark.parametrize("change", ["cut", "nonce", "nothing"])
    def test_a_wrong_link_tells_nothing(self, invitation: Invitation, client: Client, change: str) -> None:
        address = invitation_path(invitation).split("?")[0]
        if change == "nonce":
            Invitation.objects.update(nonce="another")
        wrong = {
            "cut": address[:-3] + "/",
            "nonce": address,
            "nothing": reverse("discussions:invitation_cut_off"),
        }

        answer = client.get(wrong[change])

        assert (answer.status_code, "Geheime" in words(answer)) == (404, False)

    def test_who_tries_many_is_slowed_down(
        self, client: Client, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(joining, "within_limit", lambda *said, **more: False)

        assert client.get(reverse("discussions:invitation", args=["x"])).status_code == 429
