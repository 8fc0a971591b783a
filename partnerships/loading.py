"""Reads partnerships from a CSV file. All or nothing: one bad line, and nothing is written.

A side is written `HU:municipality:Pécs:` or `DE:district:Ostalbkreis:08136`: country, what it is, name, official
key. German sides are found by their key, the others by their name within the country.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from accounts.languages import SPOKEN_LANGUAGES
from core.folding import fold
from core.search import whole_name_condition
from directory.actions import save_municipality
from directory.models import Municipality, Region, Topic
from partnerships.actions import SamePairExists, SidesMustDiffer, TooFewSides, register
from partnerships.models import Partnership

HERE = Path(__file__).resolve().parent / "data"
SEED_FILE = HERE / "partnerships.csv"
OUTSIDE_FILE = HERE / "places_outside.csv"
"""Towns beyond the area of the Danube strategy that have a partner inside it."""

CLEARLY_THE_TOWN = 5
"""Of places of one name the largest is meant if it has this many times the inhabitants of the next."""

COLUMNS = (
    "key", "kind", "shape", "status", "sides", "first_contact_year", "signed_year", "renewed_year", "ended_year",
    "topics", "languages", "source_url", "source_title", "source_publisher", "verified_on", "evidence",
)  # fmt: skip
YEARS = ("first_contact_year", "signed_year", "renewed_year", "ended_year")
EARLIEST_YEAR = 1900


class BadLine(Exception):
    """Why one line cannot be loaded."""


class CannotLoad(Exception):
    """Every line that is wrong, each with file, number and reason."""

    def __init__(self, file: Path, problems: list[tuple[int, str]]) -> None:
        super().__init__("\n".join(f"{file.name}, line {number}: {reason}" for number, reason in problems))
        self.problems = problems


@dataclass
class Loaded:
    new: int = 0
    known: int = 0


@transaction.atomic
def load_partnerships(*, file: Path = SEED_FILE, now: datetime) -> Loaded:
    """Publish what is not in the register yet. Raises CannotLoad; then nothing was written."""
    loaded, problems = Loaded(), []
    reader = _Reader()
    for number, row in _rows(file):
        if Partnership.objects.filter(slug=row.get("key", "")).exists():
            loaded.known += 1
            continue
        try:
            with transaction.atomic():
                reader.register(row, now=now)
            loaded.new += 1
        except SamePairExists:
            loaded.known += 1
        except BadLine as problem:
            problems.append((number, str(problem)))
    if problems:
        raise CannotLoad(file, problems)
    return loaded


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise CannotLoad(file, [(1, f"columns are missing: {', '.join(missing)}")])
        for row in reader:
            yield reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}


class _Reader:
    """Turns lines into partnerships; remembers what it looked up."""

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return {topic.code: topic for topic in Topic.objects.all()}

    @cached_property
    def outside(self) -> dict[tuple[str, str], dict[str, str]]:
        with OUTSIDE_FILE.open(encoding="utf-8", newline="") as lines:
            return {(row["country"], fold(row["name"])): row for row in csv.DictReader(lines)}

    def register(self, row: dict[str, str], *, now: datetime) -> Partnership:
        facts = {
            "kind": _one_of(row["kind"], Partnership.Kind.values, "kind"),
            "shape": _one_of(row["shape"], Partnership.Shape.values, "shape"),
            "status": _one_of(row["status"] or "unknown", Partnership.Status.values, "status"),
            "languages": [
                _one_of(code, dict(SPOKEN_LANGUAGES), "language") for code in row["languages"].split()
            ],
            "source_url": _address(row["source_url"]),
            "verified_on": _day(row["verified_on"]),
            "is_seed": True,
            **{name: _year(row[name]) for name in YEARS},
            **{name: row[name] for name in ("source_title", "source_publisher", "evidence")},
        }
        topics = [self.topics[_one_of(code, self.topics, "topic")] for code in row["topics"].split()]
        sides = [self.side(text.strip()) for text in row["sides"].split("|")]
        try:
            return register(sides=sides, facts=facts, topics=topics, slug=row["key"], publish_at=now)
        except TooFewSides:
            raise BadLine("fewer than two sides") from None
        except SidesMustDiffer:
            raise BadLine("the same side twice") from None

    def side(self, text: str) -> Municipality | Region:
        country, what, name, key = [*text.split(":"), "", "", "", ""][:4]
        if what == "district":
            return self._district(country, name, key)
        if what != "municipality":
            raise BadLine(f"side {text!r}: neither municipality nor district")
        if key:
            return _the_only(Municipality.objects.current().filter(country=country, ags=key), text)
        return self._by_name(country, name, text)

    def _district(self, country: str, name: str, key: str) -> Region:
        regions = Region.objects.filter(country=country)
        if key:
            found = regions.filter(Q(official_code=key) | Q(code=f"{country}-{key}"))
        else:
            found = regions.filter(Q(name=name) | whole_name_condition(fold(name)))
        return _the_only(found.exclude(kind=Region.Kind.STATE), f"{country} {name} {key}".strip())

    def _by_name(self, country: str, name: str, text: str) -> Municipality:
        places = Municipality.objects.current().filter(whole_name_condition(fold(name)), country=country)
        candidates = list(places.order_by(F("population").desc(nulls_last=True), "pk")[:20])
        same_name = [place for place in candidates if fold(place.name) == fold(name)]
        candidates = same_name or candidates
        if not candidates:
            return self._from_outside(country, name, text)
        first, *others = candidates
        if others and (first.population or 0) < CLEARLY_THE_TOWN * max(1, others[0].population or 0):
            raise BadLine(
                f"side {text!r} is ambiguous: {', '.join(f'{one.name} ({one.slug})' for one in candidates)}"
            )
        return first

    def _from_outside(self, country: str, name: str, text: str) -> Municipality:
        place = self.outside.get((country, fold(name)))
        if place is None:
            raise BadLine(f"side {text!r} is not in the directory")
        # No region: that is how the directory knows a town beyond the area of the strategy.
        town = Municipality(
            country_id=country,
            kind=Municipality.Kind.TOWN,
            name=place["name"],
            german_name=place["german_name"],
            local_script_name=place["cyrillic_name"],
            latitude=float(place["latitude"]),
            longitude=float(place["longitude"]),
            population=int(place["population"]),
            time_zone=place["time_zone"],
            geonames_id=int(place["geonames_id"]),
            source="GeoNames",
        )
        return save_municipality(municipality=town)


def _the_only(found: Any, text: str) -> Any:
    rows = list(found[:2])
    if not rows:
        raise BadLine(f"side {text!r} is not in the directory")
    if len(rows) > 1:
        raise BadLine(f"side {text!r} is ambiguous")
    return rows[0]


def _one_of(value: str, allowed: Any, what: str) -> str:
    if value not in allowed:
        raise BadLine(f"{what} {value!r} is not known")
    return value


def _year(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not EARLIEST_YEAR <= int(text) <= date.max.year:
        raise BadLine(f"year {text!r} is not a year")
    return int(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadLine(f"date {text!r} is not YYYY-MM-DD") from None


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise BadLine(f"address {text!r} is not a web address")
    return text
