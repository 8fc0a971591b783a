"""The courses of the demo world: the real curriculum runs, with invented people on their way through it; an invented
round of last year is finished, and the next one is planned."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from core.wall_time import days_before
from directory.models import Municipality
from discussions.models import Group
from partnerships.models import Partnership
from portal.demo_course_dates import EVENING, KICK_OFF
from portal.demo_sessions import CHAIR, COACH, COORDINATOR, PARTNER, ZONE, day_at, make_session
from training.actions import editing, finishing, selfcheck, taking_part
from training.actions.cloning import clone_course
from training.choices import Moment, State
from training.loading import load_curriculum
from training.models import Course, CourseSession, Enrolment, Lesson, Module, SelfCheckQuestion
from webinars import actions as sessions
from webinars.choices import AttendedHow
from webinars.models import Session

SLUG, LAST_YEARS, NEXT = "digitale-partnerschaft", "beispiel-letztes-jahr", "beispiel-naechste-runde"
YEAR, TWELVE_WEEKS = timedelta(days=364), 84
TITLES = {
    LAST_YEARS: {
        "title_de": "Digitale Partnerschaft, letztes Jahr (Beispiel)",
        "title_en": "Digital partnership, last year (example)",
    },
    NEXT: {
        "title_de": "Digitale Partnerschaft, nächste Runde (Beispiel)",
        "title_en": "Digital partnership, next round (example)",
    },
}
BEFORE, AFTER = (1, 2, 2, 1, 3, 2, 1, 2, 1, 2), (4, 3, 4, 4, 4, 3, 3, 4, 3, 2)
"""What somebody answered in the self-check, question by question."""


def make_training(people: Mapping[str, User], *, town: Municipality | None, now: datetime) -> None:
    """Make what is not there yet; `town` is where people meet. A date of the running course that is over is followed
    by another one."""
    load_curriculum()
    course = _running(people, now=now)
    # Copied before the course has dates of its own: last year had others.
    _last_years(course, people, town, now=now)
    _dates(course, people, town, now=now)
    _next(course, people, now=now)


def _running(people: Mapping[str, User], *, now: datetime) -> Course:
    """The chair has done three lessons, the coordinator has just begun."""
    chair, coordinator = people[CHAIR], people[COORDINATOR]
    course = Course.objects.get(slug=SLUG)
    if course.state == State.DRAFT:
        course.state, course.enrol_until = State.PUBLISHED, now + timedelta(days=60)
        editing.save_course(course=course, now=now)
    if course.group is None:
        course.group = Group.objects.filter(is_demo=True, memberships__person=chair).order_by("pk").first()
        editing.save_course(course=course, now=now)
    lessons = list(Lesson.objects.filter(module__course=course))
    for person, number in ((chair, 3), (coordinator, 1)):
        partnership = _first_of(person)
        begun = now - timedelta(days=9)
        row = taking_part.enrol(course=course, by=person, partnership=partnership, now=begun)
        for lesson in lessons[:number]:
            taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now - timedelta(days=2))
    return course


def _dates(course: Course, people: Mapping[str, User], town: Municipality | None, *, now: datetime) -> None:
    """A kick-off where both were, and an evening ahead."""
    if not course.dates.exists():
        there = (people[CHAIR], people[COORDINATOR])
        _kick_off(course, day_at(now, -6, 14), there, people, town, now=now)
    if not course.dates.filter(session__starts_at__gt=now).exists():
        evening = make_session(EVENING, day_at(now, 13, 18), people, now=now)
        editing.save_date(date=CourseSession(course=course, session=evening, after_module=1))
        sessions.register(session=evening, by=people[CHAIR], now=now)


def _kick_off(
    course: Course,
    starts_at: datetime,
    there: tuple[User, ...],
    people: Mapping[str, User],
    town: Municipality | None,
    *,
    now: datetime,
) -> Session:
    """Everything happened when it would have: mails about it are out of date, and thanked for it is already."""
    before = starts_at - timedelta(days=14)
    facts: dict[str, Any] = KICK_OFF | {"municipality": town, "thanked_at": now}
    session = make_session(facts, starts_at, people, now=before)
    editing.save_date(date=CourseSession(course=course, session=session))
    for person in there:
        row = sessions.register(session=session, by=person, now=before)
        sessions.check_in(registration=row, how=AttendedHow.LIST, by=people[COACH], now=starts_at)
    return session


def _last_years(
    course: Course, people: Mapping[str, User], town: Municipality | None, *, now: datetime
) -> None:
    """In the archive. Two people have finished it with a certificate, one of them with both self-checks."""
    if Course.objects.filter(slug=LAST_YEARS).exists():
        return
    begun = days_before(now, ZONE, YEAR.days)
    made = _copy(course, LAST_YEARS, -YEAR.days, people, now=now)
    made.needs_dates, made.state = 1, State.ARCHIVED
    made.enrol_from, made.enrol_until = begun - timedelta(days=60), begun
    editing.save_course(course=made, now=now)
    there = (people[COORDINATOR], people[PARTNER])
    _kick_off(made, day_at(begun, 3, 14), there, people, town, now=now)
    for number, person in enumerate(there):
        _go_through(made, person, checks=number == 0, begun=begun - timedelta(days=10 - number))


def _go_through(course: Course, person: User, *, checks: bool, begun: datetime) -> None:
    """To the certificate. The row is written here and not by enrolling: nobody is told anew what was a year ago."""
    row = Enrolment.objects.create(
        course=course, person=person, partnership=_first_of(person), enrolled_at=begun
    )
    if checks:
        _check(row, Moment.BEFORE, BEFORE)
    done = begun
    for module in Module.objects.filter(course=course):
        for lesson in Lesson.objects.filter(module=module):
            done += timedelta(days=4)
            taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=done)
        taking_part.note_quiz(enrolment=row, module=module, now=done)
    row.refresh_from_db()
    row.finished_at = done + timedelta(hours=1)
    row.save(update_fields=("finished_at",))
    if checks:
        _check(row, Moment.AFTER, AFTER)
    finishing.issue_certificate(enrolment=row, name=person.display_name, now=done + timedelta(days=1))


def _first_of(person: User) -> Partnership | None:
    return Partnership.objects.spoken_for_by(person).filter(is_demo=True).order_by("pk").first()


def _check(row: Enrolment, moment: Moment, said: tuple[int, ...]) -> None:
    asked = (
        SelfCheckQuestion.objects.filter(course=row.course).order_by("number").values_list("pk", flat=True)
    )
    selfcheck.answer_selfcheck(enrolment=row, moment=moment, values=dict(zip(asked, said, strict=False)))


def _next(course: Course, people: Mapping[str, User], *, now: datetime) -> None:
    """In twelve weeks, with the dates of the running one moved by as much; enrolment opens in a month."""
    if Course.objects.filter(slug=NEXT).exists():
        return
    made = _copy(course, NEXT, TWELVE_WEEKS, people, now=now)
    made.enrol_from, made.enrol_until = day_at(now, 30, 9), day_at(now, 75, 18)
    editing.save_course(course=made, now=now)
    for date in made.dates.select_related("session"):
        sessions.publish_session(session=date.session, by=people[COACH], now=now)
    editing.publish(course=made, by=people[COACH], now=now)


def _copy(course: Course, slug: str, shift: int, people: Mapping[str, User], *, now: datetime) -> Course:
    made = clone_course(course=course, slug=slug, titles=TITLES[slug], shift=shift, by=people[COACH], now=now)
    made.is_demo = True
    return made
