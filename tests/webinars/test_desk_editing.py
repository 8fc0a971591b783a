"""A session from the draft to the last change, on the host's pages."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from directory.operating import OperatingRole
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.webinars import GuestFactory, SessionFactory
from webinars.choices import LeadUnit, Seat, State
from webinars.forms.leads import lead_forms
from webinars.forms.sessions import SessionForm, values_of
from webinars.models import Session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Any:
    """Two days before the clocks change."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def session(coach: User) -> Session:
    """16:00 in Berlin on 13 April 2027."""
    return SessionFactory(slug="here", host=coach, starts_at=datetime(2027, 4, 13, 14, 0, tzinfo=UTC))


@pytest.fixture
def draft(coach: User) -> Session:
    start = datetime(2027, 4, 13, 14, 0, tzinfo=UTC)
    return SessionFactory(slug="draft", host=coach, state=State.DRAFT, published_at=None, starts_at=start)


@pytest.fixture
def host(coach: User) -> Client:
    return signed_in(coach, "en")


@pytest.fixture
def leader(coach: User) -> Client:
    """May create sessions."""
    coach.groups.add(Group.objects.get_or_create(name=OperatingRole.COACH)[0])
    return signed_in(coach, "en")


def at(session: Session, name: str) -> str:
    return reverse(f"webinars:{name}", args=[session.slug])


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def facts(**said: Any) -> dict[str, Any]:
    """All a browser sends with the form of a new session."""
    return {
        "title_de": "Der erste Videoanruf",
        "title_en": "The first video call",
        "summary_de": "Wir proben.",
        "languages": ["en", "uk"],
        "level": "everybody",
        "day": "2027-04-20",
        "begins": "16:00",
        "minutes": "90",
        "zone": "Europe/Berlin",
        "format": "online",
        "room": "link",
        "room_link": "https://room.example.org/x",
        "audience": "everybody",
        "moving_up": "offer",
        "capacity": "20",
        "key": uuid.uuid4(),
        **leads((7, "days"), (1, "hours")),
        **said,
    }


def leads(*plan: tuple[int, str], **said: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"lead-TOTAL_FORMS": len(plan), "lead-INITIAL_FORMS": 0}
    for number, (amount, unit) in enumerate(plan):
        found |= {f"lead-{number}-amount": amount, f"lead-{number}-unit": unit}
    return found | said


def of_edit(session: Session, **said: Any) -> dict[str, Any]:
    """What the page of the session would send back unchanged, and `said` instead."""
    form = SessionForm(None, session=session, organisations=[])
    sent = {"key": uuid.uuid4(), **leads()}
    for field in form:
        value = field.field.prepare_value(field.initial)
        if value not in (None, False, "") and field.name not in ("key", "municipality"):
            sent[field.name] = value
    return {**sent, **said}


# --- new


def test_a_coach_creates_a_draft_and_leads_it(leader: Client, coach: User) -> None:
    said = facts(**leads((3, "days"), **{"lead-0-text_de": "Bitte Foto mitbringen."}))

    answer = leader.post(reverse("webinars:new"), said)

    session = Session.objects.get()
    assert answer.headers["Location"] == at(session, "desk")
    assert (session.state, session.title_en, session.languages) == (
        State.DRAFT, "The first video call", ["en", "uk"],
    )  # fmt: skip
    assert (session.starts_at, session.minutes) == (datetime(2027, 4, 20, 14, 0, tzinfo=UTC), 90)
    assert [host.person for host in session.hosts.all()] == [coach]
    assert list(session.plan.values_list("amount", "unit", "text_de")) == [
        (3, "days", "Bitte Foto mitbringen.")
    ]


def test_sent_twice_there_is_one_draft(leader: Client) -> None:
    said = facts()

    answers = [leader.post(reverse("webinars:new"), said).status_code for _again in range(2)]

    assert (answers, Session.objects.count()) == ([302, 302], 1)


def test_whoever_may_not_create_finds_no_page(outsider: User, client: Client) -> None:
    found = [
        signed_in(outsider).get(reverse("webinars:new")).status_code,
        signed_in(outsider).post(reverse("webinars:new"), facts()).status_code,
        client.get(reverse("webinars:new")).status_code,
    ]

    assert (found, Session.objects.count()) == ([404, 404, 302], 0)


def test_the_form_proposes_the_usual_reminders(leader: Client) -> None:
    shown = leader.get(reverse("webinars:new"))

    found = [(lead["amount"].value(), lead["unit"].value()) for lead in shown.context["leads"]]
    assert found[:3] == [(7, LeadUnit.DAYS), (1, LeadUnit.DAYS), (1, LeadUnit.HOURS)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title_de": ""},
        {"languages": []},
        {"languages": ["xx"]},
        {"day": "2027-02-30"},
        {"day": "2067-02-03"},
        {"begins": "25:00"},
        {"minutes": "0"},
        {"zone": "Mars"},
        {"room": "bbb"},
        {"room_link": "http://room.example.org/x"},
        {"room_link": "javascript:alert(1)"},
        {"capacity": "0"},
        {"capacity": "many"},
        {"opens_at": "2027-04-10T10:00", "closes_at": "2027-04-09T10:00"},
        {"opens_at": "2027-03-28T02:30"},
        leads((61, "days")),
        leads((1, "days"), (1, "days")),
        leads((1, "years")),
    ],
)
def test_wrong_details_make_no_session(leader: Client, wrong: dict[str, Any]) -> None:
    answer = leader.post(reverse("webinars:new"), facts(**wrong))

    assert (answer.status_code, "error-summary" in words(answer)) == (200, True)
    assert Session.objects.count() == 0


def test_an_hour_that_clocks_skip_is_explained(leader: Client) -> None:
    answer = leader.post(reverse("webinars:new"), facts(day="2027-03-28", begins="02:30"))

    assert answer.context["form"].errors["begins"] == [
        "On this day clocks in Berlin go from 02:00 to 03:00, so 02:30 does not exist. Please choose 03:00 or "
        "another time."
    ]
    assert Session.objects.count() == 0


def test_an_hour_that_comes_twice_asks_which_one(leader: Client) -> None:
    said = facts(day="2027-10-31", begins="02:30")

    asked = leader.post(reverse("webinars:new"), said)
    nothing_yet = Session.objects.count()
    leader.post(reverse("webinars:new"), {**said, "which": "second"})

    assert ('name="which"' in words(asked), nothing_yet) == (True, 0)
    assert Session.objects.get().starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_which_of_two_is_not_asked_of_other_hours(leader: Client) -> None:
    shown = words(leader.get(reverse("webinars:new")))

    assert 'name="which"' not in shown


def test_the_window_is_on_the_clock_of_the_session(leader: Client) -> None:
    leader.post(reverse("webinars:new"), facts(zone="Europe/Kyiv", opens_at="2027-04-01T10:00"))

    assert Session.objects.get().opens_at == datetime(2027, 4, 1, 7, 0, tzinfo=UTC)


# --- edit


def test_a_draft_is_changed_with_its_day(host: Client, draft: Session) -> None:
    answer = host.post(at(draft, "edit"), of_edit(draft, title_en="Better", begins="17:00"))

    draft.refresh_from_db()
    assert answer.headers["Location"] == at(draft, "desk")
    assert (draft.title_en, draft.starts_at) == ("Better", datetime(2027, 4, 13, 15, 0, tzinfo=UTC))


def test_the_day_of_a_published_session_is_not_changed_on_this_page(host: Client, session: Session) -> None:
    before = session.starts_at

    host.post(at(session, "edit"), of_edit(session, title_en="Better", day="2027-05-01", begins="10:00"))

    session.refresh_from_db()
    assert (session.title_en, session.starts_at, session.moved_at) == ("Better", before, None)


def test_saved_unchanged_nothing_changes_but_the_version(host: Client, draft: Session) -> None:
    before = values_of(draft)

    host.post(at(draft, "edit"), of_edit(draft))

    after = Session.objects.get(pk=draft.pk)
    assert (values_of(after), after.version) == (before, draft.version + 1)


def test_who_saves_second_sees_both_texts(host: Client, draft: Session) -> None:
    said = of_edit(draft, title_en="Mine")
    host.post(at(draft, "edit"), of_edit(draft, title_en="Of the other host"))

    answer = host.post(at(draft, "edit"), said)

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert [(one.now, one.typed) for one in answer.context["conflict"]] == [("Of the other host", "Mine")]
    assert draft.title_en == "Of the other host"


def test_fewer_seats_than_are_taken_must_be_said_on_purpose(host: Client, session: Session) -> None:
    GuestFactory.create_batch(3, session=session)
    said = of_edit(session, capacity="2")

    asked = host.post(at(session, "edit"), said)
    session.refresh_from_db()
    before = session.capacity
    host.post(at(session, "edit"), {**said, "allow_over": "on"})

    session.refresh_from_db()
    assert (asked.status_code, 'name="allow_over"' in words(asked)) == (409, True)
    assert (before, session.capacity, session.registrations.seated().count()) == (20, 2, 3)


def test_another_host_changes_nothing(draft: Session, session: Session, partner: User) -> None:
    SessionFactory(host=partner)

    found = [
        signed_in(partner).post(at(one, "edit"), of_edit(one, title_en="Hijacked")).status_code
        for one in (draft, session)
    ]

    assert (found, Session.objects.filter(title_en="Hijacked").count()) == ([404, 404], 0)


def test_a_reminder_without_a_number_is_taken_out(host: Client, draft: Session) -> None:
    draft.plan.create(amount=7, unit=LeadUnit.DAYS)
    draft.plan.create(amount=1, unit=LeadUnit.HOURS)

    host.post(at(draft, "edit"), of_edit(draft, **leads((1, "hours"), ("", "days"))))  # type: ignore[arg-type]

    assert list(draft.plan.values_list("amount", "unit")) == [(1, "hours")]


def test_leads_of_the_formset_are_those_with_a_number() -> None:
    found = lead_forms(leads((7, "days"), ("", "days")), [])  # type: ignore[arg-type]

    assert (found.is_valid(), [one["amount"] for one in found.plan()]) == (True, [7])


# --- publish


def test_publishing_changes_the_state_once_pressed(host: Client, draft: Session) -> None:
    host.get(at(draft, "publish"))
    before = Session.objects.get(pk=draft.pk).state

    answers = [host.post(at(draft, "publish"), {"key": uuid.uuid4()}).status_code for _again in range(2)]

    draft.refresh_from_db()
    assert (before, answers, draft.state) == (State.DRAFT, [302, 302], State.PUBLISHED)


def test_an_incomplete_draft_is_not_published(host: Client, draft: Session) -> None:
    Session.objects.filter(pk=draft.pk).update(room="", room_link="")

    answer = host.post(at(draft, "publish"), {"key": uuid.uuid4()})

    draft.refresh_from_db()
    assert (answer.status_code, draft.state) == (409, State.DRAFT)
    assert "a room for who comes online" in words(answer)


def test_a_public_holiday_is_pointed_out_and_forbids_nothing(host: Client, draft: Session) -> None:
    Session.objects.filter(pk=draft.pk).update(day=date(2027, 5, 1), countries=["DE"])

    shown = words(host.get(at(draft, "publish")))

    assert ("public holiday" in shown, "Publish the session" in shown) == (True, True)


# --- move


def to(**said: Any) -> dict[str, Any]:
    return {"day": "2027-04-15", "begins": "17:00", "minutes": "60", "key": uuid.uuid4(), **said}


def test_both_times_are_looked_at_before_a_move(host: Client, session: Session) -> None:
    GuestFactory(session=session)
    GuestFactory(session=session, state=Seat.CANCELLED)

    shown = words(host.post(at(session, "move"), to(step="look")))

    session.refresh_from_db()
    assert [word in shown for word in ("13 April 2027", "15 April 2027", "1 person will be told")] == [
        True
    ] * 3
    assert (session.day, Notice.objects.count()) == (date(2027, 4, 13), 0)


def test_a_move_sent_twice_tells_once(host: Client, session: Session) -> None:
    GuestFactory(session=session)
    said = to(step="move")

    answers = [host.post(at(session, "move"), said).status_code for _again in range(2)]

    session.refresh_from_db()
    assert (answers, session.starts_at) == ([302, 302], datetime(2027, 4, 15, 15, 0, tzinfo=UTC))
    assert Notice.objects.filter(kind="session_moved").count() == 1


def test_moved_again_after_going_back_it_is_another_move(host: Client, session: Session) -> None:
    said = to(step="move")
    host.post(at(session, "move"), said)

    host.post(at(session, "move"), {**said, "day": "2027-04-16"})

    session.refresh_from_db()
    assert session.day == date(2027, 4, 16)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2027-03-01"},
        {"day": "2027-04-13", "begins": "16:00"},
        {"day": "2027-03-28", "begins": "02:30"},
        {"day": "2027-10-31", "begins": "02:30"},
        {"begins": ""},
        {"minutes": "-5"},
    ],
)
def test_a_session_is_not_moved_to_no_time(host: Client, session: Session, wrong: dict[str, Any]) -> None:
    before = session.starts_at

    answer = host.post(at(session, "move"), to(step="move", **wrong))

    session.refresh_from_db()
    assert (answer.status_code, session.starts_at, session.moved_at) == (200, before, None)


def test_a_draft_is_not_moved_on_this_page(host: Client, draft: Session) -> None:
    answer = host.post(at(draft, "move"), to(step="move"))

    draft.refresh_from_db()
    assert (answer.headers["Location"], draft.day) == (at(draft, "desk"), date(2027, 4, 13))


# --- cancel


def reasons(**said: Any) -> dict[str, Any]:
    return {"reason_de": "Krank.", "reason_en": "Ill.", "key": uuid.uuid4(), **said}


def test_a_cancelled_session_tells_everybody_once_and_why(host: Client, session: Session) -> None:
    GuestFactory(session=session)
    GuestFactory(session=session, state=Seat.WAITING)
    said = reasons()

    answers = [host.post(at(session, "cancel_session"), said).status_code for _again in range(2)]

    session.refresh_from_db()
    assert (answers, session.state, session.cancel_reason_en) == ([302, 302], State.CANCELLED, "Ill.")
    assert Notice.objects.filter(kind="session_cancelled").count() == 2


def test_without_a_reason_nothing_is_cancelled(host: Client, session: Session) -> None:
    host.post(at(session, "cancel_session"), reasons(reason_en=""))

    session.refresh_from_db()
    assert session.state == State.PUBLISHED


# --- copy


def copies_of(session: Session) -> list[Session]:
    return list(Session.objects.exclude(pk=session.pk).order_by("day"))


def test_one_copy_is_a_draft_at_the_same_hour(host: Client, session: Session, coach: User) -> None:
    said = {"pattern": "once", "day": "2027-11-09", "key": uuid.uuid4(), "step": "copy"}

    for _again in range(2):
        answer = host.post(at(session, "copy"), said)

    (copy,) = copies_of(session)
    assert answer.headers["Location"] == at(copy, "desk")
    assert (copy.state, copy.begins, copy.starts_at) == (
        State.DRAFT, time(16), datetime(2027, 11, 9, 15, 0, tzinfo=UTC),
    )  # fmt: skip
    assert [one.person for one in copy.hosts.all()] == [coach]


def test_a_series_is_looked_at_with_holidays_and_clocks(host: Client, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(countries=["DE"])
    said = {"pattern": "days", "days": "2027-10-03\n2027-11-09", "key": uuid.uuid4(), "step": "look"}

    shown = words(host.post(at(session, "copy"), said))

    assert ("Public holiday – " in shown, shown.count("Clocks have changed by then")) == (True, 1)
    assert copies_of(session) == []


def test_every_so_many_weeks_gives_so_many_drafts(host: Client, session: Session) -> None:
    said = {"pattern": "weeks", "day": "2027-04-20", "weeks": "2", "number": "3", "key": uuid.uuid4()}

    host.post(at(session, "copy"), {**said, "step": "copy"})

    assert [copy.day for copy in copies_of(session)] == [
        date(2027, 4, 20), date(2027, 5, 4), date(2027, 5, 18),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"pattern": "once", "day": ""},
        {"pattern": "once", "day": "2027-03-01"},
        {"pattern": "weeks", "day": "2027-04-20", "weeks": "2"},
        {"pattern": "weeks", "day": "2027-04-20", "weeks": "26", "number": "30"},
        {"pattern": "days", "days": ""},
        {"pattern": "days", "days": "2027-04-20\nsoon"},
        {"pattern": "weekly", "day": "2027-04-20"},
        {"pattern": "once", "day": "9999-12-31"},
        {"pattern": "weeks", "day": "9999-12-31", "weeks": "26", "number": "30"},
    ],
)
def test_days_that_are_none_make_no_copies(host: Client, session: Session, wrong: dict[str, str]) -> None:
    answer = host.post(at(session, "copy"), {"key": uuid.uuid4(), "step": "copy", **wrong})

    assert (answer.status_code, copies_of(session)) == (200, [])


def test_a_copy_at_an_hour_that_is_skipped_is_refused(host: Client, coach: User) -> None:
    early = SessionFactory(host=coach, starts_at=datetime(2027, 4, 13, 0, 30, tzinfo=UTC))
    said = {"pattern": "once", "day": "2028-03-26", "key": uuid.uuid4(), "step": "copy"}

    answer = host.post(at(early, "copy"), said)

    assert ("does not exist" in words(answer), copies_of(early)) == (True, [])
