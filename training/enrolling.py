"""When one may enrol: asked by pages and by the action."""

from datetime import datetime

from training.choices import State
from training.models import Course


def is_enrolment_open(course: Course, *, now: datetime) -> bool:
    if course.state != State.PUBLISHED:
        return False
    begun = course.enrol_from is None or course.enrol_from <= now
    return begun and (course.enrol_until is None or now < course.enrol_until)
