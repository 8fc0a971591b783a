"""Who may do what with a partnership."""

from collections.abc import Iterable
from typing import Any

from directory.models import Municipality, Region
from directory.permissions import speaks_for
from partnerships.models import Partnership, PartnershipSide, SideContact


def can_view(person: object, partnership: Partnership) -> bool:
    """What everybody may read; not published also who speaks for a side, and the office."""
    if partnership.published_at is not None:
        return True
    return _is_office(person, "view_partnership") or _speaks_for(person, partnership)


def can_edit(person: object, partnership: Partnership) -> bool:
    """Change the entry, its contacts, files and chronicle: coordinators of all sides, and the office."""
    return _is_office(person, "change_partnership") or _speaks_for(person, partnership)


def can_open_group(person: object, partnership: Partnership) -> bool:
    """The people of the sides, once everybody sees the entry: the office makes no room for them."""
    return partnership.published_at is not None and _speaks_for(person, partnership)


def can_see_inside(person: object, partnership: Partnership) -> bool:
    """History, files, contacts' addresses: those who may edit, and the office that may only read."""
    return _is_office(person, "view_partnership") or _speaks_for(person, partnership)


def can_see_files(person: object, partnership: Partnership) -> bool:
    """The people of the sides, and of the office who may see files: not everybody who sees inside."""
    return _is_office(person, "view_document") or _speaks_for(person, partnership)


def can_answer_for(person: object, side: PartnershipSide) -> bool:
    """Confirm, correct or dispute in the name of this side."""
    number = getattr(person, "pk", None)
    if number is None:
        return False
    if SideContact.objects.current().filter(side=side, person=number).exists():
        return True
    town = side.municipality
    return town is not None and town.claims.accepted().filter(person=number).exists()


def acts_as_office(person: object, partnership: Partnership) -> bool:
    """Somebody who may change the entry without looking after one of its sides."""
    return can_edit(person, partnership) and not _speaks_for(person, partnership)


def publishes_at_once(person: object, parties: Iterable[Municipality | Region]) -> bool:
    """Entered by who speaks for one of its municipalities, or by the office; else somebody looks at it first."""
    if _is_office(person, "change_partnership"):
        return True
    return any(isinstance(party, Municipality) and speaks_for(person, party) for party in parties)


def _speaks_for(person: object, partnership: Partnership) -> bool:
    if not getattr(person, "is_authenticated", False):
        return False
    return Partnership.objects.spoken_for_by(person).filter(pk=partnership.pk).exists()


def _is_office(person: Any, right: str) -> bool:
    return bool(getattr(person, "is_staff", False) and person.has_perm(f"partnerships.{right}"))
