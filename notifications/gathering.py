"""Several notices in one mail: which rows belong in it, decided by the rows alone, and by one worker at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q

from notifications.addresses import reader_digest
from notifications.choices import DIGESTS, Chosen, pace_of
from notifications.kinds import all_kinds, kind
from notifications.mails import zone_of
from notifications.models import Notice, NoticeQuerySet
from notifications.timing import mail_due

LOCK_OF_READERS: Final = 0x564950  # our own among the advisory locks of PostgreSQL


def may_gather(notice: Notice) -> bool:
    """Whether this worker alone gathers what waits for this reader. Holds until the transaction ends."""
    number = notice.recipient_id or int(reader_digest(notice)[1:8], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK_OF_READERS, number % 2**31))
        row = cursor.fetchone()
    return bool(row and row[0])


def gathered(notice: Notice, pace: str, chosen: Chosen, *, now: datetime) -> Sequence[Notice]:
    """The rows that go in one mail with this one, itself as a rule among them, locked and in their order.

    Only after `may_gather`. The same rows are found again after a crash, so that the copy is the same mail.
    """
    waiting = _waiting_for_the_reader_of(notice).filter(Q(due_at__lte=now) | Q(tries=0))
    together = (
        _for_digest(waiting.filter(bell_at__lte=now), chosen, now=now)
        if pace in DIGESTS
        else _of_one_kind(waiting, notice)
    )
    # Another worker may have claimed one of them a moment ago; it leaves the row as soon as it sees our lock.
    rows = Notice.objects.select_for_update(of=("self",)).select_related("recipient")
    return list(
        rows.filter(pk__in=[row.pk for row in together], state=Notice.State.WAITING).order_by("bell_at", "id")
    )


def _waiting_for_the_reader_of(notice: Notice) -> NoticeQuerySet:
    rows = Notice.objects.filter(state=Notice.State.WAITING, read_at=None)
    if notice.recipient_id is None:
        return rows.filter(recipient=None, email__iexact=notice.email)
    return rows.filter(recipient=notice.recipient_id)


def _for_digest(waiting: NoticeQuerySet, chosen: Chosen, *, now: datetime) -> list[Notice]:
    """All whose digest is due, of whatever kind: on a Monday morning the day's and the week's are one mail."""
    told = {known.name: known for known in all_kinds()}

    def is_due(row: Notice) -> bool:
        if row.kind not in told:
            return False
        pace = pace_of(told[row.kind], row.scope, chosen)
        due_at = mail_due(pace, since=row.bell_at, wait=told[row.kind].wait, zone=zone_of(row))
        return pace in DIGESTS and due_at <= now

    return [row for row in waiting.select_related("recipient") if is_due(row)]


def _of_one_kind(waiting: NoticeQuerySet, notice: Notice) -> list[Notice]:
    """The first that waits, and what came while it waited for others; what came later begins a new mail."""
    rows = list(waiting.filter(kind=notice.kind, scope=notice.scope).order_by("bell_at", "id"))
    until = rows[0].bell_at + kind(notice.kind).wait if rows else notice.bell_at
    return [row for row in rows if row.bell_at <= until]
