"""What the register says when places of the directory are merged or renamed."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from directory import merging
from directory.merging import MergeConflict, Place
from directory.models import Municipality
from partnerships.actions import find_same, note_change, refresh_partnerships_of
from partnerships.models import Change, Partnership, PartnershipSide


def refuse_double(kept: Place, gone: Place) -> None:
    """No partnership may be left with itself, and none twice with the same partner."""
    for partnership in Partnership.objects.filter(sides__in=_sides_of(gone)).order_by("pk"):
        parties = [side.party for side in partnership.sides.select_related("municipality", "region")]
        if kept in parties:
            raise MergeConflict(
                _("“%(partnership)s” would be a partnership with itself. Please end or delete it first.")
                % {"partnership": partnership}
            )
        after = [kept if party == gone else party for party in parties]
        if find_same(sides=after, kind=partnership.kind) is not None:
            raise MergeConflict(
                _("“%(partnership)s” would be there twice. Please delete one of them first.")
                % {"partnership": partnership}
            )


def note(kept: Place, gone: Place, by: User, now: datetime) -> None:
    """The sides of an entry are others from now on: its history says so."""
    for partnership in Partnership.objects.filter(sides__in=_sides_of(gone)).order_by("pk"):
        sides = partnership.sides.select_related("municipality", "region")
        names = [side.name for side in sides]
        after = [kept.name if side.party == gone else side.name for side in sides]
        note_change(
            partnership=partnership,
            what=Change.What.EDITED,
            now=now,
            by=by,
            is_office=True,
            before={"sides": names},
            after={"sides": after},
        )


def follow(place: Place) -> None:
    refresh_partnerships_of(place=place)


def _sides_of(place: Place) -> QuerySet[PartnershipSide]:
    if isinstance(place, Municipality):
        return PartnershipSide.objects.filter(municipality=place)
    return PartnershipSide.objects.filter(region=place)


merging.register(before_merge=refuse_double, after_change=follow, on_merge=note)
