"""Fills the directory from the files in `directory/data` (made by `scripts/build_places.py`).

One rule for what is there already: rows are recognised by their official key, their GeoNames number or their
address and are left alone, so that nothing an administrator corrected is overwritten. With `refresh=True` the
facts of the file win over what is stored; texts, web addresses, further names and rows that were merged stay even
then.

Sources: GeoNames (CC BY 4.0), Destatis (CC BY 4.0), DWD and the packages in `scripts/places/sources.py`.
"""

import csv
import lzma
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation

from core.folding import search_text, sort_key
from directory import list_cache
from directory.actions import municipality_search_text
from directory.merging import derived_from, tell_change
from directory.models import Country, Municipality, MunicipalityName, Region, Topic

DATA = Path(__file__).parent / "data"
BATCH = 2000

Progress = Callable[[int, int], None]

# Code, German, English: what partners do together (mission.md 4.2).
TOPICS = (
    ("citizens", "Bürgerbegegnung", "Meetings of citizens"),
    ("culture", "Kultur & Musik", "Culture and music"),
    ("youth", "Jugend & Schule", "Youth and school"),
    ("sport", "Sport", "Sport"),
    ("language", "Sprache", "Language"),
    ("seniors", "Senioren", "Senior citizens"),
    ("volunteering", "Ehrenamt & Feuerwehr", "Volunteering and fire brigades"),
    ("administration", "Verwaltung & Fachaustausch", "Administration and professional exchange"),
    ("democracy", "Demokratie & Beteiligung", "Democracy and participation"),
    ("inclusion", "Inklusion & Roma", "Inclusion and Roma"),
    ("equality", "Frauen & Gleichstellung", "Women and equality"),
    ("environment", "Umwelt, Klima & Wasser", "Environment, climate and water"),
    ("tourism", "Tourismus & Radwege", "Tourism and cycle routes"),
    ("economy", "Wirtschaft & Berufsbildung", "Economy and vocational training"),
    ("digital", "Digitalisierung", "Digitalisation"),
    ("health", "Gesundheit", "Health"),
    ("remembrance", "Erinnerung & Donauschwaben", "Remembrance and Danube Swabians"),
    ("relief", "Nothilfe & Wiederaufbau", "Emergency relief and reconstruction"),
)

_TEXTS = (
    "kind", "local_kind", "name", "local_script_name", "german_name", "ags", "lau", "nuts", "wikidata_id",
    "time_zone", "source",
)  # fmt: skip
_FACTS = (
    *_TEXTS, "country", "region", "local_script_by_rule", "geonames_id", "population", "population_year",
    "latitude", "longitude", "search_text", "sort_key",
)  # fmt: skip


@dataclass
class LoadReport:
    """What one run has done; `municipalities` counts the added ones by country code."""

    countries: int = 0
    regions: int = 0
    topics: int = 0
    municipalities: Counter[str] = field(default_factory=Counter)
    names: int = 0
    left_alone: int = 0
    refreshed: int = 0


def load_directory(*, progress: Progress | None = None, refresh: bool = False) -> LoadReport:
    """All or nothing; a second run changes nothing. `progress` is told (places done, places in all)."""
    report = LoadReport()
    # The untranslated columns of modeltranslation take the value of the active language.
    with transaction.atomic(), translation.override("de"):
        report.countries = _load_countries(refresh)
        report.regions = _load_regions(refresh)
        report.topics = _load_topics()
        _load_municipalities(report, progress, refresh)
        list_cache.forget()
    return report


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file in `directory/data`."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_places() -> list[dict[str, str]]:
    """Rows of places.tsv.xz: tab-separated, no quoting, empty cell where a fact is not known."""
    with lzma.open(DATA / "places.tsv.xz", "rt", encoding="utf-8", newline="\n") as lines:
        columns = next(lines).rstrip("\n").split("\t")
        return [dict(zip(columns, line.rstrip("\n").split("\t"), strict=True)) for line in lines]


def further_names(cell: str) -> list[tuple[str, str, str]]:
    """Language, kind and text of each name in the column `names` ("de:historic:Esseg;:alternate:Osek")."""
    return [
        (language, kind, text) for language, kind, text in (n.split(":", 2) for n in cell.split(";") if n)
    ]


def _load_countries(refresh: bool) -> int:
    known: set[Any] = set(Country.objects.values_list("code", flat=True))
    rows = [
        Country(
            code=row["code"],
            name_de=row["name_de"],
            name_en=row["name_en"],
            local_names=row["local_names"],
            membership=row["membership"],
            in_danube_region=row["in_danube_region"] == "1",
            scope_note_de=row["scope_note_de"],
            scope_note_en=row["scope_note_en"],
            languages=row["languages"].split(),
            time_zone=row["time_zone"],
            position=int(row["position"]),
        )
        for row in read_table("countries.csv")
        if refresh or row["code"] not in known
    ]
    for row in rows:
        row.save()
    return len([row for row in rows if row.code not in known])


def _load_regions(refresh: bool) -> int:
    stored = {region.code: region for region in Region.objects.all()}
    known = {code: region.pk for code, region in stored.items()}
    added = 0
    # Parents stand in the file before or after their parts: those without a parent go first.
    for row in sorted(read_table("regions.csv"), key=lambda row: (bool(row["parent"]), row["code"])):
        pk = known.get(row["code"])
        if pk and not refresh:
            continue
        region = Region(
            pk=pk,
            code=row["code"],
            country_id=row["country"],
            parent_id=known[row["parent"]] if row["parent"] else None,
            kind=row["kind"],
            name=row["name"],
            german_name=row["german_name"],
            nuts=row["nuts"],
            official_code=row["official_code"],
            in_danube_region=row["in_danube_region"] == "1",
            search_text=search_text([row["name"], row["german_name"]]),
        )
        region.save()
        if pk and derived_from(region) != derived_from(stored[region.code]):
            tell_change(region)
        known[region.code] = region.pk
        added += pk is None
    return added


def _load_topics() -> int:
    known: set[Any] = set(Topic.objects.values_list("code", flat=True))
    rows = [
        Topic(code=code, name_de=german, name_en=english, position=position)
        for position, (code, german, english) in enumerate(TOPICS, start=1)
        if code not in known
    ]
    for row in rows:
        row.save()
    return len(rows)


class _Known:
    """Which rows of the file are stored already."""

    def __init__(self) -> None:
        self.by_ags: dict[str, int] = {}
        self.by_geonames: dict[int, int] = {}
        self.by_slug: dict[str, int] = {}
        # modeltranslation's managers lose the types of values_list.
        stored: Any = Municipality.objects.values_list("pk", "ags", "geonames_id", "slug")
        for pk, ags, geonames_id, slug in stored:
            self.by_slug[slug] = pk
            if ags:
                self.by_ags[ags] = pk
            if geonames_id:
                self.by_geonames[geonames_id] = pk

    def find(self, row: dict[str, str]) -> int | None:
        return (
            self.by_ags.get(row["ags"])
            or self.by_geonames.get(int(row["geonames_id"] or 0))
            or self.by_slug.get(row["slug"])
        )


def _load_municipalities(report: LoadReport, progress: Progress | None, refresh: bool) -> None:
    known = _Known()
    regions = dict(Region.objects.values_list("code", "pk"))
    places = read_places()
    rows = iter(places)
    done = 0
    while batch := list(islice(rows, BATCH)):
        found = [(row, known.find(row)) for row in batch]
        new = [row for row, pk in found if pk is None]
        _insert(new, regions, report)
        if refresh:
            _refresh([(row, pk) for row, pk in found if pk is not None], regions, report)
        else:
            report.left_alone += len(batch) - len(new)
        done += len(batch)
        if progress:
            progress(done, len(places))


def _insert(rows: list[dict[str, str]], regions: dict[str, int], report: LoadReport) -> None:
    municipalities = Municipality.objects.bulk_create(_municipality(row, regions) for row in rows)
    report.municipalities.update(row["country"] for row in rows)
    names = list(_names(zip(municipalities, rows, strict=True)))
    MunicipalityName.objects.bulk_create(names, batch_size=BATCH)
    report.names += len(names)


def _refresh(pairs: list[tuple[dict[str, str], int]], regions: dict[str, int], report: LoadReport) -> None:
    merged: set[Any] = set(Municipality.objects.exclude(merged_into=None).values_list("pk", flat=True))
    current = [(row, pk) for row, pk in pairs if pk not in merged]
    before = Municipality.objects.in_bulk([pk for _, pk in current])
    municipalities = []
    for row, pk in current:
        municipality = _municipality(row, regions)
        municipality.pk = pk
        municipalities.append(municipality)
    rows = [row for row, _ in current]
    names = list(_names(zip(municipalities, rows, strict=True)))
    MunicipalityName.objects.bulk_create(names, batch_size=BATCH, ignore_conflicts=True)
    # The file does not know the names that the office or a merge has added.
    texts = _stored_names(before)
    for municipality in municipalities:
        municipality.search_text = municipality_search_text(municipality, texts[municipality.pk])
    # One statement for all instead of bulk_update, which takes ten times as long.
    Municipality.objects.bulk_create(
        municipalities, update_conflicts=True, unique_fields=["id"], update_fields=[*_FACTS, "changed_at"]
    )
    for municipality in municipalities:
        if derived_from(municipality) != derived_from(before[municipality.pk]):
            tell_change(municipality)
    report.refreshed += len(municipalities)


def _stored_names(municipalities: Iterable[int]) -> defaultdict[int, list[str]]:
    """The further names of each of these numbers, oldest first, as `save_municipality` takes them."""
    texts = defaultdict(list)
    rows = MunicipalityName.objects.filter(municipality__in=municipalities).order_by("pk")
    for pk, text in rows.values_list("municipality_id", "text"):
        texts[pk].append(text)
    return texts


def _municipality(row: dict[str, str], regions: dict[str, int]) -> Municipality:
    texts = [text for _, _, text in further_names(row["names"])]
    return Municipality(
        slug=row["slug"],
        country_id=row["country"],
        region_id=regions[row["region"]] if row["region"] else None,
        local_script_by_rule=row["local_script_by_rule"] == "1",
        geonames_id=_number(row["geonames_id"]),
        population=_number(row["population"]),
        population_year=_number(row["population_year"]),
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        search_text=search_text([row["name"], row["german_name"], row["local_script_name"], *texts]),
        sort_key=sort_key(row["name"]),
        **{column: row[column] for column in _TEXTS},
    )


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def _names(pairs: Iterator[tuple[Municipality, dict[str, str]]]) -> Iterator[MunicipalityName]:
    for municipality, row in pairs:
        for language, kind, text in further_names(row["names"]):
            yield MunicipalityName(municipality=municipality, language=language, kind=kind, text=text)
