"""One line of the place file, and what its makers share."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.places import names
from scripts.places.sources import GeoPlace

HAND_KEPT = Path(__file__).parent
GEONAMES = "GeoNames"
# Feature codes of seats of an administrative unit.
SEATS = {"PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLC"}


@dataclass
class Row:
    """One line of places.tsv; the columns in this order."""

    slug: str = ""
    country: str = ""
    region: str = ""
    kind: str = "place"
    local_kind: str = ""
    name: str = ""
    local_script_name: str = ""
    local_script_by_rule: str = ""
    german_name: str = ""
    ags: str = ""
    lau: str = ""
    nuts: str = ""
    geonames_id: str = ""
    wikidata_id: str = ""
    population: str = ""
    population_year: str = ""
    latitude: str = ""
    longitude: str = ""
    time_zone: str = ""
    names: str = ""
    source: str = ""


class Names:
    """Further names of one place, each text once; what is searchable already is not added again."""

    def __init__(self, *shown: str) -> None:
        self.shown = [name for name in shown if name]
        self.found: dict[str, tuple[str, str]] = {}

    def add(self, text: str, language: str = "", kind: str = "alternate") -> None:
        if text and text not in self.shown:
            self.found.setdefault(text, (language, kind))

    def add_alternates(self, alternates: Iterable[str]) -> None:
        for text in names.further_names([*self.shown, *self.found], alternates):
            self.add(text)

    def cell(self) -> str:
        return ";".join(f"{language}:{kind}:{text}" for text, (language, kind) in sorted(self.found.items()))


def read_table(name: str) -> list[dict[str, str]]:
    with (HAND_KEPT / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def is_near(place: GeoPlace, others: list[GeoPlace], margin: float = 0.1) -> bool:
    """Inside the box of the others, in degrees."""
    return bool(others) and all(
        min(getattr(o, axis) for o in others) - margin
        <= getattr(place, axis)
        <= max(getattr(o, axis) for o in others) + margin
        for axis in ("latitude", "longitude")
    )


def add_geography(row: Row, place: GeoPlace) -> None:
    row.geonames_id = str(place.id)
    row.population = str(place.population or "")
    row.latitude = f"{place.latitude:.5f}"
    row.longitude = f"{place.longitude:.5f}"
    row.time_zone = place.time_zone
