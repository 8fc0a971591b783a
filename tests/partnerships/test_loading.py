from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.models import Municipality, Topic
from partnerships import loading
from partnerships.loading import CannotLoad, load_partnerships
from partnerships.models import Partnership
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)
GOOD = {
    "key": "fellbach-pecs",
    "kind": "partnership",
    "shape": "bilateral",
    "status": "active",
    "sides": "DE:municipality:Fellbach:08119020 | HU:municipality:Pécs:",
    "signed_year": "1986",
    "topics": "youth",
    "languages": "de hu",
    "source_url": "https://example.org/partners",
    "source_title": "Partners",
    "source_publisher": "Town of Fellbach",
    "verified_on": "2026-11-23",
    "evidence": "Says so.",
}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    import csv

    file = folder / "partnerships.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, loading.COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_line_becomes_a_published_partnership(
    tmp_path: Path, fellbach: Municipality, pecs: Municipality, youth: Topic
) -> None:
    loaded = load_partnerships(file=written(tmp_path, GOOD), now=NOW)

    partnership = Partnership.objects.get()
    assert (loaded.new, loaded.known) == (1, 0)
    assert [side.party for side in partnership.sides.all()] == [fellbach, pecs]
    assert partnership.slug == "fellbach-pecs"
    assert (partnership.signed_year, partnership.first_contact_year) == (1986, None)
    assert partnership.topic_codes == ["youth"]
    assert partnership.languages == ["de", "hu"]
    assert partnership.verified_on == date(2026, 11, 23)
    assert partnership.published_at == NOW
    assert partnership.is_seed


def test_second_run_changes_nothing(
    tmp_path: Path, fellbach: Municipality, pecs: Municipality, youth: Topic
) -> None:
    file = written(tmp_path, GOOD)
    load_partnerships(file=file, now=NOW)
    Partnership.objects.update(status="dormant")
    before = Partnership.objects.values().get()

    loaded = load_partnerships(file=file, now=NOW.replace(year=2028))

    assert (loaded.new, loaded.known) == (0, 1)
    assert Partnership.objects.values().get() == before


def test_pair_entered_by_the_office_is_left_alone(
    tmp_path: Path, fellbach: Municipality, pecs: Municipality, youth: Topic
) -> None:
    load_partnerships(file=written(tmp_path, GOOD | {"key": "other"}), now=NOW)

    loaded = load_partnerships(file=written(tmp_path, GOOD), now=NOW)

    assert (loaded.new, loaded.known) == (0, 1)
    assert Partnership.objects.get().slug == "other"


def test_kind_and_status_may_be_unknown(
    tmp_path: Path, fellbach: Municipality, pecs: Municipality, youth: Topic
) -> None:
    row = GOOD | {
        "kind": "",
        "status": "",
        "signed_year": "",
        "verified_on": "",
        "source_url": "",
        "topics": "",
    }

    load_partnerships(file=written(tmp_path, row), now=NOW)

    partnership = Partnership.objects.get()
    assert (partnership.kind, partnership.status) == ("", "unknown")
    assert partnership.verified_on is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "marriage"}, "kind 'marriage' is not known"),
        ({"shape": "star"}, "shape 'star' is not known"),
        ({"status": "gone"}, "status 'gone' is not known"),
        ({"signed_year": "86"}, "year '86' is not a year"),
        ({"signed_year": "then"}, "year 'then' is not a year"),
        ({"topics": "youth chess"}, "topic 'chess' is not known"),
        ({"languages": "xx"}, "language 'xx' is not known"),
        ({"source_url": "javascript:1"}, "address 'javascript:1' is not a web address"),
        ({"verified_on": "23.11.2026"}, "date '23.11.2026' is not YYYY-MM-DD"),
        ({"sides": "HU:municipality:Pécs:"}, "fewer than two sides"),
        ({"sides": "HU:municipality:Pécs: | HU:municipality:Pecs:"}, "the same side twice"),
        ({"sides": "HU:village:Pécs: | HU:municipality:Pécs:"}, "neither municipality nor district"),
        ({"sides": "DE:municipality:X:08999999 | HU:municipality:Pécs:"}, "is not in the directory"),
        ({"sides": "HU:municipality:Nowhere: | HU:municipality:Pécs:"}, "is not in the directory"),
        ({"sides": "HU:district:Nowhere: | HU:municipality:Pécs:"}, "is not in the directory"),
        ({"sides": ""}, "neither municipality nor district"),
    ],
)
def test_bad_line_is_named_with_file_number_and_reason(
    tmp_path: Path,
    fellbach: Municipality,
    pecs: Municipality,
    youth: Topic,
    change: dict[str, str],
    reason: str,
) -> None:
    good = GOOD | {"key": "good", "kind": "friendship"}

    with pytest.raises(CannotLoad) as caught:
        load_partnerships(file=written(tmp_path, good, GOOD | change), now=NOW)

    assert str(caught.value).startswith("partnerships.csv, line 3: ")
    assert reason in str(caught.value)
    assert Partnership.objects.count() == 0


def test_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "short.csv"
    file.write_text("key,kind\n")

    with pytest.raises(CannotLoad, match=r"short.csv, line 1: columns are missing: shape"):
        load_partnerships(file=file, now=NOW)


def test_clearly_largest_place_of_a_name_is_meant(
    tmp_path: Path, fellbach: Municipality, youth: Topic
) -> None:
    country = CountryFactory(code="HU")
    MunicipalityFactory(name="Tata", country=country, population=900)
    MunicipalityFactory(name="Tata", country=country, population=None)
    town = MunicipalityFactory(name="Tata", country=country, population=23000)
    MunicipalityFactory(
        name="Elsewhere", search_text="|elsewhere|tata|", country=country, population=9_000_000
    )
    row = GOOD | {"sides": "DE:municipality:Fellbach:08119020 | HU:municipality:Tata:"}

    load_partnerships(file=written(tmp_path, row), now=NOW)

    assert Partnership.objects.get().sides.last().party == town


def test_two_places_alike_are_not_guessed(tmp_path: Path, fellbach: Municipality, youth: Topic) -> None:
    country = CountryFactory(code="HU")
    MunicipalityFactory(name="Tata", slug="tata-1", country=country, population=5000)
    MunicipalityFactory(name="Tata", slug="tata-2", country=country, population=23000)
    row = GOOD | {"sides": "DE:municipality:Fellbach:08119020 | HU:municipality:Tata:"}

    with pytest.raises(CannotLoad, match=r"is ambiguous: Tata \(tata-2\), Tata \(tata-1\)"):
        load_partnerships(file=written(tmp_path, row), now=NOW)


def test_districts_are_found_by_key_or_name(tmp_path: Path, youth: Topic) -> None:
    district = RegionFactory(code="DE-08136", official_code="08136", name="Ostalbkreis")
    county = RegionFactory(code="RO-SM", name="Satu Mare", country=CountryFactory(code="RO"), kind="county")
    RegionFactory(code="RO-X", name="Satu Mare", country=CountryFactory(code="RO"), kind="state")
    row = GOOD | {"sides": "DE:district:Ostalbkreis:08136 | RO:district:Satu Mare:"}

    load_partnerships(file=written(tmp_path, row), now=NOW)

    assert [side.party for side in Partnership.objects.get().sides.all()] == [district, county]


def test_two_districts_alike_are_not_guessed(tmp_path: Path, pecs: Municipality, youth: Topic) -> None:
    for code in ("RO-A", "RO-B"):
        RegionFactory(code=code, name="Satu Mare", country=CountryFactory(code="RO"), kind="county")
    row = GOOD | {"sides": "HU:municipality:Pécs: | RO:district:Satu Mare:"}

    with pytest.raises(CannotLoad, match="is ambiguous"):
        load_partnerships(file=written(tmp_path, row), now=NOW)


def test_town_beyond_the_region_is_entered_without_a_region(
    tmp_path: Path, fellbach: Municipality, youth: Topic
) -> None:
    CountryFactory(code="UA", name_de="Ukraine", name_en="Ukraine")
    row = GOOD | {"sides": "DE:municipality:Fellbach:08119020 | UA:municipality:Lviv:"}
    file = written(tmp_path, row, row | {"key": "again", "kind": "friendship"})

    load_partnerships(file=file, now=NOW)

    lviv = Municipality.objects.get(name="Lviv")
    assert lviv.region is None
    assert (lviv.german_name, lviv.local_script_name, lviv.geonames_id) == ("Lemberg", "Львів", 702550)
    assert "|lemberg|" in lviv.search_text
    assert lviv.partnership_count == 2


def test_command_says_what_it_did_and_what_is_wrong(
    tmp_path: Path, fellbach: Municipality, pecs: Municipality, youth: Topic
) -> None:
    out = StringIO()
    file = written(tmp_path, GOOD)

    call_command("load_partnerships", str(file), stdout=out)
    assert out.getvalue() == "1 new partnerships, 0 were there already.\n"

    with pytest.raises(CommandError, match="line 2"):
        call_command("load_partnerships", str(written(tmp_path, GOOD | {"key": "x", "kind": "y"})))


def test_seed_file_names_a_public_source_for_every_line() -> None:
    rows = [row for _number, row in loading._rows(loading.SEED_FILE)]

    assert len(rows) >= 40
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        assert row["source_url"].startswith("http")
        assert row["source_title"]
        assert row["source_publisher"]
        assert row["evidence"]
        assert row["verified_on"]


def test_seed_file_loads_into_the_real_directory() -> None:
    from directory.loading import load_directory

    load_directory()

    loaded = load_partnerships(now=NOW)

    assert loaded.new == len(list(loading._rows(loading.SEED_FILE)))
    assert load_partnerships(now=NOW).new == 0
    assert Municipality.objects.get(ags="08119020").partnership_count == 1
