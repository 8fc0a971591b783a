"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from discussions.actions.retention import delete_due_groups


@shared_task
def delete_groups() -> None:
    """Each hour: groups whose deletion was announced two weeks ago."""
    delete_due_groups(now=timezone.now())
