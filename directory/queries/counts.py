"""How many municipalities each value of each facet would find.

One query groups what the text has found by everything the facets ask for, which PostgreSQL does faster than Python
could read the rows; every count is a sum over these groups.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Expression,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    Value,
    When,
)

from directory.models import MunicipalityQuerySet
from directory.queries.filters import NO, YES, PlaceFilters
from directory.queries.labels import codes_upwards, with_parts


class Group(NamedTuple):
    """How many found municipalities agree in everything the facets ask for."""

    country: str
    region: int | None  # known for the chosen country only
    kind: str
    has_partnerships: bool
    on_map: bool
    number: int


def _truth(condition: Q) -> Expression:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _grouping(country: str) -> dict[str, Any]:
    region = Case(When(country_id=country, then=F("region_id"))) if country else Value(None, IntegerField())
    return {
        "in_region": region,
        "has_partnerships": _truth(Q(partnership_count__gt=0)),
        "on_map": _truth(Q(latitude__isnull=False)),
    }


_GROUPED = ("country_id", "in_region", "kind", "has_partnerships", "on_map")


def groups_of(rows: MunicipalityQuerySet, country: str) -> list[Group]:
    grouped: Any = rows.order_by().annotate(**_grouping(country)).values_list(*_GROUPED)
    return [Group(*row) for row in grouped.annotate(number=Count("pk"))]


def groups_in_two(rows: MunicipalityQuerySet, country: str, first: Q) -> tuple[list[Group], list[Group]]:
    """The groups of the rows for which `first` holds, and of the others, by one query."""
    annotated: Any = rows.order_by().annotate(**_grouping(country), is_first=_truth(first))
    halves: tuple[list[Group], list[Group]] = ([], [])
    for *group, is_first, number in annotated.values_list(*_GROUPED, "is_first").annotate(number=Count("pk")):
        halves[0 if is_first else 1].append(Group._make((*group, number)))
    return halves


@dataclass
class Counts:
    total: int
    off_map: int
    by_facet: dict[str, dict[str, int]]


# A choice in the first facet leaves the second one behind: another country has other regions.
_LEAVES_BEHIND = {"country": {"country", "region"}}


def count(groups: Iterable[Group], filters: PlaceFilters) -> Counts:
    """Each facet counts what its values would find while all other filters stay."""
    tests = _tests(filters)
    lines = codes_upwards(filters.regions)
    counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in FACETS}
    total = off_map = 0
    for group in groups:
        failing = {name for name, holds in tests.items() if not holds(group)}
        if not failing:
            total += group.number
            off_map += 0 if group.on_map else group.number
        for name, value_of in FACETS.items():
            if failing <= _LEAVES_BEHIND.get(name, {name}):
                for value in value_of(group, lines):
                    counts[name][value] += group.number
    return Counts(total, off_map, counts)


def _tests(filters: PlaceFilters) -> dict[str, Callable[[Group], bool]]:
    """For each filter in force, whether a group passes it."""
    country, kind, on_map = filters["country"], filters["kind"], filters["map"] == YES
    tests: dict[str, Callable[[Group], bool]] = {}
    if country:
        tests["country"] = lambda group: group.country == country
    if filters["region"]:
        parts = with_parts(filters["region"], filters.regions)
        tests["region"] = lambda group: group.region in parts
    if kind:
        tests["kind"] = lambda group: group.kind == kind
    if filters["partnerships"]:
        tests["partnerships"] = lambda group: group.has_partnerships
    if filters["map"]:
        tests["map"] = lambda group: group.on_map == on_map
    return tests


FACETS: dict[str, Callable[[Group, Mapping[int, list[str]]], Iterable[str]]] = {
    "country": lambda group, lines: (group.country,),
    "region": lambda group, lines: lines.get(group.region or 0, ()),
    "kind": lambda group, lines: (group.kind,),
    "partnerships": lambda group, lines: (YES,) if group.has_partnerships else (),
    "map": lambda group, lines: (YES if group.on_map else NO,),
}
"""The facets in the order of the page, and under which values each counts a group."""
