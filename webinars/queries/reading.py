"""Reads the sessions of a list: what each is, how it stands with its seats, and with the reader's own.

What a session is, is kept in this process under the session's version; a request reads it only after an edit. Who may
see it, which seats are taken, and the reader's own registration are read each time.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Q

from core.remembered import Remembered
from directory import list_cache
from directory.models import Topic
from webinars.choices import ALIVE, TAKEN, Audience, Seat, State
from webinars.models import Session, SessionQuerySet
from webinars.queries.states import Seats

# Under the directory, because names of towns and topics are part of what a list says.
_kept = Remembered("listed sessions", list_cache.directory, shared=False)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """What everybody who sees the session reads of it. The same object until something in it changes: what is made
    of it is remembered by it."""

    number: int
    slug: str
    state: str
    title_de: str | None
    title_en: str | None
    format: str
    languages: list[str]
    level: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    moved_at: datetime | None
    is_demo: bool
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    town: str | None
    topics: list[str]
    """Codes."""


class Read(NamedTuple):
    """One session of one reader's list."""

    session: Listed
    seats: Seats
    is_open: bool
    """Whether who registers now gets a seat."""
    own: str
    """State of the reader's registration, if there is one."""


class _Present(NamedTuple):
    """What is read for each request, by the numbers of the sessions."""

    versions: dict[int, str]
    taken: dict[int, int]
    waiting: set[int]
    own: dict[int, str]
    hidden: set[int]


def listed_to(person: object) -> SessionQuerySet:
    """What stands in lists: nobody's drafts, and invented examples never in production."""
    return _without_drafts(Session.objects.visible_to(person))


def read(person: object, when: Q, order: tuple[str, ...], *, now: datetime) -> list[Read]:
    """One query where all sessions are for everybody, one more where some are not; two more after an edit."""
    present = _present(person, when)
    sessions = []
    for session in _sessions(present.versions, order):
        number = session.number
        if number in present.hidden:
            continue
        seats = Seats(
            session.state,
            session.starts_at,
            session.ends_at,
            session.opens_at,
            session.closes_at,
            session.capacity,
            present.taken.get(number, 0),
            number in present.waiting,
        )
        sessions.append(Read(session, seats, seats.are_open(now), present.own.get(number, "")))
    return sessions


def _without_drafts(rows: SessionQuerySet) -> SessionQuerySet:
    rows = rows.exclude(state=State.DRAFT)
    return rows if settings.SHOW_DEMO else rows.filter(is_demo=False)


def _present(person: object, when: Q) -> _Present:
    """Registrations are counted for everybody, but only the reader's own are told."""
    is_own = Q(registrations__person=getattr(person, "pk", None) or 0)  # None would be every guest
    groups: Any = (
        _without_drafts(_plain().filter(when).order_by())
        .values_list("pk", "version", "sequence", "audience", "registrations__state")
        .annotate(count=Count("*"), own=Count("registrations", filter=is_own))
    )
    present = _Present({}, defaultdict(int), set(), {}, set())
    for number, version, sequence, audience, state, count, own in groups:
        # New rules of a zone move a session without an edit: then only the sequence grows.
        present.versions[number] = f"{number}.{version}.{sequence}"
        if audience != Audience.EVERYBODY:
            present.hidden.add(number)
        if state == Seat.WAITING:
            present.waiting.add(number)
        elif state in TAKEN:
            present.taken[number] += count
        if own and state in ALIVE:
            present.own[number] = state
    # Asked only of sessions that are not for everybody: the question is the costly part of a list.
    if present.hidden:
        seen = listed_to(person).filter(pk__in=present.hidden).values_list("pk", flat=True)
        present.hidden.difference_update(seen)
    return present


def _sessions(versions: dict[int, str], order: tuple[str, ...]) -> Iterable[Listed]:
    """Also those hidden from the reader: so the same list is kept for all."""
    key = " ".join([*order, *sorted(versions.values())])
    return _kept.remember(key, lambda: _read_sessions(list(versions), order))


def _read_sessions(numbers: list[int], order: tuple[str, ...]) -> list[Listed]:
    rows: Any = _plain().filter(pk__in=numbers).order_by(*order).values_list(
        "pk", "slug", "state", "title_de", "title_en", "format", "languages", "level", "starts_at", "ends_at", "zone",
        "moved_at", "is_demo", "opens_at", "closes_at", "capacity", "municipality__name",
    )  # fmt: skip
    topics = _topics(numbers)
    return [Listed(*(*row, topics.get(row[0], []))) for row in rows]


def _topics(numbers: list[int]) -> dict[int, list[str]]:
    """Codes of the topics of each session, in the order of the topics."""
    topics: dict[int, list[str]] = defaultdict(list)
    rows = Topic.objects.filter(sessions__in=numbers).order_by("position", "code")
    pairs: Any = rows.values_list("sessions", "code")
    for session, code in pairs:
        topics[session].append(code)
    return topics


def _plain() -> SessionQuerySet:
    """Without the look for a translation of each value of each row: nothing translated is read here but by name."""
    rows: SessionQuerySet = Session.objects.rewrite(False)
    return rows
