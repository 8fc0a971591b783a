"""Days on which people of a country stay away."""

import subprocess
import sys
from datetime import date

import pytest

from webinars import public_holidays
from webinars.public_holidays import COUNTRIES, Holiday, holidays_on


def test_germany_means_baden_wuerttemberg() -> None:
    epiphany, reformation_day = date(2027, 1, 6), date(2027, 10, 31)

    assert holidays_on(epiphany, ["DE"], language="de") == [Holiday("DE", "Heilige Drei Könige")]
    assert holidays_on(reformation_day, ["DE", "SI"], language="en") == [Holiday("SI", "Reformation Day")]


def test_only_the_countries_asked_for_are_named_in_their_order() -> None:
    found = holidays_on(date(2027, 5, 1), {"RO", "AT", "HU"}, language="en")

    assert [holiday.country for holiday in found] == ["AT", "HU", "RO"]


def test_each_of_the_14_countries_keeps_new_years_day() -> None:
    found = holidays_on(date(2027, 1, 1), COUNTRIES, language="de")

    assert [holiday.country for holiday in found] == sorted(COUNTRIES)
    assert len(found) == 14


def test_a_usual_day_and_a_foreign_country_have_none() -> None:
    assert holidays_on(date(2027, 1, 13), COUNTRIES, language="de") == []
    assert holidays_on(date(2027, 7, 14), ["FR"], language="de") == []


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "National Day"), ("hu", "Nemzeti ünnep"), ("de", "Nemzeti ünnep"), ("uk", "Національне свято")],
)
def test_a_name_is_in_the_readers_language_or_in_the_countrys(language: str, name: str) -> None:
    assert holidays_on(date(2027, 3, 15), ["HU"], language=language) == [Holiday("HU", name)]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 3, 8), "International Women's Day"),
        (date(2027, 5, 1), "Labor Day"),
        (date(2027, 5, 2), "Easter Sunday (Pascha)"),
        (date(2027, 5, 8), "Day of Remembrance and Victory over Nazism in World War II 1939-1945"),
        (date(2027, 6, 20), "Pentecost"),
        (date(2027, 6, 28), "Day of the Constitution of Ukraine"),
        (date(2027, 7, 15), "Ukrainian Statehood Day"),
        (date(2027, 8, 24), "Independence Day"),
        (date(2027, 10, 1), "Day of defenders of Ukraine"),
        (date(2027, 12, 25), "Christmas Day"),
    ],
)
def test_ukraines_days_are_known_although_martial_law_suspends_them(day: date, name: str) -> None:
    assert holidays_on(day, ["UA"], language="en") == [Holiday("UA", name)]


def test_orthodox_and_western_easter_are_told_apart() -> None:
    western, orthodox = date(2027, 3, 29), date(2027, 5, 3)
    asked = ["DE", "HU", "RO", "BG", "RS"]

    assert [holiday.country for holiday in holidays_on(western, asked, language="en")] == ["DE", "HU"]
    assert [holiday.country for holiday in holidays_on(orthodox, asked, language="en")] == ["BG", "RO", "RS"]


def test_a_year_is_worked_out_once() -> None:
    public_holidays._of_year.cache_clear()

    for day in range(1, 29):
        holidays_on(date(2031, 2, day), ["CZ"], language="de")

    assert public_holidays._of_year.cache_info().misses == 1


def test_the_package_is_loaded_only_when_somebody_asks() -> None:
    asked = "import sys, webinars.public_holidays; print('holidays' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
