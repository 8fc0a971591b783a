"""The live dates of a course. Who was there is read from the registrations; sessions know nothing of courses."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language

from training.models import Course, CourseSession, Enrolment
from webinars.choices import State
from webinars.facts import Clock, clock, is_same_clock
from webinars.models import Registration, RegistrationQuerySet, Session, SessionQuerySet
from webinars.texts import Text, text_in

_NEEDED = ("slug", "title_de", "title_en", "starts_at", "ends_at", "zone")


@dataclass(frozen=True, slots=True)
class Date:
    """A session in its place in the course."""

    title: Text
    url: str
    after_module: int
    clock: Clock
    """The reader's."""
    their_clock: Clock | None
    """The session's, where it shows another time."""
    is_done: bool
    """Whether the person was there."""


def dates_of(course: Course, enrolment: Enrolment | None) -> list[Date]:
    """Published ones this reader may open, in their order. One query."""
    rows = CourseSession.objects.filter(course=course, session__in=_open_to(enrolment))
    there = Registration.objects.none() if enrolment is None else attended_by(enrolment)
    own = timezone.get_current_timezone_name()
    found = (
        rows.annotate(is_done=Exists(there.filter(session=OuterRef("session"))))
        .select_related("session")
        .only("after_module", *(f"session__{name}" for name in _NEEDED))
        .order_by("after_module", "session__starts_at", "id")
    )
    return [_date(row, own, is_done=row.is_done) for row in found]


def module_before(after: int, numbers: Iterable[int]) -> int | None:
    """The number of the module a date stands behind, wherever that was moved to; None: before all of them. If the
    module it names is not there, it is the one with the next smaller number."""
    return max((number for number in numbers if number <= after), default=None)


def attended_by(enrolment: Enrolment) -> RegistrationQuerySet:
    """Where this person was, of all sessions."""
    return Registration.objects.filter(person=enrolment.person_id).exclude(attended_at=None)


def held() -> SessionQuerySet:
    """A draft is no date yet, and a cancelled session takes place for nobody."""
    return Session.objects.filter(state=State.PUBLISHED)


def _open_to(enrolment: Enrolment | None) -> SessionQuerySet:
    """The page of a course is everybody's: it names no session that is for invited people only."""
    return held().public() if enrolment is None else held().visible_to(enrolment.person)


def _date(row: CourseSession, own: str, *, is_done: bool) -> Date:
    session = row.session
    times = session.starts_at, session.ends_at
    same = is_same_clock(session.starts_at, session.zone, own)
    return Date(
        title=text_in(session, "title", get_language() or "de"),
        url=session.get_absolute_url(),
        after_module=row.after_module,
        clock=clock(*times, own),
        their_clock=None if same else clock(*times, session.zone),
        is_done=is_done,
    )
