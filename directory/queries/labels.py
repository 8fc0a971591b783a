"""Names of countries, regions and kinds in the reader's language, kept between requests."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.formats import get_format
from django.utils.translation import get_language

from directory import list_cache
from directory.models import Country, Municipality, Region
from directory.names import cyrillic_tag, latin_tag, shown_name


class CountryLabel(NamedTuple):
    code: str
    name: str
    latin: str  # the `lang` of its local names
    cyrillic: str


class RegionLabel(NamedTuple):
    pk: int
    code: str
    name: str
    parent: int | None


def countries() -> dict[str, CountryLabel]:
    """All countries in the order of the river, in the reader's language."""
    return list_cache.remember(f"countries:{get_language()}", _countries)


def _countries() -> dict[str, CountryLabel]:
    return {
        country.code: CountryLabel(
            country.code, country.name, latin_tag(country.languages), cyrillic_tag(country.languages)
        )
        for country in Country.objects.all()
    }


def regions_of(country: str) -> dict[str, RegionLabel]:
    """The regions of a country by their code, in the order of their names."""
    return _all_regions().get(country, {})


def region_names() -> dict[int, str]:
    """Every region by its number."""
    return list_cache.remember(f"region_names:{get_language()}", _region_names)


def _region_names() -> dict[int, str]:
    return {label.pk: label.name for regions in _all_regions().values() for label in regions.values()}


def _all_regions() -> dict[str, dict[str, RegionLabel]]:
    return list_cache.remember(f"regions:{get_language()}", _regions)


def _regions() -> dict[str, dict[str, RegionLabel]]:
    rows = Region.objects.order_by("search_text", "name")
    by_country: dict[str, dict[str, RegionLabel]] = {}
    columns = ("country_id", "pk", "code", "name", "german_name", "parent_id")
    for country, pk, code, name, german, parent in rows.values_list(*columns):
        by_country.setdefault(country, {})[code] = RegionLabel(pk, code, shown_name(name, german), parent)
    return by_country


def codes_upwards(regions: Mapping[str, RegionLabel]) -> dict[int, list[str]]:
    """For each region its own code and those of all above it: a state holds what its districts hold."""
    by_number = {label.pk: label for label in regions.values()}
    lines: dict[int, list[str]] = {}
    for number in by_number:
        line: list[str] = []
        label = by_number.get(number)
        # A region entered by mistake as a part of its own part ends the line.
        while label is not None and label.code not in line:
            line.append(label.code)
            label = by_number.get(label.parent or 0)
        lines[number] = line
    return lines


def with_parts(code: str, regions: Mapping[str, RegionLabel]) -> set[int]:
    """The region and everything below it."""
    return {number for number, line in codes_upwards(regions).items() if code in line}


def grouped_number(number: int) -> str:
    """12.345 in German, 12,345 in English."""
    # number_format would take 25 µs for each of the 60 numbers of a list.
    return f"{number:,}".replace(",", str(get_format("THOUSAND_SEPARATOR", use_l10n=True)))


def kind_labels() -> dict[str, str]:
    return {value: str(label) for value, label in Municipality.Kind.choices}
