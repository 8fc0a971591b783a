"""Who was there, and the certificate that says so."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from tests.factories.webinars import GuestFactory, RegistrationFactory
from tests.webinars.telling import planned, together
from webinars import actions
from webinars.actions import attendance
from webinars.choices import AttendedHow, Seat, State
from webinars.models import Certificate, Registration, Session

pytestmark = pytest.mark.django_db


def noted(row: Registration) -> tuple[datetime | None, str]:
    row.refresh_from_db()
    return row.attended_at, row.attended_how


@pytest.fixture
def there(now: datetime) -> Registration:
    """Somebody who was in a session that ended an hour ago."""
    session = planned(now, days=-2 / 24)
    return GuestFactory(session=session, name="Олена", attended_at=now - timedelta(hours=2))


class TestNoting:
    def test_the_first_entry_counts(self, now: datetime) -> None:
        row = GuestFactory(session=planned(now))

        actions.note_joined(registration=row, now=now)
        actions.note_joined(registration=row, now=now + timedelta(minutes=5))

        assert noted(row) == (now, AttendedHow.JOINED)

    def test_who_enters_after_the_end_was_not_there(self, now: datetime) -> None:
        session = planned(now)
        punctual, late = GuestFactory(session=session), GuestFactory(session=session)

        actions.note_joined(registration=punctual, now=session.ends_at - timedelta(seconds=1))
        actions.note_joined(registration=late, now=session.ends_at)

        assert noted(punctual) == (session.ends_at - timedelta(seconds=1), AttendedHow.JOINED)
        assert noted(late) == (None, "")

    def test_a_tick_says_whether_it_was_new(self, coach: User, now: datetime) -> None:
        row = GuestFactory(session=planned(now))

        answers = [
            actions.check_in(registration=row, how=AttendedHow.CODE, by=coach, now=now),
            actions.check_in(registration=row, how=AttendedHow.LIST, by=coach, now=now),
        ]

        assert answers == [True, False]
        assert noted(row) == (now, AttendedHow.CODE)

    @pytest.mark.parametrize("state", [Seat.WAITING, Seat.OFFERED, Seat.ASKED, Seat.CANCELLED])
    def test_is_for_who_has_a_seat(self, coach: User, now: datetime, state: str) -> None:
        row = GuestFactory(session=planned(now), state=state)

        actions.note_joined(registration=row, now=now)

        assert not actions.check_in(registration=row, how=AttendedHow.LIST, by=coach, now=now)
        assert noted(row) == (None, "")

    def test_a_tick_taken_back_voids_the_certificate(
        self, coach: User, now: datetime, there: Registration
    ) -> None:
        actions.issue_certificate(registration=there, now=now)

        actions.undo_check_in(registration=there, by=coach, now=now)

        assert noted(there) == (None, "")
        assert Certificate.objects.count() == 0


class TestCertificate:
    def test_names_who_was_there_and_is_the_same_when_asked_for_again(
        self, now: datetime, there: Registration
    ) -> None:
        first = actions.issue_certificate(registration=there, now=now)
        again = actions.issue_certificate(registration=there, now=now + timedelta(days=1))

        assert (first.name, first.issued_at) == ("Олена", now)
        assert (again.pk, again.code) == (first.pk, first.code)

    def test_is_not_for_who_was_not_there(self, now: datetime, there: Registration) -> None:
        absent = RegistrationFactory(session=there.session)

        with pytest.raises(actions.NotAttended):
            actions.issue_certificate(registration=absent, now=now)

        assert Certificate.objects.count() == 0

    def test_is_issued_from_the_end_on(self, there: Registration) -> None:
        end = there.session.ends_at

        with pytest.raises(actions.NotAttended):
            actions.issue_certificate(registration=there, now=end - timedelta(seconds=1))

        assert actions.issue_certificate(registration=there, now=end).registration == there

    def test_is_not_issued_for_a_session_that_did_not_take_place(
        self, now: datetime, there: Registration
    ) -> None:
        Session.objects.update(state=State.CANCELLED)

        with pytest.raises(actions.NotAttended):
            actions.issue_certificate(registration=there, now=now)

        assert Certificate.objects.count() == 0

    def test_draws_another_code_when_one_is_taken(
        self, now: datetime, there: Registration, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        codes = iter(["VIP-A", "VIP-A", "VIP-B"])
        monkeypatch.setattr(attendance, "new_code", lambda: next(codes))
        other = GuestFactory(session=there.session, attended_at=now)

        found = [actions.issue_certificate(registration=row, now=now).code for row in (there, other)]

        assert found == ["VIP-A", "VIP-B"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_ticks_are_new_once(self, coach: User, now: datetime) -> None:
        row = GuestFactory(session=planned(now))
        tick = lambda: actions.check_in(registration=row, how=AttendedHow.LIST, by=coach, now=now)  # noqa: E731

        outcomes = together(tick, tick, tick)

        assert sorted(map(str, outcomes)) == ["False", "False", "True"]

    def test_two_requests_get_one_certificate(self, now: datetime, there: Registration) -> None:
        issue = lambda: actions.issue_certificate(registration=there, now=now).code  # noqa: E731

        outcomes = together(issue, issue, issue)

        assert len(set(outcomes)) == 1
        assert Certificate.objects.count() == 1
