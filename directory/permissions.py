"""Who may do what in the directory. Everybody may read it; the office changes it."""

from typing import Any

from directory.models import Municipality, Organisation


def can_edit_places(person: Any) -> bool:
    """Change municipalities and regions, and merge them."""
    return _is_office(person) and bool(person.has_perm("directory.change_municipality"))


def can_merge(person: Any) -> bool:
    """A merge takes a row out of the lists, so it asks for the right to delete as well."""
    return can_edit_places(person) and bool(person.has_perm("directory.delete_municipality"))


def can_answer_reports(person: Any) -> bool:
    return _is_office(person) and bool(person.has_perm("directory.change_entryreport"))


def _is_office(person: Any) -> bool:
    return bool(getattr(person, "is_active", False) and getattr(person, "is_staff", False))


def speaks_for(person: Any, municipality: Municipality) -> bool:
    """Whether the office has accepted that this person speaks for the municipality."""
    number = getattr(person, "pk", None)
    return number is not None and municipality.claims.accepted().filter(person=number).exists()


def acts_for(person: Any, organisation: Organisation) -> bool:
    """Coordinators and deputies of the organisation."""
    number = getattr(person, "pk", None)
    return number is not None and organisation.memberships.leading().filter(person=number).exists()
