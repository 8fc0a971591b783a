"""Telling somebody something means writing a row, in the transaction of what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


def queue(
    kind: type[Kind],
    *,
    to: Iterable[User | Guest],
    about: Model,
    now: datetime,
    once: str = "",
    due_at: datetime | None = None,
) -> None:
    """Tell each of `to` about `about`, once. Told again it is ignored: `once` says what makes it new.

    `due_at` is UTC-aware; without it the notice goes out with the next sweep, within a minute.
    """
    about_type = ContentType.objects.get_for_model(about)
    key = f"{kind.name}:{about_type.model}:{about.pk}:{once}:"
    people, guests = [], []
    for reader in to:
        if isinstance(reader, Guest):
            guests.append(reader)
        else:
            people.append(reader)
    if not people and not guests:
        return
    bell_at = due_at or now
    _insert(
        each={
            "key": [
                *(f"{key}p{person.pk}" for person in people),
                *(key + address_digest(guest.email) for guest in guests),
            ],
            "recipient_id": [*(person.pk for person in people), *(None for _ in guests)],
            "email": [*("" for _ in people), *(guest.email for guest in guests)],
            "language": [*("" for _ in people), *(guest.language for guest in guests)],
            "time_zone": [*("" for _ in people), *(guest.time_zone for guest in guests)],
        },
        same={
            "kind": kind.name,
            "scope": kind_named(kind.name).scope(Notice(kind=kind.name, about=about)),
            "about_type_id": about_type.pk,
            "about_id": about.pk,
            "bell_at": bell_at,
            "due_at": bell_at + kind.wait,
            "queued_at": now,
            "state": Notice.State.WAITING,
            "tries": 0,
            "last_error": "",
        },
    )


_ARRAYS = {
    "key": "text[]",
    "recipient_id": "bigint[]",
    "email": "text[]",
    "language": "text[]",
    "time_zone": "text[]",
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
