"""The office and sessions: what it sees, what it changes, and what it does not change by opening a page."""

import re
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import User
from core.files import CheckedFile
from notifications.models import Notice
from portal.roles import load_roles
from tests.conftest import grant, signed_in
from tests.factories.directory import TopicFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import actions
from webinars.choices import LeadUnit, Seat, State
from webinars.models import (
    CalendarFeed,
    Feedback,
    HostMail,
    Invitation,
    Material,
    Needs,
    ReminderPlan,
    Session,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/webinars/session/"
ROOM = "https://room.invalid/secret"


@pytest.fixture
def office(admin: User) -> Client:
    return signed_in(admin, "en")


@pytest.fixture
def editor(outsider: User, settings: Any) -> Client:
    return with_role(outsider, "editor", settings)


@pytest.fixture
def moderator(outsider: User, settings: Any) -> Client:
    return with_role(outsider, "moderator", settings)


def with_role(person: User, role: str, settings: Any) -> Client:
    settings.STAFF_NEED_SECOND_FACTOR = False
    load_roles()
    person.groups.add(Group.objects.get(name=role))
    person.is_staff = True
    person.save()
    return signed_in(person, "en")


class Fields(HTMLParser):
    """What a browser would send back of a page, changed by nobody."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "option" and self.select and "selected" in told:
            self.sent.setdefault(self.select, []).append(value)
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            self.sent[name] = [""]
        elif tag == "input" and name and _is_sent(told):
            self.sent.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            # The first line end after the tag belongs to the tag.
            self.sent[self.area] = [(self.sent[self.area][0] + data).removeprefix("\n")]


def _is_sent(told: dict[str, str]) -> bool:
    kind = told.get("type", "")
    return "checked" in told if kind in ("checkbox", "radio") else kind not in ("submit", "button")


def as_shown(client: Client, address: str) -> dict[str, Any]:
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    return dict(Fields(text[text.index('id="session_form"') :]).sent)


def stored(session: Session) -> dict[str, Any]:
    """The whole row; the fallback column of a text depends on the active language."""
    with translation.override("de"):
        return Session.objects.values().get(pk=session.pk)


def change(client: Client, session: Session, **changes: Any) -> Any:
    address = f"{LIST}{session.pk}/change/"
    return client.post(address, as_shown(client, address) | changes)


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["adminform"].form.errors.items()}


def act(client: Client, action: str, *sessions: Session, **answers: Any) -> Any:
    sent = {"action": action, "_selected_action": [session.pk for session in sessions]}
    if not answers:
        return client.post(LIST, sent, follow=True)
    page = client.post(LIST, sent)
    key = str(page.context["form"]["key"].value())
    return client.post(LIST, sent | {"asked": "1", "key": key} | answers, follow=True)


def notices() -> list[tuple[str, int | None]]:
    return list(Notice.objects.order_by("pk").values_list("kind", "recipient"))


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


# --- opening and saving -------------------------------------------------------------------


@pytest.mark.parametrize("server_zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize("own_zone", ["Europe/Kyiv", "Europe/Berlin"])
def test_saved_five_times_unchanged_nothing_changes(
    office: Client, admin: User, settings: Any, server_zone: str, own_zone: str
) -> None:
    settings.TIME_ZONE = server_zone
    User.objects.filter(pk=admin.pk).update(time_zone=own_zone)
    start = datetime(2027, 7, 1, 8, 30, tzinfo=UTC)
    session = SessionFactory(
        starts_at=start,
        opens_at=start - timedelta(days=9, microseconds=7),
        closes_at=start - timedelta(hours=1),
        host=admin,
    )
    session.topics.add(TopicFactory(code="youth"))
    ReminderPlan.objects.create(session=session, amount=1, unit=LeadUnit.DAYS, text_de="Bis morgen!")
    RegistrationFactory(session=session)
    before = stored(session)

    answers = [change(office, session) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [302] * 5
    assert stored(session) == before
    assert before["starts_at"] == start
    assert [host.person for host in session.hosts.all()] == [admin]
    assert [(lead.code, lead.text_de) for lead in session.plan.all()] == [("1d", "Bis morgen!")]
    assert notices() == []


def test_the_second_of_two_equal_hours_stays_the_second(office: Client, admin: User) -> None:
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    session = SessionFactory(starts_at=second, host=admin)

    answer = change(office, session, title_en="Another title")

    assert answer.status_code == 302
    session.refresh_from_db()
    assert (session.starts_at, session.is_second_hour) == (second, True)
    assert session.title_en == "Another title"


def test_a_changed_time_moves_a_published_session_and_tells_people_once(
    office: Client, participant: User, partner: User
) -> None:
    session = SessionFactory(starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC), title_en="Old", capacity=1)
    RegistrationFactory(session=session, person=participant)
    RegistrationFactory(session=session, person=partner, state=Seat.WAITING)
    RegistrationFactory(session=session, state=Seat.CANCELLED)

    change(office, session, begins="11:00:00", title_en="New")
    change(office, session)

    session.refresh_from_db()
    assert session.starts_at == datetime(2027, 7, 1, 9, 0, tzinfo=UTC)
    assert session.moved_from == datetime(2027, 7, 1, 8, 30, tzinfo=UTC)
    assert (session.title_en, session.sequence) == ("New", 1)
    assert sorted(notices()) == sorted([("session_moved", participant.pk), ("session_moved", partner.pk)])


def test_a_draft_is_moved_without_telling(office: Client) -> None:
    session = SessionFactory(starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC), state=State.DRAFT)

    change(office, session, day="2027-07-02")

    session.refresh_from_db()
    assert (session.starts_at, session.moved_at) == (datetime(2027, 7, 2, 8, 30, tzinfo=UTC), None)
    assert notices() == []


def test_a_time_that_does_not_exist_is_explained(office: Client) -> None:
    session = SessionFactory(starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC))

    answer = change(office, session, day="2027-03-28", begins="02:30")

    assert list(errors(answer)) == ["begins"]
    assert "does not exist" in errors(answer)["begins"][0]
    session.refresh_from_db()
    assert session.day == date(2027, 7, 1)


def test_of_two_equal_hours_one_must_be_chosen(office: Client) -> None:
    session = SessionFactory(starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC))
    autumn = {"day": "2027-10-31", "begins": "02:30"}

    asked = change(office, session, **autumn)
    answered = change(office, session, **autumn, is_second_hour="True")

    assert list(errors(asked)) == ["is_second_hour"]
    assert answered.status_code == 302
    session.refresh_from_db()
    assert session.starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_published_session_is_not_moved_into_the_past(office: Client) -> None:
    session = SessionFactory()

    answer = change(office, session, day="2020-01-01")

    assert list(errors(answer)) == ["day"]


def test_the_time_of_a_session_that_has_begun_is_only_shown(office: Client) -> None:
    session = SessionFactory(starts_at=timezone.now().replace(microsecond=0) - timedelta(minutes=5))

    change(office, session, begins="23:00", title_en="New")

    before = session.starts_at
    session.refresh_from_db()
    assert (session.starts_at, session.title_en) == (before, "New")


def test_fewer_seats_than_people_must_be_meant(office: Client) -> None:
    session = SessionFactory(capacity=5)
    for state in (Seat.SEAT, Seat.SEAT, Seat.OFFERED, Seat.WAITING):
        RegistrationFactory(session=session, state=state)

    refused = change(office, session, capacity="2")
    meant = change(office, session, capacity="2", allow_over="on")

    assert errors(refused)["capacity"][0].startswith("3 people have a seat already.")
    assert meant.status_code == 302
    session.refresh_from_db()
    assert session.capacity == 2
    assert session.registrations.taken().count() == 3


def test_who_saves_an_older_version_is_shown_both(office: Client, admin: User) -> None:
    session = SessionFactory(title_en="Old")
    address = f"{LIST}{session.pk}/change/"
    older = as_shown(office, address)
    actions.edit_session(session=session, facts={"title_en": "Theirs"}, by=admin, now=timezone.now())

    answer = office.post(address, older | {"title_en": "Mine"})

    assert answer.status_code == 200
    assert ["Theirs" in found and "Mine" in found for found in errors(answer)["__all__"]].count(True) == 1
    session.refresh_from_db()
    assert session.title_en == "Theirs"


def test_an_insecure_room_is_refused(office: Client) -> None:
    session = SessionFactory()

    answer = change(office, session, room_link="http://room.invalid/secret")

    assert list(errors(answer)) == ["room_link"]


# --- making one ---------------------------------------------------------------------------


def new_session(client: Client, **changes: Any) -> Any:
    typed = {
        "title_de": "Der erste Anruf", "title_en": "The first call", "languages": ["de", "en"], "day": "2027-07-01",
        "begins": "10:30", "minutes": "90", "zone": "Europe/Kyiv",
    }  # fmt: skip
    return client.post(f"{LIST}add/", as_shown(client, f"{LIST}add/") | typed | changes)


def test_the_office_makes_a_draft_led_by_who_makes_it(office: Client, admin: User) -> None:
    answer = new_session(office)

    assert answer.status_code == 302, errors(answer)
    session = Session.objects.get()
    assert (session.slug, session.state, session.created_by) == (
        "the-first-call-2027-07-01",
        State.DRAFT,
        admin,
    )
    assert (session.title_de, session.title_en) == ("Der erste Anruf", "The first call")
    assert session.starts_at == datetime(2027, 7, 1, 7, 30, tzinfo=UTC)
    assert session.ends_at - session.starts_at == timedelta(minutes=90)
    assert session.languages == ["de", "en"]
    assert [host.person for host in session.hosts.all()] == [admin]
    assert [lead.code for lead in session.plan.all()] == ["7d", "1d", "1h"]


def test_hosts_reminders_and_invited_people_are_written_through_actions(
    office: Client, coach: User, partner: User
) -> None:
    load_roles()
    coach.groups.add(Group.objects.get(name="coach"))
    lead = {
        "plan-TOTAL_FORMS": "1",
        "plan-0-amount": "2",
        "plan-0-unit": "hours",
        "plan-0-text_de": "Bis gleich!",
    }

    new_session(
        office,
        **lead,
        **{"hosts-0-person": coach.pk, "hosts-0-position": "0"},
        invited_addresses=partner.email,
    )

    session = Session.objects.get()
    assert [host.person for host in session.hosts.all()] == [coach]
    assert [(lead.code, lead.text_de) for lead in session.plan.all()] == [("2h", "Bis gleich!")]
    assert [row.person for row in session.invitations.all()] == [partner]


def test_somebody_must_lead(office: Client, admin: User) -> None:
    session = SessionFactory(host=admin)

    answer = change(office, session, **{"hosts-0-DELETE": "on"})

    assert answer.status_code == 200
    assert [host.person for host in session.hosts.all()] == [admin]


def test_an_address_without_account_is_not_invited(office: Client) -> None:
    session = SessionFactory()

    answer = change(office, session, invited_addresses="nobody@example.org")

    assert list(errors(answer)) == ["invited_addresses"]
    assert Invitation.objects.count() == 0


def test_only_drafts_are_deleted(office: Client, admin: User) -> None:
    published, draft = SessionFactory(), SessionFactory(state=State.DRAFT, host=admin)

    refused = office.post(f"{LIST}{published.pk}/delete/", {"post": "yes"})
    deleted = office.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"})

    assert (refused.status_code, deleted.status_code) == (403, 302)
    assert list(Session.objects.all()) == [published]


# --- the list -----------------------------------------------------------------------------


def test_the_list_tells_time_state_seats_and_missing_texts(office: Client) -> None:
    session = SessionFactory(
        title_de="Der Anruf", title_en="", starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC), zone="Europe/Kyiv",
        capacity=9,
    )  # fmt: skip
    for state in (Seat.SEAT, Seat.OFFERED, Seat.WAITING, Seat.CANCELLED):
        RegistrationFactory(session=session, state=state)

    page = office.get(LIST).content.decode()

    cells = re.findall(r'class="field-(\w+)[^"]*">(?:<a [^>]*>)?([^<]*)', page)
    assert dict(cells) == {
        "title": "Der Anruf",
        "when": "Thursday, 1 July 2027, 11:30–12:30 (Kyiv)",
        "format": "online (webinar)",
        "shown_state": "takes place",
        "seats": "2 / 9",
        "lacks": "English",
    }


def test_more_sessions_need_no_more_queries(office: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(LIST).status_code == 200
        return len(queries)

    RegistrationFactory(session=SessionFactory())
    asked()
    one = asked()
    for _ in range(4):
        RegistrationFactory.create_batch(2, session=SessionFactory())

    assert asked() == one


@pytest.mark.parametrize(
    ("shown", "slug"),
    [
        ("draft", "draft"),
        ("planned", "planned"),
        ("moved", "moved"),
        ("running", "running"),
        ("over", "over"),
        ("cancelled", "cancelled"),
    ],
)
def test_the_list_is_filtered_by_the_state_as_shown(office: Client, shown: str, slug: str) -> None:
    now = timezone.now()
    SessionFactory(slug="draft", state=State.DRAFT)
    SessionFactory(slug="planned")
    SessionFactory(slug="moved", moved_at=now, moved_from=now)
    SessionFactory(slug="running", starts_at=now - timedelta(minutes=5))
    SessionFactory(slug="over", starts_at=now - timedelta(days=5))
    SessionFactory(slug="cancelled", state=State.CANCELLED)

    found = office.get(LIST, {"shown": shown}).context["cl"].queryset

    assert [(row.slug, row.shown_state(now)) for row in found] == [(slug, shown)]


def test_a_session_is_found_by_its_host(office: Client, coach: User) -> None:
    session = SessionFactory(host=coach)
    SessionFactory()

    found = office.get(LIST, {"q": "Coach A"}).context["cl"].queryset

    assert list(found) == [session]


# --- what is done with a selection --------------------------------------------------------


def test_publishing_says_what_is_missing(office: Client) -> None:
    ready, poor = (
        SessionFactory(state=State.DRAFT),
        SessionFactory(state=State.DRAFT, title_en="Without", room_link=""),
    )

    answer = act(office, "publish", ready, poor)

    assert sorted(said(answer)) == [
        "1 session changed.",
        "“Without” is not complete yet. Please add: the address of the room.",
    ]
    assert list(Session.objects.filter(state=State.PUBLISHED)) == [ready]


def test_cancelling_asks_for_the_reason_first_and_then_tells(office: Client, participant: User) -> None:
    session, draft = SessionFactory(), SessionFactory(state=State.DRAFT)
    RegistrationFactory(session=session, person=participant)

    page = act(office, "cancel_and_tell", session, draft)
    unchanged = Session.objects.get(pk=session.pk).state
    done = act(office, "cancel_and_tell", session, draft, reason_de="Krank", reason_en="Ill")

    assert (page.templates[0].name, unchanged) == ("admin/webinars/ask.html", State.PUBLISHED)
    session.refresh_from_db()
    assert (session.state, session.cancel_reason_de, session.cancel_reason_en) == (
        State.CANCELLED,
        "Krank",
        "Ill",
    )
    assert notices() == [("session_cancelled", participant.pk)]
    assert len(said(done)) == 2
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_copy_is_a_draft_on_another_day(office: Client, coach: User) -> None:
    session = SessionFactory(starts_at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC), host=coach)
    RegistrationFactory(session=session)

    act(office, "copy", session, pattern="once", day="2027-07-01")

    copy = Session.objects.exclude(pk=session.pk).get()
    assert (copy.state, copy.day, copy.begins) == (State.DRAFT, date(2027, 7, 1), time(10, 30))
    assert copy.starts_at == datetime(2027, 7, 1, 8, 30, tzinfo=UTC)
    assert [host.person for host in copy.hosts.all()] == [coach]
    assert copy.registrations.count() == 0


def test_a_session_is_moved_on_a_page_of_its_own(office: Client, participant: User) -> None:
    session = SessionFactory(starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC))
    RegistrationFactory(session=session, person=participant)

    act(office, "move", session, day="2027-07-02", begins="14:00", minutes="45")

    session.refresh_from_db()
    assert session.starts_at == datetime(2027, 7, 2, 12, 0, tzinfo=UTC)
    assert session.ends_at == datetime(2027, 7, 2, 12, 45, tzinfo=UTC)
    assert notices() == [("session_moved", participant.pk)]


def test_moving_to_an_hour_that_does_not_exist_is_explained(office: Client) -> None:
    session = SessionFactory(starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC))

    answer = act(office, "move", session, day="2027-03-28", begins="02:30", minutes="45")

    assert list(answer.context["form"].errors) == ["begins"]
    session.refresh_from_db()
    assert session.day == date(2027, 7, 1)


def test_only_one_session_is_moved_at_a_time(office: Client) -> None:
    answer = act(office, "move", SessionFactory(), SessionFactory())

    assert said(answer) == ["Please select one session."]


# --- who sees and changes what ------------------------------------------------------------


def test_an_editor_changes_texts_and_nothing_else(editor: Client, partner: User) -> None:
    session = SessionFactory(starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC), title_en="Old")
    before = Session.objects.values("starts_at", "capacity", "languages", "room_link", "audience").get()

    answer = change(
        editor, session, title_en="New", begins="11:00", capacity="1", languages=["hu"], room_link="https://x.invalid",
        audience="members", invited_addresses=partner.email,
    )  # fmt: skip

    assert answer.status_code == 302, (errors(answer), answer.context["errors"])
    session.refresh_from_db()
    assert session.title_en == "New"
    assert (
        Session.objects.values("starts_at", "capacity", "languages", "room_link", "audience").get() == before
    )
    assert Invitation.objects.count() == 0


def test_an_editor_cannot_cancel(editor: Client) -> None:
    session = SessionFactory()

    sent = {"action": "cancel_and_tell", "_selected_action": [session.pk], "asked": "1", "key": str(uuid4())}
    editor.post(LIST, sent | {"reason_de": "Nein", "reason_en": "No"})

    session.refresh_from_db()
    assert session.state == State.PUBLISHED


def test_the_room_is_shown_to_who_may_change_it_only(office: Client, editor: Client) -> None:
    session = SessionFactory(room_link=ROOM)
    address = f"{LIST}{session.pk}/change/"

    pages = [client.get(address).content.decode() for client in (office, editor)]

    assert [ROOM in page for page in pages] == [True, False]


def test_the_room_is_not_shown_to_who_only_looks(moderator: Client) -> None:
    session = SessionFactory(room_link=ROOM, title_en="Seen")

    page = moderator.get(f"{LIST}{session.pk}/change/").content.decode()

    assert ("Seen" in page, ROOM in page) == (True, False)


def test_the_course_lead_makes_sessions(outsider: User, settings: Any) -> None:
    client = with_role(outsider, "course_lead", settings)

    answer = new_session(client)

    assert answer.status_code == 302, errors(answer)
    assert [host.person for host in Session.objects.get().hosts.all()] == [outsider]


def test_needs_are_on_no_page(office: Client) -> None:
    row = RegistrationFactory()
    Needs.objects.create(registration=row, diet="lactose-free-xyz")

    pages = [
        office.get(address).content.decode()
        for address in (
            "/admin/webinars/registration/",
            f"/admin/webinars/registration/{row.pk}/change/",
            f"{LIST}{row.session.pk}/change/",
        )
    ]

    assert [row.person.display_name in page for page in pages[:2]] == [True, True]
    assert ["lactose-free-xyz" in page for page in pages] == [False, False, False]
    assert office.get("/admin/webinars/needs/").status_code == 404


# --- registrations and what comes after ---------------------------------------------------


def test_the_office_cancels_a_registration_and_the_seat_is_passed_on(
    office: Client, participant: User, partner: User
) -> None:
    session = SessionFactory(capacity=1, moving_up="at_once")
    row = RegistrationFactory(session=session, person=participant)
    next_one = RegistrationFactory(session=session, person=partner, state=Seat.WAITING)
    late = RegistrationFactory(session=SessionFactory(starts_at=timezone.now() - timedelta(days=1)))

    answer = office.post(
        "/admin/webinars/registration/",
        {"action": "cancel", "_selected_action": [row.pk, late.pk]},
        follow=True,
    )

    for one in (row, next_one, late):
        one.refresh_from_db()
    assert [row.state, next_one.state, late.state] == [Seat.CANCELLED, Seat.SEAT, Seat.SEAT]
    assert said(answer) == ["1 registration cancelled.", "1 registration stays: its session has begun."]


def test_registrations_are_read_only_and_tell_no_link(office: Client) -> None:
    row = GuestFactory(nonce="nonce-of-links")
    address = f"/admin/webinars/registration/{row.pk}/change/"

    page = office.get(address).content.decode()
    sent = office.post(address, {"name": "Changed", "state": "cancelled"})

    assert (row.email in page, "nonce-of-links" in page) == (True, False)
    assert sent.status_code == 403


def test_who_may_only_look_cannot_cancel_a_registration(moderator: Client) -> None:
    row = RegistrationFactory()

    moderator.post("/admin/webinars/registration/", {"action": "cancel", "_selected_action": [row.pk]})

    row.refresh_from_db()
    assert row.state == Seat.SEAT


def test_mails_of_hosts_are_read_without_names(office: Client, coach: User, participant: User) -> None:
    session = SessionFactory(host=coach)
    RegistrationFactory(session=session, person=participant)
    mail = actions.write_to(
        session=session, subject="Hello", text="Bring a photo", states=["seat"], by=coach, now=timezone.now()
    )

    page = office.get(f"/admin/webinars/hostmail/{mail.pk}/change/").content.decode()

    assert ("Bring a photo" in page, "has a seat" in page) == (True, True)
    assert [person.display_name in page for person in (coach, participant)] == [False, False]
    assert HostMail.objects.count() == 1


@pytest.mark.parametrize(("answers", "is_shown"), [(3, True), (2, False)])
def test_feedback_is_read_where_nobody_can_be_guessed(office: Client, answers: int, is_shown: bool) -> None:
    session = SessionFactory()
    rows = [
        Feedback.objects.create(
            session=session,
            useful=5,
            understandable=4,
            technology=2,
            text="Too loud",
            given_on=date(2027, 3, 1),
        )
        for _ in range(answers)
    ]

    pages = [
        office.get(f"/admin/webinars/feedback/{address}", follow=True).content.decode()
        for address in ("", f"{rows[0].pk}/change/")
    ]

    assert ["Too loud" in page for page in pages] == [is_shown, is_shown]


def test_a_file_is_taken_away_through_the_action(
    office: Client, admin: User, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = CheckedFile(name="slides.pdf", content_type="application/pdf", content=ContentFile(b"%PDF-1.7"))
    material = actions.add_material(
        session=SessionFactory(), upload=upload, kind="slides", title_de="Folien", title_en="", access="registered",
        by=admin, now=timezone.now(),
    )  # fmt: skip
    assert office.get(f"/admin/webinars/material/{material.pk}/change/").status_code == 200

    office.post(f"/admin/webinars/material/{material.pk}/delete/", {"post": "yes"})

    assert Material.objects.count() == 0


def test_a_feed_is_shown_without_its_address_and_can_be_ended(office: Client, participant: User) -> None:
    feed = actions.new_feed(person=participant, now=timezone.now())

    pages = [
        office.get(f"/admin/webinars/calendarfeed/{address}").content.decode()
        for address in ("", f"{feed.pk}/change/")
    ]
    office.post("/admin/webinars/calendarfeed/", {"action": "end", "_selected_action": [feed.pk]})

    assert [("Teilnehmer" in page, feed.nonce in page) for page in pages] == [(True, False), (True, False)]
    assert CalendarFeed.objects.count() == 0


def test_who_may_see_registrations_only_sees_no_sessions(outsider: User, settings: Any) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = False
    User.objects.filter(pk=outsider.pk).update(is_staff=True)
    grant(outsider, "webinars.view_registration")
    client = signed_in(User.objects.get(pk=outsider.pk), "en")

    assert client.get("/admin/webinars/registration/").status_code == 200
    assert client.get(LIST).status_code == 403
