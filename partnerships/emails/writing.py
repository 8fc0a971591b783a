"""What is told when a partnership is entered, published and changed."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Municipality
from directory.names import shown_name
from directory.permissions import can_edit_places
from notifications.kinds import Kind
from notifications.models import Notice
from partnerships import queries
from partnerships.emails.examples import example_change, example_partnership, example_place, notice_about
from partnerships.models import Change, Partnership, SideContact
from partnerships.names import kind_name, title_of
from partnerships.permissions import can_edit, can_see_inside


class PlaceAdded(Kind):
    """To the office: somebody has entered a place the directory lacked."""

    name = "place_added"
    title = _("a missing place was added")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        place = notice.about
        is_there = isinstance(place, Municipality) and place.merged_into_id is None
        return is_there and can_edit_places(notice.recipient)

    def context(self, notice: Notice) -> dict[str, Any]:
        place = _place(notice)
        return {"name": place.name, "country": place.country.name, "region": place.region}

    def path(self, notice: Notice) -> str:
        return reverse("admin:directory_municipality_change", args=[notice.about_id])

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(self, example_place(), language=language, now=now)


class PartnershipWaits(Kind):
    """To the office: entered by somebody who speaks for none of its towns, so it is not public yet."""

    name = "partnership_waits"
    title = _("a new partnership waits to be published")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        partnership = notice.about
        if not isinstance(partnership, Partnership) or partnership.published_at is not None:
            return False
        return can_edit(notice.recipient, partnership)

    def context(self, notice: Notice) -> dict[str, Any]:
        partnership = _partnership(notice)
        who = partnership.registered_by
        return {
            **_words(partnership),
            "who": who.shown_name if who else "",
            "has_asked": SideContact.objects.filter(side__partnership=partnership, person=None).exists(),
        }

    def path(self, notice: Notice) -> str:
        return reverse("admin:partnerships_partnership_change", args=[notice.about_id])

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(self, example_partnership(now=now), language=language, now=now)


class PartnershipPublished(Kind):
    """To who entered it and who looks after a side: everybody sees it now."""

    name = "partnership_published"
    title = _("a partnership of yours was published")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        partnership = notice.about
        return isinstance(partnership, Partnership) and partnership.published_at is not None

    def context(self, notice: Notice) -> dict[str, Any]:
        return _words(_partnership(notice))

    def path(self, notice: Notice) -> str:
        return _partnership(notice).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(self, example_partnership(now=now), language=language, now=now)


class PartnershipChanged(Kind):
    """To the people of a side that confirmed the entry: somebody else has changed it."""

    name = "partnership_changed"
    title = _("an entry your side confirmed was changed")
    wait = timedelta(minutes=10)
    merge = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        change = notice.about
        return isinstance(change, Change) and can_see_inside(notice.recipient, change.partnership)

    def scope(self, notice: Notice) -> str:
        return f"partnership:{_change(notice).partnership_id}"

    def context(self, notice: Notice) -> dict[str, Any]:
        change = _change(notice)
        return {
            **_words(change.partnership),
            "who": queries.who(change),
            "lines": queries.lines_of(change, queries.labels()),
        }

    def path(self, notice: Notice) -> str:
        return reverse("partnerships:history", args=[_change(notice).partnership.slug])

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(self, example_change(now=now), language=language, now=now)


def _words(partnership: Partnership) -> dict[str, Any]:
    sides = partnership.sides.select_related("municipality", "region")
    names = [(side.party.name, side.party.german_name) for side in sides]
    return {
        "partnership": partnership,
        "title": title_of(names),
        "sides": [shown_name(*name) for name in names],
        "kind": kind_name(partnership.kind),
    }


# `still_wanted` has asked what a notice is about before anything else is.


def _partnership(notice: Notice) -> Partnership:
    assert isinstance(notice.about, Partnership)  # noqa: S101
    return notice.about


def _change(notice: Notice) -> Change:
    assert isinstance(notice.about, Change)  # noqa: S101
    return notice.about


def _place(notice: Notice) -> Municipality:
    assert isinstance(notice.about, Municipality)  # noqa: S101
    return notice.about
