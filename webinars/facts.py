"""What is said of a session: in the active language, on the reader's and the session's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language

from accounts.languages import SPOKEN_LANGUAGES
from core.zone_words import city_of, zone_name
from directory.names import shown_name
from webinars.models import Session
from webinars.texts import Text, text_in


@dataclass(frozen=True, slots=True)
class Clock:
    """One moment on one clock, in words: "Tuesday", "30 March 2027", "16:00", "17:00", "Berlin", "CEST"."""

    weekday: str
    day: str
    begins: str
    ends: str
    city: str
    zone: str


@dataclass(frozen=True, slots=True)
class Facts:
    title: Text
    summary: Text
    programme: Text
    clock: Clock
    """Of the session: the organiser's."""
    own_clock: Clock | None
    """The reader's; None where it shows the same."""
    place: Text
    address: str
    town: str
    directions: Text
    accessibility: Text
    languages: Sequence[str]
    hosts: Sequence[str]
    organiser: str
    is_online: bool
    is_onsite: bool
    is_recorded: bool
    cancel_reason: Text
    moved_from: Clock | None
    """Where the session was moved: its old start, on its clock."""


def facts_of(session: Session, *, language: str = "") -> Facts:
    """`language` of the content; without it the active one. The reader's zone is the active one."""
    language = language or get_language() or "de"
    own = timezone.get_current_timezone_name()
    # A mail asks twice, for its text and its calendar file, and readers of one language and zone ask the same. Kept
    # with the row, so no longer than it lives.
    kept = session.__dict__.setdefault("_facts", {})
    key = (language, get_language(), own, session.version, session.state)
    if key not in kept:
        kept[key] = _facts(session, language, own)
    return kept[key]


def _facts(session: Session, language: str, own: str) -> Facts:
    names = dict(SPOKEN_LANGUAGES)
    return Facts(
        title=text_in(session, "title", language),
        summary=text_in(session, "summary", language),
        programme=text_in(session, "programme", language),
        clock=clock(session.starts_at, session.ends_at, session.zone),
        own_clock=None
        if is_same_clock(session.starts_at, session.zone, own)
        else clock(session.starts_at, session.ends_at, own),
        place=text_in(session, "place", language),
        address=session.address,
        town=town_of(session),
        directions=text_in(session, "directions", language),
        accessibility=text_in(session, "accessibility", language),
        languages=[str(names.get(code, code)) for code in session.languages],
        hosts=[host.person.shown_name for host in session.hosts.all()],
        organiser=session.organisation.name if session.organisation else "",
        is_online=session.is_online,
        is_onsite=session.is_onsite,
        is_recorded=session.is_recorded,
        cancel_reason=text_in(session, "cancel_reason", language),
        moved_from=clock(session.moved_from, session.moved_from, session.zone)
        if session.moved_from
        else None,
    )


def clock(starts_at: datetime, ends_at: datetime, zone: str) -> Clock:
    begins, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    return Clock(
        weekday=date_format(begins, "l"),
        day=date_format(begins, "DATE_FORMAT"),
        begins=time_format(begins.time(), "TIME_FORMAT"),
        ends=time_format(ends.time(), "TIME_FORMAT"),
        city=city_of(zone),
        zone=zone_name(starts_at, zone),
    )


def is_same_clock(moment: datetime, zone: str, other: str) -> bool:
    """Berlin and Budapest show the same: said twice it would only confuse."""
    return moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.astimezone(ZoneInfo(other)).utcoffset()


def town_of(session: Session) -> str:
    town = session.municipality
    return shown_name(town.name, town.german_name) if town else ""
