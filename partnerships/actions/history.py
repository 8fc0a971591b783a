"""Every change of an entry leaves a line in its history, written in the transaction of the change."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import User
from notifications.outbox import queue
from partnerships.emails import PartnershipChanged
from partnerships.models import Change, Partnership, PartnershipSide, SideContact
from partnerships.permissions import can_answer_for


def note_change(
    *,
    partnership: Partnership,
    what: str,
    now: datetime,
    by: User | None = None,
    side: PartnershipSide | None = None,
    is_office: bool = False,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> Change:
    """`by` or `side` says who it was; neither means the clock. `before` and `after` name only what differs."""
    return Change.objects.create(
        partnership=partnership,
        what=what,
        at=now,
        person=by,
        side=side,
        is_office=is_office,
        before=dict(before or {}),
        after=dict(after or {}),
        note=note[:500],
    )


def differing(now: Mapping[str, Any], then: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after for the history: of the columns of `then` those that differ."""
    names = [name for name, value in then.items() if _plain(now.get(name)) != _plain(value)]
    return {name: _plain(now.get(name)) for name in names}, {name: _plain(then[name]) for name in names}


def columns_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def tell_other_sides(*, change: Change, now: datetime) -> None:
    """Whoever confirmed the entry is told when somebody of another side, or the office, changes it."""
    by = change.person
    sides = change.partnership.sides.exclude(confirmed_at=None)
    others = [side for side in sides if by is None or not can_answer_for(by, side)]
    contacts = SideContact.objects.current().filter(side__in=others).exclude(person=None).exclude(person=by)
    readers = [contact.person for contact in contacts.select_related("person")]
    queue(PartnershipChanged, to=[person for person in readers if person], about=change, now=now)


def _plain(value: Any) -> Any:
    """As the history keeps it. Nothing, an empty text and an empty list are the same: nothing."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value not in (None, [], ()) else ""
