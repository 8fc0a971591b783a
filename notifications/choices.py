"""What a reader chose, and what that means for one notice."""

from collections.abc import Iterable, Mapping

from accounts.models import User
from notifications.kinds import Kind
from notifications.models import Pace, Preference

Chosen = Mapping[tuple[str, str], str]
"""(kind, scope): pace. Both empty: for everything that has no choice of its own."""

EVERYTHING = ("", "")
DIGESTS = (Pace.DAILY, Pace.WEEKLY)


def chosen_by(person: User) -> Chosen:
    return chosen_by_all([person.pk]).get(person.pk, {})


def chosen_by_all(people: Iterable[int]) -> dict[int, Chosen]:
    """By the number of the person; who chose nothing is not in it."""
    rows = Preference.objects.filter(person__in=set(people)).values_list("person_id", "kind", "scope", "pace")
    chosen: dict[int, dict[tuple[str, str], str]] = {}
    for person, kind, scope, pace in rows:
        chosen.setdefault(person, {})[kind, scope] = pace
    return dict(chosen)


def pace_of(told: Kind, scope: str, chosen: Chosen) -> str:
    """The nearest choice counts: that for the scope, then that for the kind, then that for everything."""
    if told.essential:
        return Pace.NOW
    nearest = chosen.get(("", scope)) if scope else None
    pace = nearest or chosen.get((told.name, "")) or chosen.get(EVERYTHING) or Pace.NOW
    return Pace.NOW if pace in DIGESTS and not told.can_wait else pace
