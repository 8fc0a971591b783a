"""One municipality in full, and the counts of the page about sources."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Q
from django.utils.formats import number_format
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES
from core.filters import Label
from core.partner_pages import tag
from directory import list_cache
from directory.models import Municipality, MunicipalityName, Organisation
from directory.names import shown_name
from directory.queries.labels import countries, grouped_number


def municipality_by_slug(slug: str, *, demo: bool) -> Municipality | None:
    """With its country and region; also one that was merged: its page leads on."""
    rows = Municipality.objects.select_related("country", "region__parent", "merged_into")
    return (rows if demo else rows.filter(is_demo=False)).filter(slug=slug).first()


Fact = tuple[Label, Any]


def facts(municipality: Municipality) -> list[Fact]:
    """Terms and values for the list of facts; values are words ready to be shown, empty ones are left out."""
    region = municipality.region
    regions = [
        shown_name(place.name, place.german_name) for place in (region, region and region.parent) if place
    ]
    kind = str(municipality.get_kind_display())
    if municipality.local_kind:
        kind = f"{kind} ({municipality.local_kind})"
    return [
        (_("Kind"), kind),
        (pgettext("administrative", "Region"), ", ".join(regions)),
        (_("Country"), municipality.country.name),
        (_("Inhabitants"), _inhabitants(municipality)),
        (_("Position"), _position(municipality)),
        (_("Time zone"), municipality.time_zone or municipality.country.time_zone),
        *_codes(municipality),
    ]


def _inhabitants(municipality: Municipality) -> str:
    if municipality.population is None:
        return _("not known")
    number = grouped_number(municipality.population)
    if municipality.population_year is None:
        return number
    return _("%(number)s (%(year)s)") % {"number": number, "year": municipality.population_year}


def _position(municipality: Municipality) -> str:
    if municipality.latitude is None or municipality.longitude is None:
        return _("not known, therefore not on the map")
    north, east = number_format(municipality.latitude, 4), number_format(municipality.longitude, 4)
    return _("%(north)s° north, %(east)s° east") % {"north": north, "east": east}


def _codes(municipality: Municipality) -> list[Fact]:
    return [
        (_("Official municipality key (AGS)"), municipality.ags),
        # In Germany the European key is the official one.
        (
            _("European municipality code (LAU)"),
            "" if municipality.lau == municipality.ags else municipality.lau,
        ),
        (_("European region code (NUTS 3)"), municipality.nuts),
        ("GeoNames", str(municipality.geonames_id or "")),
        ("Wikidata", municipality.wikidata_id),
    ]


class Text(NamedTuple):
    """A text, the language it is really in (as the standard writes it: sr-Latn), and that language's own name."""

    text: str
    language: str
    language_name: str


class Profile(NamedTuple):
    """What a municipality or an organisation says about itself. `is_fallback`: not in the reader's language."""

    first: Text | None
    further: list[Text]
    is_fallback: bool


def profile(subject: Municipality | Organisation) -> Profile:
    """The reader's language first, then the others in which something was entered."""
    wanted = get_language() or settings.LANGUAGE_CODE
    own = {code: getattr(subject, f"description_{code}", None) or "" for code, _name in settings.LANGUAGES}
    texts = {code: text for code, text in own.items() if text}
    texts |= dict(subject.profile_texts.order_by("language").values_list("language", "text"))
    names = dict(PARTNER_LANGUAGES)
    # Stable: German and English stand before the others.
    order = sorted(texts, key=lambda code: code != wanted)
    shown = [Text(texts[code], tag(code), names.get(code, code)) for code in order]
    first = shown[0] if shown else None
    return Profile(first, shown[1:], bool(shown) and order[0] != wanted)


class NameGroup(NamedTuple):
    """The further names in one language; `language` is empty where the source names none."""

    label: str
    language: str
    names: str


def further_names(municipality: Municipality) -> list[NameGroup]:
    """Other names by language, German ones first, those of unknown language last."""
    titles = {municipality.name, municipality.local_script_name}
    historic = MunicipalityName.Kind.HISTORIC
    by_language: dict[str, list[str]] = defaultdict(list)
    if municipality.german_name and municipality.german_name != municipality.name:
        by_language["de"].append(municipality.german_name)
    for text, language, kind in municipality.names.order_by("text").values_list("text", "language", "kind"):
        if text in titles or text in by_language[language]:
            continue
        shown = _("%(name)s (historic)") % {"name": text} if kind == historic else text
        by_language[language].append(shown)
    order = sorted(
        (code for code in by_language if by_language[code]), key=lambda code: (not code, code != "de", code)
    )
    return [NameGroup(language_name(code), code, ", ".join(by_language[code])) for code in order]


def language_name(code: str) -> str:
    """The name of a language in the reader's language."""
    if not code:
        return _("Other spellings")
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


class CountryCount(NamedTuple):
    name: str
    total: int
    off_map: int


def counts_by_country() -> list[CountryCount]:
    """How many real municipalities each country has here, and how many of them lack a position."""
    return list_cache.remember(f"counts_by_country:{get_language()}", _counts_by_country)


def _counts_by_country() -> list[CountryCount]:
    rows = Municipality.objects.current().order_by().values_list("country_id")
    counted: Any = rows.annotate(total=Count("pk"), off_map=Count("pk", filter=Q(latitude=None)))
    numbers = {code: (total, off_map) for code, total, off_map in counted}
    return [
        CountryCount(label.name, *numbers[label.code])
        for label in countries().values()
        if label.code in numbers
    ]
