"""Baden-Württemberg and Bavaria: every municipality of the official list, joined to its settlement."""

import re
from collections import defaultdict
from pathlib import Path

from core.folding import fold, variants
from scripts.places import names, sources
from scripts.places.rows import GEONAMES, SEATS, Names, Row, add_geography, is_near, read_table
from scripts.places.sources import GeoPlace

KEYS = "DWD/Destatis"


def german_rows(cache: Path, places: dict[int, GeoPlace]) -> list[Row]:
    keys = sources.german_keys(cache)
    corrections = {row["ags"]: row["name"] for row in read_table("corrections.csv") if row["ags"]}
    nuts = {district["AGS"]: district["NUTS3"] for district in sources.german_districts(cache)}
    found = match_german(keys, places)
    rows = []
    for key in keys:
        name = corrections.get(key.ags, key.name)
        place = found.get(key.ags)
        further = Names(name)
        further.add(names.german_long_form(name), "de")
        further.add(key.name, "de")
        row = Row(
            country="DE",
            region=f"DE-{key.ags[:5]}",
            kind=german_kind(key),
            local_kind=german_term(key),
            name=name,
            ags=key.ags,
            lau=key.ags,
            nuts=nuts[key.ags[:5]],
            time_zone="Europe/Berlin",
            source=KEYS,
        )
        if place:
            add_geography(row, place)
            row.source = f"{KEYS}, {GEONAMES}"
            further.add_alternates([place.name, *place.alternates])
        row.names = further.cell()
        rows.append(row)
    return rows


def german_term(key: sources.GermanKey) -> str:
    if key.ags.endswith("000"):
        return "Stadtkreis" if key.ags.startswith("08") else "Kreisfreie Stadt"
    return "" if key.term == "Gemeinde" and key.ags.startswith("09") else key.term


def german_kind(key: sources.GermanKey) -> str:
    if key.ags.endswith("000"):
        return "city_district"
    return {"Stadt": "town", "Große Kreisstadt": "large_district_town"}.get(key.term, "municipality")


def german_spellings(name: str) -> list[set[str]]:
    """Folded forms a place of that name may have, the closest first."""
    long = names.german_long_form(name)
    bare = re.sub(r"\s*\(.*?\)|/.*$", "", long)
    without_river = re.split(r" (?:an|am|in|im|bei|vor|ob) ", bare)[0].removeprefix("Bad ")
    return [variants(name) | variants(long), variants(bare), variants(without_river)]


def match_german(keys: list[sources.GermanKey], places: dict[int, GeoPlace]) -> dict[str, GeoPlace]:
    """The settlement of the same name inside each municipality, by AGS."""
    inside: dict[str, list[GeoPlace]] = defaultdict(list)
    for place in places.values():
        if place.country == "DE":
            inside[place.admin4].append(place)
    found: dict[str, GeoPlace] = {}
    for key in keys:
        if settlement := closest(key.name, inside[key.ags]):
            found[key.ags] = settlement
    taken = {place.id for place in found.values()}
    # A few settlements have no key or that of a neighbour: the full name has to be the same then.
    for key in (key for key in keys if key.ags not in found):
        district = [p for ags, p in found.items() if ags[:5] == key.ags[:5]]
        candidates = [
            place
            for place in places.values()
            if place.country == "DE"
            and place.id not in taken
            and place.admin1 == state_code(key.ags)
            and place.admin4[:5] in ("", key.ags[:5])
            and fold(place.name) in german_spellings(key.name)[0]
            and is_near(place, district)
        ]
        if len(candidates) == 1:
            found[key.ags] = candidates[0]
    return found


def state_code(ags: str) -> str:
    """GeoNames' code of the state a key belongs to."""
    return next(code for code, state in sources.GERMAN_STATES.items() if ags.startswith(state))


def closest(name: str, candidates: list[GeoPlace]) -> GeoPlace | None:
    for forms in german_spellings(name):
        same = [p for p in candidates if fold(p.name) in forms]
        if not same:
            same = [p for p in candidates if forms & {fold(a) for a in p.alternates}]
        if same:
            return max(same, key=lambda p: (p.feature in SEATS, p.population, -p.id))
    # "Weinstadt-Endersbach" for Weinstadt
    return next((p for p in candidates if p.name.startswith(f"{name}-")), None)
