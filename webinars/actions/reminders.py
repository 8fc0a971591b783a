"""Which reminders are due. Found anew each minute, never planned: moves and standstills need no repair."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from core.wall_time import days_before
from notifications.outbox import Told, queue_told
from webinars.choices import LeadUnit, Seat, State
from webinars.emails.registrations import SessionReminder
from webinars.models import Registration, ReminderPlan, Session

LOOK_AHEAD = timedelta(days=60)
"""The longest lead a plan may have."""


def due_at(session: Session, lead: ReminderPlan) -> datetime:
    """UTC. Days end at the same wall time in the session's zone; hours and minutes are elapsed time."""
    if lead.unit == LeadUnit.DAYS:
        return days_before(session.starts_at, session.zone, lead.amount)
    minutes = lead.amount * (60 if lead.unit == LeadUnit.HOURS else 1)
    return session.starts_at - timedelta(minutes=minutes)


@transaction.atomic
def queue_due_reminders(*, now: datetime) -> int:
    """Queue, for everybody with a seat, the shortest lead that has been reached. The number of sessions looked at.

    After a standstill it goes out late, but never after the start. Queued again nothing happens: the key of a notice
    contains the lead and the start.
    """
    soon = Session.objects.filter(state=State.PUBLISHED, starts_at__gt=now, starts_at__lte=now + LOOK_AHEAD)
    sessions = list(soon.only("starts_at", "zone", "moved_at").prefetch_related("plan"))
    reached = [lead for session in sessions if (lead := _reached(session, now))]
    queue_told(SessionReminder, _note_who_is_reminded(reached), about=Registration, now=now)
    return len(sessions)


class _Reached(NamedTuple):
    """`since`: only who has had a seat since then is reminded; None for everybody."""

    session: int
    once: str
    since: datetime | None


def _reached(session: Session, now: datetime) -> _Reached | None:
    leads = sorted(((due_at(session, lead), lead) for lead in session.plan.all()), key=lambda pair: pair[0])
    reached = [pair for pair in leads if pair[0] <= now]
    if not reached:
        return None
    since, lead = reached[-1]
    once = f"{lead.code}-{int(session.starts_at.timestamp())}"
    if lead == leads[-1][1]:
        return _Reached(session.pk, once, None)
    # Who came after its time, or was told of a move after it, has just read the hour. The shortest lead reminds
    # them all the same.
    if session.moved_at and session.moved_at > since:
        return None
    return _Reached(session.pk, once, since)


# One statement for all sessions: thousands are found and noted in it, and nothing at all is mostly what it finds.
# A row that somebody else holds, say who cancels at this moment, is looked at again in a minute.
_NOTE = """
    WITH due AS (
        SELECT registration.id, lead.once
        FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS lead (session, once, since)
        JOIN webinars_registration registration ON registration.session_id = lead.session
        WHERE registration.state = %s AND registration.reminded_for <> lead.once
            AND (registration.person_id IS NOT NULL OR registration.email <> '')
            AND (lead.since IS NULL OR registration.seated_at <= lead.since)
        FOR UPDATE OF registration SKIP LOCKED
    )
    UPDATE webinars_registration registration SET reminded_for = due.once FROM due WHERE registration.id = due.id
    RETURNING registration.id, due.once, person_id, email, language, time_zone
"""


def _note_who_is_reminded(reached: Sequence[_Reached]) -> list[Told]:
    if not reached:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [*(list(column) for column in zip(*reached, strict=True)), Seat.SEAT])
        return [Told(*row) for row in cursor.fetchall()]
