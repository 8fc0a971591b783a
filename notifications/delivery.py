"""The sweep: claims due rows one by one, asks "still wanted?" last, renders for the reader, sends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from notifications.ahead import Ahead, Due
from notifications.bounces import refusal, says_mailbox_is_gone
from notifications.choices import DIGESTS, pace_of
from notifications.gathering import gathered, may_gather
from notifications.kinds import kind, known_kind
from notifications.mails import Part, message, message_of_several, part_of, zone_of
from notifications.models import MailStop, Notice, Pace, SweepRun
from notifications.stops import stop
from notifications.timing import mail_due

log = structlog.get_logger(__name__)

MOST_TRIES = 5
# Written out: as a statement of the ORM it would cost half as much as rendering the mail.
_NOTE = (
    f"UPDATE {Notice._meta.db_table} "  # noqa: S608 -- a name of our own
    "SET state = %s, sent_at = %s, last_error = %s, tries = %s, due_at = %s WHERE id = %s"
)
WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
# Of what is worthless later: five tries in less than half an hour.
SHORT_WAITS = (timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=6), timedelta(minutes=15))


def deliver_due(*, now: datetime) -> int:
    """Send everything due and give the number of mails. Workers may run side by side: each row is claimed by one.

    The row stays locked while its mail is sent. A worker that dies frees it at once; nothing can stay stuck.
    """
    SweepRun.objects.update_or_create(name="deliver", defaults={"ran_at": now})
    sweep = _Sweep(get_connection(), now)
    try:
        while sweep.settles_one():
            pass
    finally:
        sweep.smtp.close()
    return sweep.sent


class _Sweep:
    """One run over everything due, with one connection to the mail server."""

    def __init__(self, smtp: BaseEmailBackend, now: datetime) -> None:
        self.smtp, self.now, self.sent = smtp, now, 0
        self.ahead = Ahead(now)

    def settles_one(self) -> bool:
        """Claim the longest-due row and settle it, with those that go in the same mail. False when none is left."""
        due = None
        try:
            with transaction.atomic():
                due = self.ahead.claim()
                if due is not None:
                    self._settle(due)
        except (
            Exception
        ) as error:  # whatever is wrong with one notice must not keep the others from being sent
            if due is None:
                raise
            self._note_fault(due.notice, error)
        return due is not None

    def _settle(self, due: Due) -> None:
        notice, told = due.notice, kind(due.notice.kind)
        if not _reader_is_there(notice):
            return self._note(notice, Notice.State.DROPPED)
        pace = pace_of(told, notice.scope, due.chosen)
        if pace == Pace.BELL or _is_read(notice) or due.is_stopped:
            return self._tell_without_mail(notice)
        due_at = mail_due(pace, since=notice.bell_at, wait=told.wait, zone=zone_of(notice))
        if due_at > self.now:
            return self._put_off(notice, due_at)
        if pace not in DIGESTS and not (told.merge and notice.read_at is None):
            return self._tell_alone(notice)
        if not may_gather(notice):
            # Another worker is gathering what waits for this reader at this moment.
            self.ahead.left_alone.add(notice.pk)
            return None
        return self._tell_together(gathered(notice, pace, due.chosen, now=self.now), pace)

    def _tell_without_mail(self, notice: Notice) -> None:
        """A person finds it in the list of notices; there is no such list for a reader without account."""
        is_told = notice.recipient_id is not None and kind(notice.kind).still_wanted(notice, now=self.now)
        self._note(notice, Notice.State.BELL if is_told else Notice.State.DROPPED)

    def _put_off(self, notice: Notice, due_at: datetime) -> None:
        notice.due_at = due_at
        notice.save(update_fields=("due_at",))

    def _tell_alone(self, notice: Notice) -> None:
        if not kind(notice.kind).still_wanted(notice, now=self.now):
            return self._note(notice, Notice.State.DROPPED)
        return self._send([notice], message(notice, self.smtp))

    def _tell_together(self, notices: Sequence[Notice], pace: str) -> None:
        parts = [part for notice in notices if (part := self._part_if_wanted(notice))]
        if len(parts) == 1:
            self._send([parts[0].notice], message(parts[0].notice, self.smtp))
        elif parts:
            self._send([part.notice for part in parts], message_of_several(parts, self.smtp, pace=pace))

    def _part_if_wanted(self, notice: Notice) -> Part | None:
        """None for what is not wanted any more, and for what cannot be rendered: the others go without it."""
        try:
            with transaction.atomic():
                if kind(notice.kind).still_wanted(notice, now=self.now):
                    return part_of(notice)
        except Exception as error:
            self._note_failure(notice, error)
            return None
        self._note(notice, Notice.State.DROPPED)
        return None

    def _send(self, notices: Sequence[Notice], mail: EmailMultiAlternatives) -> None:
        try:
            self.smtp.open()  # else Django would open and close a connection for each mail
            mail.send()
        except SMTPRecipientsRefused as error:
            self.smtp.close()
            for notice in notices:
                self._note_refusal(notice, error)
        except Exception as error:  # as above; the database has no part in it, so the claim holds
            self.smtp.close()
            for notice in notices:
                self._note_failure(notice, error)
        else:
            self.sent += 1
            for notice in notices:
                notice.tries += 1
                self._note(notice, Notice.State.SENT, sent_at=self.now)

    def _note(self, notice: Notice, state: str, *, sent_at: datetime | None = None, error: str = "") -> None:
        notice.state, notice.sent_at, notice.last_error = state, sent_at, error
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, (state, sent_at, error, notice.tries, notice.due_at, notice.pk))
        log.info("notice", id=notice.pk, kind=notice.kind, state=notice.state, tries=notice.tries)

    def _note_refusal(self, notice: Notice, error: SMTPRecipientsRefused) -> None:
        """A mailbox that is gone gets no more mails; any other refusal may be our own fault and is tried again."""
        said = refusal(error)
        if not says_mailbox_is_gone(said):
            return self._note_failure(notice, error)
        stop(notice, MailStop.Reason.BOUNCED, said=said, now=self.now)
        self.ahead.forget()
        notice.tries += 1
        state = Notice.State.BELL if notice.recipient_id else Notice.State.DROPPED
        return self._note(notice, state, error=type(error).__name__)

    def _note_failure(self, notice: Notice, error: Exception) -> None:
        """Tried again after a growing while, parked for the office after the fifth time."""
        notice.tries += 1
        if notice.tries < MOST_TRIES:
            told = known_kind(notice.kind)
            waits = SHORT_WAITS if told and not told.can_wait else WAITS
            notice.due_at = self.now + waits[notice.tries - 1]
        # Only the class of the error: servers like to repeat the address in their text.
        state = Notice.State.WAITING if notice.tries < MOST_TRIES else Notice.State.FAILED
        self._note(notice, state, error=type(error).__name__)

    @transaction.atomic
    def _note_fault(self, notice: Notice, error: Exception) -> None:
        """After a failed query the claim is gone: claimed again, unless another worker was faster."""
        self.smtp.close()
        rows = Notice.objects.select_for_update(skip_locked=True).due(self.now)
        again = rows.filter(pk=notice.pk).first()
        if again is not None:
            self._note_failure(again, error)


def _reader_is_there(notice: Notice) -> bool:
    return notice.recipient.is_active if notice.recipient else bool(notice.email)


def _is_read(notice: Notice) -> bool:
    """In the list, before its mail went out. What the reader asked for comes by mail all the same."""
    return notice.read_at is not None and not kind(notice.kind).essential
