"""Taking part in a course, and getting on in it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from discussions.actions.people import add_member
from notifications.outbox import queue
from partnerships.models import Partnership
from training.emails import CourseEnrolled
from training.enrolling import is_enrolment_open
from training.models import (
    ChecklistItem,
    Course,
    CourseInvitation,
    Enrolment,
    Lesson,
    LessonDone,
    Module,
    QuizDone,
    Tick,
)


class NotOpen(Exception):
    """The course is not published, or it is not the time to enrol."""


class Full(Exception):
    """All seats are taken."""


@transaction.atomic
def enrol(*, course: Course, by: User, partnership: Partnership | None, now: datetime) -> Enrolment:
    """Under the lock of the course: seats are never given twice. Who comes back finds the old progress.

    `partnership` is one of the person's own, as the form has made sure. Raises NotOpen, Full.
    """
    held = Course.objects.select_for_update().get(pk=course.pk)
    row = Enrolment.objects.filter(course=held, person=by).first()
    if row is not None and row.left_at is None:
        return row
    if not is_enrolment_open(held, now=now):
        raise NotOpen
    if held.seats is not None and Enrolment.objects.active().filter(course=held).count() >= held.seats:
        raise Full
    if row is None:
        row = Enrolment(course=held, person=by)
    row.partnership, row.enrolled_at, row.left_at = partnership, now, None
    row.save()
    # Who takes part need not be asked any more.
    CourseInvitation.objects.filter(course=held, email__iexact=by.email).delete()
    queue(CourseEnrolled, to=[by], about=row, now=now, once=f"{now:%Y%m%dT%H%M%S%f}")
    if held.group is not None:
        add_member(group=held.group, person=by, now=now)
    return row


@transaction.atomic
def leave(*, enrolment: Enrolment, now: datetime) -> None:
    """The seat is free again; what was done is kept for who comes back. In the group of the course the person stays."""
    Enrolment.objects.active().filter(pk=enrolment.pk).update(left_at=now)


@transaction.atomic
def mark_lesson(*, enrolment: Enrolment, lesson: Lesson, done: bool, now: datetime) -> None:
    if done:
        LessonDone.objects.get_or_create(enrolment=enrolment, lesson=lesson, defaults={"done_at": now})
        _note_active(enrolment, now)
    else:
        LessonDone.objects.filter(enrolment=enrolment, lesson=lesson).delete()


@transaction.atomic
def note_quiz(*, enrolment: Enrolment, module: Module, now: datetime) -> None:
    """That it was done, whatever was answered."""
    QuizDone.objects.update_or_create(enrolment=enrolment, module=module, defaults={"done_at": now})
    _note_active(enrolment, now)


@transaction.atomic
def tick(*, enrolment: Enrolment, module: Module, items: Collection[int], now: datetime) -> None:
    """Exactly these items of the module's checklist are done."""
    known = list(ChecklistItem.objects.filter(module=module).values_list("pk", flat=True))
    Tick.objects.filter(enrolment=enrolment, item__in=[pk for pk in known if pk not in items]).delete()
    chosen = [Tick(enrolment=enrolment, item_id=pk) for pk in known if pk in items]
    Tick.objects.bulk_create(chosen, ignore_conflicts=True)
    _note_active(enrolment, now)


def _note_active(enrolment: Enrolment, now: datetime) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(active_at=now)
