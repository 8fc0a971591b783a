"""A course as the office sees it before it is copied."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from training.models import Course, CourseSession


@dataclass(frozen=True, slots=True)
class Dated:
    """A session of a course by the clock of its zone."""

    title: str
    day: date
    begins: time
    zone: str

    def after(self, days: int) -> datetime:
        """A wall time."""
        return datetime.combine(self.day + timedelta(days=days), self.begins)


def dates_of(course: Course) -> list[Dated]:
    """The earliest first."""
    rows = CourseSession.objects.filter(course=course).select_related("session")
    return [
        Dated(row.session.title, row.session.day, row.session.begins, row.session.zone)
        for row in rows.order_by("session__starts_at", "pk")
    ]
