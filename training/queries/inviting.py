"""Whom a list would invite to a course, looked at before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower

from training.invitation_lists import Listed
from training.models import Course, CourseInvitation, Enrolment


class Fate(StrEnum):
    NEW = "new"
    TAKES_PART = "takes_part"
    INVITED = "invited"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Looked:
    row: Listed
    fate: Fate


def looked_at(course: Course, rows: Sequence[Listed]) -> list[Looked]:
    """In the order of the list. Two queries."""
    asked = [row.email for row in rows if not row.fault]
    inside = _addresses(Enrolment.objects.active().filter(course=course), "person__email", asked)
    invited = _addresses(CourseInvitation.objects.filter(course=course), "email", asked)
    return [Looked(row, _fate(row, inside, invited)) for row in rows]


def _fate(row: Listed, inside: set[str], invited: set[str]) -> Fate:
    if row.fault:
        return Fate.FAULTY
    if row.email in inside:
        return Fate.TAKES_PART
    return Fate.INVITED if row.email in invited else Fate.NEW


def _addresses(rows: QuerySet[Any], column: str, asked: Sequence[str]) -> set[str]:
    """In small letters."""
    found = rows.order_by().annotate(address=Lower(column)).filter(address__in=asked)
    return set(found.values_list("address", flat=True))
