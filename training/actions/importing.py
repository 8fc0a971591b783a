"""A course from the files an editor sends back."""

from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from accounts.models import User
from training.actions import editing
from training.curriculum_files import CourseFile
from training.models import Course
from training.queries.course_files import Change, Look, looked_at, set_texts

log = structlog.get_logger(__name__)


class OtherThanShown(Exception):
    """Somebody has changed the course since its look was shown: other rows would change now."""


@transaction.atomic
def bring_in(*, files: CourseFile, shown: str, by: User, now: datetime) -> Look:
    """All or nothing, and nothing is deleted. `shown` is the digest of the look; raises OtherThanShown.

    Every row that is written counts as edited here: loading the curriculum again leaves it alone. A new course is a
    draft without dates.
    """
    look = looked_at(files, locked=True)
    if look.digest != shown:
        raise OtherThanShown
    for change in look.changes:
        _write(change, now=now)
    log.info("course_brought_in", course=look.course.pk, rows=len(look.changes), by=by.pk)
    return look


def _write(change: Change, *, now: datetime) -> None:
    row = change.row
    if row.pk is None:
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            # The same file from two windows at once.
            raise OtherThanShown from error
        return
    set_texts(row, change.after)
    if isinstance(row, Course):
        editing.save_course(course=row, now=now)
    else:
        editing.save_texts(row=row, now=now)
