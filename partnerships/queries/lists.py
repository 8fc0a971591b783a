"""Reads for pages: rows of the list, counts of the facets, figures, what the map needs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, F, Func
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.filters import Choice, Filters
from core.folding import fold
from core.search import prefix_condition, similar_condition
from directory.models import Country, Topic
from partnerships import register_cache
from partnerships.models import Partnership, PartnershipQuerySet, PartnershipSide
from partnerships.names import confirmation_words, kind_name, status_name, title_of, years_of

# In addresses the kind that no source names needs a word of its own.
KIND_UNKNOWN = "unknown"
SORTS = {
    "name": ("sort_key", "id"),
    "newest": (F("since").desc(nulls_last=True), "sort_key", "id"),
    "oldest": (F("since").asc(nulls_last=True), "sort_key", "id"),
}
SORT_NAMES = {
    "name": gettext_lazy("by name"),
    "newest": gettext_lazy("newest first"),
    "oldest": gettext_lazy("oldest first"),
}
TOPICS_IN_A_ROW = 3
FACETS = ("country", "kind", "status", "topic", "confirmation")

# As the addresses say it; nothing said yet means that only a public source speaks.
CONFIRMATIONS = {value or "source": value for value in Partnership.Confirmation.values}
KINDS = {kind or KIND_UNKNOWN: kind for kind in Partnership.Kind.values}


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of countries and topics in the reader's language, in the order they are shown."""

    countries: dict[str, str]
    topics: dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One partnership of a list, ready to print."""

    url: str
    title: str
    kind: str
    status: str
    """Empty when nobody knows."""
    is_active: bool
    countries: str
    years: str
    topics: str
    is_demo: bool
    confirmation: str
    """Empty where only a public source speaks: that is most, and says nothing new."""


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    legend: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Found:
    """What the filters lead to: how many, and how many each further filter would leave."""

    total: int
    counts: dict[str, dict[str, int]]
    is_similar: bool
    """Nothing is spelled as typed; these are similar names."""


@dataclass(frozen=True, slots=True)
class Figures:
    partnerships: int
    municipalities: int
    countries: int
    topics: int


def labels() -> Labels:
    return register_cache.remember(f"labels:{get_language()}", _read_labels)


def _read_labels() -> Labels:
    return Labels(
        countries={country.code: country.name for country in Country.objects.all()},
        topics={topic.code: topic.name for topic in Topic.objects.all()},
    )


def filters_from(params: Mapping[str, str], words: Labels) -> Filters:
    return Filters(
        params,
        {
            "country": words.countries,
            "kind": KINDS,
            "status": Partnership.Status.values,
            "topic": words.topics,
            "confirmation": CONFIRMATIONS,
            "sort": SORTS,
        },
    )


@dataclass(frozen=True, slots=True)
class Browsing:
    """What was found, and the facets as safe HTML: some fifty links that are the same for everybody."""

    found: Found
    facets: str


def browse(filters: Filters, words: Labels) -> Browsing:
    def make() -> Browsing:
        found = find(filters)
        context = {"facets": facets(filters, found, words)}
        return Browsing(found, render_to_string("partnerships/facet_groups.html", context))

    shelf = register_cache.searches if filters.q else register_cache.register
    return shelf.remember(f"browsing:{get_language()}:{filters.query_string}", make)


def find(filters: Filters) -> Found:
    """One query for the total and the counts of all facets; two where nothing is spelled as typed."""
    groups = _groups(matching(filters.q))
    is_similar = not groups and bool(fold(filters.q))
    if is_similar:
        groups = _groups(matching(filters.q, is_similar=True))
    return _counted(groups, filters, is_similar=is_similar and bool(groups))


class _Group(NamedTuple):
    """How many partnerships agree in everything the facets ask for."""

    country: list[str]
    kind: str
    status: str
    topic: list[str]
    confirmation: str
    number: int

    def values(self, facet: str) -> Sequence[str]:
        value = getattr(self, facet)
        if isinstance(value, list):
            return value
        return (value or ("source" if facet == "confirmation" else KIND_UNKNOWN),)


def _groups(rows: PartnershipQuerySet) -> list[_Group]:
    grouped: Any = rows.order_by().values_list("countries", "kind", "status", "topic_codes", "confirmation")
    return [_Group(*row) for row in grouped.annotate(number=Count("pk"))]


def _counted(groups: Sequence[_Group], filters: Filters, *, is_similar: bool) -> Found:
    """A facet's counts heed all filters but its own."""
    chosen = {facet: filters[facet] for facet in FACETS if filters[facet]}
    counts: dict[str, dict[str, int]] = {facet: defaultdict(int) for facet in FACETS}
    total = 0
    for group in groups:
        failing = [facet for facet, value in chosen.items() if value not in group.values(facet)]
        if not failing:
            total += group.number
        for facet in FACETS if not failing else failing if len(failing) == 1 else ():
            for value in group.values(facet):
                counts[facet][value] += group.number
    return Found(total, {facet: dict(found) for facet, found in counts.items()}, is_similar)


def matching(q: str, *, is_similar: bool = False) -> PartnershipQuerySet:
    """The listed partnerships with a name as typed, or with similar ones."""
    rows = Partnership.objects.listed(demo=settings.SHOW_DEMO)
    if not q:
        return rows
    folded = fold(q)
    if not folded:
        return rows.none()
    return rows.filter(similar_condition(folded) if is_similar else prefix_condition(folded))


def filtered(filters: Filters, *, is_similar: bool = False) -> PartnershipQuerySet:
    """The listed partnerships the filters leave."""
    rows = matching(filters.q, is_similar=is_similar)
    if filters["country"]:
        rows = rows.filter(countries__contains=[filters["country"]])
    if filters["kind"]:
        rows = rows.filter(kind=KINDS[filters["kind"]])
    if filters["status"]:
        rows = rows.filter(status=filters["status"])
    if filters["confirmation"]:
        rows = rows.filter(confirmation=CONFIRMATIONS[filters["confirmation"]])
    if filters["topic"]:
        rows = rows.filter(topic_codes__contains=[filters["topic"]])
    return rows


def ordered(rows: PartnershipQuerySet, filters: Filters) -> PartnershipQuerySet:
    return rows.annotate(since=Coalesce("signed_year", "first_contact_year")).order_by(
        *SORTS[filters["sort"] or "name"]
    )


_ROW = (
    "id", "slug", "kind", "status", "signed_year", "first_contact_year", "ended_year", "countries", "is_demo",
    "topic_codes", "confirmation", "confirmed_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are read, two queries a page, when a page of them is asked for."""

    partnerships: PartnershipQuerySet
    words: Labels

    def __len__(self) -> int:
        return self.partnerships.count()

    def __getitem__(self, part: slice) -> list[Row]:
        found: Any = self.partnerships.values_list(*_ROW)[part]
        tuples = [dict(zip(_ROW, row, strict=True)) for row in found]
        names = names_of_sides([row["id"] for row in tuples])
        # One lookup of the address for all rows.
        base = reverse("partnerships:list")
        return [_row(row, names[row["id"]], self.words, base) for row in tuples]


def found_rows(filters: Filters, found: Found) -> PartnershipQuerySet:
    """The partnerships of a list in its order."""
    return ordered(filtered(filters, is_similar=found.is_similar), filters)


def page_of_rows(filters: Filters, found: Found, words: Labels, number: int, *, per_page: int) -> str:
    """One page of a list as safe HTML."""

    def make() -> str:
        start = (number - 1) * per_page
        rows = Rows(found_rows(filters, found), words)[start : start + per_page]
        return render_to_string("partnerships/rows.html", {"rows": rows})

    # First pages are what nearly everybody reads; the many others would only fill the cache.
    if filters.q or number > 1:
        return make()
    return register_cache.remember(f"rows:{get_language()}:{per_page}:{filters.query_string}", make)


def _row(row: dict[str, Any], names: list[tuple[str, str]], words: Labels, base: str) -> Row:
    topics = [words.topics.get(code, code) for code in row["topic_codes"]]
    more = len(topics) - TOPICS_IN_A_ROW
    return Row(
        url=f"{base}{row['slug']}/",
        title=title_of(names),
        kind=capfirst(kind_name(row["kind"])),
        status="" if row["status"] == Partnership.Status.UNKNOWN else status_name(row["status"]),
        is_active=row["status"] == Partnership.Status.ACTIVE,
        countries=", ".join(words.countries.get(code, code) for code in row["countries"]),
        years=years_of(row),
        topics=", ".join(topics[:TOPICS_IN_A_ROW]) + (f" +{more}" if more > 0 else ""),
        is_demo=row["is_demo"],
        confirmation=confirmation_words(row["confirmation"], row["confirmed_on"], today=timezone.localdate())
        if row["confirmation"]
        else "",
    )


def names_of_sides(partnerships: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """(name, German name) of the sides of each partnership, in their order."""
    names: dict[int, list[tuple[str, str]]] = defaultdict(list)
    sides = (
        PartnershipSide.objects.filter(partnership__in=partnerships)
        .order_by("position", "pk")
        .values_list(
            "partnership_id",
            Coalesce("municipality__name", "region__name"),
            Coalesce("municipality__german_name", "region__german_name"),
        )
    )
    for partnership, name, german_name in sides:
        names[partnership].append((name, german_name))
    return names


def facets(filters: Filters, found: Found, words: Labels) -> list[Facet]:
    kinds = [(kind, capfirst(kind_name(value))) for kind, value in KINDS.items()]
    confirmations = [
        (name, capfirst(str(Partnership.Confirmation(value).label))) for name, value in CONFIRMATIONS.items()
    ]
    statuses = [(status, capfirst(status_name(status))) for status in Partnership.Status.values]
    return [
        Facet(name, legend, filters.choices(name, names, found.counts[name]))
        for name, legend, names in (
            ("country", _("Country"), words.countries.items()),
            ("kind", _("Kind"), kinds),
            ("status", _("Status"), statuses),
            ("topic", _("Topic"), words.topics.items()),
            ("confirmation", _("Confirmation"), confirmations),
        )
    ]


def chips(filters: Filters, words: Labels) -> list[dict[str, str]]:
    named = {
        "country": words.countries.get(filters["country"], ""),
        "kind": capfirst(kind_name(KINDS[filters["kind"]])) if filters["kind"] else "",
        "status": capfirst(status_name(filters["status"])) if filters["status"] else "",
        "topic": words.topics.get(filters["topic"], ""),
        "confirmation": capfirst(str(Partnership.Confirmation(CONFIRMATIONS[filters["confirmation"]]).label))
        if filters["confirmation"]
        else "",
    }
    return [{"label": str(chip.label), "remove_url": chip.url} for chip in filters.chips(named)]


def figures() -> Figures:
    """What the start page counts: real published partnerships only; the partners' countries."""
    return register_cache.remember("figures", _count_figures)


def _count_figures() -> Figures:
    real = Partnership.objects.published().real().order_by()
    countries = real.annotate(country=Func(F("countries"), function="unnest"))
    return Figures(
        **real.aggregate(
            partnerships=Count("pk", distinct=True),
            municipalities=Count("sides__municipality", distinct=True),
            topics=Count("topics", distinct=True),
        ),
        countries=countries.values("country").distinct().count(),
    )
