"""Who was there: noted at the door to the room, on the list, or by the code on a phone."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from webinars.certificates import new_code
from webinars.choices import AttendedHow, Seat, State
from webinars.models import Certificate, Registration

log = structlog.get_logger(__name__)


class NotAttended(Exception):
    """A certificate is for who was there, and after the end."""


@transaction.atomic
def note_joined(*, registration: Registration, now: datetime) -> None:
    """At the door. Entering again changes nothing: the first time counts.

    The door stays open for a while, because sessions run late; who comes first after the end was not there.
    """
    if now < registration.session.ends_at:
        _note(registration, AttendedHow.JOINED, now)


@transaction.atomic
def check_in(*, registration: Registration, how: str, by: User, now: datetime) -> bool:
    """A host ticks somebody. True when that was new."""
    is_new = _note(registration, how, now)
    if is_new:
        log.info("checked_in", registration=registration.pk, how=how, by=by.pk)
    return is_new


@transaction.atomic
def undo_check_in(*, registration: Registration, by: User, now: datetime) -> None:
    """Ticked by mistake. A certificate that was issued is void."""
    row = _locked(registration)
    row.attended_at, row.attended_how = None, ""
    row.save(update_fields=("attended_at", "attended_how"))
    Certificate.objects.filter(registration=row).delete()
    log.info("check_in_undone", registration=row.pk, by=by.pk)


@transaction.atomic
def issue_certificate(*, registration: Registration, now: datetime) -> Certificate:
    """The one certificate of this registration; asked for again it is the same. Raises NotAttended."""
    row = _locked(registration)
    session = row.session
    if row.attended_at is None or session.state != State.PUBLISHED or now < session.ends_at:
        raise NotAttended
    known = Certificate.objects.filter(registration=row).first()
    if known:
        return known
    return Certificate.objects.create(registration=row, code=_free_code(), name=row.shown_name, issued_at=now)


def _note(registration: Registration, how: str, now: datetime) -> bool:
    row = _locked(registration)
    if row.state != Seat.SEAT or row.attended_at is not None:
        return False
    row.attended_at, row.attended_how = now, how
    row.save(update_fields=("attended_at", "attended_how"))
    return True


def _locked(registration: Registration) -> Registration:
    rows = Registration.objects.select_for_update(of=("self",)).select_related("session", "person")
    return rows.get(pk=registration.pk)


def _free_code() -> str:
    code = new_code()
    while Certificate.objects.filter(code=code).exists():
        code = new_code()
    return code
