"""The list of sessions: filters, facets and rows of what `reading` gives.

There are hundreds of sessions, not thousands: counting in memory costs less than a query for each facet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.languages import SPOKEN_LANGUAGES
from core.filters import Choice, Filters
from directory import list_cache
from directory.models import Topic
from webinars.choices import Format
from webinars.queries.reading import Listed, Read, read
from webinars.queries.rows import row_html

FACETS = ("language", "topic", "format", "month", "seats")
PER_PAGE, MOST_PER_PAGE = 50, 200
_LANGUAGES = dict(SPOKEN_LANGUAGES)


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    legend: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the filters leave, in order, and the filters there are."""

    sessions: list[Read]
    filters: Filters
    facets: tuple[Facet, ...]
    chips: list[dict[str, str]]
    topics: Mapping[str, str]


def browse(params: Mapping[str, str], person: object, *, now: datetime) -> Found:
    """Upcoming sessions, or past ones, newest first."""
    is_past = params.get("when") == "past"
    when = Q(ends_at__lte=now) if is_past else Q(ends_at__gt=now)
    order = ("-starts_at", "-pk") if is_past else ("starts_at", "pk")
    return _filtered(params, read(person, when, order, now=now))


def browse_month(
    params: Mapping[str, str], person: object, *, month: str, span: tuple[datetime, datetime], now: datetime
) -> Found:
    """Those that begin in a month ("2027-03") of the reader's clock. Every link made here stays in it."""
    since, until = span
    when = Q(starts_at__gte=since, starts_at__lt=until)
    others = {name: value for name, value in params.items() if name not in {"when", "show"}}
    sessions = read(person, when, ("starts_at", "pk"), now=now)
    found = _filtered({**others, "month": month}, sessions, months=[month])
    # The month is where one is, not a filter one could take away.
    return replace(
        found,
        facets=tuple(facet for facet in found.facets if facet.name != "month"),
        chips=[chip for chip in found.chips if f"month={month}" in chip["remove_url"]],
    )


def rows_of(found: Found, sessions: Iterable[Read], *, now: datetime) -> SafeString:
    """Safe HTML, one row below the other."""
    language, zone = get_language() or "de", timezone.get_current_timezone_name()
    return mark_safe(  # noqa: S308 -- each row is safe
        "".join([row_html(one, found.topics, language, zone, now=now) for one in sessions])
    )


def _filtered(params: Mapping[str, str], sessions: list[Read], *, months: Iterable[str] = ()) -> Found:
    topics = list_cache.remember(f"topics:{get_language()}", _names_of_topics)
    zone = timezone.get_current_timezone_name()
    values = [_values(one.session, zone, one.is_open) for one in sessions]
    months = sorted({*months, *(month for value in values for month in value["month"])})
    filters = Filters(
        params,
        {
            "when": ("past",),
            "show": (str(MOST_PER_PAGE),),
            "language": _LANGUAGES,
            "topic": topics,
            "format": Format.values,
            "month": months,
            "seats": ("open",),
        },
    )
    chosen = {name: filters[name] for name in FACETS if filters[name]}
    left: list[Read] = []
    counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in FACETS}
    for session, value in zip(sessions, values, strict=True):
        failing = [name for name, wanted in chosen.items() if wanted not in value[name]]
        if not failing:
            left.append(session)
        # A facet's counts heed all filters but its own.
        for name in FACETS if not failing else failing if len(failing) == 1 else ():
            for each in value[name]:
                counts[name][each] += 1
    labels = _labels(topics, months)
    return Found(
        sessions=left,
        filters=filters,
        facets=tuple(
            Facet(name, legend, tuple(filters.choices(name, labels[name].items(), counts[name])))
            for name, legend in _legends()
        ),
        chips=[
            {"label": str(chip.label), "remove_url": chip.url}
            for chip in filters.chips({name: labels[name].get(filters[name], "") for name in FACETS})
        ],
        topics=topics,
    )


def _names_of_topics() -> dict[str, str]:
    return {topic.code: topic.name for topic in Topic.objects.all()}


@lru_cache(maxsize=2048)
def _values(session: Listed, zone: str, is_open: bool) -> Mapping[str, Sequence[str]]:
    return {
        "language": session.languages,
        "topic": session.topics,
        "format": (session.format,),
        # On the reader's clock, as the row shows it.
        "month": (session.starts_at.astimezone(ZoneInfo(zone)).isoformat()[:7],),
        "seats": ("open",) if is_open else (),
    }


def _labels(topics: Mapping[str, str], months: Iterable[str]) -> dict[str, dict[str, str]]:
    return {
        "language": {code: capfirst(str(name)) for code, name in _LANGUAGES.items()},
        "topic": dict(topics),
        "format": {value: capfirst(str(label)) for value, label in Format.choices},
        "month": {month: month_name(month, get_language() or "de") for month in months},
        "seats": {"open": _("With free seats")},
    }


def _legends() -> tuple[tuple[str, str], ...]:
    return (
        ("seats", _("Seats")),
        ("language", _("Language")),
        ("format", _("Format")),
        ("topic", _("Topic")),
        ("month", _("Month")),
    )


@lru_cache(maxsize=128)
def facets_html(facets: tuple[Facet, ...], _language: str) -> SafeString:
    """The filters as links. They follow from the facets and the language alone, and most readers see the same."""
    return render_to_string("webinars/facets.html", {"facets": facets})


@lru_cache(maxsize=512)
def month_name(month: str, _language: str) -> str:
    """ "March 2027"; of the active language, which is part of what is remembered."""
    year, number = month.split("-")
    return date_format(date(int(year), int(number), 1), "F Y")
