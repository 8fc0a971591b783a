"""The coaches' desk: what waits for an answer, who is stuck and why, how the courses go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from notifications.models import Notice
from training.choices import Section, SectionState, State, StrategyState, VersionState
from training.models import Course, Enrolment, Lesson, Measure, Strategy, StrategyVersion
from training.queries.revising import WITH_THE_TEAM, due_words
from training.queries.strategies import name_of
from training.queries.waiting import WaitsFor, next_dates, waiting

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


def participants(*, course: str, light: str, now: datetime, demo: bool, waits: Mapping[int, WaitsFor]) -> Any:
    """Of running courses, without those who have finished; who has been still longest first."""
    rows = _seen()
    if not demo:
        rows = rows.filter(course__is_demo=False)
    if course:
        rows = rows.filter(course__slug=course)
    if light == Light.RED:
        rows = rows.filter(last__lte=now - STUCK).exclude(pk__in=waits)
    elif light == Light.AMBER:
        rows = rows.filter(last__lte=now - SLOW, last__gt=now - STUCK).exclude(pk__in=waits)
    elif light == Light.GREEN:
        rows = rows.filter(Q(last__gt=now - SLOW) | Q(pk__in=waits))
    return rows.order_by("last", "pk")


def _seen() -> Any:
    """With the `last` sign of life."""
    rows = Enrolment.objects.active().filter(course__state=State.PUBLISHED, finished_at=None)
    return rows.annotate(last=Greatest("active_at", "enrolled_at"))


def participant_lines(
    rows: Sequence[Any], *, now: datetime, waits: Mapping[int, WaitsFor]
) -> list[Participant]:
    """Of one page of `participants`. Three queries: what is done, how much there is, and the next dates."""
    done = dict(
        Enrolment.objects.filter(pk__in=[row.pk for row in rows])
        .annotate(number=Count("lessons_done"))
        .values_list("pk", "number")
    )
    courses = {row.course_id for row in rows}
    counted = Lesson.objects.filter(module__course__in=courses).order_by().values("module__course")
    lessons = {row["module__course"]: row["number"] for row in counted.annotate(number=Count("pk"))}
    dates = next_dates(courses, now=now)
    return [
        Participant(
            enrolment=row,
            light=_light(row, waits, now=now),
            reason=_why(row, waits.get(row.pk), dates.get(row.course_id), now=now),
            done=done.get(row.pk, 0),
            lessons=lessons.get(row.course_id, 0),
        )
        for row in rows
    ]


def _light(row: Any, waits: Mapping[int, WaitsFor], *, now: datetime) -> Light:
    """Who has done all they can gets on, however long ago that was."""
    return Light.GREEN if row.pk in waits else light_of(row.last, now=now)


def light_of(last: datetime, *, now: datetime) -> Light:
    still = now - last
    if still >= STUCK:
        return Light.RED
    return Light.AMBER if still >= SLOW else Light.GREEN


def _why(row: Any, waits: WaitsFor | None, ahead: datetime | None, *, now: datetime) -> str:
    if waits == WaitsFor.ANSWER:
        return _("Waits for our answer.")
    if waits == WaitsFor.DATE and ahead is not None:
        day = date_format(timezone.localtime(ahead), "DATE_FORMAT")
        return _("Waits for the date on %(day)s.") % {"day": day}
    days = (now - row.last).days
    if row.active_at is not None:
        return _still(days)
    if days < 1:
        return _("Enrolled today.")
    if days < SLOW.days:
        return ngettext("Enrolled %(number)s day ago.", "Enrolled %(number)s days ago.", days) % {
            "number": days
        }
    return ngettext(
        "Has not begun since enrolling %(number)s day ago.",
        "Has not begun since enrolling %(number)s days ago.",
        days,
    ) % {"number": days}


def _still(days: int) -> str:
    if days < 1:
        return _("Was at it today.")
    if days < SLOW.days:
        return ngettext(
            "Last sign of life %(number)s day ago.", "Last sign of life %(number)s days ago.", days
        ) % {"number": days}
    return ngettext("Nothing for %(number)s day.", "Nothing for %(number)s days.", days) % {"number": days}


def strategies(*, demo: bool, today: date) -> QuerySet[Strategy]:
    """All of them, the longest untouched first. A coach's answer is a beginning, too: only then the team can go on.

    `today` is the day on the calendar by which a measure is overdue.
    """
    versions = StrategyVersion.objects.filter(strategy=OuterRef("pk")).order_by().values("strategy")
    late = Measure.objects.running().filter(strategy=OuterRef("pk"), due_on__lt=today)
    rows = Strategy.objects.annotate(
        last=Greatest(
            F("begun_at"),
            Max("sections__changed_at"),
            Subquery(versions.annotate(at=Max("sent_at")).values("at")),
            Subquery(versions.annotate(at=Max("decided_at")).values("at")),
        ),
        approved=Count("sections", filter=Q(sections__state=SectionState.APPROVED)),
        returned=Count("sections", filter=Q(sections__state=SectionState.RETURNED)),
        due_on=Min("sections__due_on", filter=Q(sections__state__in=WITH_THE_TEAM)),
        late=Coalesce(
            Subquery(late.order_by().values("strategy").annotate(number=Count("pk")).values("number")), 0
        ),
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
        light, reason = _after_approval(row, light, reason)
    elif row.state == StrategyState.REVISED:
        if row.returned:
            reason = _("Sections are to be revised. %(still)s") % {"still": reason}
        else:
            reason = _("Approved sections are being changed. %(still)s") % {"still": reason}
    if due := due_words(row.due_on, today=timezone.localdate(now)):
        reason = f"{reason} {due}"
    return StrategyLine(row, name_of(row.partnership), row.approved, light, reason)


_SETTLED = {
    StrategyState.APPROVED: gettext_lazy("All sections are approved."),
    StrategyState.CARRIED_OUT: gettext_lazy("The team is carrying out its measures."),
    StrategyState.REVIEWED: gettext_lazy("The team has looked back at what has come of it."),
}


def _after_approval(row: Any, light: Light, still: str) -> tuple[Light, str]:
    """`light` and `still` as if nothing were approved: they hold on while sections are open and nothing is done yet."""
    still_open = len(Section) - row.approved
    if row.state != StrategyState.APPROVED or not still_open:
        light, reason = Light.GREEN, str(_SETTLED[row.state])
    else:
        words = ngettext(
            "%(number)s section is still open. %(still)s",
            "%(number)s sections are still open. %(still)s",
            still_open,
        )
        reason = words % {"number": still_open, "still": still}
    if row.late and light != Light.RED:
        late = ngettext("%(number)s measure is overdue.", "%(number)s measures are overdue.", row.late)
        return Light.AMBER, late % {"number": row.late}
    return light, reason


def figures(*, now: datetime, demo: bool, waits: Mapping[int, WaitsFor]) -> list[Figures]:
    """Of all courses that are or were open. Two queries."""
    courses = Course.objects.exclude(state=State.DRAFT)
    if not demo:
        courses = courses.filter(is_demo=False)
    idle = Q(finished_at=None, last__lte=now - SLOW) & ~Q(pk__in=waits)
    counted: Any = (
        Enrolment.objects.active()
        .filter(course__in=courses)
        .annotate(last=Greatest("active_at", "enrolled_at"))
        .order_by()
        .values("course")
        .annotate(
            enrolled=Count("pk"),
            finished=Count("pk", filter=~Q(finished_at=None)),
            slow=Count("pk", filter=Q(last__gt=now - STUCK) & idle),
            stuck=Count("pk", filter=Q(last__lte=now - STUCK) & idle),
        )
    )
    by_course = {row.pop("course"): row for row in counted}
    none = dict.fromkeys(_COUNTED, 0)
    return [
        _figures(course, by_course.get(course.pk, none))
        for course in courses.order_by("state", "title", "slug")
    ]


_COUNTED = ("enrolled", "finished", "slow", "stuck")


def _figures(course: Course, counted: dict[str, int]) -> Figures:
    moving = counted["enrolled"] - counted["finished"] - counted["slow"] - counted["stuck"]
    return Figures(course=course, moving=moving, **counted)


def enrolment_to_remind(number: int) -> Enrolment | None:
    rows = Enrolment.objects.active().filter(course__state=State.PUBLISHED, finished_at=None)
    return rows.select_related("person", "course").filter(pk=number).first()


def does_get_on(enrolment: Enrolment, *, now: datetime) -> bool:
    """By the same light as the list; who has finished, left, or whose course is over needs no reminder either."""
    row = _seen().filter(pk=enrolment.pk).first()
    return row is None or _light(row, waiting(now=now, only=row.pk), now=now) == Light.GREEN


def last_reminder(enrolment: Enrolment, *, kind: str) -> Notice | None:
    about = ContentType.objects.get_for_model(Enrolment)
    rows = Notice.objects.filter(kind=kind, about_type=about, about_id=enrolment.pk)
    return rows.order_by("-pk").first()
