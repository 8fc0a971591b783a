"""Members: who gets a seat, who is refused, and what coming back means."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from tests.factories.directory import OrganisationFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory
from tests.webinars.telling import all_told, planned, state_of, states_in, together, told
from webinars import actions
from webinars.choices import Audience, Seat, State
from webinars.models import Invitation, Needs, Registration, Session

pytestmark = pytest.mark.django_db

VEGAN = actions.NeedsFacts(diet="vegan")


def needs_of(row: Registration) -> list[tuple[str, str, str]]:
    rows = Needs.objects.filter(registration=row)
    return list(rows.values_list("diet", "accessibility", "interpretation"))


class TestRegistering:
    def test_takes_a_seat_and_is_told_so(self, participant: User, now: datetime) -> None:
        session = planned(now)

        row = actions.register(session=session, by=participant, now=now)

        assert (row.state, row.number, row.seated_at, row.registered_at) == (Seat.SEAT, 1, now, now)
        assert told("seat_confirmed") == [participant.email]
        assert all_told() == ["seat_confirmed"]

    def test_keeps_organisation_and_needs(self, participant: User, now: datetime) -> None:
        organisation = OrganisationFactory()

        row = actions.register(
            session=planned(now), by=participant, now=now, organisation=organisation, needs=VEGAN
        )

        assert row.organisation == organisation
        assert needs_of(row) == [("vegan", "", "")]

    def test_numbers_follow_the_order_of_requests(
        self, participant: User, partner: User, now: datetime
    ) -> None:
        session = planned(now)

        rows = [actions.register(session=session, by=person, now=now) for person in (partner, participant)]

        assert [row.number for row in rows] == [1, 2]

    def test_without_a_limit_everybody_has_a_seat(
        self, participant: User, partner: User, now: datetime
    ) -> None:
        session = planned(now, capacity=None)

        for person in (participant, partner):
            actions.register(session=session, by=person, now=now)

        assert states_in(session) == [Seat.SEAT, Seat.SEAT]

    def test_twice_is_refused_and_says_which_registration_there_is(
        self, participant: User, now: datetime
    ) -> None:
        session = planned(now)
        row = actions.register(session=session, by=participant, now=now)

        with pytest.raises(actions.AlreadyRegistered) as known:
            actions.register(session=session, by=participant, now=now)

        assert known.value.registration == row
        assert Registration.objects.count() == 1
        assert all_told() == ["seat_confirmed"]


class TestWindow:
    @pytest.mark.parametrize(
        ("facts", "minutes", "is_open"),
        [
            ({"opens_at": 60}, 59, False),
            ({"opens_at": 60}, 60, True),
            ({"closes_at": 60}, 59, True),
            ({"closes_at": 60}, 60, False),
            ({}, 7 * 24 * 60 - 1, True),
            ({}, 7 * 24 * 60, False),
            ({"closes_at": 8 * 24 * 60}, 7 * 24 * 60, False),
        ],
        ids=["before", "opens", "before the end", "closes", "before the start", "start", "end after start"],
    )
    def test_has_exact_edges(
        self, participant: User, now: datetime, facts: dict[str, int], minutes: int, is_open: bool
    ) -> None:
        edges = {name: now + timedelta(minutes=value) for name, value in facts.items()}
        session = planned(now, **edges)
        then = now + timedelta(minutes=minutes)

        try:
            actions.register(session=session, by=participant, now=then)
            was_open = True
        except actions.NotOpen:
            was_open = False

        assert was_open == is_open
        assert Registration.objects.count() == int(is_open)

    @pytest.mark.parametrize(
        ("facts", "days"),
        [({"state": State.DRAFT}, 7), ({"state": State.CANCELLED}, 7), ({}, -1)],
        ids=["draft", "cancelled", "past"],
    )
    def test_no_row_comes_from_a_session_that_is_not_to_be_had(
        self, participant: User, now: datetime, facts: dict[str, Any], days: int
    ) -> None:
        session = planned(now, days=days, **facts)

        with pytest.raises(actions.NotOpen):
            actions.register(session=session, by=participant, now=now)

        assert Registration.objects.count() == 0
        assert all_told() == []

    def test_what_counts_is_the_row_as_it_is_now(self, participant: User, now: datetime) -> None:
        stale = planned(now)
        Session.objects.update(state=State.CANCELLED)

        with pytest.raises(actions.NotOpen):
            actions.register(session=stale, by=participant, now=now)

        assert Registration.objects.count() == 0

    def test_only_the_invited_register_for_an_invitation(
        self, participant: User, outsider: User, now: datetime
    ) -> None:
        session = planned(now, audience=Audience.INVITED)
        Invitation.objects.create(session=session, person=participant, invited_at=now)

        row = actions.register(session=session, by=participant, now=now)

        assert row.state == Seat.SEAT
        with pytest.raises(actions.NotOpen):
            actions.register(session=session, by=outsider, now=now)


class TestOrganisation:
    def test_has_no_more_seats_than_one_may_have(
        self, participant: User, partner: User, coach: User, now: datetime
    ) -> None:
        session, verein = planned(now, seats_per_organisation=1), OrganisationFactory()
        actions.register(session=session, by=participant, now=now, organisation=verein)

        with pytest.raises(actions.NoSeatsForOrganisation):
            actions.register(session=session, by=partner, now=now, organisation=verein)
        actions.register(session=session, by=partner, now=now)
        actions.register(session=session, by=coach, now=now, organisation=OrganisationFactory())

        assert session.registrations.count() == 3

    def test_gets_back_the_seat_that_was_given_back(
        self, participant: User, partner: User, now: datetime
    ) -> None:
        session, verein = planned(now, seats_per_organisation=1), OrganisationFactory()
        row = actions.register(session=session, by=participant, now=now, organisation=verein)
        actions.cancel_registration(registration=row, now=now)

        back = actions.register(session=session, by=participant, now=now, organisation=verein)

        assert back.state == Seat.SEAT
        with pytest.raises(actions.NoSeatsForOrganisation):
            actions.register(session=session, by=partner, now=now, organisation=verein)

    def test_waiting_counts_as_well(self, participant: User, partner: User, now: datetime) -> None:
        session, verein = planned(now, seats_per_organisation=1, capacity=0), OrganisationFactory()
        actions.register(session=session, by=participant, now=now, organisation=verein)

        with pytest.raises(actions.NoSeatsForOrganisation):
            actions.register(session=session, by=partner, now=now, organisation=verein)

        assert states_in(session) == [Seat.WAITING]


class TestCancelling:
    def test_gives_back_and_is_told_once(self, participant: User, now: datetime) -> None:
        row = actions.register(session=planned(now), by=participant, now=now, needs=VEGAN)

        actions.cancel_registration(registration=row, now=now)
        actions.cancel_registration(registration=row, now=now)

        row.refresh_from_db()
        assert (row.state, row.cancelled_at, row.seated_at, row.revisions) == (Seat.CANCELLED, now, None, 1)
        assert told("registration_cancelled") == [participant.email]
        assert needs_of(row) == []

    def test_is_too_late_from_the_start_on(self, participant: User, now: datetime) -> None:
        session = planned(now)
        row = actions.register(session=session, by=participant, now=now)

        with pytest.raises(actions.TooLate):
            actions.cancel_registration(registration=row, now=session.starts_at)

        assert state_of(row) == Seat.SEAT

    def test_takes_back_that_somebody_was_ticked_before_the_start(
        self, participant: User, coach: User, now: datetime
    ) -> None:
        row = actions.register(session=planned(now), by=participant, now=now)
        actions.check_in(registration=row, how="list", by=coach, now=now)

        actions.cancel_registration(registration=row, now=now)

        row.refresh_from_db()
        assert (row.attended_at, row.attended_how) == (None, "")

    def test_back_again_is_the_same_row_with_a_new_number(
        self, participant: User, partner: User, now: datetime
    ) -> None:
        session = planned(now)
        row = actions.register(session=session, by=participant, now=now)
        actions.register(session=session, by=partner, now=now)
        actions.cancel_registration(registration=row, now=now)

        back = actions.register(session=session, by=participant, now=now + timedelta(hours=1))

        assert (back.pk, back.number, back.cancelled_at) == (row.pk, 3, None)
        assert back.nonce == row.nonce
        assert told("seat_confirmed") == [participant.email, partner.email, participant.email]

    def test_sequence_grows_with_cancelling_and_with_coming_back(
        self, participant: User, now: datetime
    ) -> None:
        session, sequences = planned(now, sequence=2), []
        for _round in range(2):
            row = actions.register(session=session, by=participant, now=now)
            sequences.append(row.sequence)
            actions.cancel_registration(registration=row, now=now)
            sequences.append(Registration.objects.get(pk=row.pk).sequence)

        assert sequences == [2, 3, 4, 5]


class TestNeeds:
    def test_are_changed_and_deleted_when_nothing_is_needed(self, participant: User, now: datetime) -> None:
        row = actions.register(session=planned(now), by=participant, now=now, needs=VEGAN)

        actions.change_needs(registration=row, needs=actions.NeedsFacts(accessibility="lift"), now=now)
        changed = needs_of(row)
        actions.change_needs(registration=row, needs=actions.NeedsFacts(), now=now)

        assert changed == [("", "lift", "")]
        assert needs_of(row) == []

    def test_are_not_kept_for_who_does_not_come(self, now: datetime) -> None:
        row = RegistrationFactory(session=planned(now), state=Seat.CANCELLED)

        actions.change_needs(registration=row, needs=VEGAN, now=now)

        assert needs_of(row) == []


class TestWhoIsRegisteredAsAGuest:
    def test_has_one_seat_only_and_keeps_its_number(self, participant: User, now: datetime) -> None:
        session = planned(now)
        guest = GuestFactory(session=session, email=participant.email.upper())

        row = actions.register(session=session, by=participant, now=now)

        assert (row.pk, row.person, row.email, row.number) == (guest.pk, participant, "", guest.number)
        assert Registration.objects.count() == 1
        assert all_told() == []

    def test_and_has_not_confirmed_takes_the_seat_now(self, participant: User, now: datetime) -> None:
        session = planned(now)
        guest = GuestFactory(session=session, email=participant.email, state=Seat.ASKED)

        row = actions.register(session=session, by=participant, now=now)

        assert (row.pk, row.person, row.state) == (guest.pk, participant, Seat.SEAT)
        assert told("seat_confirmed") == [participant.email]

    def test_and_has_no_address_takes_nobodys_row(self, participant: User, now: datetime) -> None:
        session = planned(now)
        GuestFactory(session=session, email="")
        User.objects.filter(pk=participant.pk).update(email="")
        participant.refresh_from_db()

        row = actions.register(session=session, by=participant, now=now)

        assert (row.person, row.number) == (participant, 2)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_presses_are_one_registration(self, participant: User, now: datetime) -> None:
        session = planned(now)
        press = lambda: actions.register(session=session, by=participant, now=now).state  # noqa: E731

        outcomes = together(press, press, press, press)

        assert sorted(map(str, outcomes)) == [str(actions.AlreadyRegistered)] * 3 + [Seat.SEAT]
        assert told("seat_confirmed") == [participant.email]

    def test_the_last_seat_is_taken_once(
        self, participant: User, partner: User, coach: User, coordinator: User, now: datetime
    ) -> None:
        session = planned(now, capacity=1)
        people = (participant, partner, coach, coordinator)

        together(
            *[lambda one=one: actions.register(session=session, by=one, now=now) for one in people]  # type: ignore[misc]
        )

        assert states_in(session) == [Seat.SEAT, Seat.WAITING, Seat.WAITING, Seat.WAITING]
        assert list(session.registrations.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]

    def test_cancelled_twice_frees_one_seat(self, participant: User, now: datetime) -> None:
        session = planned(now, capacity=2, moving_up="at_once")
        row = RegistrationFactory(session=session, person=participant)
        RegistrationFactory(session=session)
        waiting = [RegistrationFactory(session=session, state=Seat.WAITING) for _ in range(3)]
        cancel = lambda: actions.cancel_registration(registration=row, now=now)  # noqa: E731

        together(cancel, cancel, cancel)

        assert [state_of(one) for one in waiting] == [Seat.SEAT, Seat.WAITING, Seat.WAITING]
        assert told("registration_cancelled") == [participant.email]
        assert told("seat_given") == [waiting[0].person.email]
