"""Who is invited to a session, and whose addresses a host names. Never an address on the way back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Lower
from django.utils.translation import pgettext

from accounts.models import User
from core.folding import fold
from webinars.choices import ALIVE, Seat
from webinars.models import Session
from webinars.queries.desk import registrations_of


@dataclass(frozen=True)
class InvitedRow:
    pk: int
    name: str
    word: str
    """Of the registration."""
    is_registered: bool


def invited_rows(session: Session, reader: object) -> list[InvitedRow]:
    """As people look for a name on a list."""
    states = dict(registrations_of(session, reader).values_list("person", "state"))
    words = dict(Seat.choices)
    rows = []
    for row in session.invitations.select_related("person"):
        state = states.get(row.person_id, "")
        word = str(words[state]) if state else pgettext("invited person", "not registered")
        rows.append(InvitedRow(row.pk, row.person.shown_name, word, state in ALIVE))
    return sorted(rows, key=lambda row: (fold(row.name), row.pk))


def people_behind(addresses: Iterable[str]) -> dict[str, User]:
    """By the address in small letters. Only who has proven it: the same question as `actions.people.account_of`."""
    proven = User.objects.filter(
        is_active=True, emailaddress__verified=True, emailaddress__email__iexact=F("email")
    )
    asked = proven.annotate(address=Lower("email")).filter(address__in={one.lower() for one in addresses})
    return {person.email.lower(): person for person in asked}
