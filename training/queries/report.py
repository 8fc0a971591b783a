"""The figures for the funder. What each one counts is said beside it; nobody is named."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.wall_time import moment_of
from directory.models import Claim, Country
from partnerships.models import PartnershipSide, SideContact
from training.choices import Section, SectionState
from training.models import Course, CourseCertificate, Enrolment, Measure, Strategy, StrategyVersion
from training.queries.finishing import FEWEST_ANSWERS as FEWEST_PEOPLE
from training.queries.finishing import Effect, selfcheck_effect
from webinars.choices import Seat, State
from webinars.models import Feedback, Registration, Session
from webinars.queries.desk import FEWEST_ANSWERS

QUESTIONS = ("useful", "understandable", "technology")


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it, on the clock of the office."""

    since: date
    until: date

    @property
    def begins(self) -> datetime:
        return moment_of(datetime.combine(self.since, time()), settings.TIME_ZONE)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return moment_of(datetime.combine(self.until + timedelta(days=1), time()), settings.TIME_ZONE)

    def holds(self, column: str) -> Q:
        """For moments."""
        return Q(**{f"{column}__gte": self.begins, f"{column}__lt": self.ends})


@dataclass(frozen=True, slots=True)
class FromCountry:
    """`name` in the reader's language; empty where the country is not known."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Averages from 1 to 5, of sessions with at least FEWEST_ANSWERS answers each; None without any."""

    answers: int
    useful: float | None = None
    understandable: float | None = None
    technology: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    period: Period
    course: Course | None
    people: int
    countries: list[FromCountry]
    enrolments: int
    finished: int
    certificates: int
    partnerships: int
    strategies_begun: int
    strategies_sent: int
    strategies_approved: int
    strategies_approved_whole: int
    strategies_published: int
    measures_done: int
    partnerships_with_a_measure_done: int
    sessions: int
    seats: int
    attended: int
    marks: Marks
    effect: Effect | None = None
    """Whatever the period."""


@dataclass(frozen=True, slots=True)
class Table:
    """As page, spreadsheet and paper show it."""

    title: str
    headings: tuple[str, str]
    rows: list[tuple[str, Any]] = field(default_factory=list)
    note: str = ""


def report(period: Period, *, course: Course | None, demo: bool, now: datetime) -> Report:
    """The same number of queries for any number of people. Invented examples count only with `demo`."""
    enrolled = _enrolments(course, demo).filter(period.holds("enrolled_at"))
    certificates = CourseCertificate.objects.filter(
        period.holds("issued_at"), revoked_at=None, enrolment__in=_enrolments(course, demo)
    )
    strategies = _strategies(course, demo)
    sent = StrategyVersion.objects.filter(period.holds("sent_at"), strategy__in=strategies)
    done = Measure.objects.filter(
        strategy__in=strategies,
        state=Measure.State.DONE,
        settled_on__gte=period.since,
        settled_on__lte=period.until,
    )
    sessions = _sessions(period, course, demo=demo, now=now)
    seats = Registration.objects.filter(session__in=sessions)
    countries = _by_country(enrolled)
    return Report(
        period=period,
        course=course,
        people=sum(row.people for row in countries),
        countries=countries,
        enrolments=enrolled.count(),
        finished=_enrolments(course, demo).filter(period.holds("finished_at")).count(),
        certificates=certificates.count(),
        partnerships=enrolled.exclude(partnership=None).order_by().values("partnership").distinct().count(),
        strategies_begun=strategies.filter(period.holds("begun_at")).count(),
        strategies_sent=sent.order_by().values("strategy").distinct().count(),
        strategies_approved=strategies.filter(period.holds("approved_at")).count(),
        strategies_approved_whole=_approved_whole(strategies, period),
        strategies_published=strategies.filter(period.holds("published_at")).count(),
        measures_done=done.count(),
        partnerships_with_a_measure_done=done.order_by().values("strategy").distinct().count(),
        sessions=sessions.count(),
        seats=seats.filter(Q(state=Seat.SEAT) | Q(attended_at__isnull=False)).count(),
        attended=seats.exclude(attended_at=None).count(),
        marks=_marks(sessions),
        effect=selfcheck_effect(_courses(course, demo)),
    )


def courses(*, demo: bool) -> QuerySet[Course]:
    """Those a report can be about."""
    rows = Course.objects.order_by("title", "slug")
    return rows if demo else rows.filter(is_demo=False)


def _courses(course: Course | None, demo: bool) -> QuerySet[Course]:
    return courses(demo=demo) if course is None else Course.objects.filter(pk=course.pk)


def _enrolments(course: Course | None, demo: bool) -> Any:
    rows = Enrolment.objects.all() if course is None else Enrolment.objects.filter(course=course)
    return rows if demo else rows.filter(course__is_demo=False)


def _strategies(course: Course | None, demo: bool) -> QuerySet[Strategy]:
    """Of all partnerships, or of those that take part in the course."""
    rows = Strategy.objects.all() if demo else Strategy.objects.filter(is_demo=False)
    if course is None:
        return rows
    return rows.filter(partnership__in=Enrolment.objects.filter(course=course).values("partnership"))


def _approved_whole(strategies: QuerySet[Strategy], period: Period) -> int:
    """All sections as they stand now, by the day of the last answer."""
    approved = Count("sections", filter=Q(sections__state=SectionState.APPROVED), distinct=True)
    rows = strategies.annotate(good=approved, answered_at=Max("versions__decided_at"))
    return rows.filter(period.holds("answered_at"), good=len(Section)).count()


def _sessions(period: Period, course: Course | None, *, demo: bool, now: datetime) -> QuerySet[Session]:
    """Held: published and over."""
    rows = Session.objects.filter(period.holds("ends_at"), state=State.PUBLISHED, ends_at__lte=now)
    if course is not None:
        rows = rows.filter(pk__in=course.dates.values("session"))
    return rows if demo else rows.filter(is_demo=False)


def _marks(sessions: QuerySet[Session]) -> Marks:
    """Sessions with few answers are left out one by one: else two reports with a day between would tell a single
    answer."""
    enough = (
        Feedback.objects.values("session").annotate(number=Count("pk")).filter(number__gte=FEWEST_ANSWERS)
    )
    rows = Feedback.objects.filter(session__in=sessions).filter(session__in=enough.values("session"))
    found = rows.aggregate(answers=Count("pk"), **{name: Avg(name) for name in QUESTIONS})
    if not found["answers"]:
        return Marks(0)
    return Marks(found["answers"], **{name: round(float(found[name]), 1) for name in QUESTIONS})


# --- countries


def _by_country(enrolled: Any) -> list[FromCountry]:
    """Each person once: where the side lies they speak for in the partnership they take part for; else the country
    of the time zone they have chosen for their account. The most people first,
    those of no known country last."""
    rows = list(enrolled.order_by("pk").values_list("person", "partnership", "person__time_zone"))
    sides = _sides_of({person for person, partnership, _zone in rows if partnership is not None})
    names, of_zones = _countries()
    found: dict[int, str] = {}
    for person, partnership, zone in rows:
        side = sides.get((person, partnership))
        if side or person not in found:
            found[person] = side or of_zones.get(zone, "")
    counted: dict[str, int] = {}
    for code in found.values():
        counted[code] = counted.get(code, 0) + 1
    shown = [FromCountry(names.get(code, ""), people) for code, people in counted.items()]
    return sorted(shown, key=lambda row: (not row.name, -row.people, row.name))


def _sides_of(people: Iterable[int]) -> dict[tuple[int, int], str]:
    """The country of the side, by person and partnership."""
    country = ("side__municipality__country", "side__region__country")
    contacts = SideContact.objects.current().filter(person__in=people)
    found = {
        (person, partnership): town or region
        for person, partnership, town, region in contacts.order_by("-pk").values_list(
            "person", "side__partnership", *country
        )
    }
    claims = PartnershipSide.objects.filter(
        municipality__claims__person__in=people, municipality__claims__state=Claim.State.ACCEPTED
    )
    for person, partnership, town in claims.values_list(
        "municipality__claims__person", "partnership", "municipality__country"
    ):
        found.setdefault((person, partnership), town)
    return found


def _countries() -> tuple[dict[str, str], dict[str, str]]:
    """Names by code, and codes by time zone: each of our zones is that of one country."""
    rows = list(Country.objects.all())
    of_zones: dict[str, str] = {}
    for row in rows:
        of_zones.setdefault(row.time_zone, row.code)
    return {row.code: row.name for row in rows}, of_zones


# --- as tables


def tables(found: Report) -> list[Table]:
    """In the reader's language."""
    figure = (_("figure"), pgettext("count", "number"))
    marks = found.marks
    shown = {
        _("How useful was the session?"): marks.useful,
        _("How well could you follow?"): marks.understandable,
        _("How well did the technology work?"): marks.technology,
    }
    return [
        Table(
            _("Taking part"),
            figure,
            [
                (_("people who enrolled"), found.people),
                (_("enrolments"), found.enrolments),
                (_("courses finished"), found.finished),
                (_("certificates issued"), found.certificates),
                (_("partnerships taking part"), found.partnerships),
            ],
            _(
                "Counted by the day of the enrolment, of the end, and of the certificate. Revoked certificates do "
                "not count."
            ),
        ),
        Table(
            _("People by country"),
            (_("country"), _("people")),
            [(row.name or _("not known"), row.people) for row in found.countries],
            _(
                "Each person once: where the town lies that the person speaks for in the partnership, else the country "
                "of the time zone the person has chosen."
            ),
        ),
        Table(
            _("Strategies and first projects"),
            figure,
            [
                (_("strategies begun"), found.strategies_begun),
                (_("strategies sent to the coaches"), found.strategies_sent),
                (_("strategies with an approved version"), found.strategies_approved),
                (_("strategies with all sections approved"), found.strategies_approved_whole),
                (_("summaries published"), found.strategies_published),
                (_("measures done"), found.measures_done),
                (_("partnerships with a measure done"), found.partnerships_with_a_measure_done),
            ],
            _(
                "An approved version counts by the day of the first approval. All sections are those approved now, "
                "by the day of the last answer; published is what is public now."
            ),
        ),
        Table(
            _("Sessions"),
            figure,
            [
                (_("sessions held"), found.sessions),
                (_("seats taken"), found.seats),
                (_("people who attended"), found.attended),
            ],
            _("Who came to several sessions is counted for each of them."),
        ),
        Table(
            _("Self-check"),
            figure,
            _effect_rows(found.effect),
            _(
                "All who have answered before the course and after it, whatever the period. Only courses with at "
                "least %(fewest)s such people."
            )
            % {"fewest": FEWEST_PEOPLE},
        ),
        Table(
            _("Feedback"),
            (_("question"), _("average from 1 to 5")),
            [(words, mark) for words, mark in shown.items() if mark is not None]
            + [(_("answers"), marks.answers)],
            _("Only sessions with at least %(fewest)s answers.") % {"fewest": FEWEST_ANSWERS},
        ),
    ]


def _effect_rows(effect: Effect | None) -> list[tuple[str, Any]]:
    if effect is None:
        return []
    return [
        (_("people who answered both times"), effect.people),
        (_("average before, from 1 to 5"), effect.before),
        (_("average after, from 1 to 5"), effect.after),
    ]
