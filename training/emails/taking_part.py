"""To who takes part in a course."""

from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice
from training.choices import State
from training.models import Course, Enrolment, Lesson, Module


class CourseEnrolled(Kind):
    """With the first lesson, so that the mailbox leads back to the course."""

    name = "course_enrolled"
    title = _("you take part in a course")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, Enrolment) and row.left_at is None

    def context(self, notice: Notice) -> dict[str, Any]:
        course = cast(Enrolment, notice.about).course
        lessons = Lesson.objects.filter(module__course=course)
        return {"course": course, "lessons": lessons.count(), "first": lessons.first()}

    def path(self, notice: Notice) -> str:
        return cast(Enrolment, notice.about).course.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        course = example_course(state=State.PUBLISHED)
        row = Enrolment.objects.create(course=course, person=invented_person(language), enrolled_at=now)
        return queued(CourseEnrolled, to=row.person, about=row, now=now)


def example_course(*, state: State) -> Course:
    """With one lesson; only inside `Kind.example`."""
    words = {"title_de": "Beispielkurs", "title_en": "Example course"}
    course = Course.objects.create(slug="preview-example", state=state, is_demo=True, **words)
    module = Module.objects.create(course=course, number=1, title_de="Anfang", title_en="Beginning")
    titles = {"title_de": "Wo wir stehen", "title_en": "Where we stand"}
    Lesson.objects.create(module=module, number=1, minutes=10, **titles)
    return course
