"""Invented rows for examples of notices: written inside a transaction that is rolled back."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import Model

from accounts.models import User
from directory.models import Organisation
from notifications.kinds import Kind
from notifications.models import Notice
from notifications.outbox import Guest, queue


def example_person(language: str = "", *, name: str = "Ottmar Muster", **fields: Any) -> User:
    """Somebody nobody knows; the address is taken by nobody."""
    known = dict(settings.LANGUAGES)
    return User.objects.create(
        email=f"{uuid4().hex}@example.org",
        display_name=name,
        language=language if language in known else settings.LANGUAGE_CODE,
        **fields,
    )


def example_organisation(**fields: Any) -> Organisation:
    return Organisation.objects.create(
        slug=f"beispiel-{uuid4().hex[:8]}",
        name="Singkreis Musterstadt (Beispiel)",
        type=Organisation.Type.CULTURE,
        is_demo=True,
        **fields,
    )


def example_notice(kind: Any, *, to: User | tuple[str, str], about: Model, now: datetime) -> Notice:
    """As `queue` would write it; `to` is a person, or address and language of a reader without account."""
    told: type[Kind] = type(kind)
    once = uuid4().hex
    queue(told, to=[to if isinstance(to, User) else Guest(*to)], about=about, now=now, once=once)
    return Notice.objects.get(kind=told.name, key__contains=once)
