"""Who looks after a side: named, invited, handed over to, and leaving."""

from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from accounts.models import User
from notifications.outbox import queue
from partnerships.actions.answers import NotOpen, ask, guest_of, lock
from partnerships.actions.history import note_change
from partnerships.emails.answers import LastContactLeft, TakeOverOffered
from partnerships.models import Change, PartnershipSide, SideContact, SideInvitation
from partnerships.queries.readers import office_readers, people_of, people_of_other_sides

log = structlog.get_logger(__name__)


class AlreadyContact(Exception):
    """This address is a contact of the side, or was asked to become one."""


@transaction.atomic
def add_contact(
    *, side: PartnershipSide, email: str, name: str, language: str, role: str, by: User, now: datetime
) -> SideContact:
    """Somebody without account, who is asked and told by mail. Raises AlreadyContact."""
    lock(side.partnership_id)
    email = email.strip().lower()
    if side.contacts.current().filter(email__iexact=email).exists():
        raise AlreadyContact
    contact = SideContact.objects.create(
        side=side, email=email, name=name, language=language, role=role, since=now
    )
    note_change(partnership=side.partnership, what=Change.What.CONTACT_ADDED, now=now, by=by, side=side)
    return contact


@transaction.atomic
def offer_take_over(
    *,
    side: PartnershipSide,
    email: str,
    name: str,
    language: str,
    by: User,
    leaving: SideContact | None = None,
    now: datetime,
) -> SideInvitation:
    """Ask somebody to become contact person with an account; `leaving` goes once that person has agreed."""
    lock(side.partnership_id)
    email = email.strip().lower()
    invitation = ask(
        side=side,
        purpose=SideInvitation.Purpose.TAKE_OVER,
        email=email,
        name=name,
        language=language,
        contact=leaving,
        by=by,
        now=now,
    )
    readers = [guest_of(invitation)]
    queue(TakeOverOffered, to=readers, about=invitation, once=invitation.nonce[:8], now=now)
    return invitation


@transaction.atomic
def take_over(*, invitation: SideInvitation, by: User, now: datetime) -> SideContact:
    """The person agrees: from now on `by` looks after the side, and who handed over does not. Raises NotOpen."""
    partnership = lock(invitation.side.partnership_id)
    row = SideInvitation.objects.select_for_update().get(pk=invitation.pk)
    if row.answered_at or row.revoked_at or row.expires_at < now or row.nonce != invitation.nonce:
        raise NotOpen(row)
    row.answer, row.answered_at = SideInvitation.Answer.TAKEN_OVER, now
    leaving = row.contact
    row.contact, row.email, row.name = None, "", ""
    row.save()
    contact = _become_contact(row.side, by, leaving.role if leaving else SideContact.Role.COORDINATOR, now)
    if leaving is not None and leaving.ended_at is None and leaving.pk != contact.pk:
        _end(leaving, now=now)
        note_change(partnership=partnership, what=Change.What.HANDED_OVER, now=now, by=by, side=row.side)
    else:
        note_change(partnership=partnership, what=Change.What.CONTACT_ADDED, now=now, by=by, side=row.side)
    return contact


@transaction.atomic
def adopt_contact(*, invitation: SideInvitation, by: User, now: datetime) -> SideContact:
    """Who was asked by mail has an account now and looks after the side with it."""
    lock(invitation.side.partnership_id)
    guest = invitation.contact
    contact = _become_contact(invitation.side, by, guest.role if guest else SideContact.Role.COORDINATOR, now)
    if guest is not None and guest.person_id is None and guest.ended_at is None:
        _end(guest, now=now)
    note_change(
        partnership=invitation.side.partnership,
        what=Change.What.CONTACT_ADDED,
        now=now,
        by=by,
        side=invitation.side,
    )
    return contact


@transaction.atomic
def end_contact(*, contact: SideContact, by: User | None, now: datetime) -> None:
    """The contact leaves at once; when nobody is left, the office and the other sides are told."""
    partnership = lock(contact.side.partnership_id)
    contact = SideContact.objects.select_for_update().select_related("side").get(pk=contact.pk)
    if contact.ended_at is not None:
        return
    _end(contact, now=now)
    side = contact.side
    note_change(partnership=partnership, what=Change.What.CONTACT_ENDED, now=now, by=by, side=side)
    if not side.contacts.current().exists() and not people_of(side):
        readers = {one.pk: one for one in (*people_of_other_sides(side), *office_readers())}
        queue(LastContactLeft, to=readers.values(), about=side, once=now.isoformat(), now=now)
    log.info("contact_ended", contact=contact.pk, by=by.pk if by else None)


def _become_contact(side: PartnershipSide, person: User, role: str, now: datetime) -> SideContact:
    try:
        with transaction.atomic():
            contact, _is_new = SideContact.objects.get_or_create(
                side=side, person=person, ended_at=None, defaults={"role": role, "since": now}
            )
    except IntegrityError:
        contact = side.contacts.current().get(person=person)
    return contact


def _end(contact: SideContact, *, now: datetime) -> None:
    """A contact without account is forgotten; of one with account the history keeps who it was."""
    contact.ended_at = now
    if contact.person_id is None:
        contact.name, contact.email = "", ""
    contact.save()
