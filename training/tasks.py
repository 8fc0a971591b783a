"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from training.actions import measures, signs
from training.actions.finishing import finish_courses


@shared_task
def look_at_courses() -> None:
    """Each hour: who was at a date, and who has finished a course."""
    now = timezone.now()
    signs.note_attendance(now=now)
    finish_courses(now=now)


@shared_task
def look_at_strategies() -> None:
    """Each hour: measures that are due, and strategies whose hundred days or year are over."""
    now = timezone.now()
    measures.remind_of_measures(now=now)
    measures.ask_for_reviews(now=now)
