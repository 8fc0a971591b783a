"""Asking a side: a signed link goes out, is renewed, is withdrawn."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.languages import PARTNER_LANGUAGES
from accounts.models import User
from core.links import new_nonce
from notifications.outbox import Guest, queue
from partnerships.actions.history import note_change
from partnerships.emails import SideInvited
from partnerships.models import Change, Partnership, PartnershipSide, SideContact, SideInvitation

log = structlog.get_logger(__name__)

Purpose = SideInvitation.Purpose
VALID = {
    Purpose.CONFIRM: timedelta(days=90),
    Purpose.YEARLY: timedelta(days=120),  # over both reminders
    Purpose.TAKE_OVER: timedelta(days=30),
}


class AlreadyAnswered(Exception):
    """The question has its answer, or was withdrawn."""


@transaction.atomic
def invite_side(
    *,
    side: PartnershipSide,
    email: str,
    name: str,
    language: str,
    by: User | None,
    now: datetime,
) -> SideInvitation:
    """Ask this side by mail whether the entry is right. Who is asked becomes its contact person, without account.

    Asked again at the same address the question is renewed: the older link is void.
    """
    lock(side.partnership_id)
    contact = _contact(side, email=email, name=name, language=language, now=now)
    invitation = ask(
        side=side,
        purpose=Purpose.CONFIRM,
        email=email,
        name=name,
        language=language,
        contact=contact,
        by=by,
        now=now,
    )
    note_change(partnership=side.partnership, what=Change.What.ASKED, now=now, by=by, side=side)
    send(invitation, now=now)
    log.info("side_invited", invitation=invitation.pk, by=by.pk if by else None)
    return invitation


@transaction.atomic
def invite_again(*, invitation: SideInvitation, by: User, now: datetime) -> SideInvitation:
    """A new link for the same question; the old one is void. Raises AlreadyAnswered."""
    invitation = lock_invitation(invitation)
    if invitation.answered_at or invitation.revoked_at or not invitation.email:
        raise AlreadyAnswered
    _renew(invitation, by=by, now=now)
    send(invitation, now=now)
    log.info("side_invited_again", invitation=invitation.pk, by=by.pk)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: SideInvitation, by: User, now: datetime) -> SideInvitation:
    """Take the question back; the address is forgotten. Raises AlreadyAnswered."""
    invitation = lock_invitation(invitation)
    if invitation.answered_at or invitation.revoked_at:
        raise AlreadyAnswered
    invitation.revoked_at, invitation.email, invitation.name = now, "", ""
    invitation.save(update_fields=("revoked_at", "email", "name"))
    log.info("invitation_revoked", invitation=invitation.pk, by=by.pk)
    return invitation


def ask(
    *,
    side: PartnershipSide,
    purpose: str,
    email: str,
    name: str,
    language: str,
    by: User | None,
    now: datetime,
    contact: SideContact | None = None,
    replaces: SideContact | None = None,
    role: str = SideContact.Role.COORDINATOR,
) -> SideInvitation:
    """The open question of this purpose to this address, new or renewed. The partnership is locked."""
    email = email.strip().lower()
    invitation = SideInvitation.objects.filter(
        side=side, purpose=purpose, email=email, answered_at=None, revoked_at=None
    ).first() or SideInvitation(side=side, purpose=purpose, email=email)
    invitation.name = name or invitation.name
    invitation.language = language if language in dict(PARTNER_LANGUAGES) else "en"
    invitation.contact, invitation.replaces, invitation.role = contact, replaces, role
    return _renew(invitation, by=by, now=now)


def send(invitation: SideInvitation, *, now: datetime) -> None:
    """Each link is told once: a renewed one anew."""
    queue(
        SideInvited,
        to=[Guest(invitation.email, invitation.language)],
        about=invitation,
        now=now,
        once=f"{now:%Y%m%d%H%M%S%f}",
    )


def lock(partnership: int) -> Partnership:
    """Whoever writes about the sides of a partnership holds it first, so that two answers come one after the other."""
    return Partnership.objects.select_for_update().get(pk=partnership)


def lock_invitation(invitation: SideInvitation) -> SideInvitation:
    lock(invitation.side.partnership_id)
    return SideInvitation.objects.select_related("side__partnership", "contact", "replaces").get(
        pk=invitation.pk
    )


def _renew(invitation: SideInvitation, *, by: User | None, now: datetime) -> SideInvitation:
    invitation.nonce = new_nonce()
    invitation.sent_by, invitation.sent_at = by, now
    invitation.expires_at = now + VALID[Purpose(invitation.purpose)]
    invitation.save()
    return invitation


def _contact(side: PartnershipSide, *, email: str, name: str, language: str, now: datetime) -> SideContact:
    email = email.strip().lower()
    known = side.contacts.current()
    found = known.filter(email__iexact=email).first() or known.filter(person__email__iexact=email).first()
    return found or SideContact.objects.create(
        side=side, name=name.strip(), email=email, language=language, since=now
    )
