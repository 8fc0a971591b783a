"""Who may do what in the directory. Everybody may read it; the office changes it."""

from typing import Any


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
