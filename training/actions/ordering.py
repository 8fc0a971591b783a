"""In which order the modules of a course stand, and the lessons of a module."""

from typing import Any

import structlog
from django.db import transaction

from accounts.models import User
from training.choices import Way
from training.models import Course, Lesson, Module

log = structlog.get_logger(__name__)


@transaction.atomic
def move(*, row: Module | Lesson, to: Way, by: User) -> bool:
    """Change places with the neighbour; whether there was one. What people have done hangs on rows, not on places.

    The parent is locked first: whoever moves something in it at the same time, or loads the files, comes after this.
    """
    _hold_parent(row)
    places = row.siblings().select_for_update(no_key=True).order_by("position").values_list("pk", "position")
    rows = list(places)
    at = [number for number, _position in rows].index(row.pk)
    other = at + (1 if to == Way.DOWN else -1)
    if not 0 <= other < len(rows):
        return False
    (here, mine), (there, theirs) = rows[at], rows[other]
    row.siblings().filter(pk=there).update(position=mine)
    row.siblings().filter(pk=here).update(position=theirs)
    row.position = theirs
    log.info("part_moved", model=row._meta.label, row=here, to=str(to), position=theirs, by=by.pk)
    return True


def _hold_parent(row: Module | Lesson) -> None:
    model: Any = Course if isinstance(row, Module) else Module
    number = row.course_id if isinstance(row, Module) else row.module_id
    model._default_manager.select_for_update(no_key=True).get(pk=number)
