"""The addresses of answer pages: signed, one purpose each (core/links.py)."""

from django.urls import reverse

from core.links import make_token, read_token
from partnerships.models import SideInvitation


def answer_path(invitation: SideInvitation) -> str:
    token = make_token(_salt(invitation.purpose), invitation.pk, invitation.nonce)
    return reverse("partnerships:answer", args=(token,))


def invitation_of(token: str) -> SideInvitation | None:
    """The row of a link that we made and that no newer one has replaced; answered, expired or not."""
    for purpose in SideInvitation.Purpose.values:
        read = read_token(_salt(purpose), token)
        if read:
            row = SideInvitation.objects.select_related(
                "side__partnership", "side__municipality__country", "side__region__country", "contact"
            )
            return row.filter(pk=read[0], nonce=read[1], purpose=purpose).first()
    return None


def _salt(purpose: str) -> str:
    return f"side:{purpose}"
