"""Who speaks for a municipality, and what is known about who wants to."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from accounts.languages import PARTNER_LANGUAGES
from accounts.models import User
from accounts.names import may_see_name
from accounts.queries import confirmed_addresses
from directory.domains import is_official, official_domains
from directory.models import Claim, Municipality

ADDRESS_LINK_LASTS = timedelta(days=30)


class Speaker(NamedTuple):
    """Somebody who speaks for a municipality, as far as this reader may know."""

    role: str
    confirmed_at: datetime | None
    name: str
    is_reader: bool


def speakers(municipality: Municipality, reader: object) -> list[Speaker]:
    """Coordinators first. The name only where the person shows it to readers like this one."""
    claims = municipality.claims.accepted().filter(person__is_active=True)
    number = getattr(reader, "pk", None)
    return [
        Speaker(
            str(claim.get_role_display()),
            claim.decided_at,
            claim.person.display_name if may_see_name(reader, claim.person) else "",
            claim.person_id == number,
        )
        for claim in claims.select_related("person").order_by("role", "decided_at", "pk")
    ]


def people_who_speak_for(municipality: Municipality) -> QuerySet[User]:
    """Who gets what is written to the municipality."""
    accepted = Claim.objects.accepted().filter(municipality=municipality)
    return User.objects.filter(is_active=True, pk__in=accepted.values("person"))


def has_official_address(person: User, municipality: Municipality) -> bool:
    """Whether an address the person has confirmed is one of the administration."""
    official = official_domains(municipality.official_domains, municipality.website)
    return any(is_official(address, official) for address in confirmed_addresses(person))


def is_official_address(address: str, municipality: Municipality) -> bool:
    return is_official(address, official_domains(municipality.official_domains, municipality.website))


def language_of(municipality: Municipality, otherwise: str) -> str:
    """In which language an office of this municipality is written to."""
    known = dict(PARTNER_LANGUAGES)
    return next((code for code in municipality.country.languages if code in known), otherwise)


def is_link_good(claim: Claim | None, nonce: str, *, now: datetime) -> bool:
    """Whether a link sent to an official address still says something: the claim waits, the address was not changed."""
    return (
        claim is not None
        and claim.state == Claim.State.OPEN
        and bool(claim.official_email)
        and claim.made_at > now - ADDRESS_LINK_LASTS
        and constant_time_compare(claim.nonce, nonce)
    )


def claim_of_link(number: int, nonce: str) -> Claim | None:
    """What such a link was made for, whether it still says something or not: for a page that needs no account."""
    claim = Claim.objects.select_related("municipality__country", "person").filter(pk=number).first()
    return claim if claim is not None and constant_time_compare(claim.nonce, nonce) else None
