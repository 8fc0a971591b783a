"""The search over all names of all municipalities.

It runs in up to two steps. First names with a word that begins as typed. Only if there is none: names that contain
what was typed, or, if there is none of these either, names that are written similarly.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.core.paginator import Page
from django.db import connection
from django.db.models import F, Func, IntegerField, OrderBy, Q, Value
from django.urls import reverse

from core.filters import Label
from core.folding import fold
from directory import list_cache
from directory.models import Municipality, MunicipalityQuerySet
from directory.names import shown_name
from directory.queries.counts import Group, count, groups_in_two, groups_of
from directory.queries.filters import YES, PlaceFilters
from directory.queries.labels import (
    CountryLabel,
    countries,
    grouped_number,
    kind_labels,
    region_names,
    with_parts,
)
from directory.queries.words import Facet, facets, labels_in_force, sorts

FEWEST_LETTERS_INSIDE = 3
"""Shorter texts are looked for at the beginning of words only."""
FEWEST_LETTERS_SUGGESTED = 2


@dataclass(frozen=True)
class Found:
    """What a search has found: `rows` are ordered and still to be fetched, `total` is their number."""

    rows: Any  # queryset of tuples, see COLUMNS
    total: int
    similar: bool = False  # nothing matches; these are written similarly
    facets: list[Facet] = field(default_factory=list)
    labels: dict[str, Label] = field(default_factory=dict)  # words of the filters in force
    off_map: int = 0  # of the rows, how many have no position
    sorts: list[tuple[Label, str, bool]] = field(default_factory=list)  # (word, address, is chosen)
    key: str = ""  # under which its rows are kept


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality of a list, every word ready."""

    name: str
    lang: str
    other_name: str
    other_lang: str
    url: str
    kind: str
    region: str
    country: str
    population: str
    partnerships: str


COLUMNS = (
    "slug",
    "name",
    "german_name",
    "local_script_name",
    "kind",
    "country_id",
    "region_id",
    "population",
    "partnership_count",
)


def search_municipalities(filters: PlaceFilters, *, demo: bool) -> Found:
    """The municipalities these filters leave, with the numbers every other choice would find.

    Municipalities are at most 25,000, and PostgreSQL groups them faster than Python could read them: one query
    groups all that the text finds by what the facets ask for, and all counts are sums over these groups.
    """
    listed = Municipality.objects.listed(demo=demo)
    phrase = fold(filters.q)
    counted_now = []

    def make() -> tuple[str, list[Group]]:
        counted_now.append(True)
        return _counted(listed, phrase, filters["country"], is_typed=bool(filters.q))

    # The same text is asked for again with every page, order and filter.
    asked = _key(demo, filters["country"], bool(filters.q), phrase)
    step, groups = list_cache.searches.remember(asked, make)
    if step == "similar" and groups and not counted_now:
        _allow_mistakes(phrase)
    matching = listed.filter(_STEPS[step](phrase)) if groups else listed.none()
    similar = step == "similar"
    counts = count(groups, filters)
    rows = _ordered(_filtered(matching, filters), filters["sort"], phrase, similar=similar)
    return Found(
        rows=rows.values_list(*COLUMNS),
        total=counts.total,
        similar=similar and bool(groups),
        facets=facets(filters, counts),
        labels=labels_in_force(filters),
        off_map=counts.off_map,
        sorts=sorts(filters),
        key=_key(demo, filters.query_string),
    )


def _key(*parts: object) -> str:
    """Short and plain, whatever was typed."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def rows_of_page(found: Found, page: Page[Any]) -> list[tuple[Any, ...]]:
    """The rows of one page; who comes back to it, or changes the language, finds them still there."""
    return list_cache.searches.remember(f"{found.key}:{page.number}", lambda: list(page.object_list))


def shown_rows(
    rows: Iterable[tuple[Any, ...]], known_countries: Mapping[str, CountryLabel] | None = None
) -> list[Row]:
    """Rows of `Found.rows`, in words. Who has the countries at hand (PlaceFilters) hands them over."""
    known, regions, kinds = known_countries or countries(), region_names(), kind_labels()
    list_url = reverse("directory:list")
    return [
        Row(
            name=shown_name(name, german),
            lang=label.latin,
            other_name=local_script,
            other_lang=label.cyrillic,
            url=f"{list_url}{slug}/",
            kind=kinds[kind],
            region=regions.get(region, ""),
            country=label.name,
            population="" if population is None else grouped_number(population),
            partnerships=grouped_number(partnerships) if partnerships else "",
        )
        for slug, name, german, local_script, kind, country, region, population, partnerships in rows
        # A country that was added a moment ago goes by its code.
        for label in (known.get(country) or CountryLabel(country, country, "", ""),)
    ]


def suggestions(typed: str, *, demo: bool, limit: int = 8) -> list[dict[str, Any]]:
    """What may be meant, best first, for the list under a text field."""
    phrase = fold(typed)
    if len(phrase) < FEWEST_LETTERS_SUGGESTED:
        return []
    listed = Municipality.objects.listed(demo=demo)
    for step in ("begins", "inside", "similar") if _is_long_enough(phrase) else ("begins",):
        if step == "similar":
            _allow_mistakes(phrase)
        rows = _ordered(listed.filter(_STEPS[step](phrase)), "", phrase, similar=step == "similar")
        found: list[Any] = list(rows.values_list(*COLUMNS, "pk")[:limit])
        if found:
            shown = shown_rows(row[:-1] for row in found)
            return [_suggestion(number, row) for (*_rest, number), row in zip(found, shown, strict=True)]
    return []


def _suggestion(number: int, row: Row) -> dict[str, Any]:
    detail = ", ".join(word for word in (row.region, row.country) if word)
    return {"label": row.name, "detail": detail, "url": row.url, "value": number}


def _counted(
    listed: MunicipalityQuerySet, phrase: str, country: str, *, is_typed: bool
) -> tuple[str, list[Group]]:
    """In which step the text finds something, and what, in groups."""
    if not is_typed:
        return "all", groups_of(listed, country)
    if not phrase:
        return "begins", []
    groups = groups_of(listed.filter(_word_begins(phrase)), country)
    if groups or not _is_long_enough(phrase):
        return "begins", groups
    inside = _contains(phrase)
    _allow_mistakes(phrase)
    exact, alike = groups_in_two(listed.filter(inside | _is_similar(phrase)), country, inside)
    return ("inside", exact) if exact else ("similar", alike)


def _word_begins(phrase: str) -> Q:
    """Every typed word begins a word of a name. `fold` leaves letters, digits and blanks: nothing to escape."""
    condition = Q()
    for word in phrase.split():
        condition &= Q(search_text__contains=f"|{word}") | Q(search_text__contains=f" {word}")
    return condition


def _contains(phrase: str) -> Q:
    condition = Q()
    for word in phrase.split():
        condition &= Q(search_text__contains=word)
    return condition


def _is_long_enough(phrase: str) -> bool:
    """For looking inside words, and for names written similarly."""
    return any(len(word) >= FEWEST_LETTERS_INSIDE for word in phrase.split())


def _is_similar(phrase: str) -> Q:
    """Names that share most of the three-letter pieces; how many, says `_allow_mistakes` before."""
    return Q(search_text__trigram_word_similar=phrase)


def _allow_mistakes(phrase: str) -> None:
    """One mistyped letter passes, or two exchanged. Holds for the next queries of this connection."""
    # In a short text one mistake spoils most pieces; a lower limit would let half of the directory through.
    least = "0.5" if len(phrase) < 6 else "0.4"
    with connection.cursor() as cursor:
        # The operator that the index serves reads its limit from the session.
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [least])


_STEPS: dict[str, Callable[[str], Q]] = {
    "all": lambda phrase: Q(),
    "begins": _word_begins,
    "inside": _contains,
    "similar": _is_similar,
}


def _ordered(
    rows: MunicipalityQuerySet, sort: str, phrase: str, *, similar: bool = False
) -> MunicipalityQuerySet:
    by_inhabitants: tuple[OrderBy | str, ...] = (F("population").desc(nulls_last=True), "sort_key", "id")
    if sort == "name":
        return rows.order_by("sort_key", "id")
    if sort == "inhabitants" or (not phrase and sort != "partnerships"):
        return rows.order_by(*by_inhabitants)
    if sort == "partnerships":
        return rows.order_by("-partnership_count", *by_inhabitants)
    if similar:
        return rows.order_by(TrigramStrictWordSimilarity(phrase, "search_text").desc(), *by_inhabitants)
    return rows.order_by(_Rank(phrase), *by_inhabitants)


class _Rank(Func):
    """The whole main name, another whole name, the beginning of the main name, of another name, of a word."""

    # One expression of text functions: Case and When of lookups take Django a millisecond to put together.
    template = (
        "CASE WHEN starts_with(%(text)s, %(whole)s) THEN 0 WHEN strpos(%(text)s, %(whole)s) > 0 THEN 1 "
        "WHEN starts_with(%(text)s, %(start)s) THEN 2 WHEN strpos(%(text)s, %(start)s) > 0 THEN 3 ELSE 4 END"
    )
    output_field = IntegerField()

    def __init__(self, phrase: str) -> None:
        super().__init__("search_text", Value(f"|{phrase}|"), Value(f"|{phrase}"))

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        (text, _), (whole, whole_value), (start, start_value) = map(compiler.compile, self.source_expressions)
        names = {"text": text, "whole": whole, "start": start}
        return self.template % names, [*whole_value, *whole_value, *start_value, *start_value]


def _filtered(rows: MunicipalityQuerySet, filters: PlaceFilters) -> MunicipalityQuerySet:
    if filters["country"]:
        rows = rows.filter(country=filters["country"])
    if filters["region"]:
        rows = rows.filter(region__in=with_parts(filters["region"], filters.regions))
    if filters["kind"]:
        rows = rows.filter(kind=filters["kind"])
    if filters["partnerships"]:
        rows = rows.filter(partnership_count__gt=0)
    if filters["map"]:
        rows = rows.mapped() if filters["map"] == YES else rows.unmapped()
    return rows


EXPORTED = (
    "name",
    "german_name",
    "local_script_name",
    "kind",
    "country_id",
    "region__name",
    "ags",
    "lau",
    "nuts",
    "geonames_id",
    "wikidata_id",
    "population",
    "population_year",
    "latitude",
    "longitude",
    "time_zone",
    "partnership_count",
    "slug",
)


def export_headings() -> list[str]:
    """Column names as data people know them, the same in every language."""
    names = {
        "country_id": "country",
        "region__name": "region",
        "partnership_count": "partnerships",
        "slug": "address",
    }
    return [names.get(column, column) for column in EXPORTED]


def export_rows(found: Found, *, site_url: str) -> Iterator[tuple[Any, ...]]:
    """All rows of a search, fetched little by little."""
    list_url = site_url + reverse("directory:list")
    for row in found.rows.values_list(*EXPORTED).iterator(chunk_size=2000):
        yield (*row[:-1], f"{list_url}{row[-1]}/")
