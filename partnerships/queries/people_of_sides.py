"""The page about who looks after the sides."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES
from accounts.models import User
from partnerships.models import Partnership, PartnershipSide, SideContact, SideInvitation
from partnerships.queries.record import town_of

# What the people of a country most likely read; the inviter may choose another.
LANGUAGE_OF_COUNTRY = {
    "DE": "de", "AT": "de", "CZ": "cs", "SK": "sk", "HU": "hu", "SI": "sl", "HR": "hr", "BA": "bs",
    "RS": "sr", "ME": "sr-latn", "RO": "ro", "MD": "ro", "BG": "bg", "UA": "uk",
}  # fmt: skip


@dataclass(frozen=True)
class ContactRow:
    number: int
    name: str
    role: str
    note: str  # how the person is reached
    may_end: bool
    is_me: bool


@dataclass(frozen=True)
class SideCard:
    number: int
    town: str
    contacts: list[ContactRow]
    waiting: list[tuple[str, datetime]]  # asked and not answered yet: whom, since when
    is_own: bool
    is_thin: bool  # hangs on one person


def suggested_language(side: PartnershipSide) -> str:
    return LANGUAGE_OF_COUNTRY.get(side.party.country_id, "en")


def contacts_page(partnership: Partnership, person: User) -> list[SideCard]:
    """Every side with its people and open questions, in a constant number of queries."""
    sides = list(
        partnership.sides.select_related("municipality", "region").prefetch_related("municipality__claims")
    )
    numbers = [side.pk for side in sides]
    contacts = SideContact.objects.current().filter(side__in=numbers).select_related("person")
    waiting = SideInvitation.objects.filter(side__in=numbers, answered_at=None, revoked_at=None).exclude(
        email=""
    )
    people: dict[int, list[SideContact]] = {number: [] for number in numbers}
    asked: dict[int, list[tuple[str, datetime]]] = {number: [] for number in numbers}
    for contact in contacts:
        people[contact.side_id].append(contact)
    for question in waiting:
        asked[question.side_id].append((question.name or question.email, question.sent_at))
    return [_card(side, people[side.pk], asked[side.pk], person) for side in sides]


def _card(
    side: PartnershipSide,
    contacts: list[SideContact],
    asked: list[tuple[str, datetime]],
    person: User,
) -> SideCard:
    claims = side.municipality.claims.all() if side.municipality else []
    is_own = any(contact.person_id == person.pk for contact in contacts) or any(
        claim.person_id == person.pk and claim.state == "accepted" for claim in claims
    )
    languages = dict(PARTNER_LANGUAGES)
    rows = [
        ContactRow(
            number=contact.pk,
            name=contact.person.shown_name if contact.person else contact.name or contact.email,
            role=contact.get_role_display(),
            note=(
                _("with an account here")
                if contact.person
                else _("by mail to %(address)s (%(language)s)")
                % {"address": contact.email, "language": languages.get(contact.language, "")}
            ),
            may_end=is_own or person.is_staff,
            is_me=contact.person_id == person.pk,
        )
        for contact in contacts
    ]
    return SideCard(
        number=side.pk,
        town=town_of(side),
        contacts=rows,
        waiting=asked,
        is_own=is_own,
        is_thin=len(rows) == 1,
    )
