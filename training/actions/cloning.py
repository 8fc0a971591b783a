"""Last year's course again: everything that is taught, nothing of who took part."""

import copy
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.models import User
from core.wall_time import days_before
from training.choices import State
from training.models import (
    Answer,
    ChecklistItem,
    Course,
    CourseSession,
    Lesson,
    LessonFile,
    Module,
    Question,
)
from webinars.actions import copy_session

log = structlog.get_logger(__name__)


class AddressTaken(Exception):
    """There is a course at this address."""


@transaction.atomic
def clone_course(
    *, course: Course, slug: str, titles: Mapping[str, str], shift: int, by: User, now: datetime
) -> Course:
    """A draft without people, group and mails. `titles` by column: "title_de", "title_en".

    Every date is `shift` days later at the same wall time: those of enrolment on the clock of the office, each
    session on the clock of its own zone. Sessions are copied as drafts. Raises AddressTaken, NoSuchTime.
    """
    made = _clone_of(course, slug=slug, state=State.DRAFT, group=None, version=1, **titles)
    for name in ("enrol_from", "enrol_until"):
        setattr(made, name, shifted(getattr(course, name), shift))
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise AddressTaken from error
    _copy_lessons(course, made)
    for question in course.selfcheck.all():
        _clone_of(question, course=made).save()
    for date in course.dates.select_related("session"):
        day = date.session.day + timedelta(days=shift)
        session = copy_session(session=date.session, day=day, by=by, now=now)
        CourseSession.objects.create(course=made, session=session, after_module=date.after_module)
    log.info("course_cloned", course=course.pk, clone=made.pk, shift=shift, by=by.pk)
    return made


def shifted(moment: datetime | None, days: int) -> datetime | None:
    """The same time on the clock of the office, so many days later. A skipped time becomes the first one after it."""
    return None if moment is None else days_before(moment, settings.TIME_ZONE, -days)


def _copy_lessons(course: Course, made: Course) -> None:
    """A few statements for any number of lessons."""
    modules = _copied(Module.objects.filter(course=course), "course", {course.pk: made})
    lessons = _copied(Lesson.objects.filter(module__course=course), "module", modules)
    _copied(LessonFile.objects.filter(lesson__module__course=course), "lesson", lessons)
    _copied(ChecklistItem.objects.filter(module__course=course), "module", modules)
    questions = _copied(Question.objects.filter(module__course=course), "module", modules)
    _copied(Answer.objects.filter(question__module__course=course), "question", questions)


def _copied(rows: Iterable[Any], parent: str, parents: Mapping[int, Model]) -> dict[int, Any]:
    """Clones below the clones of their parents, by the number of the row they are of."""
    clones = {row.pk: _clone_of(row, **{parent: parents[getattr(row, f"{parent}_id")]}) for row in rows}
    if clones:
        type(next(iter(clones.values())))._default_manager.bulk_create(clones.values())
    return clones


def _clone_of(row: Any, **other: Any) -> Any:
    """With all texts as they are in every language, and known as loaded from the files if the row was."""
    clone = copy.copy(row)
    clone._state = copy.copy(row._state)
    clone._state.adding, clone._state.fields_cache = True, {}
    clone.pk = None
    for name, value in other.items():
        setattr(clone, name, value)
    return clone
