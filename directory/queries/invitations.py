"""What became of an invitation."""

from datetime import datetime
from enum import StrEnum

from django.urls import reverse
from django.utils.crypto import constant_time_compare

from core.links import make_token, read_token
from directory.models import OrganisationInvitation

INVITATION_LINK = "organisation_invitation"
"""What the link in the mail is signed for."""


class InvitationState(StrEnum):
    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RENEWED = "renewed"
    """A newer mail has taken its place."""


def invitation_state(invitation: OrganisationInvitation, nonce: str, *, now: datetime) -> InvitationState:
    if invitation.accepted_at is not None:
        return InvitationState.USED
    if invitation.revoked_at is not None:
        return InvitationState.WITHDRAWN
    if not constant_time_compare(invitation.nonce, nonce):
        return InvitationState.RENEWED
    return InvitationState.OPEN if now < invitation.expires_at else InvitationState.EXPIRED


def invitation_of(token: str) -> tuple[OrganisationInvitation, str] | None:
    """The invitation a link leads to, and the link's nonce. The link itself is the right to see it."""
    found = read_token(INVITATION_LINK, token)
    if found is None:
        return None
    number, nonce = found
    rows = OrganisationInvitation.objects.select_related("organisation", "invited_by")
    invitation = rows.filter(pk=number).first()
    return (invitation, nonce) if invitation else None


def invitation_url(invitation: OrganisationInvitation) -> str:
    """The address of its link, without host."""
    token = make_token(INVITATION_LINK, invitation.pk, invitation.nonce)
    return reverse("directory:organisation_invitation", args=[token])
