"""Mails that came back."""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import transaction

from notifications.addresses import notice_of_bounce
from notifications.bounces import Report, says_mailbox_is_gone
from notifications.models import MailStop, Notice
from notifications.stops import stop

log = structlog.get_logger(__name__)


@transaction.atomic
def note_bounce(report: Report, *, sent_to: Iterable[str] = (), now: datetime) -> bool:
    """Send no more mails to a mailbox that is gone. `sent_to` says further addresses the report came to.

    False where nothing is to be done: no address of ours, an old one, or a failure that may pass.
    """
    gone = next((status for status in report.failures if says_mailbox_is_gone(status)), "")
    notice = next(filter(None, map(notice_of_bounce, [*sent_to, *report.sent_to])), None)
    log.info("bounce", id=notice.pk if notice else None, failures=report.failures, stops=bool(gone))
    if notice is None or not gone:
        return False
    stop(notice, MailStop.Reason.BOUNCED, said=gone, now=now)
    Notice.objects.filter(pk=notice.pk).update(last_error=f"bounced {gone}")
    return True
