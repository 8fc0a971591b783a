"""The filters of the list, with the places they were checked against."""

from collections.abc import Collection, Mapping

from core.filters import Filters
from directory.models import Municipality
from directory.queries.labels import CountryLabel, RegionLabel, countries, regions_of

YES, NO = "yes", "no"
SORTS = ("relevance", "name", "inhabitants", "partnerships")


class PlaceFilters(Filters):
    """`countries` are all there are, `regions` those of the chosen country; both by code."""

    def __init__(
        self,
        params: Mapping[str, str],
        known_countries: dict[str, CountryLabel],
        known_regions: dict[str, RegionLabel],
    ) -> None:
        self.countries, self.regions = known_countries, known_regions
        allowed: dict[str, Collection[str]] = {
            "country": known_countries,
            "region": known_regions,
            "kind": Municipality.Kind.values,
            "partnerships": (YES,),
            "map": (YES, NO),
            "sort": SORTS,
        }
        super().__init__(params, allowed)


def filters_of(params: Mapping[str, str]) -> PlaceFilters:
    """The filters of the list; values the directory does not know are ignored."""
    known, country = countries(), params.get("country", "")
    return PlaceFilters(params, known, regions_of(country) if country in known else {})
