"""Every change of an entry leaves a line in its history, written in the transaction of the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from partnerships.models import Change, Partnership, PartnershipSide


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
