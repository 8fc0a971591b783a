"""Who may do what in the directory. Everybody may read it; the office changes it."""

from typing import Any

from directory.models import Claim, Membership, Municipality, Organisation
from directory.operating import OperatingRole


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


def can_view_organisation(person: Any, organisation: Organisation) -> bool:
    """The same question as `Organisation.objects.visible_to(person)`."""
    if organisation.published_at is not None:
        return True
    return belongs_to(person, organisation) or _may_in_office(person, "view_organisation")


def can_edit_organisation(person: Any, organisation: Organisation) -> bool:
    return acts_for(person, organisation) or can_publish_organisations(person)


def can_publish_organisations(person: Any) -> bool:
    return _may_in_office(person, "change_organisation")


def can_see_people(person: Any, organisation: Organisation) -> bool:
    """Who belongs to it, with names: people who work together know each other."""
    return belongs_to(person, organisation) or _may_in_office(person, "view_membership")


def can_answer_requests(person: Any, organisation: Organisation) -> bool:
    """Accept or decline who wants to join, and invite others."""
    return acts_for(person, organisation) or _may_in_office(person, "change_membership")


def can_change_roles(person: Any, organisation: Organisation) -> bool:
    """Give a role, or end a membership: coordinators only, so that no deputy promotes itself."""
    coordinators = organisation.memberships.active().filter(role=Membership.Role.COORDINATOR)
    is_one = _is_there(person) and coordinators.filter(person=person.pk).exists()
    return is_one or _may_in_office(person, "change_membership")


def belongs_to(person: Any, organisation: Organisation) -> bool:
    return _is_there(person) and organisation.memberships.active().filter(person=person.pk).exists()


def can_grant_operating_roles(person: Any) -> bool:
    """Let people of the operating organisations into the office: administrators."""
    is_one = getattr(person, "is_superuser", False) or (
        _is_office(person) and person.groups.filter(name=OperatingRole.ADMINISTRATOR).exists()
    )
    return _is_office(person) and bool(is_one)


def _is_there(person: Any) -> bool:
    return getattr(person, "pk", None) is not None


def _may_in_office(person: Any, right: str) -> bool:
    return _is_office(person) and bool(person.has_perm(f"directory.{right}"))
