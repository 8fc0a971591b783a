"""Addresses to which no mails go any more."""

from datetime import datetime

import structlog

from notifications.addresses import address_digest, reader_digest
from notifications.models import MailStop, Notice

log = structlog.get_logger(__name__)


def stop(notice: Notice, reason: str, *, said: str = "", now: datetime) -> None:
    """The address this notice went to. A mailbox that is gone outweighs a wish: it holds for everybody."""
    MailStop.objects.update_or_create(
        address=reader_digest(notice),
        defaults={"person": notice.recipient, "reason": reason, "said": said, "stopped_at": now},
    )
    log.info("mails_stopped", person=notice.recipient_id, reason=reason, said=said)


def lift(email: str) -> None:
    """The reader of this address, who has proved it just now, wants mails again. A mailbox that is gone stays gone."""
    stops = MailStop.objects.filter(address=address_digest(email)).exclude(reason=MailStop.Reason.BOUNCED)
    if stops.delete()[0]:
        log.info("mail_stop_lifted")
