"""The three questions after sign-up: who are you, which municipality, what next. Answers stand in the address only."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from directory.models import Municipality
from directory.names import shown_name
from portal.forms import Next


def name_of(town: Municipality | None) -> str:
    return shown_name(town.name, town.german_name) if town else ""


def destination(choice: str, town: Municipality | None) -> str:
    """The one next step."""
    if choice == Next.CLAIM and town:
        return reverse("directory:claim", args=[town.slug])
    if choice == Next.ORGANISATION:
        query = "?" + urlencode({"q": town.name}) if town else ""
        return reverse("directory:organisation_list") + query
    if choice == Next.PARTNERSHIP:
        return _address("partnerships:new", "partnerships:list")
    return town.get_absolute_url() if town else reverse("partnerships:list")


def _address(name: str, otherwise: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(otherwise)
