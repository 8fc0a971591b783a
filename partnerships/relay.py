"""Visitors may write to the people of a partnership without knowing their addresses."""

from collections.abc import Iterable

from django.db.models import Model

from accounts.models import User
from directory import contacts
from partnerships.models import SideContact
from partnerships.reports import listed_partnership


def people_of(partnership: Model) -> Iterable[User]:
    """Who looks after one of its sides and has an account."""
    current = SideContact.objects.current().filter(side__partnership=partnership.pk)
    return User.objects.filter(pk__in=current.exclude(person=None).values("person"), is_active=True)


contacts.register("partnership", get=listed_partnership, readers=people_of)
