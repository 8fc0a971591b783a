"""Who may do what in the directory. Everybody may read it; the office changes it."""

from typing import Any

from directory.models import Claim, Municipality, Organisation


def can_edit_places(person: Any) -> bool:
    """Change municipalities and regions, and merge them."""
    return _is_office(person) and bool(person.has_perm("directory.change_municipality"))


def can_merge(person: Any) -> bool:
    """A merge takes a row out of the lists, so it asks for the right to delete as well."""
    return can_edit_places(person) and bool(person.has_perm("directory.delete_municipality"))


def can_answer_reports(person: Any) -> bool:
    return _is_office(person) and bool(person.has_perm("directory.change_entryreport"))


def can_decide_claims(person: Any) -> bool:
    """Say who speaks for a municipality."""
    return _is_office(person) and bool(person.has_perm("directory.change_claim"))


def can_answer_messages(person: Any) -> bool:
    """Read what visitors write to a municipality or an organisation that has nobody yet."""
    return _is_office(person) and bool(person.has_perm("directory.view_contactmessage"))


def _is_office(person: Any) -> bool:
    return bool(getattr(person, "is_active", False) and getattr(person, "is_staff", False))


def speaks_for(person: Any, municipality: Municipality) -> bool:
    """Whether the office has accepted that this person speaks for the municipality."""
    number = getattr(person, "pk", None)
    return number is not None and municipality.claims.accepted().filter(person=number).exists()


def can_answer_claim(person: Any, claim: Claim) -> bool:
    """Say, as one who speaks for the municipality already, what one thinks of a second one."""
    return claim.person_id != getattr(person, "pk", None) and speaks_for(person, claim.municipality)


def can_end_claim(person: Any, claim: Claim) -> bool:
    """Withdraw what one asked for, give up what one was given. The office does it in the admin."""
    return claim.person_id == getattr(person, "pk", None)


def can_edit_profile(person: Any, municipality: Municipality) -> bool:
    """What a municipality says about itself: who speaks for it, and the office."""
    return speaks_for(person, municipality) or can_edit_places(person)


def acts_for(person: Any, organisation: Organisation) -> bool:
    """Coordinators and deputies of the organisation."""
    number = getattr(person, "pk", None)
    return number is not None and organisation.memberships.leading().filter(person=number).exists()
