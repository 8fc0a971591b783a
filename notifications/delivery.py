"""The sweep: claims due rows one by one, asks "still wanted?" last, renders for the reader, sends."""

import hashlib
import zoneinfo
from datetime import datetime, timedelta
from email.utils import parseaddr

import css_inline
import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from notifications.kinds import kind
from notifications.models import Notice, SweepRun

log = structlog.get_logger(__name__)

MOST_TRIES = 5
WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def deliver_due(*, now: datetime) -> int:
    """Send everything due and give the number sent. Workers may run side by side: each row is claimed by one.

    The row stays locked while its mail is sent. A worker that dies frees it at once; nothing can stay stuck.
    """
    SweepRun.objects.update_or_create(name="deliver", defaults={"ran_at": now})
    connection, sent = get_connection(), 0
    try:
        while (outcome := _deliver_one(connection, now=now)) is not None:
            sent += outcome == Notice.State.SENT
    finally:
        connection.close()
    return sent


@transaction.atomic
def _deliver_one(connection: BaseEmailBackend, *, now: datetime) -> str | None:
    """Claim the longest-due row and settle it. None when there is none left."""
    notice = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .due(now)
        .order_by("due_at", "id")
        .first()
    )
    if notice is None:
        return None
    try:
        mail = _mail_if_wanted(notice, connection, now=now)
        if mail is None:
            notice.state = Notice.State.DROPPED
        else:
            mail.send()
            notice.state, notice.sent_at, notice.last_error = Notice.State.SENT, now, ""
            notice.tries += 1
    except Exception as error:  # whatever is wrong with one notice must not keep the others from being sent
        _note_failure(notice, error, now=now)
        connection.close()
    notice.save()
    log.info("notice", id=notice.pk, kind=notice.kind, state=notice.state, tries=notice.tries)
    return notice.state


def _mail_if_wanted(
    notice: Notice, connection: BaseEmailBackend, *, now: datetime
) -> EmailMultiAlternatives | None:
    # In a savepoint: a failed query in the asking or rendering leaves the claim of the row whole.
    with transaction.atomic():
        if not _reader_is_there(notice) or not kind(notice.kind).still_wanted(notice, now=now):
            return None
        return message(notice, connection)


def _reader_is_there(notice: Notice) -> bool:
    return notice.recipient.is_active if notice.recipient else bool(notice.email)


def _note_failure(notice: Notice, error: Exception, *, now: datetime) -> None:
    """Tried again after a growing while, parked for the office after the fifth time."""
    notice.tries += 1
    # Only the class of the error: servers like to repeat the address in their text.
    notice.last_error = type(error).__name__
    if notice.tries >= MOST_TRIES:
        notice.state = Notice.State.FAILED
    else:
        notice.due_at = now + WAITS[notice.tries - 1]


def message(notice: Notice, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail of a notice, in the language and on the clock of its reader."""
    reader = notice.recipient
    language = reader.language if reader else notice.language
    zone = zoneinfo.ZoneInfo(reader.time_zone if reader else settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        told = kind(notice.kind)
        context = {
            "notice": notice,
            "reader": reader,
            "site_url": settings.SITE_URL,
            "link": settings.SITE_URL + told.path(notice),
            "language": language,
            **told.context(notice),
        }
        subject = " ".join(render_to_string(f"email/{told.name}.subject.txt", context).split())
        text = render_to_string(f"email/{told.name}.txt", context).strip() + "\n"
        html = _inliner.inline(render_to_string(f"email/{told.name}.html", {**context, "subject": subject}))
    mail = EmailMultiAlternatives(
        subject,
        text,
        to=[reader.email if reader else notice.email],
        connection=connection,
        headers={
            "Message-ID": message_id(notice),
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail


def message_id(notice: Notice) -> str:
    """A function of the row: a copy sent after a crash is the same mail to every mailbox."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{notice.pk}:{notice.key}".encode()).hexdigest()[:32]
    return f"<{digest}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"
