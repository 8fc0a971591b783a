"""One search over everything: a short list of each kind of entry, with the way to all of them.

Of groups only the names, and only to who sees the group: a closed one answers others like a word that stands nowhere.
What is said in groups is found in the groups' own search.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.folding import fold
from directory import queries as directory_queries
from discussions.queries.groups import groups_named
from partnerships import queries as partnership_queries

SHOWN = 5
FEWEST_LETTERS = 2


@dataclass(frozen=True)
class FoundRow:
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind. `is_similar`: nothing is spelled as typed."""

    name: str
    title: str
    rows: Sequence[FoundRow]
    total: int
    all_url: str
    all_label: str
    is_similar: bool


@dataclass(frozen=True)
class Found:
    groups: list[Group]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


def search(query: str, person: object) -> Found:
    """Exact spellings stand before similar ones; a single letter finds nothing."""
    if len(fold(query)) < FEWEST_LETTERS:
        return Found([])
    groups = [_partnerships(query), _municipalities(query), _organisations(query), _rooms(query, person)]
    return Found(sorted(groups, key=lambda group: group.is_similar))


def _partnerships(query: str) -> Group:
    words = partnership_queries.labels()
    filters = partnership_queries.filters_from({"q": query}, words)
    found = partnership_queries.find(filters)
    rows: list[partnership_queries.Row] = []
    if found.total:
        matching = partnership_queries.filtered(filters, is_similar=found.is_similar)
        rows = partnership_queries.Rows(partnership_queries.ordered(matching, filters), words)[:SHOWN]
    return Group(
        "partnerships",
        _("Partnerships"),
        [
            FoundRow(row.title, " · ".join(filter(None, (row.countries, row.kind, row.years))), row.url)
            for row in rows
        ],
        found.total,
        _list_url("partnerships:list", query),
        ngettext("Show %(number)s partnership", "Show all %(number)s partnerships", found.total)
        % {"number": found.total},
        found.is_similar,
    )


def _municipalities(query: str) -> Group:
    filters = directory_queries.filters_of({"q": query})
    found = directory_queries.search_municipalities(filters, demo=settings.SHOW_DEMO)
    rows = directory_queries.shown_rows(found.rows[:SHOWN]) if found.total else []
    return Group(
        "municipalities",
        _("Municipalities"),
        [FoundRow(row.name, ", ".join(filter(None, (row.region, row.country))), row.url) for row in rows],
        found.total,
        _list_url("directory:list", query),
        ngettext("Show %(number)s municipality", "Show all %(number)s municipalities", found.total)
        % {"number": found.total},
        found.similar,
    )


def _organisations(query: str) -> Group:
    found = directory_queries.search_organisations(
        directory_queries.OrganisationFilters({"q": query}), demo=settings.SHOW_DEMO
    )
    rows = directory_queries.organisation_rows(found.rows[:SHOWN]) if found.total else []
    return Group(
        "organisations",
        _("Organisations"),
        [
            FoundRow(row.name, " · ".join(filter(None, (row.type, row.seat, row.country))), row.url)
            for row in rows
        ],
        found.total,
        _list_url("directory:organisation_list", query),
        ngettext("Show %(number)s organisation", "Show all %(number)s organisations", found.total)
        % {"number": found.total},
        found.is_similar,
    )


def _rooms(query: str, person: object) -> Group:
    rooms = groups_named(query, person)
    return Group(
        "rooms",
        _("Groups"),
        [
            FoundRow(room.name, str(room.get_access_display()), room.get_absolute_url())
            for room in rooms[:SHOWN]
        ],
        len(rooms),
        reverse("discussions:list"),
        _("Show all groups"),
        is_similar=False,
    )


def _list_url(name: str, query: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': query})}"
