"""Calendar files (RFC 5545, 5546, 7986), written so that Outlook, Google and Apple read them alike.

What we rely on, and so must keep:

- A mail carries ONE method, and names it twice: here and in the MIME type (`text/calendar; method=REQUEST`). Outlook
  shows a file without its method as an attachment only. One mail, one UID: REQUEST and CANCEL hold one entry.
- The UID of a session never changes; another UID makes a second entry. SEQUENCE grows with each change: Outlook and
  Apple drop what is older than what they have, and Apple shows a CANCEL only for the same UID with a SEQUENCE that is
  not lower. At equal SEQUENCE the later DTSTAMP wins, so `changed_at` must not go back.
- Every TZID has a VTIMEZONE. The TZID is the IANA name, which Google and Apple take as it is (old machines do not know
  Europe/Kyiv yet). Outlook knows Windows names only and reads the rules instead: one STANDARD and one DAYLIGHT, each
  with a yearly RRULE; it ignores RDATE (MS-STANOICAL 2.2.47) and with it the summer time.
- The hour that comes twice in autumn is written in UTC. RFC 5545 means the first one by a TZID, Windows the second.
- PUBLISH is for feeds and downloads and names no ATTENDEE: who takes part is nobody else's business, and Outlook would
  make an invitation of it. Google reads a feed over https only and comes every 8 to 24 hours whatever
  REFRESH-INTERVAL says; Apple and Outlook ask for that and X-PUBLISHED-TTL. X-WR-CALNAME is NAME for all but the new.
- Invitations are answered already (PARTSTAT=ACCEPTED, RSVP=FALSE): registering was the answer, no client asks again.
  They are CLASS:PRIVATE, because their text may hold the link to join and calendars are shared with colleagues.
- No VALARM unless asked for: our mails remind, and Outlook and Apple add the reader's own alarm.

Written by hand and not with `icalendar`: 10,000 mails each take one, icalendar takes three times as long and turns
a typed backslash with N into a line break. The tests read every file with it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from core.wall_time import first_moment_after_change, is_twice, wall_of

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

PRODUCT = "-//ViPaD//Calendar//EN"
REFRESH = "PT12H"

_MAX_OCTETS = 75
_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOT_IN_ADDRESSES = re.compile("[\\s\x00-\x1f\x7f]+")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment as a calendar shows it."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    text: str
    place: str
    url: str
    organiser_name: str
    organiser_email: str
    language: str
    changed_at: datetime
    attendee_name: str = ""
    attendee_email: str = ""
    is_cancelled: bool = False
    alarm_minutes: int | None = None

    def __post_init__(self) -> None:
        if None in (self.starts_at.tzinfo, self.ends_at.tzinfo, self.changed_at.tzinfo):
            raise ValueError("an entry takes moments, not wall times")


def calendar_file(entries: Iterable[Entry], *, method: Method, name: str = "") -> bytes:
    """The whole .ics file. `name` is what a feed is called in the reader's list of calendars."""
    entries = list(entries)
    if method != "PUBLISH":
        _check_message(entries, method)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        *(_feed_lines(name) if method == "PUBLISH" else ()),
    ]
    events = [line for entry in entries for line in _event_lines(entry, method)]
    return b"".join((_folded(lines), _zones(entries), _folded(events), b"END:VCALENDAR\r\n"))


def _check_message(entries: Sequence[Entry], method: Method) -> None:
    if len(entries) != 1:
        raise ValueError(f"{method} holds one entry, not {len(entries)}")
    if not entries[0].attendee_email or not entries[0].organiser_email:
        raise ValueError(f"{method} goes from an organiser to an attendee")
    if method == "REQUEST" and entries[0].is_cancelled:
        raise ValueError("what is cancelled is sent as CANCEL")


def _feed_lines(name: str) -> Iterator[str]:
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    if name:
        yield f"NAME:{_line_text(name)}"
        yield f"X-WR-CALNAME:{_line_text(name)}"


# Events


def _event_lines(entry: Entry, method: Method) -> Iterator[str]:
    is_cancelled = entry.is_cancelled or method == "CANCEL"
    language = f";LANGUAGE={entry.language}" if entry.language else ""
    yield "BEGIN:VEVENT"
    yield f"UID:{_line_text(entry.uid)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_utc(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(entry.changed_at)}"
    yield from _time_lines(entry)
    yield f"SUMMARY{language}:{_line_text(entry.title)}"
    if entry.text:
        yield f"DESCRIPTION{language}:{_text(entry.text)}"
    if entry.place:
        yield f"LOCATION{language}:{_line_text(entry.place)}"
    if entry.url:
        yield f"URL:{_address(entry.url)}"
    if entry.organiser_email:
        yield f"ORGANIZER{_common_name(entry.organiser_name)}:mailto:{_address(entry.organiser_email)}"
    if method != "PUBLISH":
        yield (
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE"
            f"{_common_name(entry.attendee_name)}:mailto:{_address(entry.attendee_email)}"
        )
    yield f"CLASS:{'PUBLIC' if method == 'PUBLISH' else 'PRIVATE'}"
    yield f"STATUS:{'CANCELLED' if is_cancelled else 'CONFIRMED'}"
    if entry.alarm_minutes is not None and not is_cancelled:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_line_text(entry.title)}")
        yield from (f"TRIGGER:-PT{entry.alarm_minutes}M", "END:VALARM")
    yield "END:VEVENT"


def _time_lines(entry: Entry) -> Iterator[str]:
    if _is_in_utc(entry):
        yield f"DTSTART:{_utc(entry.starts_at)}"
        yield f"DTEND:{_utc(entry.ends_at)}"
    else:
        yield f"DTSTART;TZID={entry.zone}:{_digits(wall_of(entry.starts_at, entry.zone))}"
        yield f"DTEND;TZID={entry.zone}:{_digits(wall_of(entry.ends_at, entry.zone))}"


def _is_in_utc(entry: Entry) -> bool:
    """Both times or none: some clients compare start and end as they are written."""
    return any(
        is_twice(wall_of(moment, entry.zone), entry.zone) for moment in (entry.starts_at, entry.ends_at)
    )


# Zones


def _zones(entries: Sequence[Entry]) -> bytes:
    """A VTIMEZONE for every zone a time names, each right from the first to the last year of its entries."""
    years: dict[str, tuple[int, int]] = {}
    for entry in entries:
        if not _is_in_utc(entry):
            first, last = years.get(entry.zone, (entry.starts_at.year, entry.ends_at.year))
            years[entry.zone] = min(first, entry.starts_at.year), max(last, entry.ends_at.year)
    return b"".join(_zone(zone, first, last) for zone, (first, last) in years.items())


@dataclass(frozen=True, slots=True)
class _Change:
    """A moment at which clocks change, on the clock that is being changed (RFC 5545 writes it so)."""

    wall: datetime
    offset_before: timedelta
    offset_after: timedelta
    name: str
    is_summer: bool


@lru_cache(maxsize=1024)
def _zone(zone: str, first_year: int, last_year: int) -> bytes:
    """A year more on both sides: the change before New Year counts, and UTC years are not local years."""
    changes = list(_changes(zone, first_year - 1, last_year + 1))
    summer = [change for change in changes if change.is_summer]
    winter = [change for change in changes if not change.is_summer]
    rules = _yearly_rule(summer), _yearly_rule(winter)
    span = last_year - first_year + 3
    if all(rules) and len(summer) == len(winter) == span:
        parts = [(summer[0], rules[0]), (winter[0], rules[1])]
    else:  # no change at all, or rules that changed in these years: one part for each, said in full
        parts = [(change, "") for change in (_as_it_begins(zone, first_year - 1), *changes)]
    observances = [line for change, rule in parts for line in _observance_lines(change, rule)]
    return _folded(["BEGIN:VTIMEZONE", f"TZID:{zone}", *observances, "END:VTIMEZONE"])


def _observance_lines(change: _Change, rule: str) -> Iterator[str]:
    kind = "DAYLIGHT" if change.is_summer else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{_digits(change.wall)}"
    if rule:
        yield f"RRULE:{rule}"
    yield f"TZOFFSETFROM:{_offset(change.offset_before)}"
    yield f"TZOFFSETTO:{_offset(change.offset_after)}"
    yield f"TZNAME:{change.name}"
    yield f"END:{kind}"


def _as_it_begins(zone: str, year: int) -> _Change:
    local = datetime(year, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone))
    return _change(local, local.replace(tzinfo=None), local.utcoffset() or timedelta())


def _changes(zone: str, first_year: int, last_year: int) -> Iterator[_Change]:
    """Looks at every day of these years."""
    before, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    tz = ZoneInfo(zone)
    while before < end:
        after = before + timedelta(days=1)
        old = before.astimezone(tz).utcoffset() or timedelta()
        if after.astimezone(tz).utcoffset() != old:
            moment = first_moment_after_change(before, after, zone)
            local = moment.astimezone(tz)
            yield _change(local, moment.replace(tzinfo=None) + old, old)
        before = after


def _change(local: datetime, wall: datetime, offset_before: timedelta) -> _Change:
    offset = local.utcoffset() or timedelta()
    return _Change(wall, offset_before, offset, local.tzname() or "", bool(local.dst()))


def _yearly_rule(changes: Sequence[_Change]) -> str:
    """The RRULE that gives exactly these changes, one in each year, or nothing."""
    alike = {
        (
            change.wall.month,
            change.wall.weekday(),
            change.wall.time(),
            change.offset_before,
            change.offset_after,
        )
        for change in changes
    }
    weeks = {(change.wall.day - 1) // 7 + 1 for change in changes}
    are_last = all((change.wall + timedelta(days=7)).month != change.wall.month for change in changes)
    if len(alike) != 1 or not (are_last or len(weeks) == 1):
        return ""
    wall = changes[0].wall
    week = -1 if are_last else weeks.pop()
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[wall.weekday()]
    return f"FREQ=YEARLY;BYMONTH={wall.month};BYDAY={week}{day}"


# Letters


def _digits(wall: datetime) -> str:
    return f"{wall:%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _offset(offset: timedelta) -> str:
    minutes, seconds = divmod(abs(round(offset.total_seconds())), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")


def _text(text: str) -> str:
    """A TEXT value. Every line break of Unicode becomes one of the file, before a reader's splitlines() finds it."""
    return _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text)).translate(_ESCAPES)


def _line_text(text: str) -> str:
    """A TEXT value of one line, such as a title."""
    return _text(_LINE_BREAKS.sub(" ", text))


def _common_name(name: str) -> str:
    """The CN parameter. Double quotes cannot stand in one, and clients take a backslash or RFC 6868's ^ differently."""
    plain = _UNPRINTABLE.sub("", _LINE_BREAKS.sub(" ", name)).strip()
    plain = plain.replace('"', "'").replace("\\", "/").replace("^", "")
    return f';CN="{plain}"' if plain else ""


def _address(address: str) -> str:
    """A URI value, which has no escapes."""
    return _NOT_IN_ADDRESSES.sub("", address)


def _folded(lines: Iterable[str]) -> bytes:
    """CRLF after each line and at most 75 octets in one."""
    return b"".join(_fold(line.encode()) for line in lines)


def _fold(line: bytes) -> bytes:
    """Cuts neither a letter nor an escape in two: some clients decode before they join the lines again."""
    parts = []
    start, end = 0, _MAX_OCTETS
    while end < len(line):
        while line[end] & 0xC0 == 0x80:  # inside a letter of UTF-8
            end -= 1
        part = line[start:end]
        if (len(part) - len(part.rstrip(b"\\"))) % 2:  # behind the backslash of an escape
            part = part[:-1]
        parts.append(part)
        start += len(part)
        end = start + _MAX_OCTETS - 1  # the space that continues a line counts
    return b"\r\n ".join((*parts, line[start:])) + b"\r\n"
