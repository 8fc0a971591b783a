"""When one may enrol: asked by pages and by the action."""

from datetime import datetime

from training.choices import State
from training.models import Course


def is_enrolment_open(course: Course, *, now: datetime) -> bool:
    if course.state != State.PUBLISHED:
        return False
    begun = course.enrol_from is None or course.enrol_from <= now
    return begun and (course.enrol_until is None or now < course.enrol_until)


def enrolment_opens(course: Course, *, now: datetime) -> datetime | None:
    """Only while it lies ahead."""
    is_ahead = course.state == State.PUBLISHED and course.enrol_from is not None and now < course.enrol_from
    return course.enrol_from if is_ahead else None
