"""The life of a session: made, changed, published, moved, cancelled; and the clock that people type."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from core.conflicts import EditConflict
from core.wall_time import NoSuchTime
from notifications.models import Notice
from tests.factories.directory import TopicFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from tests.webinars.telling import all_told, planned, together, told
from webinars import actions
from webinars.choices import Format, LeadUnit, RoomKind, Seat, State
from webinars.models import Invitation, Registration, ReminderPlan, Session

pytestmark = pytest.mark.django_db

SPRING = {"day": date(2027, 3, 28), "begins": time(2, 30)}
AUTUMN = {"day": date(2026, 10, 25), "begins": time(2, 30)}
FACTS = {
    "title_de": "Der erste Anruf",
    "title_en": "The first call",
    "summary_de": "Wir üben.",
    "languages": ["en"],
    "day": date(2027, 3, 30),
    "begins": time(16),
    "minutes": 90,
    "room": RoomKind.LINK,
    "room_link": "https://room.invalid/secret",
}


def create(by: User, now: datetime, **facts: Any) -> Session:
    return actions.create_session(facts={**FACTS, **facts}, by=by, now=now)


def edit(session: Session, by: User, now: datetime, **facts: Any) -> Session:
    return actions.edit_session(session=session, facts=facts, by=by, now=now)


def move(session: Session, by: User, now: datetime, **facts: Any) -> Session:
    wall = session.starts_at.astimezone(ZoneInfo(session.zone))
    values = {"day": wall.date(), "begins": wall.time(), "minutes": session.minutes, **facts}
    return actions.move_session(session=session, by=by, now=now, **values)


def everybody(session: Session) -> dict[str, Registration]:
    """One registration in each state."""
    return {
        state: GuestFactory(session=session, state=state, email=f"{state}@example.org")
        for state in Seat.values
    }


ALIVE = ["offered@example.org", "seat@example.org", "waiting@example.org"]


class TestCreating:
    def test_makes_a_draft_at_the_typed_wall_time(self, coach: User, now: datetime) -> None:
        session = create(coach, now)

        assert (session.state, session.created_by, session.version) == (State.DRAFT, coach, 1)
        assert session.starts_at == datetime(2027, 3, 30, 14, 0, tzinfo=UTC)
        assert session.ends_at == datetime(2027, 3, 30, 15, 30, tzinfo=UTC)
        assert session.slug == "the-first-call-2027-03-30"
        assert len(session.room_key) >= 16

    def test_is_led_by_its_maker_and_reminds_by_the_usual_plan(self, coach: User, now: datetime) -> None:
        session = create(coach, now)

        assert [host.person for host in session.hosts.all()] == [coach]
        assert [(lead.amount, lead.unit) for lead in session.plan.all()] == list(actions.DEFAULT_PLAN)

    def test_takes_hosts_plan_and_topics_where_they_are_given(
        self, coach: User, partner: User, coordinator: User, now: datetime
    ) -> None:
        topic = TopicFactory()

        session = actions.create_session(
            facts={**FACTS, "topics": [topic]},
            by=coach,
            now=now,
            hosts=[partner, coordinator],
            plan=[(30, LeadUnit.MINUTES)],
        )

        assert [host.person for host in session.hosts.all()] == [partner, coordinator]
        assert [lead.code for lead in session.plan.all()] == ["30m"]
        assert list(session.topics.all()) == [topic]

    def test_two_of_one_name_and_day_have_two_addresses(self, coach: User, now: datetime) -> None:
        slugs = [create(coach, now).slug for _ in range(3)]

        assert slugs == [
            "the-first-call-2027-03-30",
            "the-first-call-2027-03-30-2",
            "the-first-call-2027-03-30-3",
        ]

    @pytest.mark.parametrize(
        ("titles", "slug"),
        [
            ({"title_en": "", "title_de": "Grüße über Grenzen"}, "grusse-uber-grenzen-2027-03-30"),
            ({"title_en": "", "title_de": "???"}, "session-2027-03-30"),
        ],
    )
    def test_its_address_can_be_read_out(
        self, coach: User, now: datetime, titles: dict[str, str], slug: str
    ) -> None:
        assert create(coach, now, **titles).slug == slug


class TestWallTime:
    def test_an_hour_that_does_not_exist_is_refused(self, coach: User, now: datetime) -> None:
        with pytest.raises(NoSuchTime):
            create(coach, now, **SPRING)

        assert Session.objects.count() == 0

    def test_an_hour_that_comes_twice_asks_which(self, coach: User, now: datetime) -> None:
        with pytest.raises(actions.TimeIsTwice):
            create(coach, now, **AUTUMN)

        assert Session.objects.count() == 0

    @pytest.mark.parametrize(("second", "hour"), [(False, 0), (True, 1)])
    def test_an_hour_that_comes_twice_is_the_one_that_was_said(
        self, coach: User, now: datetime, second: bool, hour: int
    ) -> None:
        session = create(coach, now, **AUTUMN, is_second_hour=second)

        assert session.starts_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert session.is_second_hour is second

    def test_the_second_hour_means_nothing_where_there_is_one(self, coach: User, now: datetime) -> None:
        session = create(coach, now, is_second_hour=True)

        assert (session.is_second_hour, session.starts_at) == (
            False,
            datetime(2027, 3, 30, 14, 0, tzinfo=UTC),
        )

    def test_moving_into_the_gap_is_refused_and_changes_nothing(self, coach: User, now: datetime) -> None:
        session = planned(now)

        with pytest.raises(NoSuchTime):
            move(session, coach, now, **SPRING)

        assert Session.objects.get().starts_at == session.starts_at

    def test_moving_into_an_hour_that_comes_twice_asks_which(self, coach: User, now: datetime) -> None:
        session, autumn = planned(now), {"day": date(2027, 10, 31), "begins": time(2, 30)}

        with pytest.raises(actions.TimeIsTwice):
            move(session, coach, now, **autumn)
        moved = move(session, coach, now, **autumn, is_second_hour=True)

        assert moved.starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)

    def test_what_is_planned_in_winter_for_summer_keeps_its_hour(self, coach: User, now: datetime) -> None:
        session = create(coach, now, begins=time(10), day=date(2027, 7, 1))

        assert session.starts_at.astimezone(ZoneInfo("Europe/Berlin")).time() == time(10)

    def test_another_zone_is_another_moment(self, coach: User, now: datetime) -> None:
        session = edit(create(coach, now), coach, now, zone="Europe/Kyiv")

        assert session.starts_at == datetime(2027, 3, 30, 13, 0, tzinfo=UTC)

    def test_the_other_of_two_equal_hours_is_a_move(self, coach: User, now: datetime) -> None:
        session = SessionFactory(starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC))

        edited = edit(session, coach, now, is_second_hour=True)

        assert edited.starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
        assert edited.sequence == 1


class TestEditing:
    @pytest.mark.parametrize(
        "starts_at",
        [
            datetime(2027, 3, 30, 14, 0, tzinfo=UTC),
            datetime(2027, 12, 1, 15, 0, tzinfo=UTC),
            datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
            datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
        ],
        ids=["summer", "winter", "first of two hours", "second of two hours"],
    )
    def test_saved_unchanged_moves_and_tells_nothing(
        self, coach: User, now: datetime, starts_at: datetime
    ) -> None:
        session = SessionFactory(starts_at=starts_at)
        everybody(session)
        names = ("title_de", "title_en", "day", "begins", "minutes", "zone", "is_second_hour", "capacity")

        for _round in range(5):
            fresh = Session.objects.get()
            edit(fresh, coach, now, **{name: getattr(fresh, name) for name in names})

        after = Session.objects.get()
        assert (after.starts_at, after.ends_at) == (starts_at, session.ends_at)
        assert (after.sequence, after.moved_at, after.version) == (0, None, 6)
        assert told("session_moved") == []

    def test_not_asked_again_which_of_two_hours_is_meant(self, coach: User, now: datetime) -> None:
        starts_at = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
        session = SessionFactory(starts_at=starts_at)

        edited = edit(session, coach, now, day=session.day, begins=session.begins, is_second_hour=None)

        assert edited.starts_at == starts_at

    def test_words_and_topics_change_and_nobody_is_told(self, coach: User, now: datetime) -> None:
        session, topic = planned(now), TopicFactory()
        everybody(session)

        edited = edit(session, coach, now, title_en="Better words", topics=[topic])

        assert (edited.title_en, list(edited.topics.all()), edited.version) == ("Better words", [topic], 2)
        assert told("session_moved") == []

    def test_topics_stay_where_none_are_given(self, coach: User, now: datetime) -> None:
        session = planned(now)
        session.topics.set([TopicFactory()])

        edit(session, coach, now, title_en="Better words")

        assert session.topics.count() == 1

    def test_of_an_old_version_is_refused(self, coach: User, now: datetime) -> None:
        session = planned(now)
        edit(session, coach, now, title_en="First")

        with pytest.raises(EditConflict):
            actions.edit_session(
                session=session, facts={"title_en": "Second"}, by=coach, now=now, base_version=1
            )
        actions.edit_session(session=session, facts={"title_en": "Third"}, by=coach, now=now, base_version=2)

        assert Session.objects.get().title_en == "Third"

    def test_a_changed_time_of_a_draft_tells_nobody(self, coach: User, now: datetime) -> None:
        session = planned(now, state=State.DRAFT)
        GuestFactory(session=session)

        edited = edit(session, coach, now, begins=time(8))

        assert (edited.moved_at, edited.sequence) == (None, 0)
        assert all_told() == []

    def test_words_of_a_session_that_is_over_may_change(self, coach: User, now: datetime) -> None:
        assert edit(planned(now, days=-3), coach, now, title_en="Looking back").title_en == "Looking back"


class TestMoving:
    def test_tells_the_living_once_and_nobody_else(self, coach: User, now: datetime) -> None:
        session = planned(now, capacity=2)
        everybody(session)
        before, begins = session.starts_at, time(12)

        moved = move(session, coach, now, begins=begins)

        assert (moved.moved_at, moved.moved_from, moved.sequence, moved.begins) == (now, before, 1, begins)
        assert moved.ends_at - moved.starts_at == timedelta(minutes=60)
        assert sorted(told("session_moved")) == ALIVE
        assert set(all_told()) == {"session_moved"}

    def test_twice_tells_of_each(self, coach: User, now: datetime) -> None:
        session = planned(now)
        row = RegistrationFactory(session=session)

        move(move(session, coach, now, begins=time(12)), coach, now, begins=time(13))

        assert Session.objects.get().sequence == 2
        assert Registration.objects.get(pk=row.pk).sequence == 2
        assert told("session_moved") == [row.person.email] * 2

    def test_to_where_it_is_tells_nobody(self, coach: User, now: datetime) -> None:
        session = planned(now)
        GuestFactory(session=session)

        move(session, coach, now)

        assert all_told() == []

    def test_a_longer_session_is_told_because_calendars_show_its_end(
        self, coach: User, now: datetime
    ) -> None:
        session = planned(now)
        row = GuestFactory(session=session)

        moved = move(session, coach, now, minutes=90)

        assert moved.ends_at == session.starts_at + timedelta(minutes=90)
        assert told("session_moved") == [row.email]

    @pytest.mark.parametrize("days", [1, 0])
    def test_into_the_past_is_refused_and_tells_nobody(self, coach: User, now: datetime, days: int) -> None:
        session = planned(now)
        GuestFactory(session=session)
        wall = now.astimezone(ZoneInfo("Europe/Berlin"))

        with pytest.raises(actions.InThePast):
            move(session, coach, now, day=wall.date() - timedelta(days=days), begins=wall.time())

        assert Session.objects.get().starts_at == session.starts_at
        assert all_told() == []

    @pytest.mark.parametrize(
        ("facts", "days"),
        [({"state": State.DRAFT}, 7), ({"state": State.CANCELLED}, 7), ({}, -1), ({}, 0)],
        ids=["draft", "cancelled", "over", "begins"],
    )
    def test_is_for_what_is_still_to_come(
        self, coach: User, now: datetime, facts: dict[str, Any], days: int
    ) -> None:
        session = planned(now, days=days, **facts)

        with pytest.raises(actions.NotPlanned):
            move(session, coach, now, begins=time(23))

        assert Session.objects.get().begins == session.begins

    def test_asks_the_row_as_it_is_now(self, coach: User, now: datetime) -> None:
        stale = planned(now)
        Session.objects.update(state=State.CANCELLED)

        with pytest.raises(actions.NotPlanned):
            move(stale, coach, now, begins=time(23))

        assert Session.objects.get().begins == stale.begins

    def test_earlier_ends_offers_with_the_new_start(self, coach: User, now: datetime) -> None:
        session = planned(now, days=2.5)
        row = GuestFactory(session=session, state=Seat.OFFERED, registered_at=now)
        wall = now.astimezone(ZoneInfo("Europe/Berlin"))

        moved = move(session, coach, now, day=wall.date() + timedelta(days=1))

        row.refresh_from_db()
        assert row.offer_expires_at == moved.starts_at

    def test_later_leaves_offers_as_they_were(self, coach: User, now: datetime) -> None:
        session = planned(now)
        row = GuestFactory(session=session, state=Seat.OFFERED, registered_at=now)

        move(session, coach, now, day=session.day + timedelta(days=1))

        row.refresh_from_db()
        assert row.offer_expires_at == now + timedelta(hours=48)


class TestPublishing:
    def test_opens_a_draft_once(self, coach: User, now: datetime) -> None:
        session = create(coach, now)

        published = actions.publish_session(session=session, by=coach, now=now)
        again = actions.publish_session(session=session, by=coach, now=now + timedelta(hours=1))

        assert (published.state, published.published_at, published.version) == (State.PUBLISHED, now, 2)
        assert (again.published_at, again.version) == (now, 2)

    @pytest.mark.parametrize(
        ("facts", "missing"),
        [
            ({"title_de": "", "summary_de": "", "languages": []}, ["title_de", "summary_de", "languages"]),
            ({"room": ""}, ["room"]),
            ({"room_link": ""}, ["room_link"]),
            ({"room": RoomKind.JITSI, "room_link": ""}, []),
            ({"format": Format.ONSITE, "room": "", "room_link": ""}, ["place_de"]),
            ({"format": Format.ONSITE, "room": "", "room_link": "", "place_de": "Rathaus"}, []),
            ({"format": Format.HYBRID, "room": ""}, ["room", "place_de"]),
            ({"day": date(2027, 3, 25)}, ["day"]),
        ],
    )
    def test_wants_what_people_must_know(
        self, coach: User, now: datetime, facts: dict[str, Any], missing: list[str]
    ) -> None:
        session = create(coach, now, **facts)

        found = actions.missing_for_publication(session, now=now)

        assert found == missing

    def test_without_that_is_refused(self, coach: User, now: datetime) -> None:
        session = create(coach, now, room="")

        with pytest.raises(actions.NotReady) as refused:
            actions.publish_session(session=session, by=coach, now=now)

        assert refused.value.missing == ["room"]
        assert Session.objects.get().state == State.DRAFT


class TestCancelling:
    def test_tells_the_living_once_with_the_reason(self, coach: User, now: datetime) -> None:
        session = planned(now)
        everybody(session)

        for _press in range(2):
            actions.cancel_session(
                session=session, by=coach, now=now, reason_de="Krankheit", reason_en="Illness"
            )

        row = Session.objects.get()
        assert (row.state, row.cancelled_at, row.sequence) == (State.CANCELLED, now, 1)
        assert (row.cancel_reason_de, row.cancel_reason_en) == ("Krankheit", "Illness")
        assert sorted(told("session_cancelled")) == ALIVE

    def test_is_possible_while_it_is_running(self, coach: User, now: datetime) -> None:
        session = planned(now, days=-0.01)

        assert actions.cancel_session(session=session, by=coach, now=now).state == State.CANCELLED

    @pytest.mark.parametrize(
        ("facts", "days"), [({"state": State.DRAFT}, 7), ({}, -1)], ids=["draft", "over"]
    )
    def test_is_refused_for_what_nobody_expects(
        self, coach: User, now: datetime, facts: dict[str, Any], days: int
    ) -> None:
        session = planned(now, days=days, **facts)
        GuestFactory(session=session)

        with pytest.raises(actions.NotPlanned):
            actions.cancel_session(session=session, by=coach, now=now)

        assert all_told() == []

    def test_leaves_out_people_who_were_erased(self, coach: User, now: datetime) -> None:
        session = planned(now, days=-0.01)
        GuestFactory(session=session, name="", email="")
        there = GuestFactory(session=session)

        actions.cancel_session(session=session, by=coach, now=now)

        assert told("session_cancelled") == [there.email]


class TestDeleting:
    def test_a_draft_goes(self, coach: User, now: datetime) -> None:
        actions.delete_draft(session=create(coach, now), by=coach)

        assert Session.objects.count() == 0

    @pytest.mark.parametrize("state", [State.PUBLISHED, State.CANCELLED])
    def test_what_was_published_stays(self, coach: User, now: datetime, state: str) -> None:
        session = planned(now, state=state)

        with pytest.raises(actions.NotPlanned):
            actions.delete_draft(session=session, by=coach)

        assert Session.objects.count() == 1


class TestHostsPlanAndInvitations:
    def test_hosts_are_these_in_this_order_and_no_others(
        self, coach: User, partner: User, admin: User, now: datetime
    ) -> None:
        session = create(coach, now)

        actions.set_hosts(session=session, hosts=[partner, admin], by=coach)
        actions.set_hosts(session=session, hosts=[admin, partner], by=coach)

        assert [host.person for host in session.hosts.all()] == [admin, partner]

    def test_plan_is_this_and_no_other(self, coach: User, now: datetime) -> None:
        session = create(coach, now)
        kept = session.plan.get(amount=7)

        actions.set_plan(
            session=session,
            plan=[
                {"amount": 7, "unit": LeadUnit.DAYS, "text_de": "Bitte ein Foto mitbringen."},
                {"amount": 30, "unit": LeadUnit.MINUTES},
            ],
            by=coach,
        )

        rows = ReminderPlan.objects.order_by("pk")
        assert [(row.code, row.text_de) for row in rows] == [
            ("7d", "Bitte ein Foto mitbringen."),
            ("30m", ""),
        ]
        assert rows[0].pk == kept.pk

    def test_invited_twice_is_invited_once(self, coach: User, partner: User, now: datetime) -> None:
        session = create(coach, now)

        for hours in (0, 1):
            actions.invite(session=session, people=[partner], by=coach, now=now + timedelta(hours=hours))

        invitation = Invitation.objects.get()
        assert (invitation.person, invitation.invited_at) == (partner, now)


class TestNewRulesOfAZone:
    def test_the_wall_time_wins(self, now: datetime) -> None:
        session, same = planned(now), planned(now)
        right = session.starts_at
        wrong = {"starts_at": right + timedelta(hours=1), "ends_at": session.ends_at + timedelta(hours=1)}
        Session.objects.filter(pk=session.pk).update(**wrong)

        counts = [actions.refresh_moments(now=now), actions.refresh_moments(now=now)]

        session.refresh_from_db()
        same.refresh_from_db()
        assert counts == [1, 0]
        assert (session.starts_at, session.ends_at, session.sequence) == (
            right,
            right + timedelta(minutes=60),
            1,
        )
        assert (same.starts_at, same.sequence) == (right, 0)

    def test_the_past_stays_as_it_was(self, now: datetime) -> None:
        session = planned(now, days=-3)
        wrong = session.starts_at + timedelta(hours=1)
        Session.objects.update(starts_at=wrong, ends_at=wrong + timedelta(hours=1))

        assert actions.refresh_moments(now=now) == 0
        assert Session.objects.get().starts_at == wrong

    def test_a_wall_time_that_is_no_more_stops_nothing(self, now: datetime) -> None:
        gone, other = planned(now), planned(now)
        right = other.starts_at
        Session.objects.filter(pk=gone.pk).update(**SPRING)
        Session.objects.filter(pk=other.pk).update(starts_at=right - timedelta(hours=1))

        count = actions.refresh_moments(now=now)

        gone.refresh_from_db()
        other.refresh_from_db()
        assert count == 1
        assert (gone.starts_at, other.starts_at) == (right, right)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_who_cancel_tell_once(self, coach: User, now: datetime) -> None:
        session = planned(now)
        row = GuestFactory(session=session)
        cancel = lambda: actions.cancel_session(session=session, by=coach, now=now).sequence  # noqa: E731

        outcomes = together(cancel, cancel)

        assert outcomes == [1, 1]
        assert told("session_cancelled") == [row.email]

    def test_moved_and_cancelled_is_cancelled(self, coach: User, now: datetime) -> None:
        session = planned(now)
        row = GuestFactory(session=session)

        outcomes = together(
            lambda: move(session, coach, now, begins=time(12)).state,
            lambda: actions.cancel_session(session=session, by=coach, now=now).state,
        )

        assert outcomes[0] in (State.PUBLISHED, actions.NotPlanned)
        assert Session.objects.get().state == State.CANCELLED
        assert told("session_cancelled") == [row.email]
        assert Notice.objects.filter(kind="session_moved").count() == int(outcomes[0] == State.PUBLISHED)


def test_another_place_of_a_published_session_is_told_once_to_who_comes_or_waits(coach) -> None:
    session = SessionFactory(format=Format.ONSITE, place_de="Rathaus", place_en="Town hall")
    told = [GuestFactory(session=session), GuestFactory(session=session, state=Seat.WAITING)]
    GuestFactory(session=session, state=Seat.CANCELLED)
    facts = {"place_de": "Schule", "place_en": "School"}

    for _ in range(2):
        actions.edit_session(session=session, facts=facts, by=coach, now=timezone.now())

    rows = Notice.objects.filter(kind="session_changed").order_by("id")
    assert [row.about_id for row in rows] == [row.pk for row in told]
    session.refresh_from_db()
    assert session.sequence == 1


def test_another_description_is_told_to_nobody(coach) -> None:
    session = SessionFactory()
    GuestFactory(session=session)

    actions.edit_session(session=session, facts={"summary_de": "Neu."}, by=coach, now=timezone.now())

    assert not Notice.objects.exists()
