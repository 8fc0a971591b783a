"""The three questions after sign-up: who are you, which municipality, what next. Answers stand in the address only."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from core.folding import fold
from core.search import whole_name_condition
from directory.models import Municipality
from directory.names import shown_name
from directory.queries import suggestions
from portal.forms import Next


@dataclass(frozen=True)
class Place:
    """What somebody typed as their municipality: the one that is meant, or those that may be."""

    town: Municipality | None
    candidates: list[tuple[str, str]]


def find_place(typed: str, number: int | None) -> Place:
    """Without a script only the name comes; one that fits whole, or alone, needs no further question."""
    listed = Municipality.objects.listed(demo=settings.SHOW_DEMO)
    chosen = listed.filter(pk=number).first() if number else None
    if chosen is not None or not typed:
        return Place(chosen, [])
    whole = list(listed.filter(whole_name_condition(fold(typed)))[:2]) if fold(typed) else []
    if len(whole) == 1:
        return Place(whole[0], [])
    found = suggestions(typed, demo=settings.SHOW_DEMO)
    candidates = [
        (str(one["value"]), ", ".join(filter(None, (one["label"], one["detail"])))) for one in found
    ]
    if len(candidates) == 1:
        return Place(listed.filter(pk=int(candidates[0][0])).first(), [])
    return Place(None, candidates)


def name_of(town: Municipality | None) -> str:
    return shown_name(town.name, town.german_name) if town else ""


def destination(choice: str, town: Municipality | None) -> str:
    """The one next step."""
    if choice == Next.CLAIM and town:
        return reverse("directory:claim", args=[town.slug])
    if choice == Next.ORGANISATION:
        query = "?" + urlencode({"seat": town.slug}) if town else ""
        return _address("directory:organisation_list", "partnerships:list") + query
    if choice == Next.PARTNERSHIP:
        return _address("partnerships:new", "partnerships:list")
    return town.get_absolute_url() if town else reverse("partnerships:list")


def _address(name: str, otherwise: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(otherwise)
