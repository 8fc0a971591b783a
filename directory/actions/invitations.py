"""People asked by mail to join an organisation. The link is the right, whatever address the account has."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from core.links import new_nonce
from directory.actions.organisations import lock_organisation
from directory.emails import OrganisationInvited, OrganisationJoined
from directory.models import Membership, Organisation, OrganisationInvitation
from directory.queries import InvitationState, invitation_state, membership_of, people_who_lead
from notifications.outbox import Guest, queue

log = structlog.get_logger(__name__)

INVITATION_HOLDS = timedelta(days=30)
_RANK = {Membership.Role.COORDINATOR: 0, Membership.Role.DEPUTY: 1, Membership.Role.MEMBER: 2}


class InvitationIsOver(Exception):
    """It was used, withdrawn or renewed, or its time is over."""


@transaction.atomic
def invite(
    *, organisation: Organisation, by: User, email: str, role: str, language: str, now: datetime
) -> OrganisationInvitation:
    """Ask somebody by mail. Asking the same address again renews the invitation: the link before is void."""
    organisation = lock_organisation(organisation)
    email = email.strip().lower()
    unanswered = OrganisationInvitation.objects.filter(accepted_at=None, revoked_at=None)
    invitation = unanswered.filter(organisation=organisation, email=email).first()
    invitation = invitation or OrganisationInvitation(organisation=organisation, email=email)
    invitation.role, invitation.language, invitation.nonce = role, language, new_nonce()
    invitation.invited_by, invitation.invited_at = by, now
    invitation.expires_at = now + INVITATION_HOLDS
    invitation.save()
    queue(OrganisationInvited, to=[Guest(email, language)], about=invitation, now=now, once=now.isoformat())
    log.info("organisation_invitation_sent", invitation=invitation.pk, by=by.pk)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: OrganisationInvitation, by: User, now: datetime) -> None:
    """Withdrawn twice changes nothing. Raises InvitationIsOver when it was accepted meanwhile."""
    row = _locked(invitation)
    if row.accepted_at is not None:
        raise InvitationIsOver
    if row.revoked_at is None:
        row.revoked_at, row.email = now, ""
        row.save()
        log.info("organisation_invitation_withdrawn", invitation=row.pk, by=by.pk)


@transaction.atomic
def accept_invitation(
    *, invitation: OrganisationInvitation, nonce: str, by: User, now: datetime
) -> Membership:
    """`by` belongs to the organisation, in the higher of the two roles if it did before. Raises InvitationIsOver."""
    row = _locked(invitation)
    if invitation_state(row, nonce, now=now) != InvitationState.OPEN:
        raise InvitationIsOver
    row.accepted_at, row.email = now, ""
    row.save()
    membership = _joined(row, by, now)
    others = people_who_lead(row.organisation).exclude(pk=by.pk)
    queue(OrganisationJoined, to=others, about=membership, now=now, once=str(row.pk))
    log.info("organisation_invitation_accepted", invitation=row.pk, by=by.pk)
    return membership


def _joined(invitation: OrganisationInvitation, by: User, now: datetime) -> Membership:
    membership = membership_of(by, invitation.organisation)
    if membership is None:
        membership = Membership(person=by, organisation=invitation.organisation, asked_at=now)
    if membership.state != Membership.State.ACTIVE:
        membership.state, membership.since = Membership.State.ACTIVE, now
        membership.role, membership.decided_by = invitation.role, invitation.invited_by
    membership.role = min(membership.role, invitation.role, key=lambda role: _RANK[Membership.Role(role)])
    membership.save()
    return membership


def _locked(invitation: OrganisationInvitation) -> OrganisationInvitation:
    lock_organisation(invitation.organisation)
    rows = OrganisationInvitation.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "invited_by").get(pk=invitation.pk)


@transaction.atomic
def forget_invited_addresses(*, now: datetime) -> int:
    """Forget the addresses of invitations nobody answered in time; the others go with the answer. Gives how many."""
    over = OrganisationInvitation.objects.filter(expires_at__lte=now).exclude(email="")
    return over.update(email="")
