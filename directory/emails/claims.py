"""What people are told about claims to speak for a municipality."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.links import make_token
from directory.emails.claim_examples import example_claim, example_town, notice_about
from directory.models import Claim, Municipality
from directory.names import shown_name
from directory.permissions import can_answer_claim, can_decide_claims
from directory.queries import is_link_good, people_who_speak_for
from notifications.kinds import Audience, Kind
from notifications.models import Notice

ADDRESS_LINK = "claim_address"
"""What the link in the mail to an official address is signed for."""


def _claim(notice: Notice) -> Claim | None:
    return notice.about if isinstance(notice.about, Claim) else None


class AboutClaim:
    """What the mails about one claim have in common."""

    def context(self, notice: Notice) -> dict[str, Any]:
        claim = _claim(notice)
        assert claim is not None  # noqa: S101 -- still_wanted has asked
        town = claim.municipality
        return {"claim": claim, "name": shown_name(town.name, town.german_name)}

    def path(self, notice: Notice) -> str:
        return reverse("directory:claim_detail", args=[notice.about_id])


class ClaimMade(AboutClaim, Kind):
    """To the office: somebody wants to speak for a municipality."""

    name = "claim_made"
    title = _("somebody wants to speak for a municipality")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        claim = _claim(notice)
        return claim is not None and claim.state == Claim.State.OPEN and can_decide_claims(notice.recipient)

    def path(self, notice: Notice) -> str:
        return reverse("admin:directory_claim_change", args=[notice.about_id])

    def reaches(self, person: User) -> bool:
        return can_decide_claims(person)

    def example(self, *, language: str, now: datetime) -> Notice:
        about = example_claim(now=now)
        return notice_about(self, about, language=language, now=now)


class ClaimAddressCheck(AboutClaim, Kind):
    """To the official address: was it really you who named it?"""

    name = "claim_address_check"
    title = _("an official address was named and is to be proven")
    audience = Audience.PARTNER
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        claim = _claim(notice)
        return claim is not None and is_link_good(claim, claim.nonce, now=now) and not claim.email_proven_at

    def path(self, notice: Notice) -> str:
        claim = _claim(notice)
        assert claim is not None  # noqa: S101 -- still_wanted has asked
        return reverse("directory:claim_address", args=[make_token(ADDRESS_LINK, claim.pk, claim.nonce)])

    def example(self, *, language: str, now: datetime) -> Notice:
        about = example_claim(now=now)
        return notice_about(self, about, language=language, now=now)


class ClaimSecond(AboutClaim, Kind):
    """To those who speak for a municipality: somebody else wants to, too. Do they agree?"""

    name = "claim_second"
    title = _("somebody else wants to speak for your municipality")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        claim = _claim(notice)
        return (
            claim is not None
            and claim.state == Claim.State.OPEN
            and claim.holder_answer == Claim.HolderAnswer.NONE
            and can_answer_claim(notice.recipient, claim)
        )

    def example(self, *, language: str, now: datetime) -> Notice:
        about = example_claim(now=now)
        return notice_about(self, about, language=language, now=now)


class ClaimSecondAnswered(AboutClaim, Kind):
    """To the office: what the one who speaks for the municipality says to a second one."""

    name = "claim_second_answered"
    title = _("a second claim was agreed or objected to")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        claim = _claim(notice)
        return claim is not None and claim.state == Claim.State.OPEN and can_decide_claims(notice.recipient)

    def path(self, notice: Notice) -> str:
        return reverse("admin:directory_claim_change", args=[notice.about_id])

    def reaches(self, person: User) -> bool:
        return can_decide_claims(person)

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(
            self, example_claim(now=now, holder_answer=Claim.HolderAnswer.AGREES), language=language, now=now
        )


class ClaimDecided(AboutClaim, Kind):
    """To the person: the office has decided."""

    name = "claim_decided"
    title = _("the office has decided whether you speak for a municipality")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        claim = _claim(notice)
        return claim is not None and claim.state in (Claim.State.ACCEPTED, Claim.State.DECLINED)

    def path(self, notice: Notice) -> str:
        claim = _claim(notice)
        if claim is not None and claim.state == Claim.State.ACCEPTED:
            return reverse("directory:edit", args=[claim.municipality.slug])
        return super().path(notice)

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(
            self,
            example_claim(now=now, state=Claim.State.ACCEPTED, answer="Herzlich willkommen!"),
            language=language,
            now=now,
        )


class ClaimEnded(AboutClaim, Kind):
    """To the person: the office has ended it."""

    name = "claim_ended"
    title = _("you no longer speak for a municipality")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        claim = _claim(notice)
        return claim is not None and claim.state == Claim.State.ENDED

    def example(self, *, language: str, now: datetime) -> Notice:
        about = example_claim(now=now, state=Claim.State.ENDED)
        return notice_about(self, about, language=language, now=now)


class ClaimHandedOver(AboutClaim, Kind):
    """To the successor: you speak for the municipality now."""

    name = "claim_handed_over"
    title = _("you were given the task to speak for a municipality")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        claim = _claim(notice)
        return claim is not None and claim.state == Claim.State.ACCEPTED

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(
            self, example_claim(now=now, state=Claim.State.ACCEPTED), language=language, now=now
        )


class MunicipalityWithoutVoice(Kind):
    """To the office: the last one who spoke for a municipality is gone."""

    name = "municipality_without_voice"
    title = _("nobody speaks for a municipality any longer")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        town = notice.about
        return (
            isinstance(town, Municipality)
            and can_decide_claims(notice.recipient)
            and not people_who_speak_for(town).exists()
        )

    def context(self, notice: Notice) -> dict[str, Any]:
        town = notice.about
        assert isinstance(town, Municipality)  # noqa: S101 -- still_wanted has asked
        return {"name": shown_name(town.name, town.german_name)}

    def path(self, notice: Notice) -> str:
        assert isinstance(notice.about, Municipality)  # noqa: S101 -- still_wanted has asked
        return notice.about.get_absolute_url()

    def reaches(self, person: User) -> bool:
        return can_decide_claims(person)

    def example(self, *, language: str, now: datetime) -> Notice:
        about = example_town()
        return notice_about(self, about, language=language, now=now)
