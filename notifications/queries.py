"""What pages about notices show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.apps import apps
from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.text import capfirst

from accounts.models import User
from core.pagination import page_of
from core.prepared import prepared
from notifications.addresses import address_digest
from notifications.choices import DIGESTS, EVERYTHING, chosen_by
from notifications.kinds import Kind, all_kinds, kind
from notifications.links import MailLink
from notifications.mails import subject_of
from notifications.models import MailStop, Notice, Pace
from notifications.scopes import scope_name

log = structlog.get_logger(__name__)

MOST_COUNTED = 99


@dataclass(frozen=True)
class Entry:
    """A notice in its reader's list."""

    pk: int
    subject: str
    told_at: datetime
    is_unread: bool


def unread_count(person: User, *, now: datetime) -> int:
    """At most one more than MOST_COUNTED: beyond that nobody wants to know exactly."""
    return len(_unread.rows(person=person.pk, now=now))


@prepared
def _unread(person: int, now: datetime) -> QuerySet[Notice, Any]:
    """Asked for on every page."""
    unread = Notice.objects.visible_to(User(pk=person)).in_bell(now).unread().order_by()
    return unread.values_list("pk")[: MOST_COUNTED + 1]


def is_wanted(notice: Notice, *, now: datetime) -> bool:
    """Whether its reader may still be told. Not what cannot be asked any more: the app may be gone."""
    try:
        return kind(notice.kind).still_wanted(notice, now=now)
    except Exception as error:
        log.warning("notice_not_shown", id=notice.pk, kind=notice.kind, error=type(error).__name__)
        return False


def page_of_entries(person: User, number: str | None, *, now: datetime) -> tuple[Page[Notice], list[Entry]]:
    """Newest first. What is gone, over or no longer for this person is not shown: pages may be shorter."""
    rows = Notice.objects.visible_to(person).in_bell(now).prefetch_related("about")
    page = page_of(rows.order_by("-bell_at", "-id"), number, total=rows.count())
    return page, [entry for notice in page if (entry := _entry(notice, person, now))]


def _entry(notice: Notice, person: User, now: datetime) -> Entry | None:
    notice.recipient = person  # one object for all: its rights are asked for once
    if not is_wanted(notice, now=now):
        return None
    try:
        subject = subject_of(notice)
    except Exception as error:
        log.warning("notice_not_shown", id=notice.pk, kind=notice.kind, error=type(error).__name__)
        return None
    return Entry(notice.pk, subject, notice.bell_at, notice.read_at is None)


def has_bounced(person: User) -> MailStop | None:
    """Mails to the person's present address came back."""
    stops = MailStop.objects.filter(address=address_digest(person.email), reason=MailStop.Reason.BOUNCED)
    return stops.first()


def groups_of_kinds(person: User) -> list[tuple[str, list[Kind]]]:
    """What the person can choose about, under the name of the app that tells it."""
    groups: dict[str, list[Kind]] = {}
    for told in all_kinds():
        if not told.essential and told.reaches(person):
            groups.setdefault(_app_of(told), []).append(told)
    return sorted(groups.items())


def essential_titles(person: User) -> list[str]:
    return [str(told.title) for told in all_kinds() if told.essential and told.reaches(person)]


def name_of_choice(person: User, *, kind_name: str, scope: str) -> str:
    """What a mail told, as its reader knows it: the name of the group, or of the kind; empty for everything."""
    if scope:
        return scope_name(person, scope)
    named = {told.name: str(told.title) for told in all_kinds()}
    return named.get(kind_name, "")


def are_mails_ended(link: MailLink) -> bool:
    """Whether what this link can end has ended."""
    if link.person is None:
        return MailStop.objects.filter(address=link.address).exists()
    chosen = chosen_by(link.person)
    if link.scope:
        return chosen.get(("", link.scope)) == Pace.BELL
    if link.kind:
        return chosen.get((link.kind, "")) == Pace.BELL
    return chosen.get(EVERYTHING) == Pace.BELL and not set(chosen.values()) & set(DIGESTS)


def _app_of(told: Kind) -> str:
    config = apps.get_containing_app_config(type(told).__module__)
    return str(capfirst(str(config.verbose_name))) if config else ""
