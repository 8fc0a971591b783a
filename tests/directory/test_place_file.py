"""The committed place file, read without a database."""

import re
import unicodedata
from collections import Counter

import pytest

from core.folding import fold, variants
from directory.loading import further_names, read_places, read_table

# South, north, west, east in degrees, a little wider than the countries.
BOXES = {
    "DE": (47.2, 50.7, 7.4, 13.9), "AT": (46.3, 49.1, 9.4, 17.3), "CZ": (48.5, 51.1, 12.0, 18.9),
    "SK": (47.7, 49.7, 16.8, 22.6), "HU": (45.7, 48.6, 16.0, 23.0), "SI": (45.4, 46.9, 13.3, 16.7),
    "HR": (42.3, 46.6, 13.4, 19.5), "BA": (42.5, 45.3, 15.7, 19.7), "RS": (42.2, 46.2, 18.8, 23.1),
    "ME": (41.8, 43.6, 18.4, 20.4), "RO": (43.6, 48.3, 20.2, 29.8), "BG": (41.2, 44.3, 22.3, 28.7),
    "MD": (45.4, 48.5, 26.6, 30.2), "UA": (45.1, 49.6, 22.1, 31.3),
}  # fmt: skip


@pytest.fixture(scope="module")
def places():
    return read_places()


@pytest.fixture(scope="module")
def regions():
    return read_table("regions.csv")


def one(places, country, name):
    found = [row for row in places if row["country"] == country and row["name"] == name]
    return max(found, key=lambda row: int(row["population"] or 0))


def all_names(row):
    return [
        row["name"],
        row["german_name"],
        row["local_script_name"],
        *(n for _, _, n in further_names(row["names"])),
    ]


def test_every_municipality_of_both_states_is_there_once(places):
    keys = Counter(row["ags"] for row in places if row["ags"])
    assert max(keys.values()) == 1
    assert Counter(key[:2] for key in keys) == {"08": 1101, "09": 2056}
    assert {row["ags"] for row in places if row["country"] == "DE"} == set(keys)


def test_ids_and_addresses_are_unique(places):
    for column in ("slug", "geonames_id"):
        values = Counter(row[column] for row in places if row[column])
        assert max(values.values()) == 1, column
    assert all(re.fullmatch("[a-z0-9-]{2,100}", row["slug"]) for row in places)


def test_no_name_is_empty_or_too_long(places):
    for row in places:
        assert row["name"].strip() == row["name"] != ""
        assert len(row["name"]) <= 120
        texts = [(language, text) for language, _, text in further_names(row["names"])]
        assert len(texts) == len(set(texts))
        assert all(text and len(text) <= 160 for _, text in texts)
        assert {kind for _, kind, _ in further_names(row["names"])} <= {"other", "historic", "alternate"}


def test_names_are_latin_and_local_script_is_cyrillic(places):
    for row in places:
        assert all("LATIN" in unicodedata.name(c) for c in row["name"] if c.isalpha()), row["name"]
        assert all("CYRILLIC" in unicodedata.name(c) for c in row["local_script_name"] if c.isalpha())
        assert row["local_script_name"] or row["local_script_by_rule"] == ""


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("DE", "Ulm"), ("DE", "Stuttgart"), ("DE", "Müllheim im Markgräflerland"),
        ("DE", "Weinstadt"), ("DE", "Neu-Ulm"), ("DE", "München"), ("AT", "Wien"), ("CZ", "Praha"),
        ("CZ", "Brno"), ("CZ", "Plzeň"),
        ("SK", "Bratislava"), ("SK", "Komárno"), ("HU", "Pécs"), ("HU", "Győr"), ("HU", "Komárom"),
        ("HU", "Székesfehérvár"), ("SI", "Maribor"), ("SI", "Novo mesto"), ("HR", "Osijek"), ("HR", "Đakovo"),
        ("BA", "Sarajevo"), ("RS", "Beograd"), ("RS", "Novi Sad"), ("RS", "Vršac"), ("ME", "Podgorica"),
        ("RO", "București"), ("RO", "Timișoara"), ("RO", "Brașov"), ("RO", "Iași"), ("RO", "Târgu Mureș"),
        ("BG", "Sofia"), ("BG", "Ruse"), ("BG", "Veliko Tarnovo"), ("MD", "Chișinău"), ("UA", "Izmail"),
        ("UA", "Chernivtsi"), ("UA", "Odesa"), ("UA", "Uzhhorod"), ("UA", "Ivano-Frankivsk"),
    ],
)  # fmt: skip
def test_towns_have_their_local_names(places, country, name):
    assert one(places, country, name)


@pytest.mark.parametrize(
    "name", ["Vienna", "Prague", "Belgrade", "Bucharest", "Chisinau", "Kishinev", "Pilsen"]
)
def test_foreign_names_are_not_main_names(places, name):
    assert name not in {row["name"] for row in places if row["country"] != "DE"}


@pytest.mark.parametrize(
    ("typed", "country", "name"),
    [
        ("funfkirchen", "HU", "Pécs"), ("fuenfkirchen", "HU", "Pécs"), ("temeswar", "RO", "Timișoara"),
        ("temesvar", "RO", "Timișoara"), ("neusatz", "RS", "Novi Sad"), ("ujvidek", "RS", "Novi Sad"),
        ("esseg", "HR", "Osijek"), ("rustschuk", "BG", "Ruse"), ("kronstadt", "RO", "Brașov"),
        ("pressburg", "SK", "Bratislava"), ("odenburg", "HU", "Sopron"), ("grosswardein", "RO", "Oradea"),
        ("semlin", "RS", "Zemun"), ("frankenstadt", "HU", "Baja"), ("czernowitz", "UA", "Chernivtsi"),
        ("belgrad", "RS", "Beograd"), ("beograd", "RS", "Beograd"), ("ismajil", "UA", "Izmail"),
        ("kischinau", "MD", "Chișinău"), ("laibach", "SI", "Ljubljana"),
        ("budweis", "CZ", "České Budějovice"),
    ],
)  # fmt: skip
def test_towns_are_found_by_other_names(places, typed, country, name):
    forms = {form for text in all_names(one(places, country, name)) for form in variants(text)}
    assert typed in forms


def test_romanian_names_have_no_cedilla(places):
    for row in places:
        if row["country"] in ("RO", "MD"):
            assert not set("şţŞŢ") & set(row["name"]), row["name"]


def test_cyrillic_names_say_the_same_as_the_latin_ones(places):
    assert one(places, "RS", "Novi Sad")["local_script_name"] == "Нови Сад"
    assert one(places, "BG", "Ruse")["local_script_name"] == "Русе"
    assert one(places, "UA", "Izmail")["local_script_name"] == "Ізмаїл"
    for row in places:
        if row["country"] in ("RS", "BG") and row["local_script_name"]:
            assert variants(row["local_script_name"]) & variants(row["name"]), row["name"]


def test_positions_lie_in_their_country(places):
    for row in places:
        assert bool(row["latitude"]) == bool(row["longitude"])
        if row["latitude"]:
            south, north, west, east = BOXES[row["country"]]
            assert south <= float(row["latitude"]) <= north, row["slug"]
            assert west <= float(row["longitude"]) <= east, row["slug"]


def test_regions_exist_and_have_parents_and_unique_codes(places, regions):
    codes = Counter(region["code"] for region in regions)
    assert max(codes.values()) == 1
    assert {row["region"] for row in places} - {""} <= set(codes)
    assert {region["parent"] for region in regions} - {""} <= set(codes)
    for row in places:
        assert not row["region"] or row["region"][:2] == row["country"]
    kinds = Counter(region["kind"] for region in regions if region["code"].startswith("DE-0"))
    assert kinds == {"rural_district": 35 + 71, "urban_district": 9 + 25}


def test_a_german_municipality_lies_in_the_district_of_its_key(places):
    for row in places:
        if row["ags"]:
            assert row["region"] == f"DE-{row['ags'][:5]}"
            assert row["lau"] == row["ags"]
            assert row["nuts"].startswith("DE")


def test_all_fourteen_countries_are_there(places):
    countries = read_table("countries.csv")
    assert len(countries) == 14
    assert {row["country"] for row in places} == {country["code"] for country in countries}


def test_well_known_german_names_are_shown(places):
    assert one(places, "HU", "Pécs")["german_name"] == "Fünfkirchen"
    assert sum(bool(row["german_name"]) for row in places) > 400


def test_homonyms_in_two_countries_both_stay(places):
    komarno = one(places, "SK", "Komárno")
    assert komarno["slug"] == "komarno-sk"
    assert komarno["latitude"].startswith("47.7")
    assert one(places, "HU", "Komárom")["slug"] == "komarom-hu"
    assert fold("Komárno") == "komarno"
