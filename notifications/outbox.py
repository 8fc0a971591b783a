"""Telling somebody something means writing a row, in the transaction of what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model

from accounts.models import User
from notifications.addresses import address_digest
from notifications.kinds import Kind
from notifications.kinds import kind as kind_named
from notifications.models import Notice


@dataclass(frozen=True)
class Guest:
    """A reader without account. Without `time_zone`, times are told on the clock of the office."""

    email: str
    language: str
    time_zone: str = ""


Reader = User | Guest


def queue(
    kind: type[Kind],
    *,
    to: Iterable[Reader],
    about: Model,
    now: datetime,
    once: str = "",
    due_at: datetime | None = None,
) -> None:
    """Tell each of `to` about `about`, once. Told again it is ignored: `once` says what makes it new.

    `due_at` is UTC-aware; without it the notice goes out with the next sweep, within a minute.
    """
    queue_each(kind, [(reader, about) for reader in to], now=now, once=once, due_at=due_at)


def queue_each(
    kind: type[Kind],
    told: Sequence[tuple[Reader, Model]],
    *,
    now: datetime,
    once: str = "",
    due_at: datetime | None = None,
) -> None:
    """Tell each reader about a row of his own, all of one model."""
    if not told:
        return
    scopes = _scopes(kind_named(kind.name), [about for _reader, about in told])
    rows = [Told(about.pk, once, *_reader_columns(reader), scopes[about.pk]) for reader, about in told]
    queue_told(kind, rows, about=type(told[0][1]), now=now, due_at=due_at)


class Told(NamedTuple):
    """One reader of one row, as a query gives them: no objects are built for thousands. Either `person` or `email`."""

    about: int
    once: str
    person: int | None
    email: str
    language: str
    time_zone: str
    scope: str = ""


def queue_told(
    kind: type[Kind],
    told: Sequence[Told],
    *,
    about: type[Model],
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """As `queue_each`, for what a query has found. `about` is the model the rows are of."""
    if not told:
        return
    about_type = ContentType.objects.get_for_model(about)
    bell_at = due_at or now
    start = f"{kind.name}:{about_type.model}:"
    _insert(
        each={
            "key": [f"{start}{row.about}:{row.once}:{_mark(row)}" for row in told],
            "recipient_id": [row.person for row in told],
            "email": [row.email for row in told],
            "language": [row.language for row in told],
            "time_zone": [row.time_zone for row in told],
            "about_id": [row.about for row in told],
            "scope": [row.scope for row in told],
        },
        same={
            "kind": kind.name,
            "about_type_id": about_type.pk,
            "bell_at": bell_at,
            "due_at": bell_at + kind.wait,
            "queued_at": now,
            "state": Notice.State.WAITING,
            "tries": 0,
            "last_error": "",
        },
    )


def queue_chosen(
    kind: type[Kind], *, people: str, values: Sequence[Any], about: Model, scope: str, now: datetime
) -> None:
    """Tell the accounts a SELECT of one column, `person_id`, finds: one statement, and no row is read here.

    `people` is SQL of ours with a place for each of `values`; nothing anybody has typed may stand in it.
    """
    about_type = ContentType.objects.get_for_model(about)
    same = {
        "email": "", "language": "", "time_zone": "", "about_id": about.pk, "scope": scope, "kind": kind.name,
        "about_type_id": about_type.pk, "bell_at": now, "due_at": now + kind.wait, "queued_at": now,
        "state": Notice.State.WAITING, "tries": 0, "last_error": "",
    }  # fmt: skip
    statement = (
        f"INSERT INTO {Notice._meta.db_table} (key, recipient_id, {', '.join(same)}) "  # noqa: S608 -- as said above
        f"SELECT %s || found.person_id, found.person_id, {', '.join('%s' for _ in same)} "
        f"FROM ({people}) AS found ON CONFLICT (key) DO NOTHING"
    )
    with connection.cursor() as cursor:
        start = f"{kind.name}:{about_type.model}:{about.pk}::p"
        cursor.execute(statement, [start, *same.values(), *values])


def once_of(notice: Notice) -> str:
    """What made it new, as it was given to `queue`; no colon may stand in it then."""
    return notice.key.split(":")[3]


def _reader_columns(reader: Reader) -> tuple[int | None, str, str, str]:
    if isinstance(reader, Guest):
        return None, reader.email, reader.language, reader.time_zone
    return reader.pk, "", "", ""


def _mark(row: Told) -> str:
    """Who it is, in the key."""
    return address_digest(row.email) if row.person is None else f"p{row.person}"


def _scopes(told: Kind, about: Sequence[Model]) -> dict[int, str]:
    if type(told).scope is Kind.scope:
        return dict.fromkeys((row.pk for row in about), "")
    return {row.pk: told.scope(Notice(kind=told.name, about=row)) for row in about}


_ARRAYS = {
    "key": "text[]",
    "recipient_id": "bigint[]",
    "email": "text[]",
    "language": "text[]",
    "time_zone": "text[]",
    "about_id": "bigint[]",
    "scope": "text[]",
}


def _insert(*, each: dict[str, Any], same: dict[str, Any]) -> None:
    """One statement for any number of readers; bulk_create would spend ten times as long on writing out the values."""
    arrays = ", ".join(f"%s::{_ARRAYS[name]}" for name in each)
    statement = (
        f"INSERT INTO {Notice._meta.db_table} ({', '.join([*each, *same])}) "  # noqa: S608 -- names of our own
        f"SELECT {', '.join(f'reader.{name}' for name in each)}, {', '.join('%s' for _ in same)} "
        f"FROM unnest({arrays}) AS reader ({', '.join(each)}) ON CONFLICT (key) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same.values(), *each.values()])
