"""When a course is finished: the rules in SQL for the sweep, and in words for the person."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from training.choices import Moment, Section, SectionState, State
from training.models import (
    Course,
    CourseCertificate,
    CourseSession,
    Enrolment,
    EnrolmentQuerySet,
    Lesson,
    LessonDone,
    Module,
    Question,
    QuizDone,
    SelfCheckAnswer,
    Strategy,
    StrategySection,
)
from training.queries.dates import attended_by, held
from training.queries.reading import Outline
from webinars.models import Registration

FEWEST_ANSWERS = 5
"""Of the self-check. Of fewer one could guess who gave which."""


def newly_finished() -> EnrolmentQuerySet:
    """Everything is done and nobody has noted it yet. A course without a lesson cannot be finished."""
    rows = Enrolment.objects.active().filter(
        finished_at=None, course__state__in=(State.PUBLISHED, State.ARCHIVED)
    )
    approved = sections_with(SectionState.APPROVED)
    return rows.filter(
        ~steps_are_missing(),
        dates_are_attended(),
        Q(course__needs_strategy=False) | ~Exists(_modules().exclude(section="").filter(~Exists(approved))),
    )


def steps_are_missing() -> Q:
    """Of an enrolment: a lesson or a quiz is still to be done, or the course has no lesson."""
    lessons = Lesson.objects.filter(module__course=OuterRef("course"))
    seen = LessonDone.objects.filter(enrolment=OuterRef(OuterRef("pk")), lesson=OuterRef("pk"))
    tried = QuizDone.objects.filter(enrolment=OuterRef(OuterRef("pk")), module=OuterRef("pk"))
    asked = Question.objects.filter(module=OuterRef("pk"))
    return (
        ~Exists(lessons)
        | Exists(lessons.filter(~Exists(seen)))
        | Q(Exists(_modules().filter(Exists(asked), ~Exists(tried))))
    )


def dates_are_attended() -> Q:
    return Q(course__needs_dates=0) | Q(course__needs_dates__lte=_attended())


def _modules() -> QuerySet[Module]:
    return Module.objects.filter(course=OuterRef("course"))


def _attended() -> Coalesce:
    """How many dates of its course the enrolment's person attended."""
    there = Registration.objects.filter(
        person=OuterRef(OuterRef("person")), session=OuterRef("session"), attended_at__isnull=False
    )
    rows = CourseSession.objects.filter(Exists(there), course=OuterRef("course"), session__in=held())
    counted = rows.order_by().values("course").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def sections_with(*states: SectionState) -> QuerySet[StrategySection]:
    """Within a query of modules within one of enrolments: the team's section the module names, in one of these."""
    return StrategySection.objects.filter(
        strategy__partnership=OuterRef(OuterRef("partnership")),
        code=OuterRef("section"),
        state__in=states,
    )


def missing_of(enrolment: Enrolment, course: Course, outline: Outline) -> list[str]:
    """What is still to be done until the course is finished, a sentence for each rule. At most three queries."""
    return [
        *_missing_steps(outline),
        *_missing_dates(enrolment, course),
        *_missing_sections(enrolment, course),
    ]


def _missing_steps(outline: Outline) -> Iterator[str]:
    lessons = sum(not step.is_done for part in outline.parts for step in part.lessons)
    quizzes = sum(part.quiz is not None and not part.quiz.is_done for part in outline.parts)
    if lessons:
        yield ngettext(
            "%(number)s lesson is not done yet.", "%(number)s lessons are not done yet.", lessons
        ) % {"number": lessons}
    if quizzes:
        yield ngettext(
            "%(number)s quiz is not done yet.", "%(number)s quizzes are not done yet.", quizzes
        ) % {"number": quizzes}


def _missing_dates(enrolment: Enrolment, course: Course) -> Iterator[str]:
    if not course.needs_dates:
        return
    rows = CourseSession.objects.filter(course=course, session__in=held())
    number = course.needs_dates - rows.filter(session__in=attended_by(enrolment).values("session")).count()
    if number > 0:
        yield ngettext(
            "Please attend %(number)s more date of the course.",
            "Please attend %(number)s more dates of the course.",
            number,
        ) % {"number": number}


def _missing_sections(enrolment: Enrolment, course: Course) -> Iterator[str]:
    """Only the team learns which sections are approved."""
    if not course.needs_strategy:
        return
    needed = set(Module.objects.filter(course=course).exclude(section="").values_list("section", flat=True))
    if needed and enrolment.partnership_id is None:
        yield _(
            "The course ends with an approved strategy, and you take part for no partnership. "
            "Stop taking part and enrol again for yours: what you have done is kept."
        )
        return
    own = Strategy.objects.of_team(enrolment.person).filter(partnership=enrolment.partnership_id)
    approved = StrategySection.objects.filter(strategy__in=own, state=SectionState.APPROVED)
    missing = needed - set(approved.values_list("code", flat=True))
    if missing:
        words = [str(section.label) for section in Section if section in missing]
        yield _("These sections of your strategy are not approved yet: %(sections)s.") % {
            "sections": ", ".join(words)
        }


def finished_enrolment(person: User, course: Course) -> Enrolment | None:
    """Also of who has left the course since: what was finished stays so."""
    rows = Enrolment.objects.exclude(finished_at=None).select_related("course", "person")
    return rows.filter(course=course, person=person).first()


def certificate_of(enrolment: Enrolment) -> CourseCertificate | None:
    return CourseCertificate.objects.filter(enrolment=enrolment).first()


def without_certificate(person: User) -> list[Course]:
    """For my desk: courses the person has finished and has no certificate of."""
    rows = Enrolment.objects.exclude(finished_at=None).filter(person=person, certificate=None)
    found = Course.objects.visible_to(person).filter(pk__in=rows.values("course"))
    return list(found.order_by("slug"))


@dataclass(frozen=True, slots=True)
class Effect:
    """Of the self-check: averages from 1 to 5 before and after a course, of `people` who answered both times."""

    people: int
    before: float
    after: float


def selfcheck_effect(courses: QuerySet[Course]) -> Effect | None:
    """Whenever they answered: between two periods one could read off a single answer. For the same reason courses
    are left out one by one where fewer than FEWEST_ANSWERS people answered both times; None where that leaves nothing.
    """
    again = SelfCheckAnswer.objects.filter(
        enrolment=OuterRef("enrolment"), question=OuterRef("question"), moment=Moment.AFTER
    )
    pairs = (
        SelfCheckAnswer.objects.filter(question__course__in=courses, moment=Moment.BEFORE)
        .annotate(again=Subquery(again.values("value")))
        .exclude(again=None)
    )
    rows = list(
        pairs.order_by()
        .values("question__course")
        .annotate(
            people=Count("enrolment", distinct=True),
            pairs=Count("pk"),
            before=Sum("value"),
            after=Sum("again"),
        )
        .filter(people__gte=FEWEST_ANSWERS)
    )
    number = sum(row["pairs"] for row in rows)
    if not number:
        return None
    before, after = (sum(row[name] for row in rows) / number for name in ("before", "after"))
    return Effect(sum(row["people"] for row in rows), round(before, 1), round(after, 1))
