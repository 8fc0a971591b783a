"""A form sent twice does a thing once: a key drawn when the form is shown, spent when it is acted upon."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django import forms
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from core.models import FormKey

KEPT = timedelta(days=2)


class FormKeyField(forms.UUIDField):
    """The hidden field that carries the key. A form without a usable key is simply shown again."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(initial=uuid.uuid4, required=True)


def once(key: uuid.UUID, act: Callable[[], str], *, also: uuid.UUID | None = None) -> str:
    """Run `act`, which gives the address of the success page; for a spent key give that address again.

    Two simultaneous POSTs meet at the primary key: the second waits for the first one's commit. `also` is spent with
    it, and leads to the same place, unless it has led somewhere before.
    """
    with transaction.atomic():
        new = _claimed([key] if also is None else [key, also])
        if key not in new:
            return FormKey.objects.get(key=key).result_url
        address = act()
        _led(new, address)
        return address


def _claimed(keys: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those nobody has used before. In order: two forms never wait for each other."""
    now = timezone.now()
    marks = ", ".join("(%s, '', %s)" for _ in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {FormKey._meta.db_table} (key, result_url, used_at) VALUES {marks} "  # noqa: S608 -- no input
            "ON CONFLICT (key) DO NOTHING RETURNING key",
            [value for key in sorted(keys) for value in (key, now)],
        )
        return {row[0] for row in cursor.fetchall()}


def _led(keys: set[uuid.UUID], address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {FormKey._meta.db_table} SET result_url = %s WHERE key = ANY(%s::uuid[])",  # noqa: S608 -- no input
            [address, list(keys)],
        )


def spent(key: uuid.UUID | None) -> str:
    """Where the form with this key has led already; for forms that what they did makes invalid. Empty if it has not."""
    row = FormKey.objects.filter(key=key).first() if key else None
    return row.result_url if row else ""


def led_to(request: HttpRequest) -> str:
    """Where the sent form with this key has led already; empty if it has not."""
    try:
        return spent(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        return ""


def key_for(key: uuid.UUID, *content: object) -> uuid.UUID:
    """For a form that people may change and send again after "back": other content is another act."""
    return uuid.uuid5(key, "\n".join(map(str, content)))


def forget_old_keys(*, now: datetime) -> int:
    deleted, _ = FormKey.objects.filter(used_at__lt=now - KEPT).delete()
    return deleted
