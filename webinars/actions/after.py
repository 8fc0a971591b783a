"""After a session: recording, thanks, feedback."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import queue, queue_each
from webinars.actions.people import readers_among
from webinars.actions.seats import locked
from webinars.choices import AttendedHow, State
from webinars.emails.recordings import RecordingReady
from webinars.emails.registrations import SessionThanks
from webinars.models import Feedback, Registration, Session
from webinars.permissions import FEEDBACK_LASTS, feedback_is_open

log = structlog.get_logger(__name__)

THANKS_AFTER = timedelta(hours=20)
"""Late enough for the recording, early enough for the memory: the next day at the latest."""


class FeedbackClosed(Exception):
    """Open from the end of the session for 14 days, to who had a seat."""


class FeedbackGiven(Exception):
    """Once is enough."""


class TranscriptMissing(Exception):
    """A recording without its text shuts out who cannot hear or does not follow speech."""


@transaction.atomic
def publish_recording(*, session: Session, url: str, transcript: str, by: User, now: datetime) -> Session:
    """Shown on the session's page to who had a seat, and to everybody of a public session. Raises TranscriptMissing."""
    if not transcript.strip():
        raise TranscriptMissing
    row = locked(session)
    row.recording_url, row.transcript = url, transcript
    row.recording_published_at = row.recording_published_at or now
    row.version += 1
    row.save()
    log.info("recording_published", session=row.pk, by=by.pk)
    return row


@transaction.atomic
def note_recording(*, room_key: str, record_id: str, now: datetime) -> bool:
    """The room says that a recording is ready; its hosts are told once. False for a room we do not have."""
    session = Session.objects.filter(room_key=room_key).exclude(room_key="").first()
    if session is None:
        return False
    hosts = [host.person for host in session.hosts.select_related("person")]
    queue(RecordingReady, to=hosts, about=session, once=record_id, now=now)
    return True


@transaction.atomic
def withdraw_recording(*, session: Session, by: User) -> Session:
    row = locked(session)
    row.recording_url, row.transcript, row.recording_published_at = "", "", None
    row.version += 1
    row.save()
    log.info("recording_withdrawn", session=row.pk, by=by.pk)
    return row


def thank_participants(*, now: datetime) -> int:
    """Thanks and four questions, once a session, while they may still be answered. The number of sessions."""
    over = Session.objects.filter(
        state=State.PUBLISHED,
        thanked_at=None,
        ends_at__lte=now - THANKS_AFTER,
        ends_at__gt=now - FEEDBACK_LASTS,
    )
    for session in over:
        _thank(session, now=now)
    return len(over)


@transaction.atomic
def _thank(session: Session, *, now: datetime) -> None:
    row = locked(session)
    people = row.registrations.seated().select_related("person")
    if _attendance_was_noted(row):
        people = people.filter(attended_at__isnull=False)
    queue_each(SessionThanks, readers_among(people), now=now)
    row.thanked_at = now
    row.save(update_fields=("thanked_at",))


def _attendance_was_noted(session: Session) -> bool:
    """Then only who was there is asked how it was. The door notes who came online; on site somebody must tick."""
    noted = session.registrations.filter(attended_at__isnull=False)
    if session.is_onsite:
        noted = noted.exclude(attended_how=AttendedHow.JOINED)
    return noted.exists()


@transaction.atomic
def give_feedback(
    *, registration: Registration, useful: int, understandable: int, technology: int, text: str, now: datetime
) -> None:
    """Four answers without a name. Raises FeedbackClosed or FeedbackGiven."""
    rows = Registration.objects.select_for_update(of=("self",)).select_related("session")
    row = rows.get(pk=registration.pk)
    if not feedback_is_open(row, now=now):
        raise FeedbackClosed
    if row.feedback_at:
        raise FeedbackGiven
    # Only that it was given: the day would lead from the answers to the name wherever one alone answers on it.
    row.feedback_at = row.session.ends_at
    row.save(update_fields=("feedback_at",))
    Feedback.objects.create(
        session=row.session,
        useful=useful,
        understandable=understandable,
        technology=technology,
        text=text,
        given_on=now.date(),
    )
