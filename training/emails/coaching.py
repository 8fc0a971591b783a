"""From the coaches to who does not get on."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice
from training.choices import State
from training.emails.taking_part import example_course
from training.models import Enrolment
from training.queries.coaching import does_get_on
from training.queries.reading import outline_of


class CoachReminder(Kind):
    """Friendly, with the one next step; nothing about how long it has been."""

    name = "coach_reminder"
    title = _("your coaches ask how it is going")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        # Who has gone on since, or waits for us, needs no reminder.
        return isinstance(row, Enrolment) and not does_get_on(row, now=now)

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Enrolment, notice.about)
        outline = outline_of(row.course, row)
        step = outline.next
        return {"course": row.course, "step": step, "done": outline.done, "total": outline.total}

    def path(self, notice: Notice) -> str:
        row = cast(Enrolment, notice.about)
        step = outline_of(row.course, row).next
        return step.url if step else row.course.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        course = example_course(state=State.PUBLISHED)
        row = Enrolment.objects.create(
            course=course, person=invented_person(language), enrolled_at=now - timedelta(days=40)
        )
        return queued(CoachReminder, to=row.person, about=row, now=now)
