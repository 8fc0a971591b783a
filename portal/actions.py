"""What happens to pages and announcements, and what is forgotten at night."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import User
from portal.models import Announcement, Page, PageVersion
from portal.queries import banner, texts_of


@transaction.atomic
def save_page(page: Page, *, by: User | None, now: datetime) -> bool:
    """Save a page, new or changed; a new wording becomes a new version. Says whether the wording is new.

    `by` is None for the pages that come with the software.
    """
    if page.pk:
        # Two editors at once get two numbers.
        Page.objects.select_for_update().get(pk=page.pk)
    latest = page.versions.first() if page.pk else None
    texts = texts_of(page)
    is_new_wording = latest is None or latest.texts != texts
    if latest is not None:
        page.version = latest.number + is_new_wording
    page.save()
    if is_new_wording:
        PageVersion.objects.create(page=page, number=page.version, texts=texts, saved_at=now, saved_by=by)
    return is_new_wording


@transaction.atomic
def save_announcement(announcement: Announcement) -> None:
    """Save it; every page shows it with the next request."""
    announcement.save()
    transaction.on_commit(_forget_kept_announcements)


@transaction.atomic
def delete_announcement(announcement: Announcement) -> None:
    announcement.delete()
    transaction.on_commit(_forget_kept_announcements)


def _forget_kept_announcements() -> None:
    banner.forget()


@transaction.atomic
def forget_ended_sessions(*, now: datetime) -> int:
    """Delete what is left of sessions that ended: the data, and the address and browser noted with them."""
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return ended
