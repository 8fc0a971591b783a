"""A month as weeks of days, with the sessions of each day."""

import re
from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import get_language

from core.months import months_later
from webinars.choices import State
from webinars.public_holidays import holidays_on
from webinars.queries.reading import Read
from webinars.queries.rows import title_in

MONDAY = 0


@dataclass(frozen=True, slots=True)
class Entry:
    slug: str
    begins: str
    title: str
    language: str
    """Empty where the title is in the reader's language."""
    is_cancelled: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    is_in_month: bool
    is_today: bool
    holiday: str
    entries: list[Entry]


def month_asked_for(typed: str, *, today: date) -> date:
    """Its first day; the present month for everything that is none."""
    if re.fullmatch(r"20[2-9][0-9]-(0[1-9]|1[0-2])", typed):
        return date(int(typed[:4]), int(typed[5:]), 1)
    return today.replace(day=1)


def span_of(month: date) -> tuple[datetime, datetime]:
    """From its first to its last moment on the reader's clock."""
    zone = timezone.get_current_timezone()
    first, after = (datetime.combine(day, time(), zone) for day in (month, months_later(month, 1)))
    return first, after


def weeks_of(month: date, sessions: Iterable[Read], *, today: date) -> list[list[Day]]:
    """Monday first. Public holidays are those of Baden-Württemberg."""
    language = get_language() or "de"
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for read in sessions:
        begins = timezone.localtime(read.session.starts_at)
        by_day[begins.date()].append(_entry(read, begins, language))
    return [
        [
            Day(
                day=day,
                is_in_month=day.month == month.month,
                is_today=day == today,
                holiday=", ".join(one.name for one in holidays_on(day, ("DE",), language=language)),
                entries=by_day.get(day, []),
            )
            for day in week
        ]
        for week in Calendar(MONDAY).monthdatescalendar(month.year, month.month)
    ]


def _entry(read: Read, begins: datetime, language: str) -> Entry:
    session = read.session
    title, is_foreign = title_in(session.title_de or "", session.title_en or "", language)
    return Entry(
        slug=session.slug,
        begins=time_format(begins.time(), "TIME_FORMAT"),
        title=title,
        language=("en" if language == "de" else "de") if is_foreign else "",
        is_cancelled=session.state == State.CANCELLED,
        is_own=bool(read.own),
    )
