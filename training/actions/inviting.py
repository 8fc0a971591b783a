"""Asking people by mail to take part in a course."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import Guest, Reader, queue_each
from training.actions.taking_part import NotOpen
from training.choices import State
from training.emails import CourseInvited, CourseReminder
from training.enrolling import is_enrolment_open
from training.invitation_lists import Listed
from training.models import Course, CourseInvitation
from training.queries.inviting import Fate, looked_at
from webinars.queries.invited import people_behind

log = structlog.get_logger(__name__)


class NotPublished(Exception):
    """The mail would lead to a page that is not there."""


@transaction.atomic
def invite(*, course: Course, people: Sequence[Listed], by: User, now: datetime) -> list[CourseInvitation]:
    """Those of the list who neither take part nor are invited yet; faulty lines are left out. All or nobody.

    To the account with this address where somebody has proven it, in its language; else to the address.
    Raises NotPublished, and NotOpen once enrolment is over.
    """
    held = Course.objects.select_for_update().get(pk=course.pk)
    if held.state != State.PUBLISHED:
        raise NotPublished
    if held.enrol_until is not None and held.enrol_until <= now:
        raise NotOpen
    new = [looked.row for looked in looked_at(held, people) if looked.fate == Fate.NEW]
    made = CourseInvitation.objects.bulk_create(
        CourseInvitation(
            course=held, email=row.email, name=row.name, language=row.language, invited_by=by, invited_at=now
        )
        for row in new
    )
    queue_each(CourseInvited, _readers(made), now=now)
    log.info("course_invited", course=held.pk, number=len(made), by=by.pk)
    return made


@transaction.atomic
def remind_invited(*, course: Course, by: User, now: datetime) -> int:
    """Everybody who was invited and has not enrolled, once for good. How many are invited; raises NotOpen."""
    held = Course.objects.select_for_update().get(pk=course.pk)
    if not is_enrolment_open(held, now=now):
        raise NotOpen
    rows = list(CourseInvitation.objects.filter(course=held))
    queue_each(CourseReminder, _readers(rows), now=now)
    log.info("course_invited_reminded", course=held.pk, number=len(rows), by=by.pk)
    return len(rows)


@transaction.atomic
def withdraw(*, invitation: CourseInvitation, by: User) -> None:
    """The address is forgotten; a mail that still waits drops itself."""
    log.info("course_invitation_withdrawn", course=invitation.course_id, by=by.pk)
    invitation.delete()


def _readers(rows: Iterable[CourseInvitation]) -> list[tuple[Reader, CourseInvitation]]:
    rows = list(rows)
    accounts = people_behind(row.email for row in rows)
    return [(accounts.get(row.email.lower()) or _guest(row), row) for row in rows]


def _guest(row: CourseInvitation) -> Guest:
    """Courses are in German and English; who reads neither is written to in English."""
    return Guest(row.email, "de" if row.language == "de" else "en")
