"""Who looks after the sides, for everybody who reads the entry: names where they may be seen, an address never."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.urls import reverse

from core.visibility import Visibility, is_shown_to
from partnerships.models import Partnership, SideInvitation


@dataclass(frozen=True, slots=True)
class SideToAsk:
    """One side: the people of it whom this reader may know, and the form that reaches all of them."""

    names: list[str]
    write_url: str


def people_to_ask(partnership: Partnership, reader: object, *, is_inside: bool) -> list[SideToAsk]:
    """The sides in their order, in one query. Those who work together know each other: `is_inside`."""
    current = FilteredRelation("contacts", condition=Q(contacts__ended_at=None))
    answered = SideInvitation.objects.filter(contact=OuterRef("current"), answered_at__isnull=False)
    rows = (
        partnership.sides.annotate(current=current, has_answered=Exists(answered))
        .order_by("position", "pk", "current__role", "current__since")
        .values(
            "pk",
            "has_answered",
            "current__name",
            "current__name_visibility",
            "current__person",
            "current__person__display_name",
            "current__person__name_visibility",
            "current__person__erased_at",
        )
    )
    names: dict[int, list[str]] = {}
    for row in rows:
        known = names.setdefault(row["pk"], [])
        if name := _name(row, reader, is_inside=is_inside):
            known.append(name)
    return [
        SideToAsk(found, reverse("directory:contact", args=("partnershipside", number)))
        for number, found in names.items()
    ]


def _name(row: Mapping[str, Any], reader: object, *, is_inside: bool) -> str:
    """Who has an account has chosen there, too: the stricter of the two counts. Of others somebody else has told us:
    they are named once they have answered a mail of ours.
    """
    if row["current__person"] is None:
        choices = [row["current__name_visibility"] if row["has_answered"] else Visibility.NOBODY]
        name = row["current__name"] or ""
    else:
        choices = [row["current__name_visibility"], row["current__person__name_visibility"]]
        name = "" if row["current__person__erased_at"] else row["current__person__display_name"]
    is_own = row["current__person"] is not None and row["current__person"] == getattr(reader, "pk", None)
    if is_inside or is_own or all(is_shown_to(reader, choice) for choice in choices):
        return str(name)
    return ""
