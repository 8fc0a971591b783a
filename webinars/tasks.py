"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from webinars import actions


@shared_task
def look_at_sessions() -> None:
    """Each minute: reminders that have come due, offers that are over, thanks for yesterday."""
    now = timezone.now()
    actions.expire_offers(now=now)
    actions.queue_due_reminders(now=now)
    actions.thank_participants(now=now)
