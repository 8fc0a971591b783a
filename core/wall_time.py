"""Local times as people type them: a naive "10:00" and the zone whose clocks show it.

A clock skips an hour in spring and shows one twice in autumn, so a wall time stands for none, one or two moments. Naive
values here are always wall times, aware values always moments. The rules are those of the pinned `tzdata`
(`vipad/settings.py` empties zoneinfo's path), because zones of the region differ between versions of a machine's data.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """Clocks in the zone never show this time: they go from `before` straight to `after` (02:00, 03:00)."""

    def __init__(self, wall: datetime, zone: str) -> None:
        self.wall = wall
        self.zone = zone
        self.first_moment_after = _first_moment_after_gap(wall, zone)
        self.after = wall_of(self.first_moment_after, zone)
        # With the offset before the change the same moment would have been called this.
        self.before = self.first_moment_after.replace(tzinfo=None) + _offset_before_gap(wall, zone)
        super().__init__(f"{zone}: clocks go from {self.before} to {self.after}, there is no {wall}")


def moments_of(wall: datetime, zone: str) -> tuple[datetime, ...]:
    """The UTC moments at which clocks in the zone show this time: none, one or two, earliest first."""
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    readings = {_read(wall, zone, fold=fold) for fold in (0, 1)}
    plain = wall.replace(fold=0)
    return tuple(sorted(moment for moment in readings if wall_of(moment, zone) == plain))


def is_twice(wall: datetime, zone: str) -> bool:
    """True for the hour that clocks show again in autumn: a form must ask which one is meant."""
    return len(moments_of(wall, zone)) == 2


def moment_of(wall: datetime, zone: str, *, second: bool = False) -> datetime:
    """The UTC moment of a wall time. `second` chooses the later one where there are two, and is ignored elsewhere."""
    moments = moments_of(wall, zone)
    if not moments:
        raise NoSuchTime(wall, zone)
    return moments[-1] if second else moments[0]


def wall_of(moment: datetime, zone: str) -> datetime:
    """What clocks in the zone show at that moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def days_before(moment: datetime, zone: str, days: int) -> datetime:
    """The same wall time so many days earlier, as a UTC moment: "a day before 10:00" is 10:00, though it be 23 hours.

    A time that is skipped that day becomes the first moment after the gap, one that comes twice the first of the two.
    """
    try:
        return moment_of(wall_of(moment, zone) - timedelta(days=days), zone)
    except NoSuchTime as gap:
        return gap.first_moment_after


def first_moment_after_change(before: datetime, after: datetime, zone: str) -> datetime:
    """The first moment of the new offset, for a change that lies between the two moments.

    Found by halving, to the second: zoneinfo has no list of its changes to ask for.
    """
    tz = ZoneInfo(zone)
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    old_offset = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(tz).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after


def _read(wall: datetime, zone: str, *, fold: int) -> datetime:
    """The moment zoneinfo takes the wall time for: with the offset before a change (fold 0) or after it (fold 1)."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def _offset_before_gap(wall: datetime, zone: str) -> timedelta:
    return wall.replace(tzinfo=None, fold=0) - _read(wall, zone, fold=0).replace(tzinfo=None)


def _first_moment_after_gap(wall: datetime, zone: str) -> datetime:
    """The two readings of a skipped wall time lie on either side of the change."""
    return first_moment_after_change(_read(wall, zone, fold=1), _read(wall, zone, fold=0), zone)
