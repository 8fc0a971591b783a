"""The public list of organisations, and what one of them shows to whom."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.languages import SPOKEN_LANGUAGES
from accounts.names import may_see_name
from core.filters import Choice, Filters, Label
from core.folding import fold
from core.search import prefix_condition, similar_condition
from core.visibility import Visibility, is_shown_to
from directory.models import Membership, Municipality, Organisation, OrganisationQuerySet
from directory.names import shown_name
from directory.permissions import can_see_people
from directory.queries.labels import CountryLabel, countries
from directory.queries.pages import Fact

FACETS = ("type", "country")


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation of a list, every word ready."""

    name: str
    url: str
    type: str
    seat: str
    country: str


@dataclass(frozen=True)
class OrganisationsFound:
    rows: Any  # queryset of tuples, see COLUMNS
    total: int
    is_similar: bool  # nothing is spelled as typed; these are written similarly
    facets: list[tuple[Label, list[Choice]]]
    labels: dict[str, Label]  # words of the filters in force


COLUMNS = ("name", "slug", "type", "seat__name", "seat__german_name", "seat__country_id")


class OrganisationFilters(Filters):
    def __init__(self, params: Mapping[str, str]) -> None:
        self.countries: dict[str, CountryLabel] = countries()
        super().__init__(params, {"type": Organisation.Type.values, "country": self.countries})


def search_organisations(filters: OrganisationFilters, *, demo: bool) -> OrganisationsFound:
    """What is spelled as typed, or, if nothing is, what looks like it; with the number behind every other choice."""
    listed = Organisation.objects.listed(demo=demo)
    folded, is_similar = fold(filters.q), False
    matching = listed.filter(prefix_condition(folded)) if folded else listed
    if filters.q and not folded:
        matching = listed.none()
    groups = _groups(matching)
    if folded and not groups:
        matching, is_similar = listed.filter(similar_condition(folded)), True
        groups = _groups(matching)
    chosen = {name: filters[name] for name in FACETS}
    rows = matching.filter(**{_COLUMN[name]: value for name, value in chosen.items() if value})
    return OrganisationsFound(
        rows=rows.order_by("sort_key", "id").values_list(*COLUMNS),
        total=sum(number for group, number in groups.items() if _passes(group, chosen)),
        is_similar=is_similar and bool(groups),
        facets=_facets(filters, groups, chosen),
        labels=_labels_in_force(filters),
    )


_COLUMN = {"type": "type", "country": "seat__country"}
_Groups = Mapping[tuple[str, str], int]


def _groups(rows: OrganisationQuerySet) -> _Groups:
    """How many there are of each type in each country: all numbers on the page are sums of these."""
    counted: Any = rows.order_by().values_list("type", "seat__country").annotate(number=Count("pk"))
    return {(kind, country or ""): number for kind, country, number in counted}


def _passes(group: tuple[str, str], chosen: Mapping[str, str], *, except_for: str = "") -> bool:
    pairs = zip(FACETS, group, strict=True)
    return all(name == except_for or not chosen[name] or value == chosen[name] for name, value in pairs)


def _facets(
    filters: OrganisationFilters, groups: _Groups, chosen: Mapping[str, str]
) -> list[tuple[Label, list[Choice]]]:
    words: dict[str, tuple[Label, list[tuple[str, Label]]]] = {
        "type": (_("Type"), list(Organisation.Type.choices)),
        "country": (_("Country"), [(code, label.name) for code, label in filters.countries.items()]),
    }
    facets = []
    for position, name in enumerate(FACETS):
        counts: Counter[str] = Counter()
        for group, number in groups.items():
            if _passes(group, chosen, except_for=name):
                counts[group[position]] += number
        legend, labels = words[name]
        facets.append((legend, filters.choices(name, labels, counts)))
    return facets


def _labels_in_force(filters: OrganisationFilters) -> dict[str, Label]:
    labels: dict[str, Label] = {}
    if filters["type"]:
        labels["type"] = Organisation.Type(filters["type"]).label
    if filters["country"]:
        labels["country"] = filters.countries[filters["country"]].name
    return labels


def organisation_rows(rows: Iterable[tuple[Any, ...]]) -> list[OrganisationRow]:
    known, types = countries(), dict(Organisation.Type.choices)
    return [
        OrganisationRow(
            name,
            reverse("directory:organisation", args=[slug]),
            str(types[kind]),
            shown_name(seat, german) if seat else "",
            known[country].name if country in known else "",
        )
        for name, slug, kind, seat, german, country in rows
    ]


# One organisation


def organisation_facts(organisation: Organisation, reader: object) -> list[Fact]:
    """Terms and values; empty ones are left out. Private ones only for those who may see them."""
    spoken = dict(SPOKEN_LANGUAGES)
    knows_all = can_see_people(reader, organisation)
    return [
        (_("Legal form"), organisation.legal_form),
        (_("Non-profit"), _yes_or_no(organisation.is_non_profit)),
        (_("Seat"), _seat(organisation.seat)),
        (_("Languages"), [str(spoken[code]) for code in organisation.languages if code in spoken]),
        (
            _("Telephone"),
            _private(organisation.phone, organisation.phone_visibility, reader, knows_all=knows_all),
        ),
        (
            _("Postal address"),
            _private(
                organisation.postal_address,
                organisation.postal_address_visibility,
                reader,
                knows_all=knows_all,
            ),
        ),
    ]


def _yes_or_no(value: bool | None) -> str:
    if value is None:
        return ""
    return capfirst(_("yes") if value else _("no"))


def _seat(seat: Municipality | None) -> Any:
    if seat is None:
        return ""
    name = shown_name(seat.name, seat.german_name)
    country = countries().get(seat.country_id)
    link = format_html('<a href="{}">{}</a>', seat.get_absolute_url(), name)
    return format_html("{}, {}", link, country.name) if country else link


def _private(value: str, visibility: str, reader: object, *, knows_all: bool) -> str:
    """The value, and for who belongs to the organisation who else sees it."""
    if not value or not (knows_all or is_shown_to(reader, visibility)):
        return ""
    if not knows_all:
        return value
    return pgettext("a private value", "%(value)s (seen by: %(who)s)") % {
        "value": value,
        "who": Visibility(visibility).label,
    }


class PeopleShown(NamedTuple):
    """Who looks after an organisation: (name, role) of those this reader may know, and how many more there are."""

    named: list[tuple[str, str]]
    others: int


def people_shown(organisation: Organisation, reader: object) -> PeopleShown:
    rows = organisation.memberships.leading().filter(person__is_active=True).select_related("person")
    leading: list[Membership] = list(rows.order_by("role", "since", "pk"))
    named = [
        (row.person.display_name, str(row.get_role_display()))
        for row in leading
        if may_see_name(reader, row.person)
    ]
    return PeopleShown(named, len(leading) - len(named))


def same_organisations(name: str, seat: Municipality | None, reader: object) -> list[Organisation]:
    """Organisations of this name in this place that the reader may know of."""
    whole = fold(name)
    rows = Organisation.objects.visible_to(reader).filter(seat=seat, ended_at=None)
    found = rows.filter(search_text__startswith=f"|{whole}|").order_by("pk")
    return [row for row in found if fold(row.name) == whole]
