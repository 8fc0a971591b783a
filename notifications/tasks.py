"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from notifications.delivery import deliver_due


@shared_task
def deliver() -> None:
    deliver_due(now=timezone.now())
