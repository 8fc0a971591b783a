"""Visitors may write to the people of a partnership without knowing their addresses."""

import re
from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.db.models import Model

from accounts.models import User
from directory import contacts
from directory.names import shown_name
from directory.queries import people_who_speak_for
from partnerships.models import Partnership, PartnershipSide, SideContact
from partnerships.reports import listed_partnership

_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def people_of(partnership: Model) -> Iterable[User]:
    """Who looks after one of its sides and has an account."""
    current = SideContact.objects.current().filter(side__partnership=partnership.pk)
    return User.objects.filter(pk__in=current.exclude(person=None).values("person"), is_active=True)


def side_of_listed(number: str) -> PartnershipSide | None:
    """A side of an entry that everybody may read."""
    listed = Partnership.objects.listed(demo=settings.SHOW_DEMO)
    sides = PartnershipSide.objects.filter(partnership__in=listed)
    return sides.filter(pk=int(number)).first() if _NUMBER.fullmatch(number) else None


def people_of_side(side: Model) -> Iterable[User]:
    """Who looks after this side and has an account, or speaks for its municipality."""
    current = SideContact.objects.current().filter(side=side.pk).exclude(person=None)
    people = User.objects.filter(pk__in=current.values("person"), is_active=True)
    town = cast(PartnershipSide, side).municipality
    return people | people_who_speak_for(town) if town else people


def _name_of_side(side: Model) -> str:
    party = cast(PartnershipSide, side).party
    return shown_name(party.name, party.german_name)


contacts.register("partnershipside", get=side_of_listed, name=_name_of_side, readers=people_of_side)
contacts.register("partnership", get=listed_partnership, readers=people_of)
