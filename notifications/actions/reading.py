"""The list of notices: what has been read there."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from notifications.models import Notice, NoticeQuerySet


@transaction.atomic
def mark_read(notice: Notice, *, by: User, now: datetime) -> None:
    """What is read in the list before its mail went out needs no mail any more."""
    _mark(Notice.objects.filter(pk=notice.pk, recipient=by), now)


@transaction.atomic
def mark_all_read(*, by: User, now: datetime) -> int:
    return _mark(Notice.objects.filter(recipient=by).in_bell(now), now)


def _mark(notices: NoticeQuerySet, now: datetime) -> int:
    """A notice that is being sent is locked for as long as the mail server takes; no page waits for it."""
    free = notices.unread().select_for_update(skip_locked=True)
    return Notice.objects.filter(pk__in=[notice.pk for notice in free]).update(read_at=now)
