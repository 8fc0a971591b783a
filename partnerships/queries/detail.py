"""One partnership with all that is known of it, ready to print, and the rows of the export."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.languages import SPOKEN_LANGUAGES
from directory.names import shown_name
from partnerships import register_cache
from partnerships.models import Partnership, PartnershipQuerySet, PartnershipSide
from partnerships.names import (
    RGRE_TERMS,
    confirmation_sign,
    confirmation_words,
    kind_explanations,
    kind_name,
    status_name,
    title_of,
    years_of,
)
from partnerships.queries.chronicle import brief_of
from partnerships.queries.documents import public_files
from partnerships.queries.lists import Labels, names_of_sides
from partnerships.queries.map import picture_of


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the description list. What no source tells is said to be not documented."""

    term: str
    value: str
    explanation: str = ""
    is_rgre_term: bool = False


@dataclass(frozen=True, slots=True)
class SideCard:
    """One side: `url` leads to the municipality, `list_url` to everything of this side in the register."""

    name: str
    url: str
    place: str
    inhabitants: str
    list_url: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the reader's language, or in the other one: then `language` says which."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Detail:
    title: str
    kind: str
    status: str
    is_active: bool
    years: str
    is_demo: bool
    is_published: bool
    facts: list[Fact]
    aims: Text | None
    end_reason: Text | None
    source_url: str
    source_title: str
    source_publisher: str
    source_host: str
    verified_on: str
    confirmation: str
    confirmation_sign: str
    sides: list[SideCard]
    more: list[tuple[str, str]]
    """Countries of the partners, each with the address of its partnerships."""


def detail_page(partnership: Partnership, words: Labels) -> dict[str, Any]:
    """What the page of a partnership shows, the small map, and what is new in the chronicle.

    The caller knows that the reader may see it.
    """

    def make() -> dict[str, Any]:
        only_this = Partnership.objects.filter(pk=partnership.pk)
        # Read again: the row at hand may be older than the version its page would be kept under.
        current = only_this.first() or partnership
        return {
            "detail": _detail(current, words),
            "picture": picture_of(only_this, words),
            "brief": brief_of(current),
            "files": public_files(current),
        }

    return register_cache.remember(f"detail:{get_language()}:{partnership.pk}", make)


def _detail(partnership: Partnership, words: Labels) -> Detail:
    """One query: the sides."""
    sides = list(
        partnership.sides.select_related("municipality__region", "region").order_by("position", "pk")
    )
    names = [(side.party.name, side.party.german_name) for side in sides]
    today = timezone.localdate()
    return Detail(
        title=title_of(names),
        kind=capfirst(kind_name(partnership.kind)),
        status=_("status unknown")
        if partnership.status == Partnership.Status.UNKNOWN
        else status_name(partnership.status),
        is_active=partnership.status == Partnership.Status.ACTIVE,
        years=years_of(_years(partnership)),
        is_demo=partnership.is_demo,
        is_published=partnership.published_at is not None,
        facts=_facts(partnership, words),
        aims=_text(partnership, "aims"),
        end_reason=_text(partnership, "end_reason"),
        source_url=partnership.source_url,
        source_title=partnership.source_title or partnership.source_url,
        source_publisher=partnership.source_publisher,
        source_host=urlsplit(partnership.source_url).hostname or "",
        verified_on=date_format(partnership.verified_on, "DATE_FORMAT") if partnership.verified_on else "",
        # Of an entry nobody has spoken about and nothing is documented of, there is nothing to say.
        confirmation=confirmation_words(partnership.confirmation, partnership.confirmed_on, today=today)
        if partnership.confirmation or partnership.source_url
        else "",
        confirmation_sign=confirmation_sign(partnership.confirmation, partnership.confirmed_on, today=today),
        sides=[_card(side, words) for side in sides],
        more=[
            (
                words.countries.get(code, code),
                f"{reverse('partnerships:list')}?{urlencode({'country': code})}",
            )
            for code in partnership.countries
        ],
    )


def _years(partnership: Partnership) -> dict[str, int | None]:
    return {
        "signed_year": partnership.signed_year,
        "first_contact_year": partnership.first_contact_year,
        "ended_year": partnership.ended_year,
    }


def _facts(partnership: Partnership, words: Labels) -> list[Fact]:
    unknown = _("not documented")
    kind = Partnership.Kind(partnership.kind)
    spoken = {code: str(name) for code, name in SPOKEN_LANGUAGES}
    signed = str(partnership.signed_year or "")
    if partnership.signed_on:
        signed = date_format(partnership.signed_on, "DATE_FORMAT")
    facts = [
        Fact(_("Kind"), kind_name(kind), kind_explanations()[kind], kind in RGRE_TERMS),
        Fact(_("Shape"), str(Partnership.Shape(partnership.shape).label)),
        Fact(_("First contact"), str(partnership.first_contact_year or unknown)),
        Fact(_("Signed"), signed or unknown),
        Fact(_("Renewed"), str(partnership.renewed_year or "")),
        Fact(_("Ended"), str(partnership.ended_year or "")),
        Fact(
            _("Topics"),
            ", ".join(words.topics.get(code, code) for code in partnership.topic_codes) or unknown,
        ),
        Fact(
            _("Languages used"),
            ", ".join(spoken.get(code, code) for code in partnership.languages) or unknown,
        ),
    ]
    return [fact for fact in facts if fact.value]


def _text(partnership: Partnership, name: str) -> Text | None:
    here = get_language() or settings.LANGUAGE_CODE
    for language in (here, *settings.MODELTRANSLATION_LANGUAGES):
        text = getattr(partnership, f"{name}_{language}", "")
        if text:
            return Text(text, language)
    return None


def _card(side: PartnershipSide, words: Labels) -> SideCard:
    party = side.party
    town = side.municipality
    region = town.region if town else None
    country = words.countries.get(party.country_id, party.country_id)
    return SideCard(
        name=shown_name(party.name, party.german_name),
        url=reverse("directory:detail", args=(town.slug,)) if town else "",
        place=", ".join(
            word for word in (_region_word(side, region.name if region else ""), country) if word
        ),
        inhabitants=number_format(town.population, use_l10n=True, force_grouping=True)
        if town and town.population
        else "",
        list_url=f"{reverse('partnerships:list')}?{urlencode({'q': party.name})}",
    )


def _region_word(side: PartnershipSide, region: str) -> str:
    if side.region:
        return str(side.region.get_kind_display())
    is_invented = bool(side.municipality and side.municipality.is_demo)
    # The directory gives every real place a region but those beyond the area of the Danube strategy.
    return region or ("" if is_invented else _("outside the area of the Danube strategy"))


def export_headings() -> list[str]:
    return [
        _("Partners"), _("Countries"), _("Kind"), _("Shape"), _("Status"), _("First contact"), _("Signed"),
        _("Renewed"), _("Ended"), _("Topics"), _("Languages used"), _("Source"), _("Title of the source"),
        _("Publisher of the source"), _("Verified on"), _("Confirmation"), _("Confirmed on"), _("Address in ViPaD"),
    ]  # fmt: skip


def export_rows(
    partnerships: PartnershipQuerySet, words: Labels, *, site: str
) -> Iterator[tuple[object, ...]]:
    """Real partnerships as cells under export_headings; `site` stands before the addresses."""
    rows: Any = list(
        partnerships.real().values_list(
            "pk", "countries", "kind", "shape", "status", "first_contact_year", "signed_year", "renewed_year",
            "ended_year", "topic_codes", "languages", "source_url", "source_title", "source_publisher",
            "verified_on", "confirmation", "confirmed_on", "slug",
        )
    )  # fmt: skip
    names = names_of_sides([row[0] for row in rows])
    for pk, countries, kind, shape, status, *middle, slug in rows:
        *years, codes, languages, url, title, publisher, verified_on, confirmation, confirmed_on = middle
        yield (
            title_of(names[pk]),
            ", ".join(words.countries.get(code, code) for code in countries),
            kind_name(kind),
            str(Partnership.Shape(shape).label),
            status_name(status),
            *years,
            ", ".join(words.topics.get(code, code) for code in codes),
            ", ".join(languages),
            url,
            title,
            publisher,
            verified_on.isoformat() if verified_on else None,
            str(Partnership.Confirmation(confirmation).label),
            confirmed_on.isoformat() if confirmed_on else None,
            site + reverse("partnerships:detail", args=(slug,)),
        )
