"""Who belongs to a group: the list, inviting with a look first, one person."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.actions import people
from discussions.choices import Access, Belonging, Role
from discussions.models import Group, Invitation, Membership
from discussions.views import people as views
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory

pytestmark = pytest.mark.django_db
QUERIES_OF_A_MEMBER = 7
QUERIES_OF_A_LEADER = 9


@pytest.fixture
def group(coach: User, participant: User) -> Group:
    return GroupFactory(name="Geheime Jugend", coach=coach, members=[participant])


@pytest.fixture
def leader(coach: User) -> Client:
    return signed_in(coach, "en")


def at(group: Group, name: str, *more: int) -> str:
    return reverse(f"discussions:{name}", args=[group.slug, *more])


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def of(group: Group, person: User) -> Membership:
    return Membership.objects.get(group=group, person=person)


def somebody(group: Group, name: str, state: str, **changes: Any) -> Membership:
    return MembershipFactory(group=group, person=UserFactory(display_name=name), state=state, **changes)


def invited_by_mail(group: Group, by: User, email: str = "eva@example.org") -> Invitation:
    people.invite(group=group, emails=[email], language="hu", by=by, now=timezone.now())
    return Invitation.objects.get(email=email)


class TestList:
    @pytest.fixture
    def busy(self, group: Group, coach: User) -> Group:
        somebody(group, "Wartende", Belonging.ASKED, note="Ich will mit.")
        somebody(group, "Gefragte", Belonging.INVITED)
        somebody(group, "Gesperrte", Belonging.BANNED, note="Werbung", ended_at=timezone.now())
        somebody(group, "Gegangene", Belonging.LEFT)
        invited_by_mail(group, coach)
        return group

    NAMES = ("Teilnehmer", "Coach A", "Wartende", "Ich will mit.", "Gefragte", "Gesperrte", "Werbung", "eva@example.org", "Gegangene")  # fmt: skip  # noqa: E501

    def test_members_see_members(self, busy: Group, participant: User) -> None:
        shown = words(signed_in(participant, "en").get(at(busy, "people")))

        assert [name in shown for name in self.NAMES] == [True, True, *[False] * 7]
        assert "coach@operator-a.example" not in shown

    def test_leaders_see_who_waits(self, busy: Group, leader: Client) -> None:
        shown = words(leader.get(at(busy, "people")))

        assert [name in shown for name in self.NAMES] == [*[True] * 8, False]

    def test_what_is_over_is_said(self, group: Group, coach: User, leader: Client) -> None:
        invited_by_mail(group, coach)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

        assert "was valid until" in words(leader.get(at(group, "people")))

    def test_leaders_stand_first(self, group: Group, participant: User) -> None:
        somebody(group, "Anna", Belonging.ACTIVE)
        somebody(group, "Zoe", Belonging.ACTIVE, role=Role.MODERATOR)

        shown = words(signed_in(participant).get(at(group, "people")))

        places = [shown.index(f"<strong>{name}") for name in ("Coach A", "Zoe", "Anna", "Teilnehmer")]
        assert places == sorted(places)

    def test_a_long_list_has_pages(
        self, group: Group, leader: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("discussions.queries.people.PER_PAGE", 2)
        somebody(group, "Zoe", Belonging.ACTIVE)

        pages = [words(leader.get(at(group, "people"), {"page": page})) for page in ("1", "2", "x")]

        assert ["<strong>Zoe" in page for page in pages] == [False, True, False]

    def test_readers_of_an_open_group_are_refused(self, group: Group, outsider: User) -> None:
        Group.objects.update(access=Access.OPEN)

        assert signed_in(outsider).get(at(group, "people")).status_code == 403

    def test_it_needs_the_same_queries_for_many_people(
        self, group: Group, participant: User, coach: User
    ) -> None:
        pages = [(signed_in(participant), QUERIES_OF_A_MEMBER), (signed_in(coach), QUERIES_OF_A_LEADER)]
        for page, _number in pages:
            page.get(at(group, "people"))

        counts = []
        for _more in range(2):
            for state in Belonging:
                somebody(group, "Jemand", state)
                invited_by_mail(group, coach, f"{uuid.uuid4()}@example.org")
            for page, _number in pages:
                with CaptureQueriesContext(connection) as queries:
                    page.get(at(group, "people"))
                counts.append(len(queries))

        assert counts == [number for _page, number in pages] * 2


def typed(addresses: str = "", step: str = "", **changes: Any) -> dict[str, Any]:
    return {"addresses": addresses, "language": "hu", "step": step, "key": uuid.uuid4(), **changes}


def table(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", content, content_type="text/csv")


class TestInvite:
    def everybody(self) -> tuple[int, int, int]:
        return Membership.objects.count(), Invitation.objects.count(), Notice.objects.count()

    def test_the_first_button_only_looks(
        self, group: Group, coach: User, participant: User, outsider: User, leader: Client
    ) -> None:
        somebody(group, "Gesperrte", Belonging.BANNED)
        banned = Membership.objects.get(state=Belonging.BANNED).person
        invited_by_mail(group, coach)
        before = self.everybody()
        lines = "\n".join(
            [participant.email, outsider.email, "New@example.org", "eva@example.org", banned.email]
        )

        shown = words(leader.post(at(group, "invite"), typed(lines)))

        assert self.everybody() == before
        assert [word in shown for word in (
            "2 addresses would be invited",
            "Invite 2 people",
            f"{participant.email} – belongs to the group",
            "eva@example.org – is invited already",
            f"{banned.email} – is banned",
        )] == [True] * 5  # fmt: skip

    def test_first_the_page_is_empty(self, group: Group, leader: Client) -> None:
        shown = words(leader.get(at(group, "invite")))

        assert ("Look at the list" in shown, "error-summary" in shown, 'value="send"' in shown) == (
            True,
            False,
            False,
        )

    def test_the_second_button_invites(self, group: Group, outsider: User, leader: Client) -> None:
        lines = f"{outsider.email}\nNew@example.org"

        answer = leader.post(at(group, "invite"), typed(lines, "send"))

        assert answer.headers["Location"] == at(group, "people")
        assert of(group, outsider).state == Belonging.INVITED
        assert list(Invitation.objects.values_list("email", "language")) == [("new@example.org", "hu")]

    def test_sent_twice_each_is_told_once(self, group: Group, outsider: User, leader: Client) -> None:
        said = typed(f"{outsider.email}\nnew@example.org", "send")

        answers = [leader.post(at(group, "invite"), said).status_code for _again in range(2)]

        assert (answers, Notice.objects.count()) == ([302, 302], 2)

    def test_the_list_can_be_changed_after_the_look(self, group: Group, leader: Client) -> None:
        shown = words(leader.post(at(group, "invite"), typed("New@example.org", "change")))

        assert ("new@example.org</textarea>" in shown, "Look at the list" in shown) == (True, True)

    def test_there_may_be_nobody_to_invite(self, group: Group, participant: User, leader: Client) -> None:
        shown = words(leader.post(at(group, "invite"), typed(participant.email)))

        assert ("There is nobody to invite" in shown, 'value="send"' in shown) == (True, False)

    def test_bad_lines_are_named_and_nothing_is_written(self, group: Group, leader: Client) -> None:
        before = self.everybody()
        lines = "good@example.org\n\nnonsense\n<b>@x"

        answers = [leader.post(at(group, "invite"), typed(lines, step)) for step in ("", "send")]

        assert [answer.status_code for answer in answers] == [422, 422]
        assert self.everybody() == before
        shown = words(answers[0])
        assert [word in shown for word in (
            "Line 3: “nonsense” is no e-mail address.",
            "Line 4: “&lt;b&gt;@x” is no e-mail address.",
            "Line 1:",
        )] == [True, True, False]  # fmt: skip

    @pytest.mark.parametrize(
        "content",
        [
            b"Name;E-Mail\r\nEva;eva@example.org\r\n;;\r\nJan;jan@example.org\r\n",
            "\ufeffeva@example.org\njan@example.org".encode(),
            "Győző\teva@example.org\nJan\tjan@example.org".encode(),
            "Größe,eva@example.org\nJan,jan@example.org".encode("cp1252"),
            b'"Eva, Dr.",eva@example.org\n"Jan",jan@example.org\n',
        ],
    )
    def test_a_list_of_a_spreadsheet_is_read(self, group: Group, leader: Client, content: bytes) -> None:
        shown = words(leader.post(at(group, "invite"), typed(upload=table(content))))

        assert "eva@example.org\njan@example.org</textarea>" in shown
        assert Invitation.objects.count() == 0

    def test_bad_lines_of_a_file_are_named(self, group: Group, leader: Client) -> None:
        content = b"Name,Mail\nEva,eva@example.org\nJan,\nUwe,uwe@@example.org\n"

        shown = words(leader.post(at(group, "invite"), typed(upload=table(content))))

        assert [word in shown for word in (
            "Line 3 of the file: there is no e-mail address in it.",
            "Line 4 of the file: “uwe@@example.org” is no e-mail address.",
            "Line 2 of the file",
        )] == [True, True, False]  # fmt: skip

    @pytest.mark.parametrize(
        "content",
        [b"PK\x03\x04\x00\x00", b"a@example.org," * 20_000, b'"' + b"a" * 140_000 + b"@example.org"],
        ids=["no text", "too large", "one endless cell"],
    )
    def test_other_files_are_refused(self, group: Group, leader: Client, content: bytes) -> None:
        answer = leader.post(at(group, "invite"), typed(upload=table(content)))

        assert (answer.status_code, Invitation.objects.count()) == (422, 0)

    def test_typed_and_uploaded_go_together(self, group: Group, leader: Client) -> None:
        said = typed("eva@example.org", upload=table(b"jan@example.org\nEVA@example.org"))

        assert "2 addresses would be invited" in words(leader.post(at(group, "invite"), said))

    @pytest.mark.parametrize(
        "lines",
        ["", "\n".join(f"p{number}@example.org" for number in range(201)), "a" * 250 + "@example.org"],
        ids=["none", "too many", "too long"],
    )
    def test_there_are_some_and_not_too_many(self, group: Group, leader: Client, lines: str) -> None:
        assert leader.post(at(group, "invite"), typed(lines)).status_code == 422

    def test_a_file_may_hold_too_many(self, group: Group, leader: Client) -> None:
        content = "\n".join(f"p{number}@example.org" for number in range(201)).encode()

        answer = leader.post(at(group, "invite"), typed(upload=table(content)))

        assert (answer.status_code, "201 addresses" in words(answer)) == (422, True)

    def test_there_is_a_limit_each_day(
        self, group: Group, leader: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "MOST_A_DAY", 1)

        codes = [
            leader.post(at(group, "invite"), typed(f"p{number}@example.org", "send")).status_code
            for number in range(2)
        ]

        assert (codes, Invitation.objects.count()) == ([302, 429], 1)

    def test_an_invitation_is_withdrawn(self, group: Group, coach: User, leader: Client) -> None:
        row = invited_by_mail(group, coach)
        said = {"key": uuid.uuid4()}

        for _again in range(2):
            leader.post(at(group, "withdraw_invitation", row.pk), said)

        row.refresh_from_db()
        assert (row.email, row.withdrawn_at is not None) == ("", True)

    def test_what_is_accepted_is_not_withdrawn(
        self, group: Group, coach: User, outsider: User, leader: Client
    ) -> None:
        row = invited_by_mail(group, coach)
        people.accept_invitation(invitation=row, by=outsider, now=timezone.now())

        leader.post(at(group, "withdraw_invitation", row.pk), {"key": uuid.uuid4()})

        row.refresh_from_db()
        assert (row.withdrawn_at, of(group, outsider).state) == (None, Belonging.ACTIVE)

    def test_without_a_key_nothing_happens(self, group: Group, coach: User, leader: Client) -> None:
        row = invited_by_mail(group, coach)

        leader.post(at(group, "withdraw_invitation", row.pk))

        row.refresh_from_db()
        assert row.withdrawn_at is None

    def test_one_of_another_group_is_not_there(self, group: Group, coach: User, leader: Client) -> None:
        row = invited_by_mail(GroupFactory(coach=coach), coach)

        answer = leader.post(at(group, "withdraw_invitation", row.pk), {"key": uuid.uuid4()})

        row.refresh_from_db()
        assert (answer.status_code, row.withdrawn_at) == (404, None)


class TestMember:
    def press(self, page: Client, row: Membership, do: str, **more: Any) -> HttpResponse:
        return page.post(at(row.group, "member", row.pk), {"do": do, "key": uuid.uuid4(), **more})

    @pytest.mark.parametrize(
        ("before", "do", "after"),
        [
            (Belonging.ASKED, "accept", Belonging.ACTIVE),
            (Belonging.ASKED, "decline", Belonging.REMOVED),
            (Belonging.INVITED, "withdraw", Belonging.REMOVED),
            (Belonging.BANNED, "lift", Belonging.REMOVED),
            (Belonging.ACTIVE, "withdraw", Belonging.ACTIVE),
            (Belonging.BANNED, "accept", Belonging.BANNED),
            (Belonging.LEFT, "lift", Belonging.LEFT),
        ],
    )
    def test_the_buttons_of_the_list(
        self, group: Group, leader: Client, before: str, do: str, after: str
    ) -> None:
        row = somebody(group, "Jemand", before)

        answer = self.press(leader, row, do)

        row.refresh_from_db()
        assert (answer.headers["Location"], row.state) == (at(group, "people"), after)

    def test_the_page_of_a_member(self, group: Group, participant: User, leader: Client) -> None:
        shown = words(leader.get(at(group, "member", of(group, participant).pk)))

        assert ("Teilnehmer" in shown, "Remove from the group" in shown) == (True, True)

    def test_a_role_is_given(self, group: Group, participant: User, leader: Client) -> None:
        self.press(leader, of(group, participant), "role", role="moderator")

        assert of(group, participant).role == Role.MODERATOR

    def test_the_last_leader_stays_it(self, group: Group, coach: User, leader: Client) -> None:
        answer = self.press(leader, of(group, coach), "role", role="member")

        assert of(group, coach).role == Role.COACH
        assert "Somebody must lead the group" in words(leader.get(answer.headers["Location"]))

    def test_who_gives_up_leading_twice_gets_the_same_answer(
        self, group: Group, leader: Client, coach: User
    ) -> None:
        somebody(group, "Zoe", Belonging.ACTIVE, role=Role.MODERATOR)
        said = {"do": "role", "role": "member", "key": uuid.uuid4()}
        page = at(group, "member", of(group, coach).pk)

        answers = [leader.post(page, said).headers["Location"] for _again in range(2)]

        assert (answers, of(group, coach).role) == ([at(group, "people")] * 2, Role.MEMBER)

    def test_somebody_left_before_the_role_came(
        self, group: Group, participant: User, leader: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def too_late(**said: Any) -> None:
            raise views.NotAllowed

        monkeypatch.setattr(people, "change_role", too_late)

        answer = self.press(leader, of(group, participant), "role", role="coach")

        assert "no longer belongs" in words(leader.get(answer.headers["Location"]))

    @pytest.mark.parametrize(("ban", "state"), [("", Belonging.REMOVED), ("on", Belonging.BANNED)])
    def test_a_membership_is_ended(
        self, group: Group, participant: User, leader: Client, ban: str, state: str
    ) -> None:
        row = of(group, participant)

        self.press(leader, row, "end", reason="Werbung", ban=ban)

        row.refresh_from_db()
        assert (row.state, row.note) == (state, "Werbung")
        assert signed_in(participant).get(at(group, "people")).status_code == 404

    def test_one_does_not_remove_oneself(self, group: Group, coach: User, leader: Client) -> None:
        somebody(group, "Zoe", Belonging.ACTIVE, role=Role.MODERATOR)

        answer = self.press(leader, of(group, coach), "end")

        assert (of(group, coach).state, at(group, "leave") in words(answer)) == (Belonging.ACTIVE, True)

    @pytest.mark.parametrize("said", [{"do": "role", "role": "queen"}, {"do": "end", "reason": "x" * 401}])
    def test_nonsense_is_refused(
        self, group: Group, participant: User, leader: Client, said: dict[str, str]
    ) -> None:
        assert self.press(leader, of(group, participant), **said).status_code == 422

    def test_who_does_not_belong_has_no_page(self, group: Group, leader: Client) -> None:
        row = somebody(group, "Jemand", Belonging.BANNED)

        assert leader.get(at(group, "member", row.pk)).headers["Location"] == at(group, "people")

    def test_people_of_other_groups_are_not_there(self, group: Group, coach: User, leader: Client) -> None:
        row = somebody(GroupFactory(coach=coach), "Jemand", Belonging.ASKED)

        answer = leader.post(at(group, "member", row.pk), {"do": "accept", "key": uuid.uuid4()})

        row.refresh_from_db()
        assert (answer.status_code, row.state) == (404, Belonging.ASKED)

    @pytest.mark.parametrize("do", ["accept", "decline", "withdraw", "lift", "role", "end"])
    def test_only_for_leaders(
        self, group: Group, participant: User, outsider: User, coach: User, do: str
    ) -> None:
        row = of(group, coach)

        codes = [
            self.press(signed_in(one), row, do, role="member").status_code for one in (participant, outsider)
        ]

        row.refresh_from_db()
        assert (codes, row.state, row.role) == ([403, 404], Belonging.ACTIVE, Role.COACH)
