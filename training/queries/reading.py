"""A course as its reader sees it, with what they have done: the same few queries however long it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import User
from discussions.models import Group
from partnerships.models import Partnership
from training.enrolling import enrolment_opens, is_enrolment_open
from training.models import (
    ChecklistItem,
    Course,
    Enrolment,
    Lesson,
    LessonDone,
    Module,
    Question,
    QuizDone,
    Tick,
)
from training.queries.dates import Date, dates_of, module_before

_LONG = [f"{name}{language}" for name in ("text", "transcript") for language in ("", "_de", "_en")]


@dataclass(frozen=True, slots=True)
class Step:
    """A lesson or the quiz of a module."""

    title: str
    minutes: int | None
    url: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A module with its steps, and the dates that come after it."""

    module: Module
    url: str
    lessons: list[Step]
    quiz: Step | None
    dates: list[Date] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        return [*self.lessons, *([self.quiz] if self.quiz else [])]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.steps)


@dataclass(frozen=True, slots=True)
class Outline:
    """All of a course; `next` is the first step that is not done, None at the end.

    Dates stand in their place but are no `steps`: nobody can do one today, and one that was missed would keep the
    count from ever being full. `dates` are those before the first module.
    """

    parts: list[Part]
    dates: list[Date] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        return [step for part in self.parts for step in part.steps]

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done), None)


@dataclass(frozen=True, slots=True)
class Row:
    """A course in the list; `opens_at` only before that, `done` only for who takes part."""

    course: Course
    modules: int
    lessons: int
    is_open: bool
    opens_at: datetime | None
    is_mine: bool
    done: int


def outline_of(course: Course, enrolment: Enrolment | None) -> Outline:
    """Four queries, and two more for who takes part."""
    [outline] = _outlines([(course, enrolment)])
    for date in dates_of(course, enrolment):
        _place(outline, date)
    return outline


def _outlines(seats: Sequence[tuple[Course, Enrolment | None]]) -> list[Outline]:
    """Without dates. Three queries, and two more for who takes part, however many there are."""
    courses = [course.pk for course, _enrolment in seats]
    taken = [enrolment.pk for _course, enrolment in seats if enrolment is not None]
    modules: dict[int, list[Module]] = {pk: [] for pk in courses}
    for module in Module.objects.filter(course__in=courses):
        modules[module.course_id].append(module)
    lessons: dict[int, list[Lesson]] = {}
    for lesson in Lesson.objects.filter(module__course__in=courses).defer(*_LONG):
        lessons.setdefault(lesson.module_id, []).append(lesson)
    asked_in = Question.objects.filter(module__course__in=courses).order_by()
    asked = set(asked_in.values_list("module", flat=True))
    # All of one person, and each lesson of one course: its number says enough.
    seen = _done(LessonDone, taken, "lesson")
    tried = _done(QuizDone, taken, "module")
    return [
        Outline(
            [
                _part(course, module, lessons.get(module.pk, []), asked, seen, tried)
                for module in modules[course.pk]
            ]
        )
        for course, _enrolment in seats
    ]


def _place(outline: Outline, date: Date) -> None:
    parts = {part.module.number: part for part in outline.parts}
    before = module_before(date.after_module, parts)
    (parts[before].dates if before is not None else outline.dates).append(date)


def _done(model: Any, enrolments: Sequence[int], what: str) -> set[int]:
    if not enrolments:
        return set()
    return set(model.objects.filter(enrolment__in=enrolments).values_list(what, flat=True))


def _part(
    course: Course, module: Module, lessons: list[Lesson], asked: set[int], seen: set[int], tried: set[int]
) -> Part:
    place = (course.slug, module.number)
    quiz = Step("", None, reverse("training:quiz", args=place), module.pk in tried)
    return Part(
        module=module,
        url=reverse("training:module", args=place),
        lessons=[
            Step(
                lesson.title,
                lesson.minutes,
                reverse("training:lesson", args=(*place, lesson.number)),
                lesson.pk in seen,
            )
            for lesson in lessons
        ],
        quiz=quiz if module.pk in asked else None,
    )


def courses_for(person: Any, *, now: datetime, demo: bool) -> list[Row]:
    """What this person finds: published ones, and their own, also when they are over. Two queries."""
    mine = _progress_of(person)
    courses = Course.objects.visible_to(person).filter(~Q(state=Course.State.ARCHIVED) | Q(pk__in=mine))
    if not demo:
        courses = courses.filter(is_demo=False)
    counted: Any = courses.annotate(
        number_of_modules=Count("modules", distinct=True),
        number_of_lessons=Count("modules__lessons", distinct=True),
    ).order_by("title", "slug")
    return [
        Row(
            course=course,
            modules=course.number_of_modules,
            lessons=course.number_of_lessons,
            is_open=is_enrolment_open(course, now=now),
            opens_at=enrolment_opens(course, now=now),
            is_mine=course.pk in mine,
            done=mine.get(course.pk, 0),
        )
        for course in counted
    ]


def _progress_of(person: Any) -> dict[int, int]:
    """How many lessons are done, by course one takes part in."""
    number = getattr(person, "pk", None)
    if number is None:
        return {}
    rows = Enrolment.objects.active().filter(person=number).annotate(number=Count("lessons_done"))
    return dict(rows.values_list("course", "number"))


def group_of(course: Course, person: Any) -> Group | None:
    """The closed group of the course; named only to its members."""
    if course.group_id is None:
        return None
    return Group.objects.of(person).filter(pk=course.group_id).first()


def ticked(enrolment: Enrolment | None, module: Module) -> list[tuple[ChecklistItem, bool]]:
    items = list(ChecklistItem.objects.filter(module=module))
    if enrolment is None:
        return [(item, False) for item in items]
    chosen = set(Tick.objects.filter(enrolment=enrolment, item__module=module).values_list("item", flat=True))
    return [(item, item.pk in chosen) for item in items]


def neighbours(outline: Outline, url: str) -> tuple[Step | None, Step | None]:
    """The steps before and after the one at this address."""
    steps = outline.steps
    at = next((index for index, step in enumerate(steps) if step.url == url), None)
    if at is None:
        return None, None
    return (steps[at - 1] if at else None), (steps[at + 1] if at + 1 < len(steps) else None)


def next_steps_of(person: User) -> list[tuple[Course, Step, int, int]]:
    """For my desk: where each of one's courses goes on, and how many steps of how many are done. Six queries."""
    rows = Enrolment.objects.active().filter(person=person, course__state=Course.State.PUBLISHED)
    seats = [(row.course, row) for row in rows.select_related("course").order_by("course__slug")]
    return [
        (course, outline.next, outline.done, outline.total)
        for (course, _row), outline in zip(seats, _outlines(seats), strict=True)
        if outline.next is not None
    ]


def strategy_step(enrolment: Enrolment | None, module: Module) -> str:
    """Where what is learned in this module goes into the team's strategy; empty without a team. One query.

    A strategy that is not begun yet is begun at its own address.
    """
    if enrolment is None or not module.section:
        return ""
    own = Partnership.objects.spoken_for_by(enrolment.person).filter(pk=enrolment.partnership_id or 0)
    found: Any = own.values("slug", "strategy").first()
    if found is None:
        return ""
    if found["strategy"] is None:
        return reverse("training:strategy", args=(found["slug"],))
    return reverse("training:section", args=(found["slug"], module.section.lower()))
