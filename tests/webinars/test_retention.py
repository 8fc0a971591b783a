"""What is not kept: needs, addresses nobody has confirmed, names of guests."""

from datetime import datetime, timedelta

import pytest

from tests.factories.webinars import GuestFactory, RegistrationFactory
from tests.webinars.telling import ask_as_guest, planned, together
from webinars import actions
from webinars.choices import Seat
from webinars.models import Needs, Registration

pytestmark = pytest.mark.django_db


class TestNeeds:
    def test_go_30_days_after_the_end(self, now: datetime) -> None:
        row = GuestFactory(session=planned(now))
        Needs.objects.create(registration=row, diet="vegan")
        edge = row.session.ends_at + timedelta(days=30)

        counts = [actions.forget_needs(now=edge), actions.forget_needs(now=edge + timedelta(seconds=1))]

        assert counts == [0, 1]
        assert (Needs.objects.count(), Registration.objects.count()) == (0, 1)

    def test_of_what_is_to_come_stay(self, now: datetime) -> None:
        Needs.objects.create(registration=GuestFactory(session=planned(now)), diet="vegan")

        assert actions.forget_needs(now=now) == 0
        assert Needs.objects.count() == 1


class TestUnconfirmed:
    def test_go_after_two_days_with_what_was_written(self, now: datetime) -> None:
        ask_as_guest(planned(now), now, needs=actions.NeedsFacts(diet="vegan"))
        edge = now + timedelta(days=2)

        counts = [
            actions.forget_unconfirmed(now=edge),
            actions.forget_unconfirmed(now=edge + timedelta(seconds=1)),
        ]

        assert counts == [0, 1]
        assert (Registration.objects.count(), Needs.objects.count()) == (0, 0)

    def test_asked_again_stays_longer(self, now: datetime) -> None:
        session = planned(now)
        ask_as_guest(session, now)
        ask_as_guest(session, now + timedelta(days=1))

        assert actions.forget_unconfirmed(now=now + timedelta(days=2, hours=1)) == 0

    @pytest.mark.parametrize("state", [Seat.SEAT, Seat.WAITING, Seat.OFFERED, Seat.CANCELLED])
    def test_what_was_confirmed_stays(self, now: datetime, state: str) -> None:
        GuestFactory(session=planned(now), state=state, registered_at=now - timedelta(days=9))

        assert actions.forget_unconfirmed(now=now) == 0
        assert Registration.objects.count() == 1


class TestGuests:
    def test_lose_name_address_and_links_after_a_year(self, now: datetime) -> None:
        row = GuestFactory(session=planned(now), attended_at=now)
        edge = row.session.ends_at + timedelta(days=365)

        early = actions.forget_guests(now=edge)
        counts = [actions.forget_guests(now=edge + timedelta(seconds=second)) for second in (1, 2)]

        after = Registration.objects.get()
        assert (early, counts) == (0, [1, 0])
        assert (after.name, after.email, after.nonce != row.nonce) == ("", "", True)
        # The figures stay.
        assert (after.state, after.attended_at, after.language) == (Seat.SEAT, now, "uk")

    def test_members_stay(self, now: datetime) -> None:
        row = RegistrationFactory(session=planned(now))

        assert actions.forget_guests(now=now + timedelta(days=800)) == 0
        assert Registration.objects.get().nonce == row.nonce

    def test_two_of_one_session_are_both_forgotten(self, now: datetime) -> None:
        session = planned(now)
        for _ in range(2):
            GuestFactory(session=session)

        assert actions.forget_guests(now=now + timedelta(days=800)) == 2
        assert set(Registration.objects.values_list("email", flat=True)) == {""}


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_the_sweep_runs_has_a_seat_or_nothing(now: datetime) -> None:
    ask_as_guest(planned(now), now)
    row = Registration.objects.get()
    then = now + timedelta(days=2, seconds=1)

    confirmed, forgotten = together(
        lambda: actions.confirm_guest(registration=row, now=then).state,
        lambda: actions.forget_unconfirmed(now=then),
    )

    states = list(Registration.objects.values_list("state", flat=True))
    assert (confirmed, states) in [
        (Seat.SEAT, [Seat.SEAT]),
        (Registration.DoesNotExist, []),
    ]
    assert forgotten in (0, 1)
