"""What is not kept: needs, unconfirmed registrations, names and addresses of guests."""

from datetime import datetime, timedelta

from django.db import transaction

from core.links import new_nonce
from webinars.actions.seats import GUEST_MAY_CONFIRM
from webinars.choices import Seat
from webinars.models import Certificate, Needs, Registration

NEEDS_KEPT = timedelta(days=30)
GUESTS_KEPT = timedelta(days=365)
"""After the end: for certificates, and for the figures a funder asks about."""


def forget_needs(*, now: datetime) -> int:
    """30 days after the session nobody needs to know any more what somebody eats."""
    over = Needs.objects.filter(registration__session__ends_at__lt=now - NEEDS_KEPT)
    return over.delete()[0]


@transaction.atomic
def forget_unconfirmed(*, now: datetime) -> int:
    """Addresses nobody has confirmed may be somebody else's."""
    rows = Registration.objects.filter(state=Seat.ASKED, registered_at__lt=now - GUEST_MAY_CONFIRM)
    # Locked, because somebody may be confirming at this moment.
    late = [row.pk for row in rows.select_for_update(of=("self",))]
    Registration.objects.filter(pk__in=late).delete()
    return len(late)


@transaction.atomic
def forget_guests(*, now: datetime) -> int:
    """A year later the row stays for the figures, without name, address and link."""
    rows = Registration.objects.filter(person=None, session__ends_at__lt=now - GUESTS_KEPT)
    kept = list(rows.exclude(name="", email="").select_for_update(of=("self",)))
    for row in kept:
        row.name, row.email, row.nonce = "", "", new_nonce()
        row.save(update_fields=("name", "email", "nonce"))
    # Its check page says then that the name was deleted.
    Certificate.objects.filter(registration__in=kept).update(name="")
    return len(kept)
