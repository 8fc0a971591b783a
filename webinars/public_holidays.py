"""Days on which people of a country will not come to a session, to warn whoever plans one. A hint, never a rule.

Source: the package `holidays`, public holidays by each country's law; of Germany those of Baden-Württemberg. In
Ukraine martial law suspends them since March 2022 (law 2136-IX), but people keep the days: the package has them
as its category "workday" (Labour Code, article 73, as changed in 2023 by law 3107-IX and by bill 9431).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

COUNTRIES = frozenset({"DE", "AT", "CZ", "SK", "HU", "SI", "HR", "BA", "RS", "ME", "RO", "BG", "MD", "UA"})
_SUBDIVISIONS = {"DE": "BW"}
_CATEGORIES = {"UA": ("public", "workday")}
_NAMED_OTHERWISE = {"en": "en_US"}


@dataclass(frozen=True)
class Holiday:
    country: str
    name: str
    """In the reader's language where the package has it (English: nearly always), else in the country's own."""


def holidays_on(day: date, countries: Collection[str], *, language: str) -> list[Holiday]:
    """In the order of the country codes. Countries outside the 14 are not known and have none."""
    return [
        Holiday(country, name)
        for country in sorted(COUNTRIES.intersection(countries))
        if (name := _of_year(country, day.year, language).get(day))
    ]


@lru_cache(maxsize=512)
def _of_year(country: str, year: int, language: str) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415 - a tenth of a second at every start, for a page few people open

    def asked(**more: Any) -> holidays.HolidayBase:
        return holidays.country_holidays(
            country, subdiv=_SUBDIVISIONS.get(country), categories=_CATEGORIES.get(country), **more
        )

    # Always named: without a language the package follows the machine's, or answers in English.
    known, wanted = asked(), _NAMED_OTHERWISE.get(language, language)
    spoken = wanted if wanted in known.supported_languages else known.default_language
    return dict(asked(years=year, language=spoken).items())
