"""What is told around the answers of the sides."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Audience, Kind
from notifications.models import Notice
from partnerships.emails.answer_examples import example_invitation, notice_about
from partnerships.links import answer_path
from partnerships.models import SideInvitation
from partnerships.queries import record_of, side_name


def inviter_of(invitation: SideInvitation) -> str:
    """Who asks, as the one who is asked knows them: "Karin Beispiel (Ulm)", or only the town. Empty for the clock."""
    person = invitation.sent_by
    if person is None:
        return ""
    sides = invitation.side.partnership.sides.exclude(pk=invitation.side_id)
    own = sides.filter(contacts__person=person, contacts__ended_at=None).first()
    town = side_name(own or sides.first() or invitation.side)
    return f"{person.display_name} ({town})" if person.display_name else town


class SideInvited(Kind):
    """To somebody of another side, with or without account: please confirm, correct or dispute."""

    name = "side_invited"
    title = _("a side is asked to confirm an entry")
    audience = Audience.PARTNER
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        invitation = notice.about
        return (
            isinstance(invitation, SideInvitation)
            and is_open(invitation, now)
            and (invitation.email == notice.email)
        )

    def reply_to(self, notice: Notice) -> str:
        person = _invitation(notice).sent_by
        return person.email if person and person.is_active else ""

    def context(self, notice: Notice) -> dict[str, Any]:
        return words_of(_invitation(notice))

    def path(self, notice: Notice) -> str:
        return answer_path(_invitation(notice))

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(self, example_invitation(language=language, now=now), language=language, now=now)


def is_open(invitation: SideInvitation, now: datetime) -> bool:
    return (
        invitation.answered_at is None
        and invitation.revoked_at is None
        and invitation.expires_at > now
        and bool(invitation.email)
    )


def words_of(invitation: SideInvitation) -> dict[str, Any]:
    """For mails that carry a link: the entry, the side asked, who asks, until when."""
    return {
        "record": record_of(invitation.side.partnership),
        "side": side_name(invitation.side),
        "inviter": inviter_of(invitation),
        "name": invitation.name,
        "until": invitation.expires_at,
    }


def _invitation(notice: Notice) -> SideInvitation:
    assert isinstance(notice.about, SideInvitation)  # noqa: S101 -- still_wanted has asked
    return notice.about
