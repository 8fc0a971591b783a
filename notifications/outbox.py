"""Telling somebody something means writing a row, in the transaction of what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.crypto import salted_hmac

from accounts.models import User
from notifications.kinds import Kind
from notifications.models import Notice


@dataclass(frozen=True)
class Guest:
    """A reader without account."""

    email: str
    language: str


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
    rows = []
    for reader in to:
        guest = reader if isinstance(reader, Guest) else None
        person = reader if isinstance(reader, User) else None
        who = f"p{person.pk}" if person else _digest(guest.email)  # type: ignore[union-attr]
        rows.append(
            Notice(
                key=f"{kind.name}:{about_type.model}:{about.pk}:{once}:{who}",
                kind=kind.name,
                recipient=person,
                email=guest.email if guest else "",
                language=guest.language if guest else "",
                about_type=about_type,
                about_id=about.pk,
                due_at=due_at or now,
                queued_at=now,
            )
        )
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _digest(email: str) -> str:
    """Tells addresses apart in a key that is kept longer than the address; short enough for every address."""
    return (
        "g" + salted_hmac("notifications.outbox", email.strip().lower(), algorithm="sha256").hexdigest()[:32]
    )
