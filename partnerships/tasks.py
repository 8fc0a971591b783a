"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from partnerships import actions


@shared_task
def ask_sides() -> None:
    """Whoever is due for the yearly question, its reminders, or the reminder of an invitation."""
    now = timezone.now()
    actions.ask_whether_still_right(now=now)
    actions.remind_invited(now=now)


@shared_task
def look_ahead() -> None:
    now = timezone.now()
    actions.tell_anniversaries(now=now)
    actions.suggest_dormancy(now=now)
