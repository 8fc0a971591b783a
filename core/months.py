"""Counting in months, as people do: a year after 29 February is 28 February."""

from calendar import monthrange
from datetime import date, datetime
from typing import TypeVar

D = TypeVar("D", date, datetime)


def months_later(day: D, months: int) -> D:
    """The same day of another month, or its last day where it is shorter; negative months go back."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
