"""Invented notices, for the office's preview and for tests. What is written for them is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from accounts.languages import PARTNER_LANGUAGES
from accounts.models import User
from notifications.kinds import Audience, Kind
from notifications.models import Notice
from notifications.outbox import Guest, queue

HOST = "example.invalid"  # RFC 2606: belongs to nobody


def languages_of(told: Kind) -> list[tuple[str, str]]:
    """In which languages its words must be complete."""
    if told.audience == Audience.PARTNER:
        return [(code, str(name)) for code, name in PARTNER_LANGUAGES]
    return [(code, str(name)) for code, name in settings.LANGUAGES]


@contextmanager
def example_of(told: Kind, *, language: str, now: datetime) -> Iterator[Notice]:
    """The notice exists as long as the block lasts."""
    with transaction.atomic():
        try:
            yield told.example(language=language, now=now)
        finally:
            transaction.set_rollback(True)


def invented_person(language: str, **more: Any) -> User:
    """A reader with account. Only inside `Kind.example`."""
    number = User.objects.count()
    return User.objects.create_user(
        f"reader{number}@{HOST}", language=language, display_name="Anna Beispiel", **more
    )


def invented_guest(language: str) -> Guest:
    return Guest(f"reader@{HOST}", language)


def queued(kind: type[Kind], *, to: User | Guest, about: Model, now: datetime) -> Notice:
    """Queue it as an action would, and give the row."""
    queue(kind, to=[to], about=about, now=now)
    rows = Notice.objects.select_related("recipient").filter(kind=kind.name, about_id=about.pk)
    return rows.latest("id")
