"""What the office changes in a course."""

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from modeltranslation.translator import translator

from accounts.models import User
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
    SelfCheckQuestion,
)
from training.queries.translations import OTHER, is_behind

log = structlog.get_logger(__name__)

Row = Course | Module | Lesson | LessonFile | Question | Answer | ChecklistItem | SelfCheckQuestion


class NothingInIt(Exception):
    """A course without a lesson cannot be published."""


@transaction.atomic
def save_course(*, course: Course, now: datetime) -> Course:
    """Raises NothingInIt."""
    if course.state == State.PUBLISHED and not Lesson.objects.filter(module__course=course.pk).exists():
        raise NothingInIt
    _unify_lines(course)
    _note_languages(course, now=now)
    course.version += 1
    course.save()
    return course


@transaction.atomic
def save_texts(*, row: Row, now: datetime) -> None:
    """From now on loading the files again leaves this row alone. It stays where somebody else has moved it."""
    _unify_lines(row)
    old = _note_languages(row, now=now)
    if isinstance(row, Module | Lesson) and old is not None:
        row.position = old.position
    row.version += 1
    row.save()


@transaction.atomic
def save_date(*, date: CourseSession) -> None:
    date.save()


@transaction.atomic
def remove_date(*, date: CourseSession) -> None:
    """The session takes place all the same, and who was there stays noted."""
    date.delete()


@transaction.atomic
def agree(*, row: Row, by: User, now: datetime) -> None:
    """Somebody has read both languages: they say the same, nothing is outdated."""
    held: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    held.changed_de = held.changed_en = now
    held.version += 1
    held.save(update_fields=("changed_de", "changed_en", "version"))
    log.info("translation_agreed", model=row._meta.label, row=row.pk, by=by.pk)


@transaction.atomic
def publish(*, course: Course, by: User, now: datetime) -> bool:
    """Whether it was not published before. Raises NothingInIt."""
    return _set_state(course, State.PUBLISHED, by=by, now=now)


@transaction.atomic
def archive(*, course: Course, by: User, now: datetime) -> bool:
    """Whether it was not archived before. Who takes part goes on reading; nobody else finds it."""
    return _set_state(course, State.ARCHIVED, by=by, now=now)


def _set_state(course: Course, state: str, *, by: User, now: datetime) -> bool:
    held = Course.objects.select_for_update().get(pk=course.pk)
    if held.state == state:
        return False
    held.state = state
    save_course(course=held, now=now)
    log.info("course_state_changed", course=held.pk, state=state, by=by.pk)
    return True


def _note_languages(row: Row, *, now: datetime) -> Any:
    """Which language is ahead after this edit. Gives the row as it was, locked; None for a new one.

    Both changed: they agree. One changed that was behind: it has caught up, they agree. One changed that was not
    behind: it is ahead, and the other is outdated – unless it only filled what was empty, which is translating.
    """
    old: Any = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if old is None:
        return None
    changed = [code for code in OTHER if _texts(row, code) != _texts(old, code)]
    if not changed:
        return old
    (code, *more) = changed
    if more or is_behind(old, code):
        row.changed_de = row.changed_en = now
    elif any(
        before and before != after for before, after in zip(_texts(old, code), _texts(row, code), strict=True)
    ):
        setattr(row, f"changed_{code}", now)
    return old


def _unify_lines(row: Row) -> None:
    """Browsers end lines in another way than our files: no language was changed by that."""
    for code in OTHER:
        for name in _columns(row, code):
            if text := getattr(row, name):
                setattr(row, name, text.replace("\r\n", "\n"))


def _texts(row: Row, language: str) -> list[str]:
    return [getattr(row, name) or "" for name in _columns(row, language)]


def _columns(row: Row, language: str) -> list[str]:
    options: Any = translator.get_options_for_model(type(row))
    return [f"{name}_{language}" for name in sorted(options.fields)]
