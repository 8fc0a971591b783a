"""What a reader chose, and what that means for one notice."""

from collections.abc import Mapping

from accounts.models import User
from notifications.kinds import Kind
from notifications.models import Pace, Preference

Chosen = Mapping[tuple[str, str], str]
"""(kind, scope): pace. Both empty: for everything that has no choice of its own."""

EVERYTHING = ("", "")
DIGESTS = (Pace.DAILY, Pace.WEEKLY)


def chosen_by(person: User) -> dict[tuple[str, str], str]:
    rows = Preference.objects.filter(person=person).values_list("kind", "scope", "pace")
    return {(kind, scope): pace for kind, scope, pace in rows}


def pace_of(told: Kind, scope: str, chosen: Chosen) -> str:
    """The nearest choice counts: that for the scope, then that for the kind, then that for everything."""
    if told.essential:
        return Pace.NOW
    nearest = chosen.get(("", scope)) if scope else None
    pace = nearest or chosen.get((told.name, "")) or chosen.get(EVERYTHING) or Pace.NOW
    return Pace.NOW if pace in DIGESTS and not told.can_wait else pace
