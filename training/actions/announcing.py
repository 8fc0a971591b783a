"""A course is made known to everybody who looks after a partnership."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import queue
from training.actions.inviting import NotPublished
from training.actions.taking_part import NotOpen
from training.choices import State
from training.emails import CourseAnnounced
from training.models import Course
from training.queries.announcing import people_to_tell

log = structlog.get_logger(__name__)


@transaction.atomic
def announce(*, course: Course, by: User, now: datetime) -> int:
    """How many are told; nobody is told of a course twice. Raises NotPublished, and NotOpen once enrolment is over."""
    held = Course.objects.select_for_update().get(pk=course.pk)
    check_may_be_announced(held, now=now)
    people = list(people_to_tell(held, kind=CourseAnnounced.name))
    queue(CourseAnnounced, to=people, about=held, now=now)
    log.info("course_announced", course=held.pk, number=len(people), by=by.pk)
    return len(people)


def check_may_be_announced(course: Course, *, now: datetime) -> None:
    """Raises NotPublished, and NotOpen once enrolment is over."""
    if course.state != State.PUBLISHED:
        raise NotPublished
    if course.enrol_until is not None and course.enrol_until <= now:
        raise NotOpen
