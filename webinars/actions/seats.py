"""Seats and the waiting list. Whoever changes who has a seat holds the lock of the session's row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from core.links import new_nonce
from directory.models import Organisation
from notifications.kinds import Kind
from notifications.outbox import queue
from notifications.stops import lift
from webinars.actions.people import account_of, guest_row, reader_of, unite
from webinars.choices import ALIVE, Audience, MovingUp, Seat
from webinars.emails import registrations as emails
from webinars.models import Needs, Registration, Session
from webinars.permissions import may_register

log = structlog.get_logger(__name__)

OFFER_LASTS = timedelta(hours=48)
GUEST_MAY_CONFIRM = timedelta(days=2)


class NotOpen(Exception):
    """The window is closed, the session is no longer to be had, or not for this reader."""


class TooLate(Exception):
    """The session has begun: there is nothing left to give back."""


class OfferOver(Exception):
    """The seat was offered for 48 hours; they are over, or it was declined."""


class NoSeatsForOrganisation(Exception):
    """The organisation has all the seats one organisation may have."""


class AlreadyRegistered(Exception):
    def __init__(self, registration: Registration) -> None:
        self.registration = registration


@dataclass(frozen=True)
class NeedsFacts:
    """What a host must know beforehand; deleted 30 days after the session."""

    diet: str = ""
    accessibility: str = ""
    interpretation: str = ""

    def __bool__(self) -> bool:
        return bool(self.diet or self.accessibility or self.interpretation)


@transaction.atomic
def register(
    *,
    session: Session,
    by: User,
    now: datetime,
    organisation: Organisation | None = None,
    needs: NeedsFacts | None = None,
) -> Registration:
    """A member gets a seat, or the next place on the waiting list. What he or she has as a guest is kept.

    Raises NotOpen, AlreadyRegistered or NoSeatsForOrganisation.
    """
    session = locked(session)
    if not may_register(by, session, now=now):
        raise NotOpen
    row = session.registrations.filter(person=by).first()
    if row and row.state in ALIVE:
        raise AlreadyRegistered(row)
    if guest := guest_row(session, by.email):
        row = unite(guest, row, by)
        if row.state in ALIVE:
            return row
    _check_organisation(session, organisation, but=row)
    row = row or Registration(session=session, person=by)
    row.organisation = organisation
    return _take_a_place(session, row, needs, now=now)


@transaction.atomic
def register_guest(
    *,
    session: Session,
    name: str,
    email: str,
    language: str,
    time_zone: str,
    now: datetime,
    organisation: Organisation | None = None,
    needs: NeedsFacts | None = None,
) -> None:
    """Somebody without account asks for a seat and is sent a link to confirm it. No seat is taken before.

    An address that is registered is told so by mail; whoever fills in the form learns nothing. Raises NotOpen.
    """
    session, email = locked(session), email.strip().lower()
    if session.audience != Audience.EVERYBODY or not session.takes_registrations(now):
        raise NotOpen
    row = session.registrations.filter(email__iexact=email).first()
    member = session.registrations.alive().filter(person__email__iexact=email, person__is_active=True).first()
    known = member or (row if row and row.state in ALIVE else None)
    if known:
        _tell(emails.AlreadyRegistered, known, now=now, once=f"{now:%Y%m%d%H}")
        return
    row = row or Registration(session=session, email=email, number=_next_number(session))
    row.name, row.language, row.time_zone, row.organisation = name, language, time_zone, organisation
    if row.state != Seat.ASKED:
        row.nonce = new_nonce()
    row.state, row.registered_at = Seat.ASKED, now
    row.save()
    _keep_needs(row, needs)
    # Pressed twice it is one mail; who asks again later gets another one, and the link of both works.
    _tell(emails.GuestConfirm, row, now=now, once=f"{row.nonce[:8]}-{now:%d%H%M}")


@transaction.atomic
def confirm_guest(*, registration: Registration, now: datetime) -> Registration:
    """The address is the reader's: now a seat is taken, or a place on the waiting list. Confirmed again it stays so.

    Raises NotOpen when the window has closed meanwhile, and NoSeatsForOrganisation.
    """
    session = locked(registration.session)
    row = session.registrations.get(pk=registration.pk)
    if row.state != Seat.ASKED:
        return row
    is_for_all = session.audience == Audience.EVERYBODY or row.person_id
    if not is_for_all or not session.takes_registrations(now):
        raise NotOpen
    _check_organisation(session, row.organisation, but=row)
    # Who comes wants to hear of it, whatever was ended before.
    lift(row.email)
    return _take_a_place(session, row, None, now=now)


@transaction.atomic
def add_by_host(
    *, session: Session, name: str, email: str, language: str, time_zone: str, by: User, now: datetime
) -> Registration:
    """A host enters somebody who has called. Counts as confirmed. Raises NotOpen or AlreadyRegistered."""
    session, email = locked(session), email.strip().lower()
    if session.state != Session.State.PUBLISHED or session.ends_at <= now:
        raise NotOpen
    known, row = account_of(email), guest_row(session, email)
    if known:
        own = session.registrations.filter(person=known).first()
        row = unite(row, own, known) if row else own
    if row and row.state in ALIVE:
        raise AlreadyRegistered(row)
    row = row or Registration(session=session, person=known, email="" if known else email)
    if not known:
        row.name, row.language, row.time_zone = name, language, time_zone
    log.info("registration_added_by_host", session=session.pk, by=by.pk)
    return _take_a_place(session, row, None, now=now)


@transaction.atomic
def cancel_registration(*, registration: Registration, now: datetime, by: User | None = None) -> None:
    """Give the seat or the place back; the first on the waiting list gets it. Cancelled twice it is cancelled.

    `by` is a host who does it for somebody. Raises TooLate after the start.
    """
    session = locked(registration.session)
    row = session.registrations.get(pk=registration.pk)
    if row.state == Seat.CANCELLED:
        return
    if now >= session.starts_at:
        raise TooLate
    was = row.state
    _end(row, now=now)
    if was == Seat.ASKED:
        # Perhaps somebody else's address: nobody has confirmed it, so it is not kept.
        row.name, row.email = "", ""
        row.save()
    else:
        # Only a seat stands in a calendar.
        once = f"{row.revisions}-{emails.HAD_SEAT}" if was == Seat.SEAT else str(row.revisions)
        _tell(emails.RegistrationCancelled, row, now=now, once=once)
    fill_seats(session, now=now)


@transaction.atomic
def accept_offer(*, registration: Registration, now: datetime) -> Registration:
    """Take the offered seat. Accepted again it stays so. Raises OfferOver."""
    session = locked(registration.session)
    row = session.registrations.get(pk=registration.pk)
    if row.state == Seat.SEAT:
        return row
    if not row.offer_is_open(now) or session.state != Session.State.PUBLISHED or now >= session.starts_at:
        raise OfferOver
    _seat(row, now=now)
    _tell(emails.SeatConfirmed, row, now=now, once=f"accepted-{row.revisions}")
    return row


@transaction.atomic
def change_needs(*, registration: Registration, needs: NeedsFacts, now: datetime) -> None:
    """Nothing is kept where nothing is needed, nor for who does not come."""
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if row.state == Seat.CANCELLED:
        return
    _keep_needs(row, needs, replace=True)


def expire_offers(*, now: datetime) -> int:
    """Offers nobody has taken for 48 hours go to the next. The number of ended offers."""
    rows = Registration.objects.filter(state=Seat.OFFERED, offer_expires_at__lte=now)
    # Of a cancelled session they stay: who was offered a seat is still to be told that it does not take place.
    sessions = Session.objects.filter(pk__in=rows.values("session"), state=Session.State.PUBLISHED)
    return sum(_expire_offers_of(session, now=now) for session in sessions)


@transaction.atomic
def _expire_offers_of(session: Session, *, now: datetime) -> int:
    session = locked(session)
    rows = list(session.registrations.filter(state=Seat.OFFERED, offer_expires_at__lte=now))
    if session.state != Session.State.PUBLISHED:
        return 0
    for row in rows:
        _end(row, now=now)
        if now < session.starts_at:
            _tell(emails.OfferOver, row, now=now, once=str(row.revisions))
    fill_seats(session, now=now)
    return len(rows)


def locked(session: Session) -> Session:
    """The row as it is now, held until the transaction ends: seats are given to one at a time."""
    return Session.objects.select_for_update(of=("self",)).get(pk=session.pk)


def fill_seats(session: Session, *, now: datetime) -> None:
    """Free seats go to the waiting list, first come, first served. `session` is locked.

    Nobody who asks now comes before them: whoever registers while somebody waits waits too.
    """
    if session.state != Session.State.PUBLISHED or now >= session.starts_at:
        return
    waiting = session.registrations.waiting()
    free = _free_seats(session)
    for row in waiting if free is None else waiting[: max(free, 0)]:
        _offer(session, row, now=now)


def _offer(session: Session, row: Registration, *, now: datetime) -> None:
    if session.moving_up == MovingUp.AT_ONCE:
        _seat(row, now=now)
        _tell(emails.SeatGiven, row, now=now, once=str(row.revisions))
        return
    row.state = Seat.OFFERED
    # Never beyond the start: an offer is for a seat one can still take.
    row.offer_expires_at = min(now + OFFER_LASTS, session.starts_at)
    row.save()
    _tell(emails.SeatOffered, row, now=now, once=str(row.revisions))


def _take_a_place(
    session: Session, row: Registration, needs: NeedsFacts | None, *, now: datetime
) -> Registration:
    """A seat if one is free and nobody waits for it, else the end of the waiting list."""
    row.number = _next_number(session)
    if row.cancelled_at:
        # Back again: calendars ignore what is not newer than the cancellation.
        row.revisions += 1
    row.registered_at, row.cancelled_at, row.offer_expires_at = now, None, None
    row.nonce = row.nonce or new_nonce()
    free = _free_seats(session)
    has_seat = free is None or (free > 0 and not session.registrations.waiting().exists())
    row.state, row.seated_at = (Seat.SEAT, now) if has_seat else (Seat.WAITING, None)
    row.save()
    _keep_needs(row, needs)
    kind = emails.SeatConfirmed if has_seat else emails.SeatWaiting
    _tell(kind, row, now=now, once=str(row.revisions))
    return row


def _seat(row: Registration, *, now: datetime) -> None:
    row.state, row.seated_at, row.offer_expires_at = Seat.SEAT, now, None
    row.save()


def _end(row: Registration, *, now: datetime) -> None:
    """Given back or expired. Whoever was ticked before the start was not there, and needs nothing."""
    row.state, row.cancelled_at, row.offer_expires_at, row.seated_at = Seat.CANCELLED, now, None, None
    row.attended_at, row.attended_how = None, ""
    row.revisions += 1
    row.save()
    Needs.objects.filter(registration=row).delete()


def _free_seats(session: Session) -> int | None:
    """None where there is no limit; below zero where a host has lowered it."""
    if session.capacity is None:
        return None
    return session.capacity - session.registrations.taken().count()


def _check_organisation(
    session: Session, organisation: Organisation | None, *, but: Registration | None
) -> None:
    most = session.seats_per_organisation
    if most is None or organisation is None:
        return
    others = session.registrations.alive().filter(organisation=organisation)
    if but is not None and but.pk:
        others = others.exclude(pk=but.pk)
    if others.count() >= most:
        raise NoSeatsForOrganisation


def _next_number(session: Session) -> int:
    number = session.next_number
    session.next_number += 1
    session.save(update_fields=("next_number",))
    return number


def _keep_needs(row: Registration, needs: NeedsFacts | None, *, replace: bool = False) -> None:
    if needs:
        facts = {
            "diet": needs.diet,
            "accessibility": needs.accessibility,
            "interpretation": needs.interpretation,
        }
        Needs.objects.update_or_create(registration=row, defaults=facts)
    elif replace:
        Needs.objects.filter(registration=row).delete()


def _tell(kind: type[Kind], row: Registration, *, now: datetime, once: str) -> None:
    queue(kind, to=[reader_of(row)], about=row, once=once, now=now)
