"""The words of the facets, the chips and the orders of the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.filters import Label
from directory.queries.counts import Counts
from directory.queries.filters import NO, YES, PlaceFilters
from directory.queries.labels import RegionLabel, grouped_number, kind_labels


@dataclass(frozen=True)
class Facet:
    name: str
    legend: Label
    options: list[dict[str, Any]]


def facets(filters: PlaceFilters, counts: Counts) -> list[Facet]:
    words: dict[str, tuple[Label, list[tuple[str, Label]]]] = {
        "country": (_("Country"), [(label.code, label.name) for label in filters.countries.values()]),
        "region": (pgettext("administrative", "Region"), _region_choices(filters["region"], filters.regions)),
        "kind": (_("Kind"), list(kind_labels().items())),
        "partnerships": (_("Partnerships"), [(YES, _("with partnerships"))]),
        "map": (_("Map"), [(YES, _("on the map")), (NO, _("not on the map"))]),
    }
    facets = []
    for name, (legend, labels) in words.items():
        resets = {"region": ""} if name == "country" else {}
        choices = filters.choices(name, labels, counts.by_facet[name], **resets)
        options = [
            {
                "label": choice.label,
                "count": grouped_number(choice.count),
                "url": choice.url,
                "active": choice.active,
            }
            for choice in choices
        ]
        if options:
            facets.append(Facet(name, legend, options))
    return facets


def _region_choices(chosen: str, regions: Mapping[str, RegionLabel]) -> list[tuple[str, Label]]:
    """The uppermost regions; inside the chosen one, or beside it, those of its own level."""
    open_parents: set[int | None] = set()
    if chosen:
        open_parents = {regions[chosen].pk, regions[chosen].parent}
    choices: list[tuple[str, Label]] = []
    for label in regions.values():
        if label.parent is None:
            choices.append((label.code, label.name))
            if label.pk in open_parents:
                parts = (part for part in regions.values() if part.parent == label.pk)
                choices += [(part.code, f"– {part.name}") for part in parts]
    return choices


def labels_in_force(filters: PlaceFilters) -> dict[str, Label]:
    words: dict[str, Label] = {}
    if filters["country"]:
        words["country"] = filters.countries[filters["country"]].name
    if filters["region"]:
        words["region"] = filters.regions[filters["region"]].name
    if filters["kind"]:
        words["kind"] = kind_labels()[filters["kind"]]
    if filters["partnerships"]:
        words["partnerships"] = _("with partnerships")
    if filters["map"]:
        words["map"] = _("on the map") if filters["map"] == YES else _("not on the map")
    return words


def sorts(filters: PlaceFilters) -> list[tuple[Label, str, bool]]:
    words = {
        "relevance": pgettext("sort by", "best match"),
        "inhabitants": pgettext("sort by", "inhabitants"),
        "name": pgettext("sort by", "name"),
        "partnerships": pgettext("sort by", "partnerships"),
    }
    # Without a text nothing matches better than anything else.
    usual = "relevance" if filters.q else "inhabitants"
    if not filters.q:
        del words["relevance"]
    chosen = filters["sort"] if filters["sort"] in words else usual
    return [
        (word, filters.url(sort="" if name == usual else name), name == chosen)
        for name, word in words.items()
    ]
