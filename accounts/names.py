"""How a person is called on a page, to whoever reads it."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.visibility import is_shown_to


def may_see_name(reader: Any, person: User) -> bool:
    """Whether this reader, who has no work in common with the person, may know the name."""
    if not person.display_name or person.erased_at:
        return False
    is_self = getattr(reader, "pk", None) == person.pk
    is_office = bool(getattr(reader, "is_staff", False) and reader.has_perm("accounts.view_user"))
    return is_self or is_office or is_shown_to(reader, person.name_visibility)


def name_for(reader: Any, person: User) -> str:
    """The name, or words that say that somebody is there. People who work together read `person.shown_name`."""
    if may_see_name(reader, person):
        return person.display_name
    return _("Former member") if person.erased_at else _("A member")
