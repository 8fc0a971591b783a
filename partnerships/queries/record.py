"""The entry as a partner abroad reads it: a few lines, every word of them in 13 languages."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory.names import shown_name
from directory.partner_words import country_name, topic_name
from partnerships.models import Partnership, PartnershipSide
from partnerships.names import kind_name, status_name, title_of


@dataclass(frozen=True, slots=True)
class Line:
    term: str
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    title: str
    sides: list[str]  # each with its country
    lines: list[Line]
    aims: list[tuple[str, str]]  # (language, text) as entered

    @property
    def sentence(self) -> str:
        return " – ".join(self.sides)


def record_of(partnership: Partnership) -> Record:
    sides = list(
        partnership.sides.select_related("municipality__country", "region__country").order_by(
            "position", "pk"
        )
    )
    return Record(
        title=title_of((side.party.name, side.party.german_name) for side in sides),
        sides=[place_of(side) for side in sides],
        lines=list(_lines(partnership)),
        aims=[(code, text) for code in ("de", "en") if (text := getattr(partnership, f"aims_{code}") or "")],
    )


def place_of(side: PartnershipSide) -> str:
    """ "Baja (Hungary)"."""
    party = side.party
    return f"{shown_name(party.name, party.german_name)} ({country_name(party.country)})"


def town_of(side: PartnershipSide) -> str:
    return shown_name(side.party.name, side.party.german_name)


def _lines(partnership: Partnership) -> list[Line]:
    topics = ", ".join(topic_name(topic) for topic in partnership.topics.all())
    years = (
        (pgettext("line of an entry", "First contact"), partnership.first_contact_year),
        (pgettext("line of an entry", "Signed"), partnership.signed_year),
        (pgettext("line of an entry", "Renewed"), partnership.renewed_year),
        (pgettext("line of an entry", "Ended"), partnership.ended_year),
    )
    lines = [
        Line(pgettext("line of an entry", "Kind"), kind_name(partnership.kind)),
        Line(pgettext("line of an entry", "Status"), status_name(partnership.status)),
        *(Line(term, str(year)) for term, year in years if year),
    ]
    if topics:
        lines.append(Line(_("Topics"), topics))
    return lines


def value_in_words(name: str, value: object) -> str:
    """A value of a correctable column."""
    if value in (None, "") and name != "kind":
        return pgettext("value", "not stated")
    if name == "kind":
        return kind_name(str(value or ""))
    return status_name(str(value)) if name == "status" else str(value)


def term_of(name: str) -> str:
    """How a correctable column is called."""
    terms = {
        "kind": pgettext("line of an entry", "Kind"),
        "status": pgettext("line of an entry", "Status"),
        "first_contact_year": pgettext("line of an entry", "First contact"),
        "signed_year": pgettext("line of an entry", "Signed"),
        "renewed_year": pgettext("line of an entry", "Renewed"),
        "ended_year": pgettext("line of an entry", "Ended"),
    }
    return terms[name]


def changes_in_words(changes: dict[str, list[object]]) -> list[tuple[str, str, str]]:
    """(what, before, after)."""
    return [
        (term_of(name), value_in_words(name, old), value_in_words(name, new))
        for name, (old, new) in changes.items()
    ]
