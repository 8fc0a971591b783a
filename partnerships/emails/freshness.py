"""What the clock tells about entries: silence and anniversaries."""

from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind
from notifications.models import Notice
from partnerships.emails.answers import AboutSide
from partnerships.emails.examples import example_partnership, notice_about
from partnerships.models import Partnership, PartnershipSide
from partnerships.permissions import can_see_inside
from partnerships.queries.record import record_of


class SilentSide(AboutSide, Kind):
    """To the office: asked and reminded twice, and no answer."""

    name = "silent_side"
    title = _("a side has not answered the yearly question")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        side = notice.about
        return (
            isinstance(side, PartnershipSide) and side.reminders > 0 and super().still_wanted(notice, now=now)
        )

    def path(self, notice: Notice) -> str:
        """Where the office asks again."""
        return reverse("admin:partnerships_partnershipside_changelist") + "?stand=silent"

    def example(self, *, language: str, now: datetime) -> Notice:
        notice = super().example(language=language, now=now)
        side = notice.about
        assert isinstance(side, PartnershipSide)  # noqa: S101 -- made so above
        side.asked_at, side.reminders = now, 2
        side.save()
        return notice


class AboutPartnership:
    """Mixin of kinds about a Partnership, for the people who look after it."""

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        partnership = notice.about
        return isinstance(partnership, Partnership) and can_see_inside(notice.recipient, partnership)

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"record": record_of(_partnership(notice))}

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(cast(Kind, self), example_partnership(now=now), language=language, now=now)


class AnniversaryAhead(AboutPartnership, Kind):
    """18, 12 and 6 months ahead."""

    name = "anniversary_ahead"
    title = _("an anniversary comes near")

    def context(self, notice: Notice) -> dict[str, Any]:
        partnership = _partnership(notice)
        years = _years_of(notice)
        began = partnership.signed_on.year if partnership.signed_on else partnership.signed_year or 0
        return {
            **super().context(notice),
            "years": years,
            "year": began + years,
            "signed_on": partnership.signed_on,
            "signed_year": partnership.signed_year,
        }

    def path(self, notice: Notice) -> str:
        return _partnership(notice).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        notice = super().example(language=language, now=now)
        notice.key = f"{self.name}:partnership:0:25-12:example"
        return notice


class DormancySuggested(AboutPartnership, Kind):
    """Two years without a sign: does it sleep?"""

    name = "dormancy_suggested"
    title = _("nothing was heard of a partnership for two years")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        partnership = notice.about
        is_active = isinstance(partnership, Partnership) and partnership.status == Partnership.Status.ACTIVE
        return is_active and super().still_wanted(notice, now=now)

    def path(self, notice: Notice) -> str:
        return _partnership(notice).get_absolute_url() + "status/?to=dormant"


def _years_of(notice: Notice) -> int:
    """The key says which anniversary it is: kind:model:number:years-lead:reader."""
    return int(notice.key.split(":")[3].partition("-")[0])


def _partnership(notice: Notice) -> Partnership:
    assert isinstance(notice.about, Partnership)  # noqa: S101 -- still_wanted has asked
    return notice.about
