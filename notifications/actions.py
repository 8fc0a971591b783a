"""What the office, and the clock, do with notices that were queued."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from notifications.models import Notice

log = structlog.get_logger(__name__)

GUEST_ADDRESS_KEPT = timedelta(days=90)
"""How long the address of a reader without account is kept when the mail could not be sent."""


class NotFailed(Exception):
    """Only a notice that was given up is sent again; the others are sent, waiting or unwanted."""


class NoReader(Exception):
    """The reader is gone or the address was forgotten: there is nobody to send it to."""


@transaction.atomic
def send_again(*, notice: Notice, by: User, now: datetime) -> Notice:
    """Put a failed notice back into the queue, with all its tries. Raises NotFailed or NoReader."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.state != Notice.State.FAILED:
        raise NotFailed
    if notice.recipient_id is None and not notice.email:
        raise NoReader
    notice.state, notice.tries, notice.due_at, notice.last_error = Notice.State.WAITING, 0, now, ""
    notice.save()
    log.info("notice_sent_again", id=notice.pk, by=by.pk)
    return notice


@transaction.atomic
def forget_addresses(*, now: datetime) -> int:
    """Forget the addresses of readers without account once their mail is settled. Gives how many.

    A failed one is kept for 90 days, so that the office can send it again.
    """
    guests = Notice.objects.exclude(email="")
    settled = guests.filter(state__in=(Notice.State.SENT, Notice.State.DROPPED))
    given_up = guests.filter(state=Notice.State.FAILED, queued_at__lt=now - GUEST_ADDRESS_KEPT)
    return settled.update(email="") + given_up.update(email="")
