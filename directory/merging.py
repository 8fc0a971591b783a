"""What upper apps have to say when places change: the register checks its pairs and derives its names anew.

merging.register(before_merge=refuse_same_pair, after_change=refresh_partnerships)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from directory.models import Municipality, Region

Place = Municipality | Region


class MergeConflict(Exception):
    """Two rows cannot become one. Its text is a sentence for the office, in its language."""


@dataclass(frozen=True)
class Follower:
    before_merge: Callable[[Place, Place], None] | None
    after_change: Callable[[Place], None] | None
    on_merge: Callable[[Place, Place, User, datetime], None] | None = None


_followers: list[Follower] = []


def register(
    *,
    before_merge: Callable[[Place, Place], None] | None = None,
    after_change: Callable[[Place], None] | None = None,
    on_merge: Callable[[Place, Place, User, datetime], None] | None = None,
) -> None:
    """`before_merge(kept, gone)` may raise MergeConflict, or clear away what would stand in the way of the move.

    `after_change(place)` is called after a merge or a change of what `derived_from` names, in the same transaction,
    when all references lead to `place`. Both get municipalities and regions alike.
    """
    _followers.append(Follower(before_merge, after_change, on_merge))


def ask_before_merge(kept: Place, gone: Place) -> None:
    for follower in _followers:
        if follower.before_merge:
            follower.before_merge(kept, gone)


def note_merge(kept: Place, gone: Place, *, by: User, now: datetime) -> None:
    """Once nobody has objected, and before the references move: `gone` is still where it was."""
    for follower in _followers:
        if follower.on_merge:
            follower.on_merge(kept, gone, by, now)


def derived_from(place: Place) -> tuple[str, str, str, str]:
    """What followers derive columns of their own from: they are told when one of these changes."""
    code = place.ags if isinstance(place, Municipality) else place.code
    return place.name, place.search_text, place.country_id, code


def tell_change(place: Place) -> None:
    for follower in _followers:
        if follower.after_change:
            follower.after_change(place)
