"""How towns and partnerships are written in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.names import shown_name
from partnerships.models import Partnership


def title_of(names: Iterable[tuple[str, str]]) -> str:
    """From the (name, German name) of the sides: "Fellbach – Pécs (Fünfkirchen)"."""
    return " – ".join(shown_name(name, german_name) for name, german_name in names)


def years_of(facts: Mapping[str, int | None]) -> str:
    """In a few words since when, or from when to when: "since 1986", "1986–2012"."""
    signed, contact, ended = facts["signed_year"], facts["first_contact_year"], facts["ended_year"]
    if signed and ended:
        return f"{signed}–{ended}"
    if ended:
        return _("until %(year)s") % {"year": ended}
    if signed:
        return _("since %(year)s") % {"year": signed}
    if contact:
        return _("first contact %(year)s") % {"year": contact}
    return ""


def kind_name(kind: str) -> str:
    return str(Partnership.Kind(kind).label)


FRESH = timedelta(days=365)
"""So long a confirmation counts as one of today."""


def confirmation_words(confirmation: str, confirmed_on: date | None, *, today: date) -> str:
    """The badge: "confirmed on 3 May 2026", "not confirmed since 3 May 2024", "entered by one side" …"""
    if confirmation != Partnership.Confirmation.CONFIRMED or confirmed_on is None:
        return str(Partnership.Confirmation(confirmation).label)
    day = date_format(confirmed_on, "DATE_FORMAT")
    if today - confirmed_on > FRESH:
        return _("not confirmed since %(day)s") % {"day": day}
    return _("confirmed on %(day)s") % {"day": day}


def confirmation_sign(confirmation: str, confirmed_on: date | None, *, today: date) -> str:
    """The kind of the badge (components/badge.html)."""
    if confirmation == Partnership.Confirmation.DISPUTED:
        return "warning"
    is_confirmed = confirmation == Partnership.Confirmation.CONFIRMED and confirmed_on is not None
    return "success" if is_confirmed and confirmed_on and today - confirmed_on <= FRESH else "neutral"


def status_name(status: str) -> str:
    return str(Partnership.Status(status).label)


# Defined by the RGRE, the German section of the Council of European Municipalities and Regions.
RGRE_TERMS = frozenset(
    {
        Partnership.Kind.PARTNERSHIP,
        Partnership.Kind.FRIENDSHIP,
        Partnership.Kind.CONTACT,
        Partnership.Kind.PROJECT,
    }
)


def kind_explanations() -> dict[str, str]:
    return {
        Partnership.Kind.PARTNERSHIP: _(
            "A formal connection laid down in a contract, without limit in time or subject."
        ),
        Partnership.Kind.FRIENDSHIP: _(
            "A connection by agreement that is limited in time or to projects that are named."
        ),
        Partnership.Kind.CONTACT: _("A connection without a formal basis."),
        Partnership.Kind.PROJECT: _("A connection by agreement, limited in time and to one theme."),
        Partnership.Kind.SOLIDARITY: _(
            "A connection to help in need, mostly with towns in Ukraine since 2022. It may become a partnership."
        ),
        Partnership.Kind.SPONSORSHIP: _(
            "A town took over the care of people from another place, often of those driven out after 1945."
        ),
        Partnership.Kind.UNKNOWN: _("The sources we read do not say how formal the connection is."),
    }
