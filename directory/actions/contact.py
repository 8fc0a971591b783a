"""Messages passed on to people whose addresses nobody sees."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from directory.contacts import readers_of
from directory.emails import MessagePassedOn
from directory.models import ContactMessage
from notifications.outbox import queue

MESSAGES_KEPT = timedelta(days=90)


@transaction.atomic
def send_message(
    *,
    subject: Model,
    subject_name: str,
    text: str,
    name: str,
    email: str,
    language: str,
    by: User | None,
    now: datetime,
) -> ContactMessage:
    """Pass a message on to whoever looks after `subject`, or to the office. `by` is None for visitors."""
    message = ContactMessage.objects.create(
        subject=subject,
        subject_name=subject_name[:200],
        sender=by,
        sender_name=name,
        sender_email=email,
        language=language,
        text=text,
        sent_at=now,
    )
    queue(MessagePassedOn, to=readers_of(subject), about=message, now=now)
    return message


@transaction.atomic
def forget_messages(*, now: datetime) -> int:
    """Delete messages, and the senders' addresses with them, after 90 days. Gives how many."""
    deleted, _ = ContactMessage.objects.filter(sent_at__lt=now - MESSAGES_KEPT).delete()
    return deleted
