"""Who has done all they can in a course and waits: for a date that is still to come, or for the coaches."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Case, CharField, Exists, Min, OuterRef, Q, QuerySet, Value, When

from training.choices import SectionState, State
from training.models import Course, CourseSession, Enrolment, Module
from training.queries.dates import held
from training.queries.finishing import dates_are_attended, sections_with, steps_are_missing


class WaitsFor(StrEnum):
    """Empty: for nothing, the next step is the person's own."""

    NOTHING = ""
    DATE = "date"
    ANSWER = "answer"


def waiting(*, now: datetime, only: int | None = None) -> dict[int, WaitsFor]:
    """Who waits for what, by the number of the enrolment; `only` one of them. One query, and a second where a course
    asks for dates or a strategy: it is long, and nobody can wait elsewhere."""
    asking = Course.objects.exclude(state=State.DRAFT).exclude(needs_dates=0, needs_strategy=False)
    courses = list(asking.order_by().values_list("pk", flat=True))
    if not courses:
        return {}
    rows = Enrolment.objects.active().filter(course__in=courses, finished_at=None)
    if only is not None:
        rows = rows.filter(pk=only)
    found = rows.annotate(waits=_waits_for(now=now)).exclude(waits=WaitsFor.NOTHING).order_by()
    return {number: WaitsFor(waits) for number, waits in found.values_list("pk", "waits")}


def _waits_for(*, now: datetime) -> Case:
    """Of an enrolment that is not finished, as SQL. The branches are asked in this order, the cheapest first."""
    modules = Module.objects.filter(course=OuterRef("course")).exclude(section="")
    in_hand = sections_with(SectionState.APPROVED, SectionState.SENT)
    is_ahead = Exists(_ahead(now).filter(course=OuterRef("course")))
    asks_strategy = Q(course__needs_strategy=True)
    return Case(
        When(asks_strategy & Exists(modules.filter(~Exists(in_hand))), then=Value(WaitsFor.NOTHING)),
        When(~dates_are_attended() & ~is_ahead, then=Value(WaitsFor.NOTHING)),
        When(steps_are_missing(), then=Value(WaitsFor.NOTHING)),
        When(
            asks_strategy & Exists(modules.filter(~Exists(sections_with(SectionState.APPROVED)))),
            then=Value(WaitsFor.ANSWER),
        ),
        When(~dates_are_attended(), then=Value(WaitsFor.DATE)),
        default=Value(WaitsFor.NOTHING),
        output_field=CharField(),
    )


def next_dates(courses: set[int], *, now: datetime) -> dict[int, datetime]:
    """When the next date of each course begins, UTC. One query."""
    rows = _ahead(now).filter(course__in=courses).order_by().values("course")
    return dict(rows.annotate(at=Min("session__starts_at")).values_list("course", "at"))


def _ahead(now: datetime) -> QuerySet[CourseSession]:
    return CourseSession.objects.filter(session__in=held().filter(starts_at__gt=now))
