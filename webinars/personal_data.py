"""What sessions store about a person: registrations and what hangs on them, hosts, invitations, feeds, who did what.

Feedback is not here: nothing leads from it to a person.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import Rows, as_date, register, register_rows
from core.links import new_nonce
from webinars.actions.seats import fill_seats, locked
from webinars.choices import ALIVE, Seat
from webinars.models import (
    CalendarFeed,
    Certificate,
    Host,
    HostMail,
    Invitation,
    Material,
    Needs,
    Registration,
    Session,
)


def _of(person: User, path: str = "") -> Q:
    """Also as a guest, before there was an account."""
    mine = Q(**{f"{path}person": person})
    return mine | Q(**{f"{path}email__iexact": person.email}) if person.email else mine


def _export_registrations(person: User) -> Rows:
    rows = Registration.objects.filter(_of(person)).select_related("session", "organisation")
    return [
        {
            "session": str(row.session),
            "name": row.name,
            "organisation": row.organisation.name if row.organisation else "",
            "language": row.language,
            "time_zone": row.time_zone,
            "state": row.state,
            "registered_at": as_date(row.registered_at),
            "cancelled_at": as_date(row.cancelled_at),
            "attended_at": as_date(row.attended_at),
        }
        for row in rows.order_by("pk")
    ]


def _export_needs(person: User) -> Rows:
    rows = Needs.objects.filter(_of(person, "registration__")).select_related("registration__session")
    return [
        {
            "session": str(row.registration.session),
            "diet": row.diet,
            "accessibility": row.accessibility,
            "interpretation": row.interpretation,
        }
        for row in rows.order_by("pk")
    ]


def _export_certificates(person: User) -> Rows:
    rows = Certificate.objects.filter(_of(person, "registration__")).select_related("registration__session")
    return [
        {
            "session": str(row.registration.session),
            "code": row.code,
            "name": row.name,
            "issued_at": as_date(row.issued_at),
        }
        for row in rows.order_by("pk")
    ]


def _forget_registrations(person: User) -> None:
    """Lists keep their count, so the rows stay, without anybody in them. What is still to come is given back."""
    now = timezone.now()  # erasing gives no clock
    rows = Registration.objects.filter(_of(person)).values_list("pk", "session_id")
    for pk, session_id in rows.order_by("session_id", "pk"):
        _forget(pk, session_id, now=now)


@transaction.atomic
def _forget(pk: int, session_id: int, *, now: datetime) -> None:
    """Not `cancel_registration`: it would tell a reader who is being forgotten."""
    session = locked(Session(pk=session_id))
    row = session.registrations.get(pk=pk)
    if row.state == Seat.ASKED:
        row.delete()  # nobody has ever counted it
        return
    if row.state in ALIVE and now < session.starts_at:
        row.state, row.cancelled_at, row.seated_at, row.offer_expires_at = Seat.CANCELLED, now, None, None
    row.person = row.organisation = None
    row.name = row.email = row.language = row.time_zone = ""
    # Links in mails that were sent lead nowhere now.
    row.nonce = new_nonce()
    row.save()
    fill_seats(session, now=now)


register(Registration, export=_export_registrations, erase=_forget_registrations)
# Both are reached through the registration, so they are erased before it (holdings go by the alphabet).
register(
    Certificate,
    export=_export_certificates,
    erase=lambda person: Certificate.objects.filter(_of(person, "registration__")).delete(),
)
register(
    Needs,
    export=_export_needs,
    erase=lambda person: Needs.objects.filter(_of(person, "registration__")).delete(),
)
register_rows(Host, own=("person",), show=("session",))
register_rows(Invitation, own=("person",), show=("session", "invited_at"))
register_rows(CalendarFeed, own=("person",), show=("made_at",))
register_rows(HostMail, keys=("sent_by",), show=("session", "subject", "text", "sent_at"))
register_rows(Material, keys=("uploaded_by",), show=("session", "title", "original_name", "uploaded_at"))
register_rows(Session, keys=("created_by",), show=("slug", "title", "created_at"))
