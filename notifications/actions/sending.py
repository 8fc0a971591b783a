"""What the office does with notices that could not be delivered."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.models import Notice

log = structlog.get_logger(__name__)


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
