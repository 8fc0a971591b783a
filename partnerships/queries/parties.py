"""Who may be a side: municipalities, counties and districts, found by what somebody types.

In forms and drafts a side goes by its code: "m12" is a municipality, "r7" a county or district.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import User
from core.folding import fold
from core.search import prefix_condition, whole_name_condition
from directory import queries as directory_queries
from directory.models import Claim, Membership, Municipality, Region
from directory.names import shown_name
from partnerships.models import SideContact

Party = Municipality | Region

MOST_HITS = 8
# A state is no partner in a register of municipalities; an urban district is its city.
NO_SIDES = (Region.Kind.STATE, Region.Kind.URBAN_DISTRICT)
_CODE = re.compile(r"([mr])([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Hit:
    """A possible side in the reader's words; `place` tells those of one name apart."""

    code: str
    name: str
    place: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.place})" if self.place else self.name


@dataclass(frozen=True, slots=True)
class Meant:
    """What a typed text may mean. `is_certain`: exactly one, and its name is what was typed."""

    hits: list[Hit]
    is_certain: bool


def code_of(party: Party) -> str:
    return f"{'m' if isinstance(party, Municipality) else 'r'}{party.pk}"


def sides_key(sides: Iterable[Party]) -> str:
    """ "m12|m345|r7": the same for the same sides in any order."""
    return "|".join(sorted(code_of(party) for party in sides))


def party_of(code: str) -> Party | None:
    return parties_of([code]).get(code)


def parties_of(codes: Iterable[str]) -> dict[str, Party]:
    """By their codes. A municipality that was merged meanwhile is the one it went into."""
    found = [match for match in map(_CODE.fullmatch, codes) if match]
    numbers = {
        kind: [int(number) for letter, number in (m.groups() for m in found) if letter == kind]
        for kind in "mr"
    }
    towns = Municipality.objects.select_related("merged_into__region", "region").filter(pk__in=numbers["m"])
    parties: dict[str, Party] = {f"m{town.pk}": town.merged_into or town for town in towns}
    if numbers["r"]:
        parties |= {code_of(region): region for region in _regions().filter(pk__in=numbers["r"])}
    return parties


def hit_of(party: Party) -> Hit:
    if isinstance(party, Region):
        return _region_hit(party)
    region = directory_queries.region_names().get(party.region_id or 0, "")
    place = ", ".join(word for word in (region, _country(party.country_id)) if word)
    return Hit(code_of(party), shown_name(party.name, party.german_name), place)


def meant_by(typed: str) -> Meant:
    """The municipalities and counties a text may mean, best first."""
    phrase = fold(typed)
    if not phrase:
        return Meant([], is_certain=False)
    named: list[Party] = [*_listed().filter(whole_name_condition(phrase))[:MOST_HITS]]
    named += _regions().filter(whole_name_condition(phrase))[:MOST_HITS]
    if len(named) == 1:
        return Meant([hit_of(named[0])], is_certain=True)
    return Meant(suggested(typed), is_certain=False)


def suggested(typed: str) -> list[Hit]:
    """What the list under the text field offers: municipalities as the directory finds them, then counties."""
    phrase = fold(typed)
    towns = [
        Hit(f"m{row['value']}", row["label"], row["detail"])
        for row in directory_queries.suggestions(typed, demo=settings.SHOW_DEMO, limit=MOST_HITS)
    ]
    if len(phrase) < directory_queries.FEWEST_LETTERS_SUGGESTED:
        return towns
    regions = _regions().filter(prefix_condition(phrase)).order_by("search_text")[: MOST_HITS // 2]
    return towns + [_region_hit(region) for region in regions]


def same_name(*, name: str, country: str) -> list[Hit]:
    """Places of this country that are called so already."""
    towns = _listed().filter(whole_name_condition(fold(name)), country=country)
    return [hit_of(town) for town in towns[:MOST_HITS]]


def region_called(*, name: str, country: str) -> Region | None:
    """The only region of the country with this name."""
    rows = Region.objects.filter(whole_name_condition(fold(name)), country=country)
    found = list(rows[:2]) if fold(name) else []
    return found[0] if len(found) == 1 else None


def own_parties(person: User) -> list[Party]:
    """Where somebody is at home: towns they speak for, seats of their organisations, sides they look after."""
    claims = Claim.objects.accepted().filter(person=person)
    memberships = Membership.objects.active().filter(person=person)
    contacts = SideContact.objects.current().filter(person=person)
    at_home = Q(pk__in=claims.values("municipality"))
    near = Q(pk__in=memberships.values("organisation__seat")) | Q(
        pk__in=contacts.values("side__municipality")
    )
    towns: list[Party] = [*_listed().filter(at_home)]
    towns += _listed().filter(near).exclude(at_home)
    return [*towns, *_regions().filter(pk__in=contacts.values("side__region"))]


def _listed() -> QuerySet[Municipality]:
    return Municipality.objects.listed(demo=settings.SHOW_DEMO)


def _regions() -> QuerySet[Region]:
    return Region.objects.exclude(kind__in=NO_SIDES)


def _region_hit(region: Region) -> Hit:
    place = ", ".join((str(region.get_kind_display()), _country(region.country_id)))
    return Hit(code_of(region), shown_name(region.name, region.german_name), place)


def _country(code: str) -> str:
    label = directory_queries.countries().get(code)
    return label.name if label else code
