"""The coaches' desk: what waits for an answer, who is stuck and why, how the courses go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.choices import SectionState, State, StrategyState, VersionState
from training.models import Course, Enrolment, Lesson, Strategy, StrategyVersion
from training.queries.revising import WITH_THE_TEAM, due_words
from training.queries.strategies import name_of

SLOW, STUCK = timedelta(days=14), timedelta(days=28)


class Light(StrEnum):
    """Shown as a word with its reason; the colour only repeats it."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Waiting:
    version: StrategyVersion
    name: str
    days: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Participant:
    enrolment: Enrolment
    light: Light
    reason: str
    done: int
    lessons: int


@dataclass(frozen=True, slots=True)
class StrategyLine:
    strategy: Strategy
    name: str
    approved: int
    light: Light
    reason: str


@dataclass(frozen=True, slots=True)
class Figures:
    course: Course
    enrolled: int
    finished: int
    moving: int
    slow: int
    stuck: int


def waiting_versions(*, demo: bool) -> QuerySet[StrategyVersion]:
    """Who waits longest comes first."""
    rows = StrategyVersion.objects.filter(state=VersionState.WAITING).order_by("sent_at")
    return rows if demo else rows.filter(strategy__is_demo=False)


def queue_for(person: Any, *, demo: bool) -> QuerySet[StrategyVersion]:
    """Those of the own partnerships are for other coaches."""
    rows = waiting_versions(demo=demo).exclude(strategy__in=Strategy.objects.of_team(person))
    rows = rows.defer("content").select_related("strategy__partnership", "strategy__coach")
    return rows.prefetch_related(*_sides("strategy__partnership"))


def queue_lines(rows: Sequence[StrategyVersion], person: Any, *, now: datetime) -> list[Waiting]:
    """Of one page."""
    return [
        Waiting(
            version=row,
            name=name_of(row.strategy.partnership),
            days=(now - row.sent_at).days,
            is_mine=row.strategy.coach_id == person.pk,
        )
        for row in rows
    ]


def _sides(path: str) -> tuple[str, str]:
    return f"{path}__sides__municipality", f"{path}__sides__region"


def participants(*, course: str, light: str, now: datetime, demo: bool) -> QuerySet[Enrolment]:
    """Of running courses, without those who have finished; who has been still longest first."""
    rows = (
        Enrolment.objects.active()
        .filter(course__state=State.PUBLISHED, finished_at=None)
        .annotate(last=Coalesce("active_at", "enrolled_at"))
    )
    if not demo:
        rows = rows.filter(course__is_demo=False)
    if course:
        rows = rows.filter(course__slug=course)
    if light == Light.RED:
        rows = rows.filter(last__lte=now - STUCK)
    elif light == Light.AMBER:
        rows = rows.filter(last__lte=now - SLOW, last__gt=now - STUCK)
    elif light == Light.GREEN:
        rows = rows.filter(last__gt=now - SLOW)
    return rows.order_by("last", "pk")


def participant_lines(rows: Sequence[Enrolment], *, now: datetime) -> list[Participant]:
    """Of one page. Two queries: what is done, and how much there is."""
    done = dict(
        Enrolment.objects.filter(pk__in=[row.pk for row in rows])
        .annotate(number=Count("lessons_done"))
        .values_list("pk", "number")
    )
    courses = {row.course_id for row in rows}
    counted = Lesson.objects.filter(module__course__in=courses).order_by().values("module__course")
    lessons = {row["module__course"]: row["number"] for row in counted.annotate(number=Count("pk"))}
    return [
        Participant(
            enrolment=row,
            light=light_of(row.active_at or row.enrolled_at, now=now),
            reason=_why(row, now=now),
            done=done.get(row.pk, 0),
            lessons=lessons.get(row.course_id, 0),
        )
        for row in rows
    ]


def light_of(last: datetime, *, now: datetime) -> Light:
    still = now - last
    if still >= STUCK:
        return Light.RED
    return Light.AMBER if still >= SLOW else Light.GREEN


def _why(row: Enrolment, *, now: datetime) -> str:
    days = (now - (row.active_at or row.enrolled_at)).days
    if row.active_at is None:
        return ngettext(
            "Has not begun since enrolling %(number)s day ago.",
            "Has not begun since enrolling %(number)s days ago.",
            days,
        ) % {"number": days}
    return _still(days)


def _still(days: int) -> str:
    if days < 1:
        return _("Was at it today.")
    return ngettext("Nothing for %(number)s day.", "Nothing for %(number)s days.", days) % {"number": days}


def strategies(*, demo: bool) -> QuerySet[Strategy]:
    """All of them, the longest untouched first."""
    rows = Strategy.objects.annotate(
        last=Coalesce(Max("sections__changed_at"), F("begun_at")),
        approved=Count("sections", filter=Q(sections__state=SectionState.APPROVED)),
        returned=Count("sections", filter=Q(sections__state=SectionState.RETURNED)),
        due_on=Min("sections__due_on", filter=Q(sections__state__in=WITH_THE_TEAM)),
    )
    if not demo:
        rows = rows.filter(is_demo=False)
    return rows.select_related("partnership", "coach").order_by("last", "pk")


def strategy_lines(rows: Sequence[Any], *, now: datetime) -> list[StrategyLine]:
    return [_line(row, now=now) for row in rows]


def _line(row: Any, *, now: datetime) -> StrategyLine:
    days = (now - row.last).days
    light, reason = light_of(row.last, now=now), _still(days)
    if row.state == StrategyState.SENT:
        light, reason = Light.GREEN, _("Waits for our answer.")
    elif row.state in (StrategyState.APPROVED, StrategyState.CARRIED_OUT, StrategyState.REVIEWED):
        light, reason = Light.GREEN, str(row.get_state_display())
    elif row.state == StrategyState.REVISED:
        if row.returned:
            reason = _("Sections are to be revised. %(still)s") % {"still": reason}
        else:
            reason = _("Approved sections are being changed. %(still)s") % {"still": reason}
    if due := due_words(row.due_on, today=timezone.localdate(now)):
        reason = f"{reason} {due}"
    return StrategyLine(row, name_of(row.partnership), row.approved, light, reason)


def figures(*, now: datetime, demo: bool) -> list[Figures]:
    """One query for all courses that are or were open."""
    last = Coalesce("enrolments__active_at", "enrolments__enrolled_at")
    active = Q(enrolments__left_at=None) & ~Q(enrolments__pk=None)
    moving = active & Q(enrolments__finished_at=None)
    rows: Any = Course.objects.exclude(state=State.DRAFT).annotate(last=last)
    if not demo:
        rows = rows.filter(is_demo=False)
    counted = (
        rows.values("pk")
        .annotate(
            enrolled=Count("enrolments", filter=active),
            finished=Count("enrolments", filter=active & ~Q(enrolments__finished_at=None)),
            moving=Count("enrolments", filter=moving & Q(last__gt=now - SLOW)),
            slow=Count("enrolments", filter=moving & Q(last__lte=now - SLOW, last__gt=now - STUCK)),
            stuck=Count("enrolments", filter=moving & Q(last__lte=now - STUCK)),
        )
        .order_by()
    )
    by_course = {row.pop("pk"): row for row in counted}
    courses = Course.objects.filter(pk__in=by_course).order_by("state", "title", "slug")
    return [Figures(course=course, **by_course[course.pk]) for course in courses]


def enrolment_to_remind(number: int) -> Enrolment | None:
    rows = Enrolment.objects.active().filter(course__state=State.PUBLISHED, finished_at=None)
    return rows.select_related("person", "course").filter(pk=number).first()
