"""The waiting list: a freed seat passes on, in order, once, and never beyond the start."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from tests.factories.webinars import GuestFactory, RegistrationFactory
from tests.webinars.telling import all_told, planned, state_of, states_in, together, told
from webinars import actions
from webinars.actions import seats
from webinars.choices import MovingUp, Seat, State
from webinars.models import Needs, Registration, Session

pytestmark = pytest.mark.django_db

HOURS_48 = timedelta(hours=48)


def full(
    now: datetime, *, waiting: int, days: float = 7, **facts: object
) -> tuple[Session, list[Registration]]:
    """One seat, taken, and so many who wait."""
    session = planned(now, days=days, capacity=1, **facts)
    states = [Seat.SEAT] + [Seat.WAITING] * waiting
    return session, [GuestFactory(session=session, state=state, registered_at=now) for state in states]


def offered(
    now: datetime, *, waiting: int = 0, days: float = 7
) -> tuple[Session, Registration, list[Registration]]:
    """A seat that was just offered, and who waits behind it."""
    session, (seat, first, *rest) = full(now, waiting=waiting + 1, days=days)
    actions.cancel_registration(registration=seat, now=now)
    first.refresh_from_db()
    return session, first, rest


def test_who_comes_when_all_seats_are_taken_waits_and_is_told(participant: User, now: datetime) -> None:
    session, _rows = full(now, waiting=0)

    row = actions.register(session=session, by=participant, now=now)

    assert (row.state, row.seated_at) == (Seat.WAITING, None)
    assert all_told() == ["seat_waiting"]


def test_who_comes_while_somebody_waits_waits_too(participant: User, now: datetime) -> None:
    session, _rows = full(now, waiting=1)
    # A free seat that nobody has passed on yet.
    Session.objects.update(capacity=2)

    row = actions.register(session=session, by=participant, now=now)

    assert row.state == Seat.WAITING


def test_an_offered_seat_is_kept_free(participant: User, now: datetime) -> None:
    session, _first, _rest = offered(now)

    row = actions.register(session=session, by=participant, now=now)

    assert row.state == Seat.WAITING


class TestFreedSeat:
    def test_is_offered_to_the_first_for_48_hours(self, now: datetime) -> None:
        _session, first, rest = offered(now, waiting=2)

        assert (first.state, first.offer_expires_at) == (Seat.OFFERED, now + HOURS_48)
        assert [state_of(row) for row in rest] == [Seat.WAITING, Seat.WAITING]
        assert told("seat_offered") == [first.email]

    def test_is_never_offered_beyond_the_start(self, now: datetime) -> None:
        session, first, _rest = offered(now, days=1)

        assert first.offer_expires_at == session.starts_at

    def test_is_given_at_once_where_the_session_says_so(self, now: datetime) -> None:
        _session, rows = full(now, waiting=2, moving_up=MovingUp.AT_ONCE)
        later = now + timedelta(hours=1)

        actions.cancel_registration(registration=rows[0], now=later)

        rows[1].refresh_from_db()
        assert (rows[1].state, rows[1].seated_at) == (Seat.SEAT, later)
        assert state_of(rows[2]) == Seat.WAITING
        assert told("seat_given") == [rows[1].email]

    def test_passes_on_in_order_as_often_as_one_is_freed(self, now: datetime) -> None:
        session = planned(now, capacity=3, moving_up=MovingUp.AT_ONCE)
        seats = [GuestFactory(session=session) for _ in range(3)]
        waiting = [GuestFactory(session=session, state=Seat.WAITING) for _ in range(4)]

        for row in seats:
            actions.cancel_registration(registration=row, now=now)

        assert [state_of(row) for row in waiting] == [Seat.SEAT, Seat.SEAT, Seat.SEAT, Seat.WAITING]
        assert told("seat_given") == [row.email for row in waiting[:3]]

    def test_is_not_freed_by_who_only_waited(self, now: datetime) -> None:
        session, rows = full(now, waiting=2)

        actions.cancel_registration(registration=rows[1], now=now)

        assert states_in(session) == [Seat.SEAT, Seat.CANCELLED, Seat.WAITING]
        assert all_told() == ["registration_cancelled"]

    def test_of_a_cancelled_session_is_nobodys(self, now: datetime) -> None:
        session, rows = full(now, waiting=1)
        Session.objects.update(state=State.CANCELLED)

        actions.cancel_registration(registration=rows[0], now=now)

        assert states_in(session) == [Seat.CANCELLED, Seat.WAITING]


class TestAccepting:
    def test_takes_the_seat_and_is_told_once(self, now: datetime) -> None:
        _session, first, _rest = offered(now)
        then = now + HOURS_48 - timedelta(seconds=1)

        row = actions.accept_offer(registration=first, now=then)
        again = actions.accept_offer(registration=first, now=then + HOURS_48)

        assert (row.state, row.seated_at, row.offer_expires_at) == (Seat.SEAT, then, None)
        assert again.state == Seat.SEAT
        assert told("seat_confirmed") == [first.email]

    @pytest.mark.parametrize("seconds", [0, 3600])
    def test_is_refused_after_48_hours(self, now: datetime, seconds: int) -> None:
        _session, first, _rest = offered(now)

        with pytest.raises(actions.OfferOver):
            actions.accept_offer(registration=first, now=now + HOURS_48 + timedelta(seconds=seconds))

        assert state_of(first) == Seat.OFFERED

    @pytest.mark.parametrize("state", [Seat.WAITING, Seat.CANCELLED, Seat.ASKED])
    def test_is_refused_where_nothing_is_offered(self, now: datetime, state: str) -> None:
        row = GuestFactory(session=planned(now), state=state)

        with pytest.raises(actions.OfferOver):
            actions.accept_offer(registration=row, now=now)

        assert state_of(row) == state

    def test_is_refused_when_the_session_was_cancelled(self, now: datetime) -> None:
        _session, first, _rest = offered(now)
        Session.objects.update(state=State.CANCELLED)

        with pytest.raises(actions.OfferOver):
            actions.accept_offer(registration=first, now=now)

        assert state_of(first) == Seat.OFFERED

    def test_is_refused_from_the_start_on_though_the_offer_says_otherwise(self, now: datetime) -> None:
        session = planned(now, days=1)
        row = GuestFactory(session=session, state=Seat.OFFERED, registered_at=now)

        with pytest.raises(actions.OfferOver):
            actions.accept_offer(registration=row, now=session.starts_at)

        assert state_of(row) == Seat.OFFERED

    def test_declining_passes_the_seat_on(self, now: datetime) -> None:
        _session, first, (second,) = offered(now, waiting=1)

        actions.cancel_registration(registration=first, now=now)

        assert (state_of(first), state_of(second)) == (Seat.CANCELLED, Seat.OFFERED)
        assert told("seat_offered") == [first.email, second.email]


class TestExpiring:
    def test_goes_to_the_next_and_both_are_told_once(self, now: datetime) -> None:
        _session, first, (second,) = offered(now, waiting=1)
        then = now + HOURS_48

        counts = [actions.expire_offers(now=then), actions.expire_offers(now=then)]

        second.refresh_from_db()
        assert counts == [1, 0]
        assert (state_of(first), second.state) == (Seat.CANCELLED, Seat.OFFERED)
        assert second.offer_expires_at == then + HOURS_48
        assert told("offer_over") == [first.email]
        assert told("seat_offered") == [first.email, second.email]

    def test_happens_not_a_second_too_early(self, now: datetime) -> None:
        _session, first, _rest = offered(now, waiting=1)

        count = actions.expire_offers(now=now + HOURS_48 - timedelta(seconds=1))

        assert (count, state_of(first)) == (0, Seat.OFFERED)

    def test_deletes_what_who_does_not_come_would_have_needed(self, now: datetime) -> None:
        _session, first, _rest = offered(now)
        Needs.objects.create(registration=first, diet="vegan")

        actions.expire_offers(now=now + HOURS_48)

        assert Needs.objects.count() == 0

    def test_after_the_start_tells_nobody_and_offers_nothing(self, now: datetime) -> None:
        session, _first, (second,) = offered(now, waiting=1, days=1)
        before = all_told()

        count = actions.expire_offers(now=session.starts_at)

        assert (count, state_of(second)) == (1, Seat.WAITING)
        assert all_told() == before

    def test_leaves_offers_of_a_cancelled_session_so_that_they_are_told_of_it(self, now: datetime) -> None:
        _session, first, _rest = offered(now)
        Session.objects.update(state=State.CANCELLED)

        count = actions.expire_offers(now=now + HOURS_48)

        assert (count, state_of(first)) == (0, Seat.OFFERED)

    def test_asks_for_the_state_again_under_the_lock(self, now: datetime) -> None:
        # A sweep and a cancellation at once would reach this only by luck.
        session, first, _rest = offered(now)
        Session.objects.update(state=State.CANCELLED)

        count = seats._expire_offers_of(session, now=now + HOURS_48)

        assert (count, state_of(first)) == (0, Seat.OFFERED)

    def test_who_comes_back_stands_at_the_end(self, participant: User, now: datetime) -> None:
        session = planned(now, capacity=1)
        seat = GuestFactory(session=session)
        row = RegistrationFactory(session=session, person=participant, state=Seat.WAITING)
        other = GuestFactory(session=session, state=Seat.WAITING)
        actions.cancel_registration(registration=seat, now=now)
        actions.expire_offers(now=now + HOURS_48)

        back = actions.register(session=session, by=participant, now=now + HOURS_48)

        assert (back.pk, back.state, back.number) == (row.pk, Seat.WAITING, 4)
        assert state_of(other) == Seat.OFFERED


class TestCapacity:
    def test_raised_fills_the_list_in_order(self, coach: User, now: datetime) -> None:
        session, rows = full(now, waiting=3)

        actions.edit_session(session=session, facts={"capacity": 3}, by=coach, now=now)

        assert states_in(session) == [Seat.SEAT, Seat.OFFERED, Seat.OFFERED, Seat.WAITING]
        assert told("seat_offered") == [rows[1].email, rows[2].email]

    def test_taken_away_lets_everybody_in(self, coach: User, now: datetime) -> None:
        session, _rows = full(now, waiting=2, moving_up=MovingUp.AT_ONCE)

        actions.edit_session(session=session, facts={"capacity": None}, by=coach, now=now)

        assert states_in(session) == [Seat.SEAT, Seat.SEAT, Seat.SEAT]

    def test_lowered_below_the_taken_asks(self, coach: User, now: datetime) -> None:
        session = planned(now, capacity=3)
        for state in (Seat.SEAT, Seat.OFFERED, Seat.WAITING):
            GuestFactory(session=session, state=state)

        with pytest.raises(actions.CapacityBelowTaken) as asked:
            actions.edit_session(session=session, facts={"capacity": 1}, by=coach, now=now)

        assert asked.value.taken == 2
        assert Session.objects.get().capacity == 3

    def test_lowered_on_purpose_throws_nobody_out_and_gives_nothing_on(
        self, coach: User, now: datetime
    ) -> None:
        session = planned(now, capacity=3)
        seats = [GuestFactory(session=session) for _ in range(3)]
        GuestFactory(session=session, state=Seat.WAITING)

        actions.edit_session(session=session, facts={"capacity": 1}, by=coach, now=now, allow_over=True)
        actions.cancel_registration(registration=seats[0], now=now)

        assert states_in(session) == [Seat.CANCELLED, Seat.SEAT, Seat.SEAT, Seat.WAITING]

    def test_of_an_overfull_session_may_stay_as_it_is(self, coach: User, now: datetime) -> None:
        session = planned(now, capacity=1)
        for _ in range(2):
            GuestFactory(session=session)

        edited = actions.edit_session(
            session=session, facts={"capacity": 1, "title_de": "Neu"}, by=coach, now=now
        )

        assert edited.title_de == "Neu"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_an_offer_accepted_twice_is_one_seat(self, now: datetime) -> None:
        session, first, _rest = offered(now, waiting=1)
        accept = lambda: actions.accept_offer(registration=first, now=now).state  # noqa: E731

        outcomes = together(accept, accept)

        assert outcomes == [Seat.SEAT, Seat.SEAT]
        assert told("seat_confirmed") == [first.email]
        assert states_in(session) == [Seat.CANCELLED, Seat.SEAT, Seat.WAITING]

    def test_accepting_and_expiring_end_in_one_of_two_ways(self, now: datetime) -> None:
        session, first, (second,) = offered(now, waiting=1)
        accept = lambda: actions.accept_offer(registration=first, now=now + HOURS_48 - timedelta(seconds=1))  # noqa: E731
        expire = lambda: actions.expire_offers(now=now + HOURS_48)  # noqa: E731

        outcomes = together(accept, expire)

        ended = state_of(first), state_of(second), outcomes[0] is actions.OfferOver, outcomes[1]
        assert ended in [
            (Seat.SEAT, Seat.WAITING, False, 0),
            (Seat.CANCELLED, Seat.OFFERED, True, 1),
        ]
        assert session.registrations.taken().count() == 1

    def test_two_sweeps_offer_a_seat_once(self, now: datetime) -> None:
        _session, first, (second, third) = offered(now, waiting=2)
        sweep = lambda: actions.expire_offers(now=now + HOURS_48)  # noqa: E731

        outcomes = together(sweep, sweep)

        assert sorted(map(str, outcomes)) == ["0", "1"]
        assert told("seat_offered") == [first.email, second.email]
        assert state_of(third) == Seat.WAITING
