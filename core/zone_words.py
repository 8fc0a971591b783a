"""Clocks in words: the city whose clock it is, and the name of the zone as people in the region say it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext_lazy

_NAMES = {
    "CET": pgettext_lazy("time zone", "CET"),
    "CEST": pgettext_lazy("time zone", "CEST"),
    "EET": pgettext_lazy("time zone", "EET"),
    "EEST": pgettext_lazy("time zone", "EEST"),
    "UTC": pgettext_lazy("time zone", "UTC"),
}
_CITIES = {
    "Europe/Berlin": pgettext_lazy("whose clock", "Berlin"),
    "Europe/Vienna": pgettext_lazy("whose clock", "Vienna"),
    "Europe/Prague": pgettext_lazy("whose clock", "Prague"),
    "Europe/Bratislava": pgettext_lazy("whose clock", "Bratislava"),
    "Europe/Budapest": pgettext_lazy("whose clock", "Budapest"),
    "Europe/Ljubljana": pgettext_lazy("whose clock", "Ljubljana"),
    "Europe/Zagreb": pgettext_lazy("whose clock", "Zagreb"),
    "Europe/Sarajevo": pgettext_lazy("whose clock", "Sarajevo"),
    "Europe/Belgrade": pgettext_lazy("whose clock", "Belgrade"),
    "Europe/Podgorica": pgettext_lazy("whose clock", "Podgorica"),
    "Europe/Bucharest": pgettext_lazy("whose clock", "Bucharest"),
    "Europe/Sofia": pgettext_lazy("whose clock", "Sofia"),
    "Europe/Chisinau": pgettext_lazy("whose clock", "Chișinău"),
    "Europe/Kyiv": pgettext_lazy("whose clock", "Kyiv"),
}


def zone_name(moment: datetime, zone: str) -> str:
    """Winter or summer name of the zone at that moment, in the active language."""
    name = moment.astimezone(ZoneInfo(zone)).tzname() or ""
    return str(_NAMES[name]) if name in _NAMES else name


def city_of(zone: str) -> str:
    """In the active language."""
    return str(_CITIES[zone]) if zone in _CITIES else zone.rpartition("/")[2].replace("_", " ")
