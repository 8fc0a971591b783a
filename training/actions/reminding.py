"""A coach's friendly word to who is stuck."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import queue
from training.emails.coaching import CoachReminder
from training.models import Enrolment

log = structlog.get_logger(__name__)


@transaction.atomic
def remind(*, enrolment: Enrolment, by: User, now: datetime) -> None:
    """Once in a week of the calendar, whoever presses: the key of the notice says so."""
    year, week, _day = now.isocalendar()
    queue(CoachReminder, to=[enrolment.person], about=enrolment, now=now, once=f"{year}w{week}")
    log.info("participant_reminded", enrolment=enrolment.pk, by=by.pk)
