"""When reminders are queued: by the plan of the session, once per lead and start, never after the start."""

from datetime import UTC, datetime, time, timedelta

import pytest

from notifications.models import Notice
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import actions
from webinars.choices import LeadUnit, Seat, State
from webinars.models import Registration, ReminderPlan, Session

pytestmark = pytest.mark.django_db

START = datetime(2027, 3, 30, 14, 0, tzinfo=UTC)  # 16:00 in Berlin, after the clocks went forward
BEFORE = START - timedelta(days=30)
DAYS, HOURS, MINUTES = LeadUnit.DAYS, LeadUnit.HOURS, LeadUnit.MINUTES


def planned(*leads: tuple[int, str], starts_at: datetime = START, **facts: object) -> Session:
    session = SessionFactory(starts_at=starts_at, **facts)
    for amount, unit in leads or actions.DEFAULT_PLAN:
        ReminderPlan.objects.create(session=session, amount=amount, unit=unit)
    return session


def seat(session: Session, **facts: object) -> Registration:
    return GuestFactory(session=session, **{"registered_at": BEFORE, **facts})


def leads_of(registration: Registration) -> list[str]:
    """The leads queued for it, in the order of queueing."""
    rows = Notice.objects.filter(kind="session_reminder", about_id=registration.pk).order_by("id")
    return [row.key.split(":")[3] for row in rows]


def sweep(session: Session, since: datetime, until: datetime, step: timedelta) -> dict[str, datetime]:
    """Run the clock; when each reminder was queued, by lead."""
    found: dict[str, datetime] = {}
    now = since
    while now <= until:
        actions.queue_due_reminders(now=now)
        for row in Notice.objects.filter(kind="session_reminder", queued_at=now):
            found[row.key.split(":")[3].partition("-")[0]] = now
        now += step
    return found


def test_days_keep_the_wall_time_over_the_clock_change_and_an_hour_is_60_minutes() -> None:
    session = planned()
    seat(session)

    found = sweep(session, START - timedelta(days=8), START, timedelta(minutes=10))

    assert found == {
        "7d": datetime(2027, 3, 23, 15, 0, tzinfo=UTC),  # 16:00 in winter time
        "1d": datetime(2027, 3, 29, 14, 0, tzinfo=UTC),
        "1h": datetime(2027, 3, 30, 13, 0, tzinfo=UTC),
    }


def test_each_lead_is_told_once_however_often_the_clock_ticks() -> None:
    session = planned()
    registration = seat(session)

    for _ in range(5):
        actions.queue_due_reminders(now=START - timedelta(days=6))

    assert leads_of(registration) == [f"7d-{int(START.timestamp())}"]


def test_nothing_is_told_a_minute_too_early() -> None:
    session = planned((1, HOURS))
    registration = seat(session)

    actions.queue_due_reminders(now=START - timedelta(minutes=61))

    assert leads_of(registration) == []


@pytest.mark.parametrize("minutes", [1, 7, 59])
def test_after_a_standstill_it_goes_out_late_but_before_the_start(minutes: int) -> None:
    session = planned((1, HOURS))
    registration = seat(session)

    actions.queue_due_reminders(now=START - timedelta(minutes=60) + timedelta(minutes=minutes))

    assert len(leads_of(registration)) == 1


@pytest.mark.parametrize("minutes", [0, 1, 600])
def test_after_the_start_nothing_is_told(minutes: int) -> None:
    session = planned((1, HOURS))
    registration = seat(session)

    actions.queue_due_reminders(now=START + timedelta(minutes=minutes))

    assert leads_of(registration) == []


def test_after_a_long_standstill_only_the_nearest_lead_is_told() -> None:
    session = planned()
    registration = seat(session)

    actions.queue_due_reminders(now=START - timedelta(minutes=30))

    assert leads_of(registration) == [f"1h-{int(START.timestamp())}"]


def test_a_session_made_three_hours_before_still_reminds_an_hour_before() -> None:
    session = planned()
    seat(session, registered_at=START - timedelta(hours=3))

    found = sweep(session, START - timedelta(hours=3), START, timedelta(minutes=1))

    assert found == {"1h": START - timedelta(hours=1)}


def test_who_registers_half_an_hour_before_gets_the_shortest_reminder_only() -> None:
    session = planned()
    registration = seat(session, registered_at=START - timedelta(minutes=30))

    actions.queue_due_reminders(now=START - timedelta(minutes=29))

    assert leads_of(registration) == [f"1h-{int(START.timestamp())}"]


def test_a_lead_in_minutes_is_counted_in_minutes() -> None:
    session = planned((30, MINUTES))
    seat(session)

    found = sweep(session, START - timedelta(hours=1), START, timedelta(minutes=1))

    assert found == {"30m": START - timedelta(minutes=30)}


@pytest.mark.parametrize("state", [Seat.WAITING, Seat.OFFERED, Seat.CANCELLED, Seat.ASKED])
def test_who_has_no_seat_is_not_reminded(state: str) -> None:
    session = planned((1, HOURS))
    seat(session, state=state)
    seated = seat(session)

    actions.queue_due_reminders(now=START - timedelta(minutes=30))

    assert list(Notice.objects.values_list("about_id", flat=True)) == [seated.pk]


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
def test_a_session_that_does_not_take_place_reminds_nobody(state: str) -> None:
    session = planned((1, HOURS), state=state)
    registration = seat(session)

    actions.queue_due_reminders(now=START - timedelta(minutes=30))

    assert leads_of(registration) == []


def test_a_moved_session_reminds_anew_at_the_new_time(coach) -> None:
    session = planned((1, DAYS), (1, HOURS))
    registration = seat(session)
    actions.queue_due_reminders(now=START - timedelta(hours=24))
    actions.move_session(
        session=session,
        day=datetime(2027, 4, 6).date(),
        begins=time(17),
        minutes=60,
        by=coach,
        now=START - timedelta(hours=20),
    )
    moved = datetime(2027, 4, 6, 15, 0, tzinfo=UTC)

    found = sweep(session, START - timedelta(hours=19), moved, timedelta(minutes=30))

    assert found == {"1d": moved - timedelta(days=1), "1h": moved - timedelta(hours=1)}
    assert len(leads_of(registration)) == 3


def test_a_move_is_not_followed_by_the_reminder_whose_time_was_before_it(coach) -> None:
    session = planned()
    registration = seat(session)
    moved_at = START - timedelta(days=20)
    actions.move_session(
        session=session,
        day=(moved_at + timedelta(days=2)).date(),
        begins=time(16),
        minutes=60,
        by=coach,
        now=moved_at,
    )

    actions.queue_due_reminders(now=moved_at + timedelta(minutes=1))

    assert leads_of(registration) == []


def test_an_hour_that_comes_twice_is_told_at_the_elapsed_hour() -> None:
    # 02:30 the second time: 01:30 UTC. One hour before it is 02:30 the first time.
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    session = planned((1, HOURS), starts_at=second)
    seat(session, registered_at=second - timedelta(days=2))

    found = sweep(session, second - timedelta(hours=2), second, timedelta(minutes=30))

    assert session.is_second_hour
    assert found == {"1h": datetime(2026, 10, 25, 0, 30, tzinfo=UTC)}


def test_who_comes_back_after_cancelling_is_reminded() -> None:
    session = planned((1, HOURS))
    registration = RegistrationFactory(session=session, registered_at=BEFORE)
    actions.cancel_registration(registration=registration, now=BEFORE + timedelta(days=1))
    actions.register(session=session, by=registration.person, now=BEFORE + timedelta(days=2))

    actions.queue_due_reminders(now=START - timedelta(hours=1))

    assert leads_of(registration) == [f"1h-{int(START.timestamp())}"]


def test_who_had_the_reminder_and_comes_back_the_same_hour_is_not_told_twice() -> None:
    session = planned((1, DAYS))
    registration = RegistrationFactory(session=session, registered_at=BEFORE)
    actions.queue_due_reminders(now=START - timedelta(hours=24))
    actions.cancel_registration(registration=registration, now=START - timedelta(hours=23))
    actions.register(session=session, by=registration.person, now=START - timedelta(hours=22))

    actions.queue_due_reminders(now=START - timedelta(hours=21))

    assert leads_of(registration) == [f"1d-{int(START.timestamp())}"]


@pytest.mark.parametrize("people", [1, 25])
def test_many_registrations_cost_no_more_queries_than_one(people: int, django_assert_num_queries) -> None:
    session = planned((1, HOURS))
    for _ in range(people):
        seat(session)
    planned((1, HOURS), starts_at=START + timedelta(days=3))

    with django_assert_num_queries(6):
        actions.queue_due_reminders(now=START - timedelta(hours=1))
