"""Guests: nothing is taken before the address has answered, and the form tells nobody who is registered."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from notifications.addresses import address_digest
from notifications.delivery import deliver_due
from notifications.models import MailStop
from tests.factories.directory import OrganisationFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from tests.webinars.telling import all_told, ask_as_guest, planned, state_of, states_in, together, told
from webinars import actions
from webinars.choices import Audience, Seat, State
from webinars.models import Needs, Registration, Session

pytestmark = pytest.mark.django_db

VEGAN = actions.NeedsFacts(diet="vegan")


def confirm(row: Registration, now: datetime) -> Registration:
    return actions.confirm_guest(registration=row, now=now)


class TestAsking:
    def test_takes_no_seat_before_the_address_has_answered(self, now: datetime) -> None:
        session = planned(now, capacity=1)

        ask_as_guest(session, now, " Guest@Example.ORG ", name="Олена", needs=VEGAN)

        row = Registration.objects.get()
        assert (row.state, row.email, row.name, row.language, row.time_zone) == (
            Seat.ASKED,
            "guest@example.org",
            "Олена",
            "uk",
            "Europe/Kyiv",
        )
        assert row.needs.diet == "vegan"
        assert session.registrations.taken().count() == 0
        assert told("guest_confirm") == ["guest@example.org"]
        assert all_told() == ["guest_confirm"]

    def test_pressed_twice_is_one_row_one_mail_and_one_link(self, now: datetime) -> None:
        session = planned(now)
        ask_as_guest(session, now)
        nonce = Registration.objects.get().nonce

        ask_as_guest(session, now + timedelta(seconds=2))

        assert Registration.objects.get().nonce == nonce
        assert told("guest_confirm") == ["guest@example.org"]

    def test_asked_again_later_sends_another_mail(self, now: datetime) -> None:
        session = planned(now)
        ask_as_guest(session, now)

        ask_as_guest(session, now + timedelta(minutes=10))

        assert told("guest_confirm") == ["guest@example.org"] * 2
        assert Registration.objects.count() == 1

    def test_after_cancelling_is_the_same_row_with_new_links(self, now: datetime) -> None:
        session = planned(now)
        row = GuestFactory(session=session, email="guest@example.org")
        actions.cancel_registration(registration=row, now=now)

        ask_as_guest(session, now)

        again = Registration.objects.get()
        assert (again.pk, again.state, again.nonce != row.nonce) == (row.pk, Seat.ASKED, True)

    @pytest.mark.parametrize(
        ("facts", "days"),
        [
            ({"state": State.DRAFT}, 7),
            ({"state": State.CANCELLED}, 7),
            ({}, -1),
            ({"audience": Audience.MEMBERS}, 7),
            ({"audience": Audience.INVITED}, 7),
        ],
        ids=["draft", "cancelled", "past", "members", "invited"],
    )
    def test_is_refused_without_a_row(self, now: datetime, facts: dict[str, Any], days: int) -> None:
        session = planned(now, days=days, **facts)

        with pytest.raises(actions.NotOpen):
            ask_as_guest(session, now)

        assert Registration.objects.count() == 0
        assert all_told() == []


class TestAddressThatIsRegistered:
    @pytest.mark.parametrize("state", [Seat.SEAT, Seat.WAITING, Seat.OFFERED])
    def test_as_a_guest_gets_a_mail_and_nothing_changes(self, now: datetime, state: str) -> None:
        session = planned(now)
        row = GuestFactory(session=session, email="Guest@example.org", name="Олена", state=state)

        ask_as_guest(session, now, name="Somebody else", needs=VEGAN)

        again = Registration.objects.get()
        assert (again.name, again.state, again.nonce) == ("Олена", state, row.nonce)
        assert Needs.objects.count() == 0
        assert told("already_registered") == ["Guest@example.org"]

    def test_as_a_member_gets_a_mail_and_no_second_row(self, participant: User, now: datetime) -> None:
        session = planned(now)
        RegistrationFactory(session=session, person=participant)

        ask_as_guest(session, now, participant.email.upper())

        assert Registration.objects.count() == 1
        assert told("already_registered") == [participant.email]

    def test_is_told_once_an_hour(self, now: datetime) -> None:
        session = planned(now)
        GuestFactory(session=session, email="guest@example.org")

        for minutes in (0, 1, 59, 60):
            ask_as_guest(session, now + timedelta(minutes=minutes))

        assert told("already_registered") == ["guest@example.org"] * 2

    def test_of_a_member_who_has_cancelled_may_come_as_a_guest(
        self, participant: User, now: datetime
    ) -> None:
        session = planned(now)
        RegistrationFactory(session=session, person=participant, state=Seat.CANCELLED)

        ask_as_guest(session, now, participant.email)

        assert told("guest_confirm") == [participant.email]


class TestConfirming:
    def test_takes_the_seat(self, now: datetime) -> None:
        session = planned(now)
        ask_as_guest(session, now, needs=VEGAN)

        row = confirm(Registration.objects.get(), now)

        assert (row.state, row.seated_at, row.needs.diet) == (Seat.SEAT, now, "vegan")
        assert told("seat_confirmed") == ["guest@example.org"]

    def test_twice_stays_as_it_is(self, now: datetime) -> None:
        ask_as_guest(planned(now), now)
        row = confirm(Registration.objects.get(), now)

        again = confirm(row, now + timedelta(hours=1))

        assert (again.state, again.number, again.seated_at) == (Seat.SEAT, row.number, now)
        assert told("seat_confirmed") == ["guest@example.org"]

    def test_waits_where_the_last_seat_has_gone_meanwhile(self, participant: User, now: datetime) -> None:
        session = planned(now, capacity=1)
        ask_as_guest(session, now)
        actions.register(session=session, by=participant, now=now)

        row = confirm(Registration.objects.get(email="guest@example.org"), now)

        assert (row.state, row.number) == (Seat.WAITING, 3)
        assert told("seat_waiting") == ["guest@example.org"]

    def test_after_the_window_has_closed_is_refused(self, now: datetime) -> None:
        session = planned(now, closes_at=now + timedelta(hours=1))
        ask_as_guest(session, now)
        row = Registration.objects.get()

        with pytest.raises(actions.NotOpen):
            confirm(row, now + timedelta(hours=1))

        assert state_of(row) == Seat.ASKED

    def test_is_refused_where_guests_are_no_longer_wanted(self, now: datetime) -> None:
        ask_as_guest(planned(now), now)
        row = Registration.objects.get()
        Session.objects.update(audience=Audience.MEMBERS)

        with pytest.raises(actions.NotOpen):
            confirm(row, now)

        assert state_of(row) == Seat.ASKED

    def test_of_a_cancelled_registration_revives_nothing(self, now: datetime) -> None:
        ask_as_guest(planned(now), now)
        row = Registration.objects.get()
        actions.cancel_registration(registration=row, now=now)

        assert confirm(row, now).state == Seat.CANCELLED
        assert all_told() == ["guest_confirm"]

    def test_is_refused_where_the_organisation_has_its_seats(self, now: datetime) -> None:
        session, verein = planned(now, seats_per_organisation=1), OrganisationFactory()
        for email in ("one@example.org", "two@example.org"):
            ask_as_guest(session, now, email, organisation=verein)
        one, two = Registration.objects.order_by("number")
        confirm(one, now)

        with pytest.raises(actions.NoSeatsForOrganisation):
            confirm(two, now)

        assert state_of(two) == Seat.ASKED

    def test_after_coming_back_grows_the_sequence(self, now: datetime) -> None:
        session = planned(now)
        ask_as_guest(session, now)
        row = confirm(Registration.objects.get(), now)
        actions.cancel_registration(registration=row, now=now)
        ask_as_guest(session, now + timedelta(hours=1))

        back = confirm(Registration.objects.get(), now + timedelta(hours=1))

        assert (back.pk, back.sequence, back.cancelled_at) == (row.pk, 2, None)
        assert told("seat_confirmed") == ["guest@example.org"] * 2


class TestHostEntersSomebody:
    def enter(
        self, session: Session, by: User, now: datetime, email: str = "new@example.org"
    ) -> Registration:
        facts = {"name": "Ana", "language": "ro", "time_zone": "Europe/Bucharest"}
        return actions.add_by_host(session=session, email=email, by=by, now=now, **facts)

    def test_as_a_guest_who_counts_as_confirmed(self, coach: User, now: datetime) -> None:
        row = self.enter(planned(now), coach, now)

        assert (row.state, row.name, row.email, row.language) == (Seat.SEAT, "Ana", "new@example.org", "ro")
        assert told("seat_confirmed") == ["new@example.org"]

    def test_also_after_the_window_has_closed(self, coach: User, now: datetime) -> None:
        row = self.enter(planned(now, closes_at=now), coach, now)

        assert row.state == Seat.SEAT

    def test_who_has_an_account_is_entered_as_its_person(
        self, coach: User, participant: User, now: datetime
    ) -> None:

        row = self.enter(planned(now), coach, now, participant.email)

        assert (row.person, row.email, row.name) == (participant, "", "")

    def test_an_account_nobody_has_confirmed_gets_nothing(
        self, coach: User, participant: User, now: datetime
    ) -> None:
        EmailAddress.objects.filter(user=participant).update(verified=False)

        row = self.enter(planned(now), coach, now, participant.email)

        assert (row.person, row.email) == (None, participant.email)

    def test_who_has_an_account_and_came_as_a_guest_has_one_seat(
        self, coach: User, participant: User, now: datetime
    ) -> None:
        session = planned(now)
        GuestFactory(session=session, email=participant.email)

        with pytest.raises(actions.AlreadyRegistered):
            self.enter(session, coach, now, participant.email)

        assert Registration.objects.count() == 1

    def test_who_has_not_confirmed_yet_takes_the_seat(self, coach: User, now: datetime) -> None:
        session = planned(now)
        ask_as_guest(session, now, "new@example.org")

        row = self.enter(session, coach, now)

        assert (row.state, row.name) == (Seat.SEAT, "Ana")
        assert Registration.objects.count() == 1

    def test_twice_is_refused(self, coach: User, now: datetime) -> None:
        session = planned(now)
        row = self.enter(session, coach, now)

        with pytest.raises(actions.AlreadyRegistered) as known:
            self.enter(session, coach, now, "NEW@example.org")

        assert known.value.registration == row

    def test_also_waits_where_others_wait(self, coach: User, now: datetime) -> None:
        session = planned(now, capacity=0)

        assert self.enter(session, coach, now).state == Seat.WAITING

    @pytest.mark.parametrize(
        ("facts", "days"), [({"state": State.DRAFT}, 7), ({"state": State.CANCELLED}, 7), ({}, -1)]
    )
    def test_is_refused_without_a_row(
        self, coach: User, now: datetime, facts: dict[str, Any], days: int
    ) -> None:
        session = planned(now, days=days, **facts)

        with pytest.raises(actions.NotOpen):
            self.enter(session, coach, now)

        assert Registration.objects.count() == 0


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_confirmed_twice_is_one_seat_and_one_mail(self, now: datetime) -> None:
        session = planned(now)
        ask_as_guest(session, now)
        row = Registration.objects.get()

        outcomes = together(*[lambda: confirm(row, now).number] * 4)

        assert outcomes == [2, 2, 2, 2]
        assert told("seat_confirmed") == ["guest@example.org"]
        assert states_in(session) == [Seat.SEAT]

    def test_asked_twice_is_one_row(self, now: datetime) -> None:
        session = planned(now)

        outcomes = together(*[lambda: ask_as_guest(session, now)] * 4)

        assert outcomes == [None] * 4
        assert Registration.objects.count() == 1
        assert told("guest_confirm") == ["guest@example.org"]


def test_a_guest_who_had_ended_our_mails_gets_the_question_and_after_the_click_all_others(mailoutbox) -> None:
    session, now = SessionFactory(), timezone.now()
    MailStop.objects.create(address=address_digest("eva@pecs.example"), reason="unsubscribed", stopped_at=now)
    facts = {"name": "Éva", "email": "eva@pecs.example", "language": "hu", "time_zone": "Europe/Budapest"}
    actions.register_guest(session=session, now=now, **facts)
    deliver_due(now=now)

    actions.confirm_guest(registration=session.registrations.get(), now=now)
    deliver_due(now=now)

    assert len(mailoutbox) == 2
    assert not MailStop.objects.exists()


def test_a_mailbox_that_is_gone_gets_not_even_the_question(mailoutbox) -> None:
    session, now = SessionFactory(), timezone.now()
    MailStop.objects.create(address=address_digest("eva@pecs.example"), reason="bounced", stopped_at=now)
    facts = {"name": "Éva", "email": "eva@pecs.example", "language": "hu", "time_zone": "Europe/Budapest"}

    actions.register_guest(session=session, now=now, **facts)
    deliver_due(now=now)

    assert mailoutbox == []
