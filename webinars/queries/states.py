"""How it stands with the seats of a session, and with one's own, in words. German and English pages only."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from webinars.choices import Seat, State


class Seats(NamedTuple):
    """What is asked to say how it stands: of a row of the list, or of one session."""

    state: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    taken: int
    are_waiting: bool

    @property
    def free(self) -> int | None:
        """None where there is no limit. What is free while people wait is theirs."""
        if self.capacity is None:
            return None
        return 0 if self.are_waiting else max(self.capacity - self.taken, 0)

    def are_open(self, now: datetime) -> bool:
        """Whether who registers now gets a seat."""
        return self.window_is_open(now) and self.free != 0

    def window_is_open(self, now: datetime) -> bool:
        """The same question as `Session.takes_registrations`."""
        has_begun = self.opens_at is None or self.opens_at <= now
        is_in_time = now < min(self.closes_at or self.starts_at, self.starts_at)
        return self.state == State.PUBLISHED and has_begun and is_in_time


def seats_in_words(seats: Seats, now: datetime, language: str = "") -> str:
    """`language` is the active one, from who knows it already: to ask for it 200 times takes time."""
    if seats.state == State.CANCELLED:
        return pgettext("session", "cancelled")
    if now >= seats.ends_at:
        return pgettext("session", "is over")
    if now >= seats.starts_at:
        return pgettext("session", "is running now")
    if seats.opens_at and now < seats.opens_at:
        day = date_format(timezone.localtime(seats.opens_at), "DATE_FORMAT")
        return _("registration from %(day)s") % {"day": day}
    if not seats.window_is_open(now):
        return _("registration is closed")
    if seats.free is None:
        return _("free seats")
    if seats.free == 0:
        return _("full, with a waiting list")
    return _free_seats(seats.free, language or get_language() or "de")


@lru_cache(maxsize=2048)
def _free_seats(number: int, _language: str) -> str:
    """Counting in words is slow, and a page does it 200 times. The language is part of what is remembered."""
    return ngettext("%(number)s free seat", "%(number)s free seats", number) % {"number": number}


def own_in_words(state: str) -> str:
    """Of the reader's own registration; empty where there is none."""
    if state == Seat.SEAT:
        return _("You have a seat")
    if state == Seat.WAITING:
        return _("You are on the waiting list")
    return _("A seat is offered to you") if state == Seat.OFFERED else ""
