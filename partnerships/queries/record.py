"""An entry as partners abroad are shown it, on pages and in mails, in any of the 13 languages."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory.names import shown_name
from directory.partner_words import country_name, topic_name
from partnerships.models import Partnership, PartnershipSide


@dataclass(frozen=True, slots=True)
class Aims:
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Record:
    title: str
    facts: list[tuple[str, str]]
    """Term and value, only what is known."""
    aims: list[Aims]
    """As entered: in the reader's language where there is one, else in all."""


def record_of(partnership: Partnership) -> Record:
    """Two queries: the sides, the topics."""
    sides = list(
        partnership.sides.select_related("municipality__country", "region__country").order_by(
            "position", "pk"
        )
    )
    return Record(
        title=" – ".join(side_name(side) for side in sides),
        facts=[fact for fact in _facts(partnership, sides) if fact[1]],
        aims=_aims(partnership),
    )


def side_name(side: PartnershipSide) -> str:
    return shown_name(side.party.name, side.party.german_name)


def title_of_record(partnership: Partnership) -> str:
    """ "Ulm – Baja", as the reader writes it."""
    sides = partnership.sides.select_related("municipality", "region").order_by("position", "pk")
    return " – ".join(side_name(side) for side in sides)


def _facts(partnership: Partnership, sides: list[PartnershipSide]) -> list[tuple[str, str]]:
    signed = str(partnership.signed_year or "")
    if partnership.signed_on:
        signed = date_format(partnership.signed_on, "DATE_FORMAT")
    return [
        (
            _("Partners"),
            ", ".join(f"{side_name(side)} ({country_name(side.party.country)})" for side in sides),
        ),
        (_("Kind"), capfirst(partnership.get_kind_display())),
        (_("Status"), capfirst(partnership.get_status_display())),
        (_("First contact"), str(partnership.first_contact_year or "")),
        (_("Signed"), signed),
        (_("Renewed"), str(partnership.renewed_year or "")),
        (_("Ended"), str(partnership.ended_year or "")),
        (_("Topics"), ", ".join(topic_name(topic) for topic in partnership.topics.all())),
    ]


def _aims(partnership: Partnership) -> list[Aims]:
    written = [
        Aims(text, code)
        for code in settings.MODELTRANSLATION_LANGUAGES
        if (text := getattr(partnership, f"aims_{code}", ""))
    ]
    mine = [aims for aims in written if aims.language == get_language()]
    return mine or written
