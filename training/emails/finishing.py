"""To who has finished a course."""

from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice
from training.choices import State
from training.models import Course, Enrolment


class CourseFinished(Kind):
    """Told once, by the sweep that found everything done."""

    name = "course_finished"
    title = _("you have finished a course")
    reads = ("course",)

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, Enrolment) and row.finished_at is not None

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"course": cast(Enrolment, notice.about).course}

    def path(self, notice: Notice) -> str:
        return reverse("training:certificate", args=(cast(Enrolment, notice.about).course.slug,))

    def example(self, *, language: str, now: datetime) -> Notice:
        words = {"title_de": "Beispielkurs", "title_en": "Example course"}
        course = Course.objects.create(slug="preview-example", state=State.PUBLISHED, is_demo=True, **words)
        row = Enrolment.objects.create(
            course=course, person=invented_person(language), enrolled_at=now, finished_at=now
        )
        return queued(CourseFinished, to=row.person, about=row, now=now)
