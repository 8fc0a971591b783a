"""The course of the demo world: the real curriculum, open to all, and invented people on their way through it."""

from datetime import datetime, timedelta

from accounts.models import User
from discussions.models import Group
from partnerships.models import Partnership
from training.actions import editing, taking_part
from training.choices import State
from training.loading import load_curriculum
from training.models import Course, Lesson

SLUG = "digitale-partnerschaft"


def make_training(people: dict[str, User], *, now: datetime) -> None:
    """The chair has done three lessons, the coordinator has just begun."""
    chair, coordinator = people["vorsitz@example.org"], people["koordinatorin@example.org"]
    load_curriculum()
    course = Course.objects.get(slug=SLUG)
    if course.state == State.DRAFT:
        course.state, course.enrol_until = State.PUBLISHED, now + timedelta(days=60)
        editing.save_course(course=course, now=now)
    if course.group is None:
        course.group = Group.objects.filter(is_demo=True, memberships__person=chair).order_by("pk").first()
        editing.save_course(course=course, now=now)
    lessons = list(Lesson.objects.filter(module__course=course))
    partnership = Partnership.objects.spoken_for_by(coordinator).filter(is_demo=True).first()
    for person, number in ((chair, 3), (coordinator, 1)):
        begun = now - timedelta(days=9)
        row = taking_part.enrol(course=course, by=person, partnership=partnership, now=begun)
        for lesson in lessons[:number]:
            taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now - timedelta(days=2))
