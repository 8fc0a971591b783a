"""The other thirteen countries: places of GeoNames, with what national lists add."""

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

from core.folding import fold
from scripts.places import names, sources
from scripts.places.rows import GEONAMES, SEATS, Names, Row, add_geography, is_near, read_table
from scripts.places.sources import GeoPlace

# Regions that are one city: every other place there is a part of it.
CAPITALS = {"AT-9": "Wien", "CZ-10": "Praha", "HU-BU": "Budapest", "RO-B": "București"}


class Abroad:
    """What is needed to turn places of GeoNames into rows."""

    def __init__(self, cache: Path, regions: list[dict[str, str]]) -> None:
        self.corrections = {r["geonames_id"]: r for r in read_table("corrections.csv") if r["geonames_id"]}
        self.region_of = {
            code: region["code"] for region in regions for code in region.get("geonames", "").split()
        }
        self.nuts = {r["code"]: r["nuts"] for r in regions if len(r["nuts"]) == 5}
        self.region_name = {r["code"]: r["name"] for r in regions}
        self.subdivisions = sources.subdivision_names(cache)
        self.iso = sources.iso_codes(cache)
        self.unit_names = {
            (code[:2], code.rpartition(".")[2]): {
                fold(name),
                re.sub("^(obshtina|grad|opcina) ", "", fold(name)),
            }
            for code, name in self.subdivisions.items()
            if code.count(".") == 2
        }
        self.romania = sources.romanian(cache)
        hungary, self.hungarian_names = sources.hungarian(cache)
        codes = {r["name"]: r["code"] for r in regions if r["country"] == "HU"}
        codes |= {"Csongrád": "HU-CS", "Főváros": "HU-BU"}
        self.hungarian_settlements = {
            name: (codes[county], latitude, longitude) for name, county, latitude, longitude in hungary
        }

    def region(self, place: GeoPlace) -> str:
        codes = (
            *sorted(place.subdivisions, key=len, reverse=True),
            f"{place.country}.{place.admin1}.{place.admin2}",
            f"{place.country}.{place.admin1}",
        )
        return next((self.region_of[code] for code in codes if code in self.region_of), "")

    def romanian_unit(self, place: GeoPlace) -> sources.RomanianUnit | None:
        current = (code.rpartition(".")[2] for code in place.subdivisions if code.count(".") == 2)
        return next((self.romania[c] for c in (*current, place.admin2) if c in self.romania), None)


def local_name(place: GeoPlace, abroad: Abroad) -> str:
    """The name in the local spelling, Latin script."""
    name = names.tidy(place.name, place.country)
    if place.country == "RO" and (unit := abroad.romanian_unit(place)):
        return romanian_name(name, unit)
    return names.with_marks(name, place.alternates) if place.country == "MD" else name


def romanian_name(name: str, unit: sources.RomanianUnit) -> str:
    for official in (unit.name, *unit.localities):
        if names.romanian_keys(official) & names.romanian_keys(name):
            return names.romanian_case(official)
    return name


def base_row(place: GeoPlace, abroad: Abroad) -> Row:
    row = Row(
        country=place.country, region=abroad.region(place), name=local_name(place, abroad), source=GEONAMES
    )
    row.nuts = abroad.nuts.get(row.region, "")
    add_geography(row, place)
    add_local_script(row, place)
    if correction := abroad.corrections.get(str(place.id)):
        row.name = correction["name"]
        if correction["local_script_name"]:
            row.local_script_name, row.local_script_by_rule = correction["local_script_name"], ""
    capital = CAPITALS.get(row.region, "")
    if place.feature == "PPLX" or (capital and row.name != capital):
        row.kind = "city_part"
    return row


def add_local_script(row: Row, place: GeoPlace) -> None:
    if place.country not in ("BG", "UA", "RS", "BA", "ME"):
        return
    if match := names.cyrillic_name(row.name, [place.name, *place.alternates], place.country):
        row.local_script_name, latin = match
        row.local_script_name = row.local_script_name.replace("'", "’").replace("ʼ", "’")
        if place.country in ("BG", "UA") or names.marks(latin) > names.marks(row.name):
            row.name = latin
    elif place.country in ("RS", "BA", "ME") and (cyrillic := names.serbian_cyrillic(row.name)):
        row.local_script_name, row.local_script_by_rule = cyrillic, "1"


def mark_municipalities(rows: list[tuple[Row, GeoPlace]], abroad: Abroad) -> None:
    """Kind and official code where a source shows that the place is the seat of a municipality."""
    by_unit: dict[tuple[str, str], list[tuple[Row, GeoPlace]]] = defaultdict(list)
    for row, place in rows:
        if unit := unit_code(place, abroad):
            by_unit[place.country, unit].append((row, place))
        elif is_known_municipality(row, place, abroad):
            row.kind = "municipality"
    for (country, unit), members in by_unit.items():
        if seat := seat_of(country, unit, members, abroad):
            seat.lau = "" if country == "HR" else unit
            seat.kind = "municipality"
            if country == "RO":
                seat.name = names.romanian_case(abroad.romania[unit].name)
                seat.local_kind = abroad.romania[unit].term
                seat.kind = "municipality" if seat.local_kind == "comună" else "town"


def mark_towns(rows: list[Row]) -> None:
    """Towns by law, from the hand-kept table; the largest place of the name is meant."""
    for town in read_table("towns.csv"):
        same = [row for row in rows if (row.country, row.name) == (town["country"], town["name"])]
        if not same:
            print(f"town without a place: {town['country']} {town['name']}")
            continue
        largest = max(same, key=lambda row: int(row.population or 0))
        largest.kind, largest.local_kind = "town", town["local_kind"]


def unit_code(place: GeoPlace, abroad: Abroad) -> str:
    """The official code of the municipality the place lies in (HR: its GeoNames id); empty if not known."""
    if place.country in ("AT", "CZ", "SK", "RS"):
        return place.admin3 if re.fullmatch(r"\d{5,6}", place.admin3) else ""
    if place.country in ("BG", "HR"):
        current = [c.rpartition(".")[2] for c in place.subdivisions if c.count(".") == 2]
        code = (current or [place.admin2])[0]
        return code if re.fullmatch(r"[A-Z]{3}\d\d|\d{7,8}", code) else ""
    if place.country == "SI":
        return abroad.iso.get(f"SI.{place.admin1}", "").removeprefix("SI-")
    if place.country == "RO":
        unit = abroad.romanian_unit(place)
        return unit.code if unit else ""
    return ""


def seat_of(country: str, unit: str, members: list[tuple[Row, GeoPlace]], abroad: Abroad) -> Row | None:
    whole = [(row, place) for row, place in members if place.feature != "PPLX"]
    if country == "RO":
        wanted = names.romanian_keys(abroad.romania[unit].name)
        seats = [pair for pair in whole if wanted & names.romanian_keys(pair[0].name)]
        seats = seats or [pair for pair in whole if pair[1].feature in SEATS and alike(pair[0].name, wanted)]
    elif country in ("CZ", "SK") and not any(place.feature in SEATS for _, place in whole):
        # GeoNames marks few seats there; a municipality bears the name of its largest settlement.
        seats = whole
    else:
        seats = [pair for pair in whole if pair[1].feature in SEATS]
    if country in ("BG", "HR") and not seats:
        wanted = abroad.unit_names.get((country, unit), set())
        seats = [pair for pair in whole if fold(pair[0].name) in wanted]
    return max(seats, key=lambda pair: (pair[1].population, -pair[1].id))[0] if seats else None


def alike(name: str, wanted: set[str]) -> bool:
    """Roșiorii de Vede is Roșiori de Vede."""
    return any(SequenceMatcher(None, fold(name), form).ratio() > 0.85 for form in wanted)


def is_known_municipality(row: Row, place: GeoPlace, abroad: Abroad) -> bool:
    if row.kind == "city_part" and (row.region in CAPITALS or row.country != "HU"):
        return False
    if place.country == "HU":
        region, latitude, longitude = abroad.hungarian_settlements.get(row.name, ("", 0.0, 0.0))
        near = abs(latitude - place.latitude) < 0.1 and abs(longitude - place.longitude) < 0.1
        return near or region == row.region
    return place.feature in SEATS


def foreign_rows(places: dict[int, GeoPlace], abroad: Abroad) -> list[Row]:
    pairs = [(base_row(place, abroad), place) for place in without_doubles(places.values())]
    mark_municipalities(pairs, abroad)
    alternates = {id(row): [place.name, *place.alternates] for row, place in pairs}
    rows = [row for row, _ in pairs] + missing_hungarian(pairs, abroad) + missing_romanian(pairs, abroad)
    mark_towns(rows)
    german = german_names(rows, abroad)
    for row in rows:
        add_names(row, german[id(row)], alternates.get(id(row), []), abroad)
    return rows


def add_names(row: Row, german: list[tuple[str, str]], alternates: list[str], abroad: Abroad) -> None:
    further = Names(row.name, row.local_script_name)
    row.german_name = german[0][0] if german else ""
    for text, kind in german:
        further.add(text, "de", kind)
    hungarian = abroad.hungarian_names.get((row.country, row.name), "")
    if hungarian and fold(hungarian) in {fold(name) for name in alternates}:
        further.add(hungarian, "hu", "other")
    further.add_alternates(alternates)
    row.names = further.cell()


def without_doubles(places: Iterable[GeoPlace]) -> list[GeoPlace]:
    """Some places stand twice in GeoNames, with the same name and number of inhabitants."""
    groups: dict[tuple[str | int, ...], list[GeoPlace]] = defaultdict(list)
    for place in places:
        if place.country != "DE" and not is_gone(place):
            key = place.population or -place.id
            groups[place.country, place.admin1, place.name, key].append(place)
    best = (max(g, key=lambda p: (p.feature != "PPLX", len(p.alternates), -p.id)) for g in groups.values())
    return sorted(best, key=lambda place: place.id)


def is_gone(place: GeoPlace) -> bool:
    return place.feature in ("PPLQ", "PPLH", "PPLW")


def german_names(all_rows: list[Row], abroad: Abroad) -> dict[int, list[tuple[str, str]]]:
    """German names by identity of the row; of several places of one name the largest is meant."""
    by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in all_rows:
        by_name[row.country, row.name].append(row)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for entry in read_table("german_names.csv"):
        rows = by_name[entry["country"], entry["name"]]
        if entry["region"]:
            rows = [row for row in rows if abroad.region_name.get(row.region) == entry["region"]]
        if not rows:
            print(f"German name without a place: {entry['country']} {entry['name']} {entry['region']}")
            continue
        largest = max(rows, key=lambda row: int(row.population or 0))
        found[id(largest)].append((entry["german_name"], entry["kind"]))
    return found


def missing_hungarian(pairs: list[tuple[Row, GeoPlace]], abroad: Abroad) -> list[Row]:
    """Every settlement of Hungary is a municipality; GeoNames has few below 500 inhabitants."""
    known = {row.name for row, _ in pairs if row.country == "HU" and row.kind == "municipality"}
    by_region: dict[str, list[GeoPlace]] = defaultdict(list)
    for row, place in pairs:
        by_region[row.region].append(place)
    rows = []
    for name, (region, latitude, longitude) in abroad.hungarian_settlements.items():
        if name in known or region in CAPITALS:
            continue
        row = Row(
            country="HU",
            region=region,
            kind="municipality",
            name=name,
            nuts=abroad.nuts[region],
            time_zone="Europe/Budapest",
            source="magyar",
        )
        # A few positions there are those of the county of that name, or of another place.
        position = GeoPlace(0, name, "HU", "", latitude, longitude, 0, "")
        if name not in abroad.region_name.values() and is_near(position, by_region[region], margin=0.3):
            row.latitude, row.longitude = f"{latitude:.5f}", f"{longitude:.5f}"
        rows.append(row)
    return rows


def missing_romanian(pairs: list[tuple[Row, GeoPlace]], abroad: Abroad) -> list[Row]:
    """Communes without a settlement of their name: they exist, their position is not known."""
    known = {row.lau for row, _ in pairs if row.country == "RO"}
    code_of = {r["official_code"]: r["code"] for r in read_table("regions.csv") if r["country"] == "RO"}
    return [
        Row(
            country="RO",
            region=code_of[unit.county],
            kind="municipality" if unit.term == "comună" else "town",
            local_kind=unit.term,
            name=names.romanian_case(unit.name),
            lau=code,
            nuts=abroad.nuts[code_of[unit.county]],
            time_zone="Europe/Bucharest",
            source="SIRUTA",
        )
        for code, unit in sorted(abroad.romania.items())
        if code not in known
    ]
