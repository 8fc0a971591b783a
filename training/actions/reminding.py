"""A coach's friendly word to who is stuck."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import queue
from training.emails.coaching import CoachReminder
from training.models import Enrolment
from training.queries.coaching import does_get_on, last_reminder

log = structlog.get_logger(__name__)

APART = timedelta(days=7)


class GetsOn(Exception):
    """Nobody is reminded of what they do anyway, or cannot do yet."""


class RemindedAlready(Exception):
    """Less than seven days ago, whoever pressed."""


@transaction.atomic
def remind(*, enrolment: Enrolment, by: User, now: datetime) -> None:
    """Under the lock of the enrolment, so that the second of two coaches sees the first one's. The key names the
    reminder before: even without the lock the two would be one. Raises GetsOn, RemindedAlready.
    """
    row = Enrolment.objects.select_for_update(of=("self",)).select_related("person").get(pk=enrolment.pk)
    if does_get_on(row, now=now):
        raise GetsOn
    last = last_reminder(row, kind=CoachReminder.name)
    if last is not None and last.queued_at > now - APART:
        raise RemindedAlready
    once = f"after{last.pk}" if last is not None else "first"
    queue(CoachReminder, to=[row.person], about=row, now=now, once=once)
    log.info("participant_reminded", enrolment=row.pk, by=by.pk)
