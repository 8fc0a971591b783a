"""Who takes part in courses, as the office looks for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from training.models import CourseSession, Enrolment, EnrolmentQuerySet
from webinars.models import Registration


@dataclass(frozen=True, slots=True)
class Selection:
    """The people a mail would reach. `by_language` counts them by the language they read."""

    readers: list[Enrolment]
    by_language: dict[str, int]
    left: int
    """Chosen, but they have stopped taking part: they get nothing."""


def attended_some() -> Q:
    """True for enrolments whose person was at a date of the course at least once."""
    dates = CourseSession.objects.filter(course=OuterRef(OuterRef("course"))).values("session")
    seen = Registration.objects.filter(
        person=OuterRef("person"), session__in=dates, attended_at__isnull=False
    )
    return Q(Exists(seen))


def enrolments(numbers: Iterable[int]) -> EnrolmentQuerySet:
    """For the office, whose right the page has asked."""
    return Enrolment.objects.filter(pk__in=list(numbers)).select_related("course", "person")


def selection(rows: Sequence[Enrolment]) -> Selection:
    readers = [row for row in rows if row.left_at is None and row.person.is_active]
    counted: dict[str, int] = {}
    for row in readers:
        counted[row.person.language] = counted.get(row.person.language, 0) + 1
    return Selection(readers, counted, len(rows) - len(readers))
