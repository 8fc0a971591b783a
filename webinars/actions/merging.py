"""A guest who has an account now."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from webinars.actions.people import guest_row, unite
from webinars.actions.seats import fill_seats, locked
from webinars.models import Registration, RegistrationQuerySet, Session

log = structlog.get_logger(__name__)


@transaction.atomic
def merge_guest(*, person: User, email: str, now: datetime) -> int:
    """Registrations of the address become the person's, with seat, place in the list and links of old mails.

    `email` is confirmed to be the person's. Where the person is registered as well, the better of the two stays and
    the other gives its seat back. The number of rows taken over.
    """
    if not email:
        return 0
    sessions = Session.objects.filter(registrations__in=_guests(email)).order_by("pk")
    merged = sum(_merge(session, person, email, now=now) for session in sessions)
    if merged:
        log.info("guest_registrations_merged", person=person.pk, number=merged)
    return merged


def _merge(session: Session, person: User, email: str, *, now: datetime) -> bool:
    """Whether the guest's row is the one that stays."""
    session = locked(session)
    guest = guest_row(session, email)
    if guest is None:
        return False
    kept = unite(guest, session.registrations.filter(person=person).first(), person)
    fill_seats(session, now=now)
    return kept is guest


def _guests(email: str) -> RegistrationQuerySet:
    return Registration.objects.filter(email__iexact=email, person=None)
