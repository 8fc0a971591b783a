"""A guest who signs up: everything that was registered with the address is the person's now."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from tests.factories.webinars import GuestFactory, RegistrationFactory
from tests.webinars.telling import planned, state_of, states_in, together, told
from webinars import actions
from webinars.actions import merging
from webinars.choices import MovingUp, Seat
from webinars.models import Certificate, Needs, Registration, Session

pytestmark = pytest.mark.django_db


def merge(person: User, now: datetime) -> int:
    return actions.merge_guest(person=person, email=person.email.lower(), now=now)


def rows_of(person: User) -> list[Registration]:
    return list(Registration.objects.filter(person=person).order_by("session_id"))


def test_registrations_become_the_persons_with_place_and_links(participant: User, now: datetime) -> None:
    seat = GuestFactory(session=planned(now), email="Participant@verein.example")
    full = planned(now, capacity=0)
    waiting = GuestFactory(session=full, email=participant.email, state=Seat.WAITING)
    stranger = GuestFactory(session=seat.session)

    count = merge(participant, now)

    rows = rows_of(participant)
    assert count == 2
    assert [(row.pk, row.state, row.number, row.nonce) for row in rows] == [
        (row.pk, row.state, row.number, row.nonce) for row in (seat, waiting)
    ]
    assert {(row.name, row.email, row.language, row.time_zone) for row in rows} == {("", "", "", "")}
    assert Registration.objects.get(pk=stranger.pk).person is None


def test_what_was_not_confirmed_is_taken_over_as_it_is(participant: User, now: datetime) -> None:
    GuestFactory(session=planned(now), email=participant.email, state=Seat.ASKED)

    merge(participant, now)

    (row,) = rows_of(participant)
    assert actions.confirm_guest(registration=row, now=now).state == Seat.SEAT


def test_nothing_is_taken_over_for_an_empty_address(participant: User, now: datetime) -> None:
    GuestFactory(session=planned(now), email="")

    assert actions.merge_guest(person=participant, email="", now=now) == 0
    assert rows_of(participant) == []


@pytest.mark.parametrize(
    ("as_guest", "as_member", "kept"),
    [
        (Seat.SEAT, Seat.WAITING, "guest"),
        (Seat.WAITING, Seat.SEAT, "member"),
        (Seat.OFFERED, Seat.WAITING, "guest"),
        (Seat.SEAT, Seat.CANCELLED, "guest"),
        (Seat.CANCELLED, Seat.WAITING, "member"),
        (Seat.ASKED, Seat.WAITING, "member"),
        (Seat.SEAT, Seat.SEAT, "guest"),
    ],
)
def test_of_two_registrations_the_better_one_stays(
    participant: User, now: datetime, as_guest: str, as_member: str, kept: str
) -> None:
    session = planned(now)
    rows = {
        "guest": GuestFactory(session=session, email=participant.email, state=as_guest, registered_at=now),
        "member": RegistrationFactory(
            session=session, person=participant, state=as_member, registered_at=now
        ),
    }

    count = merge(participant, now)

    assert [row.pk for row in Registration.objects.all()] == [rows[kept].pk]
    assert rows_of(participant) == [rows[kept]]
    assert count == (1 if kept == "guest" else 0)


def test_the_row_that_says_who_was_there_stays_with_its_certificate(participant: User, now: datetime) -> None:
    session = planned(now, days=-1)
    RegistrationFactory(session=session, person=participant)
    there = GuestFactory(session=session, email=participant.email, attended_at=now)
    Certificate.objects.create(registration=there, code="VIP-1", name="Guest", issued_at=now)

    merge(participant, now)

    assert rows_of(participant) == [there]
    assert Certificate.objects.get().registration == there


def test_needs_are_kept_whichever_row_stays(participant: User, now: datetime) -> None:
    session = planned(now)
    own = RegistrationFactory(session=session, person=participant)
    guest = GuestFactory(session=session, email=participant.email, state=Seat.WAITING)
    Needs.objects.create(registration=guest, diet="vegan")

    merge(participant, now)

    assert Needs.objects.get().registration == own


def test_needs_of_the_row_that_stays_win(participant: User, now: datetime) -> None:
    session = planned(now)
    own = RegistrationFactory(session=session, person=participant)
    guest = GuestFactory(session=session, email=participant.email, state=Seat.WAITING)
    Needs.objects.create(registration=guest, diet="vegan")
    Needs.objects.create(registration=own, diet="halal")

    merge(participant, now)

    assert Needs.objects.get().diet == "halal"


def test_the_second_seat_passes_on(participant: User, now: datetime) -> None:
    session = planned(now, capacity=2, moving_up=MovingUp.AT_ONCE)
    RegistrationFactory(session=session, person=participant)
    GuestFactory(session=session, email=participant.email)
    waiting = GuestFactory(session=session, state=Seat.WAITING)

    merge(participant, now)

    assert state_of(waiting) == Seat.SEAT
    assert states_in(session) == [Seat.SEAT, Seat.SEAT]
    assert told("seat_given") == [waiting.email]


def test_a_row_somebody_else_has_merged_meanwhile_is_left(participant: User, now: datetime) -> None:
    # Two confirmations at once would reach this only by luck.
    session = planned(now)

    assert merging._merge(session, participant, participant.email, now=now) is False


@pytest.mark.django_db(transaction=True)
def test_merged_twice_at_once_is_merged_once(participant: User, now: datetime) -> None:
    session: Session = planned(now)
    GuestFactory(session=session, email=participant.email)

    outcomes = together(
        lambda: merge(participant, now), lambda: merge(participant, now + timedelta(seconds=1))
    )

    assert sorted(map(str, outcomes)) == ["0", "1"]
    assert len(rows_of(participant)) == 1
