"""A course as the office sees it from above: what stands in what, in which order, and what is to be translated."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language_info

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
from training.queries.dates import module_before
from training.queries.translations import Gap, gaps_in

_LONG = [f"{name}{language}" for name in ("text", "transcript") for language in ("", "_de", "_en")]
_NEEDED = ("title", "title_de", "title_en", "day", "begins", "starts_at", "zone", "state")
MOVABLE: dict[str, type[Module | Lesson]] = {"module": Module, "lesson": Lesson}


@dataclass(frozen=True, slots=True)
class Mark:
    """A language, by its name, that is missing or, since a moment (UTC), outdated. `kind` where it is that of a row
    without a place of its own: an answer, a download."""

    language: str
    since: datetime | None
    kind: str


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` is the name of its model: the form that changes the row is found by it."""

    row: Any
    kind: str
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """A module; its dates come after it."""

    node: Node
    lessons: list[Node]
    questions: list[Node]
    checklist: list[Node]
    dates: list[Node] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(lesson.row.minutes for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Tree:
    """`dates` are those before the first module."""

    course: Node
    parts: list[Part]
    selfcheck: list[Node]
    dates: list[Node] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


def part_of(course: Course, kind: str, number: int) -> Module | Lesson | None:
    """What can be moved in this course, by its primary key."""
    way = "course" if kind == "module" else "module__course"
    rows: Any = MOVABLE[kind]._default_manager
    found: Module | Lesson | None = rows.filter(**{way: course, "pk": number}).first()
    return found


def tree_of(course: Course) -> Tree:
    """The same number of queries however long the course is."""
    marks = _marks(course)
    lessons = _below(Lesson.objects.filter(module__course=course).defer(*_LONG), marks)
    asked = Question.objects.filter(module__course=course).annotate(number_of_answers=Count("answers"))
    questions = _below(asked, marks)
    checklist = _below(ChecklistItem.objects.filter(module__course=course), marks)
    parts = [
        Part(_node(row, marks), lessons[row.pk], questions[row.pk], checklist[row.pk])
        for row in Module.objects.filter(course=course)
    ]
    selfcheck = [_node(row, marks) for row in SelfCheckQuestion.objects.filter(course=course)]
    tree = Tree(_node(course, marks), parts, selfcheck)
    _place_dates(tree, course)
    return tree


def _place_dates(tree: Tree, course: Course) -> None:
    """All of them: drafts and cancelled ones, too, which nobody who takes part finds in their course."""
    parts = {part.node.row.number: part for part in tree.parts}
    rows = (
        CourseSession.objects.filter(course=course)
        .select_related("session")
        .only("after_module", *(f"session__{name}" for name in _NEEDED))
        .order_by("after_module", "session__starts_at", "pk")
    )
    for row in rows:
        before = module_before(row.after_module, parts)
        (tree.dates if before is None else parts[before].dates).append(_node(row, {}))


Marks = dict[tuple[str, int], list[Mark]]


def _below(rows: Iterable[Any], marks: Marks) -> dict[int, list[Node]]:
    """By module, in the order of the rows."""
    found: dict[int, list[Node]] = defaultdict(list)
    for row in rows:
        found[row.module_id].append(_node(row, marks))
    return found


def _node(row: Any, marks: Marks) -> Node:
    kind = row._meta.model_name
    return Node(row, kind, marks.get((kind, row.pk), []))


def _marks(course: Course) -> Marks:
    """By kind of row and primary key."""
    found: Marks = defaultdict(list)
    for gap in gaps_in(course):
        place, kind = _place_of(gap)
        language = str(get_language_info(gap.language)["name_translated"])
        found[place].append(Mark(language, gap.since, kind))
    return found


def _place_of(gap: Gap) -> tuple[tuple[str, int], str]:
    """Where it is shown, and what it is if that is not its own place."""
    match gap.row:
        case Answer(question_id=number):
            return ("question", number), gap.kind
        case LessonFile(lesson_id=number):
            return ("lesson", number), gap.kind
        case row:
            return (row._meta.model_name, row.pk), ""
