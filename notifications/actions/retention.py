"""What is kept of notices, and for how long."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.models import Notice, Preference
from notifications.queries import is_wanted

log = structlog.get_logger(__name__)

GUEST_ADDRESS_KEPT = timedelta(days=90)
"""How long the address of a reader without account is kept when the mail could not be sent."""

LOG_KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=365)
KEY_KEPT = timedelta(days=3 * 365)
"""Longer than any thing is asked for that must be told once, an anniversary's 18 months for example."""


@transaction.atomic
def forget_addresses(*, now: datetime) -> int:
    """Forget the addresses of readers without account once their mail is settled. Gives how many.

    A failed one is kept for 90 days, so that the office can send it again.
    """
    guests = Notice.objects.exclude(email="")
    settled = guests.filter(state__in=(Notice.State.SENT, Notice.State.DROPPED))
    given_up = guests.filter(state=Notice.State.FAILED, queued_at__lt=now - GUEST_ADDRESS_KEPT)
    return settled.update(email="") + given_up.update(email="")


@transaction.atomic
def forget_old_notices(*, now: datetime) -> int:
    """Empty what was told 90 days ago, of what stands only in the list what was read or is a year old.

    The key stays for three years: what is told once, say about an anniversary, is not told again. Gives how many.
    """
    settled = Q(state__in=(Notice.State.SENT, Notice.State.DROPPED, Notice.State.FAILED))
    listed = Q(state=Notice.State.BELL) & (Q(read_at__isnull=False) | Q(bell_at__lt=now - UNREAD_KEPT))
    old = Notice.objects.exclude(kind="").filter(settled | listed, bell_at__lt=now - LOG_KEPT)
    emptied = old.update(
        kind="",
        recipient=None,
        email="",
        language="",
        time_zone="",
        scope="",
        about_type=None,
        about_id=None,
        last_error="",
        read_at=None,
    )
    Notice.objects.filter(kind="", bell_at__lt=now - KEY_KEPT).delete()
    log.info("old_notices_forgotten", rows=emptied)
    return emptied


@transaction.atomic
def forget_about(*, rows: QuerySet[Any]) -> int:
    """What these rows are told of goes with them. Called before they are deleted; gives how many."""
    about = ContentType.objects.get_for_model(rows.model)
    gone = Notice.objects.filter(about_type=about, about_id__in=rows.order_by().values("pk")).delete()[0]
    log.info("notices_forgotten", about=about.model, rows=gone)
    return gone


@transaction.atomic
def forget_scope(*, scope: str) -> None:
    """Say a group that is gone: what was told in it, and how often people wanted to hear of it."""
    Notice.objects.filter(scope=scope).delete()
    Preference.objects.filter(scope=scope).delete()


def leave_unwanted_unread(*, now: datetime) -> int:
    """What its reader may no longer see, or what is over, does not count as unread for ever. Gives how many."""
    unread = Notice.objects.in_bell(now).unread().filter(recipient__is_active=True)
    rows = unread.select_related("recipient").order_by("recipient", "id").iterator(chunk_size=500)
    over = [notice.pk for notice in rows if not is_wanted(notice, now=now)]
    Notice.objects.filter(pk__in=over, read_at=None).update(read_at=now)
    log.info("unread_notices_over", rows=len(over))
    return len(over)
