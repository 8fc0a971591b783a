"""After a session: the recording, thanks, and four answers without a name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from notifications.models import Notice
from tests.factories.webinars import GuestFactory, HostFactory
from tests.webinars.telling import all_told, planned, together, told
from webinars import actions
from webinars.choices import Seat, State
from webinars.models import Feedback, Registration, Session
from webinars.permissions import feedback_is_open

pytestmark = pytest.mark.django_db

ANSWERS = {"useful": 5, "understandable": 4, "technology": 3, "text": "More time for questions."}


def ended(now: datetime, *, hours: float = 24, **facts: Any) -> Session:
    """A session that ended so many hours ago."""
    return planned(now, days=-(hours + 1) / 24, **facts)


def answer(row: Registration, now: datetime, **facts: Any) -> None:
    actions.give_feedback(registration=row, now=now, **{**ANSWERS, **facts})


class TestThanks:
    def test_are_sent_once_to_everybody_with_a_seat(self, now: datetime) -> None:
        session = ended(now)
        row = GuestFactory(session=session)
        for state in (Seat.CANCELLED, Seat.WAITING, Seat.OFFERED, Seat.ASKED):
            GuestFactory(session=session, state=state)

        counts = [actions.thank_participants(now=now + timedelta(minutes=minute)) for minute in range(3)]

        assert counts == [1, 0, 0]
        assert told("session_thanks") == [row.email]
        assert Session.objects.get().thanked_at == now

    def test_are_for_who_was_there_where_that_was_noted(self, now: datetime) -> None:
        session = ended(now)
        there = GuestFactory(session=session, attended_at=session.starts_at)
        GuestFactory(session=session)
        other = GuestFactory(session=ended(now))

        actions.thank_participants(now=now)

        assert sorted(told("session_thanks")) == sorted([there.email, other.email])

    @pytest.mark.parametrize(("hours", "count"), [(19.9, 0), (20, 1), (24 * 14 - 0.1, 1), (24 * 14, 0)])
    def test_come_the_day_after_and_while_one_may_still_answer(
        self, now: datetime, hours: float, count: int
    ) -> None:
        GuestFactory(session=ended(now, hours=hours))

        assert actions.thank_participants(now=now) == count
        assert len(told("session_thanks")) == count

    @pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
    def test_are_not_for_what_did_not_take_place(self, now: datetime, state: str) -> None:
        GuestFactory(session=ended(now, state=state))

        assert actions.thank_participants(now=now) == 0
        assert all_told() == []

    def test_of_people_who_were_erased_stop_nobody_elses(self, now: datetime) -> None:
        session = ended(now)
        GuestFactory(session=session, name="", email="", language="", time_zone="")
        row = GuestFactory(session=session)

        actions.thank_participants(now=now)

        assert told("session_thanks") == [row.email]

    def test_are_due_for_a_session_nobody_came_to_as_well(self, now: datetime) -> None:
        ended(now)

        assert actions.thank_participants(now=now) == 1
        assert Session.objects.get().thanked_at == now


class TestFeedback:
    def test_keeps_four_answers_and_the_day(self, now: datetime) -> None:
        session = ended(now)

        answer(GuestFactory(session=session), now)

        found = Feedback.objects.values(
            "session", "useful", "understandable", "technology", "text", "given_on"
        )
        assert list(found) == [{"session": session.pk, **ANSWERS, "given_on": date(2027, 3, 26)}]

    def test_leads_to_nobody(self, now: datetime) -> None:
        session = ended(now)
        row, other = GuestFactory(session=session), GuestFactory(session=session)

        answer(row, now)
        answer(other, now + timedelta(days=2))

        names = {field.name for field in Feedback._meta.get_fields()}
        assert names == {"id", "session", "useful", "understandable", "technology", "text", "given_on"}
        # What is kept with the name is the same for everybody, whenever they have answered.
        marks = set(Registration.objects.values_list("feedback_at", flat=True))
        assert marks == {session.ends_at}

    def test_is_given_once(self, now: datetime) -> None:
        row = GuestFactory(session=ended(now))
        answer(row, now)

        with pytest.raises(actions.FeedbackGiven):
            answer(row, now, useful=1)

        assert Feedback.objects.get().useful == 5

    @pytest.mark.parametrize(
        ("after_end", "is_open"),
        [
            (timedelta(seconds=-1), False),
            (timedelta(0), True),
            (timedelta(days=14, seconds=-1), True),
            (timedelta(days=14), False),
        ],
    )
    def test_is_open_from_the_end_for_14_days(
        self, now: datetime, after_end: timedelta, is_open: bool
    ) -> None:
        row = GuestFactory(session=ended(now))
        then = row.session.ends_at + after_end

        try:
            answer(row, then)
            was_open = True
        except actions.FeedbackClosed:
            was_open = False

        assert was_open == is_open
        assert feedback_is_open(row, now=then) == is_open
        assert Feedback.objects.count() == int(is_open)

    @pytest.mark.parametrize("state", [Seat.WAITING, Seat.OFFERED, Seat.CANCELLED, Seat.ASKED])
    def test_is_for_who_had_a_seat(self, now: datetime, state: str) -> None:
        row = GuestFactory(session=ended(now), state=state)

        with pytest.raises(actions.FeedbackClosed):
            answer(row, now)

        assert Feedback.objects.count() == 0

    def test_is_not_asked_about_what_did_not_take_place(self, now: datetime) -> None:
        row = GuestFactory(session=ended(now, state=State.CANCELLED))

        with pytest.raises(actions.FeedbackClosed):
            answer(row, now)

        assert Feedback.objects.count() == 0


class TestRecording:
    def publish(self, session: Session, by: User, now: datetime, transcript: str = "Guten Tag.") -> Session:
        return actions.publish_recording(
            session=session, url="https://video.invalid/1", transcript=transcript, by=by, now=now
        )

    def test_is_published_with_its_transcript(self, coach: User, now: datetime) -> None:
        session = ended(now)

        self.publish(session, coach, now)

        session.refresh_from_db()
        assert (session.recording_url, session.transcript) == ("https://video.invalid/1", "Guten Tag.")
        assert (session.recording_published_at, session.version) == (now, 2)

    @pytest.mark.parametrize("transcript", ["", " \n "])
    def test_is_refused_without(self, coach: User, now: datetime, transcript: str) -> None:
        session = ended(now)

        with pytest.raises(actions.TranscriptMissing):
            self.publish(session, coach, now, transcript)

        session.refresh_from_db()
        assert (session.recording_url, session.recording_published_at) == ("", None)

    def test_corrected_keeps_its_date(self, coach: User, now: datetime) -> None:
        session = ended(now)
        self.publish(session, coach, now)

        corrected = self.publish(session, coach, now + timedelta(days=1), "Guten Abend.")

        assert (corrected.recording_published_at, corrected.transcript) == (now, "Guten Abend.")

    def test_withdrawn_is_gone(self, coach: User, now: datetime) -> None:
        session = ended(now)
        self.publish(session, coach, now)

        actions.withdraw_recording(session=session, by=coach)

        session.refresh_from_db()
        assert (session.recording_url, session.transcript, session.recording_published_at) == ("", "", None)
        assert session.version == 3

    def test_the_room_tells_the_hosts_once(self, coach: User, partner: User, now: datetime) -> None:
        session = ended(now, room_key="key")
        for person in (coach, partner):
            HostFactory(session=session, person=person)

        answers = [actions.note_recording(room_key="key", record_id="one", now=now) for _ in range(2)]

        assert answers == [True, True]
        assert told("recording_ready") == [coach.email, partner.email]

    @pytest.mark.parametrize("room_key", ["other", ""])
    def test_a_room_we_do_not_have_tells_nobody(self, coach: User, now: datetime, room_key: str) -> None:
        HostFactory(session=ended(now, room_key=""), person=coach)

        assert not actions.note_recording(room_key=room_key, record_id="one", now=now)
        assert all_told() == []


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_answers_of_one_reader_are_one(self, now: datetime) -> None:
        row = GuestFactory(session=ended(now))

        outcomes = together(lambda: answer(row, now), lambda: answer(row, now, useful=1))

        assert set(outcomes) == {None, actions.FeedbackGiven}
        assert Feedback.objects.count() == 1

    def test_two_sweeps_thank_once(self, now: datetime) -> None:
        row = GuestFactory(session=ended(now))

        together(*[lambda: actions.thank_participants(now=now)] * 3)

        assert told("session_thanks") == [row.email]
        assert Notice.objects.count() == 1


def test_the_day_of_an_answer_is_that_of_utc(now: datetime) -> None:
    row = GuestFactory(session=ended(now))

    answer(row, datetime(2027, 3, 26, 23, 30, tzinfo=UTC))

    assert Feedback.objects.get().given_on == date(2027, 3, 26)
