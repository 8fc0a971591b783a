"""Real towns are found by any of their names (Done when 2)."""

from collections import Counter

import pytest
from django.utils import translation

from core.folding import fold
from directory import queries
from directory.models import Municipality, MunicipalityName

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


def found(typed):
    result = queries.search_municipalities(queries.filters_of({"q": typed}), demo=False)
    return result, queries.shown_rows(result.rows[:20])


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("typed", "name", "country"),
    [
        ("Ulm", "Ulm", "Germany"),
        ("Funfkirchen", "Pécs", "Hungary"),
        ("pecs", "Pécs", "Hungary"),
        ("Temeswar", "Timișoara", "Romania"),
        ("Timişoara", "Timișoara", "Romania"),
        ("Русе", "Ruse", "Bulgaria"),
        ("Rustschuk", "Ruse", "Bulgaria"),
        ("gyor", "Győr", "Hungary"),
        ("Raab", "Győr", "Hungary"),
        ("Weinstadt", "Weinstadt", "Germany"),
        ("Stutensee", "Stutensee", "Germany"),
        ("Neusatz", "Novi Sad", "Serbia"),
        ("Нови Сад", "Novi Sad", "Serbia"),
        ("Chisinau", "Chișinău", "Moldova"),
        ("Pressburg", "Bratislava", "Slovakia"),
        ("Tschernowitz", "Chernivtsi", "Ukraine"),
        ("Czernowitz", "Chernivtsi", "Ukraine"),
    ],
)
def test_a_town_is_found_by_this_name(typed, name, country):
    result, rows = found(typed)

    assert (name, country) in [(row.name, row.country) for row in rows]
    assert result.similar is False


@pytest.mark.parametrize("typed", ["Ulm", "Pécs", "Fünfkirchen", "Temeswar", "Stuttgart", "Győr"])
def test_the_town_that_is_meant_comes_first(typed):
    rows = found(typed)[1]

    assert fold(typed) in Municipality.objects.get(slug=rows[0].url.split("/")[2]).search_text.split("|")


@pytest.mark.parametrize(
    ("mistyped", "name"), [("Stuttgrat", "Stuttgart"), ("Kalrsruhe", "Karlsruhe"), ("Temeswra", "Timișoara")]
)
def test_a_typing_error_still_finds_the_town(mistyped, name):
    result, rows = found(mistyped)

    assert name in [row.name for row in rows]
    assert result.similar is True


def test_all_of_baden_wuerttemberg_and_bavaria_are_there():
    states = Counter(ags[:2] for ags in Municipality.objects.exclude(ags="").values_list("ags", flat=True))

    assert states == {"08": 1101, "09": 2056}


def test_every_name_of_every_municipality_is_in_its_own_search_text():
    missing = []
    for pk, name, german, text in Municipality.objects.values_list(
        "pk", "name", "german_name", "search_text"
    ):
        missing += [(pk, word) for word in (name, german) if word and f"|{fold(word)}|" not in text]
    rows = MunicipalityName.objects.values_list("municipality", "text", "municipality__search_text")
    missing += [(pk, word) for pk, word, text in rows if f"|{fold(word)}|" not in text]

    assert missing == []


def test_typing_a_name_finds_its_municipality():
    """Every 50th of those with an official key, through the search itself."""
    rows = list(Municipality.objects.exclude(ags="").order_by("ags")[::50])
    assert len(rows) == 64

    lost = []
    for row in rows:
        result = queries.search_municipalities(queries.filters_of({"q": row.name}), demo=False)
        if row.slug not in {values[0] for values in result.rows}:
            lost.append(row.name)

    assert lost == []
