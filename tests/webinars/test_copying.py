"""A series is made by copying: the same session on other days, at the same wall time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation

from accounts.models import User
from core.wall_time import NoSuchTime
from tests.factories.directory import TopicFactory
from tests.factories.webinars import GuestFactory, HostFactory, SessionFactory
from webinars import actions
from webinars.choices import LeadUnit, State
from webinars.models import ReminderPlan, Session

pytestmark = pytest.mark.django_db

# 16:00 in Berlin, five days before the clocks go forward.
WINTER = datetime(2027, 3, 23, 15, 0, tzinfo=UTC)
AFTER = date(2027, 3, 30)


def copy(session: Session, by: User, now: datetime, day: date = AFTER) -> Session:
    return actions.copy_session(session=session, day=day, by=by, now=now)


def test_is_a_draft_with_the_same_words_at_the_same_hour(coach: User, now: datetime) -> None:
    session = SessionFactory(starts_at=WINTER, zone="Europe/Berlin", minutes=90, place_de="Rathaus")

    made = Session.objects.get(pk=copy(session, coach, now).pk)

    assert (made.state, made.created_by, made.published_at) == (State.DRAFT, coach, None)
    assert (made.title_de, made.title_en, made.place_de) == (session.title_de, session.title_en, "Rathaus")
    assert (made.day, made.begins, made.minutes) == (AFTER, time(16), 90)
    assert made.starts_at == datetime(2027, 3, 30, 14, 0, tzinfo=UTC)
    assert made.ends_at == datetime(2027, 3, 30, 15, 30, tzinfo=UTC)


def test_takes_hosts_topics_and_reminders_with_their_words_along(
    coach: User, partner: User, now: datetime
) -> None:
    session, topic = SessionFactory(starts_at=WINTER), TopicFactory()
    for person in (partner, coach):
        HostFactory(session=session, person=person)
    session.topics.set([topic])
    ReminderPlan.objects.create(
        session=session, amount=2, unit=LeadUnit.DAYS, text_de="Mit Foto", text_en="With a photo"
    )

    made = copy(session, coach, now)

    assert [host.person for host in made.hosts.all()] == [partner, coach]
    assert list(made.topics.all()) == [topic]
    lead = made.plan.get()
    assert (lead.code, lead.text_de, lead.text_en) == ("2d", "Mit Foto", "With a photo")


def test_nobody_is_registered_and_nothing_of_the_old_date_stays(coach: User, now: datetime) -> None:
    session = SessionFactory(
        starts_at=WINTER,
        state=State.CANCELLED,
        cancelled_at=now,
        cancel_reason_de="Krankheit",
        moved_at=now,
        moved_from=now,
        sequence=4,
        version=9,
        recording_url="https://recording.invalid/",
        transcript="Guten Tag.",
        recording_published_at=now,
        thanked_at=now,
        room_key="old",
    )
    GuestFactory(session=session)

    made = copy(session, coach, now)

    assert made.registrations.count() == 0
    assert (made.sequence, made.version, made.next_number) == (0, 1, 1)
    assert (made.cancelled_at, made.cancel_reason_de or "", made.moved_at, made.moved_from) == (
        None,
        "",
        None,
        None,
    )
    assert (made.recording_url, made.transcript, made.recording_published_at) == ("", "", None)
    assert made.thanked_at is None
    assert made.room_key not in ("", "old")


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_missing_translation_stays_missing_in_every_language_of_the_page(
    coach: User, now: datetime, language: str
) -> None:
    session = SessionFactory(starts_at=WINTER, title_de="Nur deutsch", title_en="")

    with translation.override(language):
        made = copy(session, coach, now)

    row = Session.objects.filter(pk=made.pk).values("title_de", "title_en").get()
    assert (row["title_de"], row["title_en"] or "") == ("Nur deutsch", "")


def test_the_window_keeps_its_days_and_its_hour_over_the_clock_change(coach: User, now: datetime) -> None:
    session = SessionFactory(
        starts_at=WINTER,
        opens_at=datetime(2027, 3, 16, 8, 0, tzinfo=UTC),  # 09:00 in Berlin
        closes_at=datetime(2027, 3, 22, 23, 0, tzinfo=UTC),  # midnight
    )

    made = copy(session, coach, now)

    assert made.opens_at == datetime(2027, 3, 23, 8, 0, tzinfo=UTC)
    assert made.closes_at == datetime(2027, 3, 29, 22, 0, tzinfo=UTC)


def test_without_a_window_there_is_none(coach: User, now: datetime) -> None:
    made = copy(SessionFactory(starts_at=WINTER), coach, now)

    assert (made.opens_at, made.closes_at) == (None, None)


def test_to_a_day_without_this_hour_is_refused(coach: User, now: datetime) -> None:
    session = SessionFactory(starts_at=datetime(2027, 3, 20, 1, 30, tzinfo=UTC))  # 02:30 in Berlin

    with pytest.raises(NoSuchTime):
        copy(session, coach, now, date(2027, 3, 28))

    assert Session.objects.count() == 1


def test_to_a_day_with_this_hour_twice_takes_the_first(coach: User, now: datetime) -> None:
    session = SessionFactory(starts_at=datetime(2027, 3, 20, 1, 30, tzinfo=UTC))

    made = copy(session, coach, now, date(2027, 10, 31))

    assert (made.starts_at, made.is_second_hour) == (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), False)


def test_a_series_has_one_copy_a_day_with_addresses_of_their_own(coach: User, now: datetime) -> None:
    session = SessionFactory(starts_at=WINTER, title_en="Monday call")
    days = [AFTER + timedelta(weeks=week) for week in range(3)]

    made = actions.copy_series(session=session, days=days, by=coach, now=now)

    assert [one.day for one in made] == days
    assert [one.slug for one in made] == [f"monday-call-{day}" for day in days]
    assert {one.starts_at.hour for one in made} == {14}


def test_a_series_is_made_whole_or_not_at_all(coach: User, now: datetime) -> None:
    session = SessionFactory(starts_at=datetime(2027, 3, 20, 1, 30, tzinfo=UTC))

    with pytest.raises(NoSuchTime):
        actions.copy_series(session=session, days=[date(2027, 3, 27), date(2027, 3, 28)], by=coach, now=now)

    assert Session.objects.count() == 1
