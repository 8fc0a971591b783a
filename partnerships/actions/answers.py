"""What the sides say about an entry: asked by a signed link or a page, answered once, told to the others."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from core.links import new_nonce
from notifications.outbox import Guest, queue
from partnerships import register_cache
from partnerships.actions.entries import save_partnership
from partnerships.actions.history import note_change
from partnerships.actions.status import publish
from partnerships.choices import Confirmation
from partnerships.emails.answers import (
    CorrectionDecided,
    CorrectionProposed,
    SideConfirmed,
    SideDisputed,
    SideInvited,
)
from partnerships.models import (
    Change,
    Correction,
    Partnership,
    PartnershipSide,
    SideContact,
    SideInvitation,
)
from partnerships.queries.readers import office_readers, people_of_other_sides, readers_of

log = structlog.get_logger(__name__)

VALID = {
    SideInvitation.Purpose.CONFIRM: timedelta(days=90),
    # From the question over both reminders until the next year's.
    SideInvitation.Purpose.YEARLY: timedelta(days=300),
    SideInvitation.Purpose.TAKE_OVER: timedelta(days=30),
}
AGAIN_AFTER = timedelta(hours=1)
CORRECTABLE = ("kind", "status", "first_contact_year", "signed_year", "renewed_year", "ended_year")
"""What a side may propose to change without an account."""


class NotOpen(Exception):
    """The question was answered, withdrawn, replaced or has expired: `invitation` says which."""

    def __init__(self, invitation: SideInvitation) -> None:
        super().__init__(invitation.pk)
        self.invitation = invitation


class NothingToCorrect(Exception):
    """The correction says what the entry says already, and has no note."""


class AlreadyDecided(Exception):
    """Somebody else has accepted or declined the correction."""


# Asking


@transaction.atomic
def invite_side(
    *, side: PartnershipSide, email: str, name: str = "", language: str, by: User | None, now: datetime
) -> SideInvitation:
    """Ask the people of a side by mail to confirm the entry. Asked again, the earlier link is void."""
    email = email.strip().lower()
    lock(side.partnership_id)
    contact = side.contacts.current().filter(email__iexact=email).first() or SideContact.objects.create(
        side=side, name=name, email=email, language=language, since=now
    )
    invitation = ask(
        side=side,
        purpose=SideInvitation.Purpose.CONFIRM,
        email=email,
        name=name,
        language=language,
        contact=contact,
        by=by,
        now=now,
    )
    queue(SideInvited, to=[guest_of(invitation)], about=invitation, once=invitation.nonce[:8], now=now)
    note_change(partnership=side.partnership, what=Change.What.ASKED, now=now, by=by, side=side)
    return invitation


@transaction.atomic
def invite_again(*, invitation: SideInvitation, by: User, now: datetime) -> SideInvitation:
    """A question about a new entry is sent once more; the link of the earlier mail is void and says so.

    After an expired question its address is forgotten; its contact's is used. Within the hour nothing is sent again.
    Raises NotOpen when it was answered or withdrawn, or nobody is left to be asked.
    """
    row = (
        SideInvitation.objects.select_for_update(of=("self",)).select_related("contact").get(pk=invitation.pk)
    )
    contact = row.contact if row.contact is not None and row.contact.ended_at is None else None
    email = row.email or (contact.email if contact else "")
    if row.answered_at or row.revoked_at or row.purpose != SideInvitation.Purpose.CONFIRM or not email:
        raise NotOpen(row)
    if now - row.sent_at < AGAIN_AFTER:
        return row
    if not row.email:
        # It is the same question: without its address it would stay open beside the new one.
        row.revoked_at = now
        row.save(update_fields=("revoked_at",))
    name = row.name or (contact.name if contact else "")
    return invite_side(side=row.side, email=email, name=name, language=row.language, by=by, now=now)


@transaction.atomic
def ask(
    *,
    side: PartnershipSide,
    purpose: str,
    language: str,
    email: str = "",
    name: str = "",
    contact: SideContact | None = None,
    by: User | None,
    now: datetime,
) -> SideInvitation:
    """The question itself, new or renewed; telling is the caller's."""
    open_ones = SideInvitation.objects.filter(
        side=side, purpose=purpose, answered_at=None, revoked_at=None, email=email, contact=contact
    )
    row = open_ones.select_for_update().first() or SideInvitation(side=side, purpose=purpose, email=email)
    row.contact, row.name, row.language, row.nonce = contact, name, language, new_nonce()
    row.sent_by, row.sent_at, row.expires_at = by, now, now + VALID[SideInvitation.Purpose(purpose)]
    row.save()
    return row


@transaction.atomic
def revoke_invitation(*, invitation: SideInvitation, by: User, now: datetime) -> None:
    """The link of an open question stops working."""
    open_ones = SideInvitation.objects.filter(pk=invitation.pk, answered_at=None, revoked_at=None)
    if open_ones.update(revoked_at=now, email="", name=""):
        log.info("invitation_revoked", invitation=invitation.pk, by=by.pk)


# Answering


@transaction.atomic
def confirm_side(
    *,
    side: PartnershipSide,
    now: datetime,
    by: User | None = None,
    invitation: SideInvitation | None = None,
) -> Partnership:
    """The side says that the entry is right; so does it publish an entry of another side. Raises NotOpen."""
    partnership, side = _settle(side, invitation, SideInvitation.Answer.CONFIRMED, now=now)
    mark_confirmed(side, now=now)
    note_change(partnership=partnership, what=Change.What.CONFIRMED, now=now, by=by, side=side)
    derive_confirmation(partnership=partnership)
    if partnership.published_at is None and not _is_registrants_own(side, partnership):
        publish(partnership=partnership, now=now, by=by, side=side)
    readers = people_of_other_sides(side, except_for=by)
    queue(SideConfirmed, to=readers, about=side, once=f"{now:%Y-%m-%d}", now=now)
    return partnership


@transaction.atomic
def propose_correction(
    *,
    side: PartnershipSide,
    values: Mapping[str, Any],
    note: str,
    language: str,
    now: datetime,
    by: User | None = None,
    invitation: SideInvitation | None = None,
) -> Correction:
    """What would be right, by column of CORRECTABLE. Raises NotOpen, NothingToCorrect."""
    partnership, side = _settle(side, invitation, SideInvitation.Answer.CORRECTED, now=now)
    changes = {
        name: [getattr(partnership, name), values[name]]
        for name in CORRECTABLE
        if name in values and values[name] != getattr(partnership, name)
    }
    if not changes and not note.strip():
        raise NothingToCorrect
    correction = Correction.objects.open().filter(side=side).first() or Correction(side=side)
    correction.partnership, correction.changes, correction.note = partnership, changes, note.strip()
    correction.language, correction.proposed_by, correction.proposed_at = language, by, now
    correction.save()
    note_change(
        partnership=partnership,
        what=Change.What.CORRECTION,
        now=now,
        by=by,
        side=side,
        before={name: old for name, (old, _new) in changes.items()},
        after={name: new for name, (_old, new) in changes.items()},
    )
    readers = people_of_other_sides(side, except_for=by) or office_readers()
    queue(CorrectionProposed, to=readers, about=correction, once=now.isoformat(), now=now)
    return correction


@transaction.atomic
def decide_correction(*, correction: Correction, accept: bool, by: User, now: datetime) -> Partnership:
    """Take the correction over, or leave the entry as it is. The side that proposed it has then confirmed it.

    Raises AlreadyDecided, and SamePairExists when there is such a partnership already.
    """
    partnership = lock(correction.partnership_id)
    correction = Correction.objects.select_for_update().select_related("side").get(pk=correction.pk)
    if correction.state != Correction.State.OPEN:
        raise AlreadyDecided
    correction.state = Correction.State.ACCEPTED if accept else Correction.State.DECLINED
    correction.decided_by, correction.decided_at = by, now
    correction.save()
    if accept:
        _apply(partnership, correction.changes)
        mark_confirmed(correction.side, now=now)
        for side in sides_answered_by(by, partnership):
            mark_confirmed(side, now=now)
    what = Change.What.CORRECTION_TAKEN if accept else Change.What.CORRECTION_DECLINED
    taken = correction.changes if accept else {}
    note_change(
        partnership=partnership,
        what=what,
        now=now,
        by=by,
        before={name: old for name, (old, _new) in taken.items()},
        after={name: new for name, (_old, new) in taken.items()},
    )
    derive_confirmation(partnership=partnership)
    if accept and partnership.published_at is None:
        publish(partnership=partnership, now=now, by=by)
    queue(CorrectionDecided, to=readers_of(correction.side), about=correction, now=now)
    return partnership


@transaction.atomic
def dispute_side(
    *,
    side: PartnershipSide,
    text: str,
    now: datetime,
    by: User | None = None,
    invitation: SideInvitation | None = None,
) -> Partnership:
    """The side says that there is no such partnership, or that it must not stand here. Raises NotOpen."""
    partnership, side = _settle(side, invitation, SideInvitation.Answer.DISPUTED, now=now)
    side.disputed_at, side.dispute, side.confirmed_at = now, text.strip(), None
    side.save(update_fields=("disputed_at", "dispute", "confirmed_at"))
    note_change(partnership=partnership, what=Change.What.DISPUTED, now=now, by=by, side=side, note=text)
    derive_confirmation(partnership=partnership)
    readers = {
        reader.pk: reader for reader in (*people_of_other_sides(side, except_for=by), *office_readers())
    }
    queue(SideDisputed, to=readers.values(), about=side, once=now.isoformat(), now=now)
    return partnership


@transaction.atomic
def settle_dispute(*, side: PartnershipSide, by: User, is_office: bool = False, now: datetime) -> Partnership:
    """The office, or the side itself, says that the matter is settled."""
    partnership = lock(side.partnership_id)
    side = PartnershipSide.objects.select_for_update().get(pk=side.pk)
    if side.disputed_at is not None:
        side.disputed_at, side.dispute = None, ""
        side.save(update_fields=("disputed_at", "dispute"))
        note_change(
            partnership=partnership, what=Change.What.SETTLED, now=now, by=by, side=side, is_office=is_office
        )
        derive_confirmation(partnership=partnership)
    return partnership


# What follows


def mark_confirmed(side: PartnershipSide, *, now: datetime) -> None:
    """Whatever was asked or disputed before is settled by it."""
    side.confirmed_at, side.disputed_at, side.dispute = now, None, ""
    side.asked_at, side.reminders = None, 0
    side.save(update_fields=("confirmed_at", "disputed_at", "dispute", "asked_at", "reminders"))


@transaction.atomic
def derive_confirmation(*, partnership: Partnership) -> None:
    """What the entry shows of the answers of its sides. Called whenever one of them changes."""
    sides = list(PartnershipSide.objects.filter(partnership=partnership))
    confirmed = [side.confirmed_at for side in sides if side.confirmed_at is not None]
    if any(side.disputed_at for side in sides):
        state = Confirmation.DISPUTED
    elif confirmed and len(confirmed) == len(sides):
        state = Confirmation.CONFIRMED
    else:
        state = Confirmation.ONE_SIDED if confirmed else Confirmation.NONE
    partnership.confirmation = state
    partnership.confirmed_on = min(confirmed).date() if state == Confirmation.CONFIRMED else None
    partnership.save(update_fields=("confirmation", "confirmed_on", "changed_at"))
    register_cache.forget()


def lock(number: int) -> Partnership:
    """Nobody else changes this entry or its sides now."""
    return Partnership.objects.select_for_update().get(pk=number)


def sides_answered_by(person: User, partnership: Partnership) -> Iterable[PartnershipSide]:
    """The sides this person speaks for (permissions.can_answer_for, as a query)."""
    return PartnershipSide.objects.filter(
        Q(contacts__person=person, contacts__ended_at=None)
        | Q(municipality__claims__person=person, municipality__claims__state="accepted"),
        partnership=partnership,
    ).distinct()


def guest_of(invitation: SideInvitation) -> Guest:
    return Guest(invitation.email, invitation.language)


def _settle(
    side: PartnershipSide, invitation: SideInvitation | None, answer: str, *, now: datetime
) -> tuple[Partnership, PartnershipSide]:
    """Lock the entry, then the question, which is answered by this. Raises NotOpen."""
    partnership = lock(side.partnership_id)
    if invitation is not None:
        row = SideInvitation.objects.select_for_update().get(pk=invitation.pk)
        if row.answered_at or row.revoked_at or row.expires_at < now or row.nonce != invitation.nonce:
            raise NotOpen(row)
        row.answer, row.answered_at = answer, now
        row.save(update_fields=("answer", "answered_at"))
    return partnership, PartnershipSide.objects.select_for_update().get(pk=side.pk)


def _apply(partnership: Partnership, changes: Mapping[str, Any]) -> None:
    for name, (_old, new) in changes.items():
        setattr(partnership, name, new)
    sides = [side.party for side in partnership.sides.select_related("municipality", "region")]
    save_partnership(partnership=partnership, sides=sides)


def _is_registrants_own(side: PartnershipSide, partnership: Partnership) -> bool:
    """Nobody publishes by confirming what they have entered themselves."""
    author = partnership.registered_by_id
    return author is not None and side.contacts.current().filter(person=author).exists()
