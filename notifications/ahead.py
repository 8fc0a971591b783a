"""What the sweep settles next: read for many rows at once, claimed one by one.

What is read ahead is a second old at most (docs/decisions/0026): long against the questions of one mail, nothing
against the way of a mail. A row is claimed by its lock, and only if it is still waiting then.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import prefetch_related_objects

from notifications.addresses import reader_digest
from notifications.choices import Chosen, chosen_by_all
from notifications.kinds import known_kind
from notifications.models import MailStop, Notice

MOST_ROWS = 50
FRESH_FOR = 1.0  # seconds
_LOCK = (
    f"SELECT id FROM {Notice._meta.db_table} WHERE id = ANY(%s) AND state = %s AND due_at <= %s "  # noqa: S608 -- names of our own
    "ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
)


@dataclass(frozen=True)
class Due:
    """A claimed row and what decides how it is told."""

    notice: Notice
    chosen: Chosen
    is_stopped: bool


class Ahead:
    """The rows due at `now`, longest due first."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        # Others have them at this moment; they settle them, or the next sweep does.
        self.left_alone: set[int] = set()
        self._due: dict[int, Due] = {}
        self._read_at = 0.0

    def claim(self) -> Due | None:
        """The next row, locked until the transaction ends. None when nothing is left that others do not have."""
        if self._is_fresh() and (due := self._lock_one()):
            return due
        while self._read():
            # Just read, so it is tried however long the reading took: else a slow database would stop all mails.
            if due := self._lock_one():
                return due
            self.left_alone |= set(self._due)
        return None

    def forget(self) -> None:
        """What was read is true no longer."""
        self._due = {}

    def _is_fresh(self) -> bool:
        return bool(self._due) and time.monotonic() - self._read_at < FRESH_FOR

    def _lock_one(self) -> Due | None:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, (list(self._due), Notice.State.WAITING, self.now))
            row = cursor.fetchone()
        return self._due.pop(row[0]) if row else None

    def _read(self) -> bool:
        """Whether anything is due."""
        self._read_at = time.monotonic()
        rows = Notice.objects.due(self.now).select_related("recipient").order_by("due_at", "id")
        if self.left_alone:
            rows = rows.exclude(pk__in=self.left_alone)
        notices = list(rows[:MOST_ROWS])
        _read_what_they_are_about(notices)
        chosen = chosen_by_all(notice.recipient_id for notice in notices if notice.recipient_id)
        stopped = _stopped(notices)
        self._due = {
            notice.pk: Due(notice, chosen.get(notice.recipient_id or 0, {}), notice.pk in stopped)
            for notice in notices
        }
        return bool(notices)


def _read_what_they_are_about(notices: Sequence[Notice]) -> None:
    """All but rows of a table that is gone: those fail alone, when they are settled."""
    types = {number: ContentType.objects.get_for_id(number) for number in _types(notices)}
    known = {number for number, about in types.items() if about.model_class()}
    prefetch_related_objects([notice for notice in notices if notice.about_type_id in known], "about")
    for name in {notice.kind for notice in notices}:
        rows = [notice.about for notice in notices if notice.kind == name and notice.about_type_id in known]
        told = known_kind(name)
        if told and told.reads:
            prefetch_related_objects([row for row in rows if row is not None], *told.reads)


def _passes(notice: Notice) -> bool:
    told = known_kind(notice.kind)
    return told is not None and told.passes_stop


def _types(notices: Sequence[Notice]) -> set[int]:
    return {notice.about_type_id for notice in notices if notice.about_type_id}


def _stopped(notices: Sequence[Notice]) -> set[int]:
    """Who ended our mails as a reader without account, and has one now, chooses anew."""
    digests = {notice.pk: reader_digest(notice) for notice in notices}
    stops = dict(MailStop.objects.filter(address__in=set(digests.values())).values_list("address", "reason"))
    return {
        notice.pk
        for notice in notices
        if (reason := stops.get(digests[notice.pk]))
        and (reason == MailStop.Reason.BOUNCED or (notice.recipient_id is None and not _passes(notice)))
    }
