"""The address under which a person's calendar asks for his or her sessions."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.links import new_nonce
from webinars.models import CalendarFeed


@transaction.atomic
def new_feed(*, person: User, now: datetime) -> CalendarFeed:
    """A new address; the old one stops working."""
    facts = {"nonce": new_nonce(), "made_at": now}
    feed, _is_new = CalendarFeed.objects.update_or_create(person=person, defaults=facts)
    return feed


@transaction.atomic
def end_feed(*, person: User) -> None:
    CalendarFeed.objects.filter(person=person).delete()
