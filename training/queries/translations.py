"""What of the courses lacks a language, or says in one language what the other does not say yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Model, Q, QuerySet, Value, When

from core.admin_filters import lacks_text
from training.models import (
    Answer,
    ChecklistItem,
    Course,
    Lesson,
    LessonFile,
    Module,
    Question,
    SelfCheckQuestion,
)

OTHER = {"de": "en", "en": "de"}
# With the way to the course each belongs to.
TRANSLATED: tuple[tuple[type[Model], str], ...] = (
    (Course, ""),
    (Module, "course"),
    (Lesson, "module__course"),
    (LessonFile, "lesson__module__course"),
    (Question, "module__course"),
    (Answer, "question__module__course"),
    (ChecklistItem, "module__course"),
    (SelfCheckQuestion, "course"),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A row of a course in which a language is to be worked on. `language` is that language."""

    row: Any
    kind: str
    course: Course
    language: str
    is_missing: bool
    """Else it is there, and the other language was changed after it, at `since` (UTC)."""
    since: datetime | None


def outdated(language: str) -> Q:
    """True for rows whose other language was changed after this one (models.courses.FromFiles)."""
    here, there = f"changed_{language}", f"changed_{OTHER[language]}"
    return Q(**{f"{there}__isnull": False}) & (
        Q(**{f"{here}__isnull": True}) | Q(**{f"{here}__lt": F(there)})
    )


def is_behind(row: Any, language: str) -> bool:
    """The same question of a row at hand."""
    here, there = getattr(row, f"changed_{language}"), getattr(row, f"changed_{OTHER[language]}")
    return there is not None and (here is None or here < there)


def gaps() -> list[Gap]:
    """In courses that are not archived, in the order of the courses. One query for each kind of row."""
    found = [
        gap
        for model, way in TRANSLATED
        for gap in _gaps_of(model, way, ~Q(**{_joined(way, "state"): Course.State.ARCHIVED}))
    ]
    return sorted(found, key=lambda gap: gap.course.slug)


def gaps_in(course: Course) -> list[Gap]:
    """Of this course, whatever its state. One query for each kind of row."""
    return [
        gap for model, way in TRANSLATED for gap in _gaps_of(model, way, Q(**{_joined(way, "pk"): course.pk}))
    ]


def outdated_answers(questions: QuerySet[Question]) -> list[Answer]:
    """Of these questions, in either language."""
    return list(Answer.objects.filter(outdated("de") | outdated("en"), question__in=questions.order_by()))


def _joined(way: str, name: str) -> str:
    return f"{way}__{name}" if way else name


def _gaps_of(model: type[Model], course: str, which: Q) -> list[Gap]:
    """`course` is the way to it."""
    rows: Any = model._default_manager.annotate(
        **{
            f"lacks_{code}": Case(When(lacks_text(model, code), then=Value(True)), default=Value(False))
            for code in OTHER
        }
    ).filter(which, Q(lacks_de=True) | Q(lacks_en=True) | outdated("de") | outdated("en"))
    if course:
        rows = rows.select_related(course)
    found = []
    for row in rows:
        for code, other in OTHER.items():
            is_missing = getattr(row, f"lacks_{code}")
            if is_missing or is_behind(row, code):
                since = None if is_missing else getattr(row, f"changed_{other}")
                kind = str(model._meta.verbose_name)
                found.append(Gap(row, kind, _course_of(row, course), code, is_missing, since))
    return found


def _course_of(row: Any, way: str) -> Course:
    for step in way.split("__") if way else ():
        row = getattr(row, step)
    return row
