"""What the sides are asked and told about an entry."""

from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.links import make_token, new_nonce
from notifications.kinds import Audience, Kind
from notifications.models import Notice
from partnerships.emails.examples import example_partnership, notice_about
from partnerships.models import Correction, PartnershipSide, SideInvitation
from partnerships.permissions import can_answer_for, can_see_inside
from partnerships.queries.record import changes_in_words, record_of, town_of


def answer_path(invitation: SideInvitation) -> str:
    token = make_token(invitation.purpose, invitation.pk, invitation.nonce)
    return reverse("partnerships:answer", args=[token]) + f"?lang={invitation.language}"


class QuestionToSide:
    """Mixin of kinds about a SideInvitation: wanted as long as the question is open and its reader is still asked."""

    audience = Audience.PARTNER
    essential = True
    purpose = SideInvitation.Purpose.CONFIRM

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        question = notice.about
        if not isinstance(question, SideInvitation):
            return False
        is_open = question.answered_at is None and question.revoked_at is None and question.expires_at > now
        if not is_open or (question.contact is not None and question.contact.ended_at is not None):
            return False
        return notice.recipient is None or can_answer_for(notice.recipient, question.side)

    def context(self, notice: Notice) -> dict[str, Any]:
        question = _question(notice)
        sender = question.sent_by
        return {
            "question": question,
            "record": record_of(question.side.partnership),
            "town": town_of(question.side),
            "sender": sender.display_name if sender else "",
            "valid_until": question.expires_at,
        }

    def path(self, notice: Notice) -> str:
        return answer_path(_question(notice))

    def reply_to(self, notice: Notice) -> str:
        sender = _question(notice).sent_by
        return sender.email if sender and sender.is_active else ""

    def example(self, *, language: str, now: datetime) -> Notice:
        partnership = example_partnership(now=now)
        side = partnership.sides.order_by("position").last()
        assert side is not None  # noqa: S101 -- made with two
        question = SideInvitation.objects.create(
            side=side,
            purpose=self.purpose,
            email="beispiel@example.org",
            language=language,
            nonce=new_nonce(),
            sent_by=partnership.registered_by,
            sent_at=now,
            expires_at=now.replace(year=now.year + 1),
        )
        return notice_about(cast(Kind, self), question, language=language, now=now)


class SideInvited(QuestionToSide, Kind):
    """To somebody on the other side: an entry names your town; is it right?"""

    name = "side_invited"
    title = _("a side is asked to confirm a new entry")


class SideInvitationReminder(QuestionToSide, Kind):
    """Two weeks later, once."""

    name = "side_invitation_reminder"
    title = _("a side is reminded to confirm a new entry")


class StillRight(QuestionToSide, Kind):
    """Once a year: is the entry still right?"""

    name = "still_right"
    title = _("the yearly question whether an entry is still right")
    purpose = SideInvitation.Purpose.YEARLY


class StillRightReminder(QuestionToSide, Kind):
    """A month later, and another month later."""

    name = "still_right_reminder"
    title = _("reminder of the yearly question")
    purpose = SideInvitation.Purpose.YEARLY


class TakeOverOffered(QuestionToSide, Kind):
    """To somebody named as successor or further contact person."""

    name = "take_over_offered"
    title = _("somebody is asked to become contact person")
    purpose = SideInvitation.Purpose.TAKE_OVER


class AboutSide:
    """Mixin of kinds about a PartnershipSide, for the people of the entry."""

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        side = notice.about
        return isinstance(side, PartnershipSide) and can_see_inside(notice.recipient, side.partnership)

    def context(self, notice: Notice) -> dict[str, Any]:
        side = _side(notice)
        return {"side": side, "town": town_of(side), "record": record_of(side.partnership)}

    def path(self, notice: Notice) -> str:
        return _side(notice).partnership.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        side = example_partnership(now=now).sides.order_by("position").last()
        assert side is not None  # noqa: S101 -- made with two
        return notice_about(cast(Kind, self), side, language=language, now=now)


class SideConfirmed(AboutSide, Kind):
    """To the people of the other sides."""

    name = "side_confirmed"
    title = _("another side has confirmed an entry of yours")


class SideDisputed(AboutSide, Kind):
    """To the people of the other sides and the office."""

    name = "side_disputed"
    title = _("a side disputes an entry")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        return super().still_wanted(notice, now=now) and _side(notice).disputed_at is not None

    def example(self, *, language: str, now: datetime) -> Notice:
        notice = super().example(language=language, now=now)
        side = _side(notice)
        side.disputed_at, side.dispute = now, "Beispiel: Diese Partnerschaft gibt es nicht."
        side.save()
        return notice


class LastContactLeft(AboutSide, Kind):
    """To the office and the other sides: nobody looks after this side any more."""

    name = "last_contact_left"
    title = _("a side has lost its last contact person")


class CorrectionProposed(Kind):
    """To the people of the other sides, or the office: decide whether it is taken over."""

    name = "correction_proposed"
    title = _("a side has proposed a correction")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        correction = notice.about
        is_open = isinstance(correction, Correction) and correction.state == Correction.State.OPEN
        return is_open and can_see_inside(notice.recipient, correction.partnership)  # type: ignore[union-attr]

    def context(self, notice: Notice) -> dict[str, Any]:
        return _correction_words(_correction(notice))

    def path(self, notice: Notice) -> str:
        correction = _correction(notice)
        return reverse("partnerships:correction", args=[correction.partnership.slug, correction.pk])

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(self, _example_correction(now), language=language, now=now)


class CorrectionDecided(Kind):
    """To the side that proposed it."""

    name = "correction_decided"
    title = _("a correction was accepted or declined")
    audience = Audience.PARTNER
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        correction = notice.about
        return isinstance(correction, Correction) and correction.state != Correction.State.OPEN

    def context(self, notice: Notice) -> dict[str, Any]:
        return _correction_words(_correction(notice))

    def path(self, notice: Notice) -> str:
        return _correction(notice).partnership.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        correction = _example_correction(now)
        correction.state, correction.decided_at = Correction.State.ACCEPTED, now
        correction.save()
        return notice_about(self, correction, language=language, now=now)


def _correction_words(correction: Correction) -> dict[str, Any]:
    return {
        "correction": correction,
        "town": town_of(correction.side),
        "record": record_of(correction.partnership),
        "changes": changes_in_words(correction.changes),
        "is_accepted": correction.state == Correction.State.ACCEPTED,
    }


def _example_correction(now: datetime) -> Correction:
    partnership = example_partnership(now=now)
    side = partnership.sides.order_by("position").last()
    assert side is not None  # noqa: S101 -- made with two
    return Correction.objects.create(
        partnership=partnership,
        side=side,
        changes={"signed_year": [1992, 1993]},
        note="Beispiel: Der Vertrag wurde ein Jahr später unterzeichnet.",
        language="de",
        proposed_at=now,
    )


# `still_wanted` has asked what a notice is about before anything else is.


def _question(notice: Notice) -> SideInvitation:
    assert isinstance(notice.about, SideInvitation)  # noqa: S101
    return notice.about


def _side(notice: Notice) -> PartnershipSide:
    assert isinstance(notice.about, PartnershipSide)  # noqa: S101
    return notice.about


def _correction(notice: Notice) -> Correction:
    assert isinstance(notice.about, Correction)  # noqa: S101
    return notice.about
