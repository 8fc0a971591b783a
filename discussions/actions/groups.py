"""The life of a group: made, changed, archived, deleted with notice."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from accounts.models import User
from core.conflicts import check_version
from directory.operating import OperatingRole
from discussions.choices import Belonging, GroupState, Role
from discussions.emails.groups import DeletionAnnounced, LookedInto
from discussions.models import Entry, Group, Membership
from discussions.permissions import can_enter
from notifications.outbox import queue

log = structlog.get_logger(__name__)

DELETION_AFTER = timedelta(days=14)
"""Time for each member to take a copy."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class NotAllowed(Exception):
    """The reader may see it and not do this."""


@transaction.atomic
def create_group(
    *,
    name: str,
    purpose: str,
    rules: str,
    languages: Sequence[str],
    access: str,
    by: User,
    now: datetime,
    takes_requests: bool = False,
    sends_text: bool = True,
    machine_translation: bool = False,
    is_demo: bool = False,
    leader: User | None = None,
) -> Group:
    """`by` leads it, or `leader`: as coach, if that is the person's role in an operating organisation.

    Somebody else than `leader` does not belong to it.
    """
    leader = leader or by
    group = Group.objects.create(
        slug=_free_slug(),
        name=name,
        purpose=purpose,
        rules=rules,
        languages=list(languages),
        access=access,
        takes_requests=takes_requests,
        sends_text=sends_text,
        machine_translation=machine_translation,
        created_by=by,
        created_at=now,
        is_demo=is_demo,
    )
    is_coach = leader.groups.filter(name=OperatingRole.COACH).exists()
    role = Role.COACH if is_coach else Role.MODERATOR
    Membership.objects.create(
        group=group, person=leader, role=role, state=Belonging.ACTIVE, asked_at=now, since=now
    )
    log.info("group_created", group=group.pk, by=by.pk)
    return group


@transaction.atomic
def edit_group(
    *, group: Group, facts: Mapping[str, Any], by: User, now: datetime, base_version: int | None = None
) -> Group:
    """Raises EditConflict."""
    row = locked(group)
    if base_version is not None:
        check_version(row, base_version)
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    log.info("group_changed", group=row.pk, by=by.pk)
    return row


@transaction.atomic
def archive_group(*, group: Group, by: User, now: datetime) -> Group:
    """From now on it is only read; everybody keeps seeing what they saw."""
    row = locked(group)
    if row.state != GroupState.ARCHIVED:
        row.state, row.archived_at = GroupState.ARCHIVED, now
        row.version += 1
        row.save()
        log.info("group_archived", group=row.pk, by=by.pk)
    return row


@transaction.atomic
def open_group_again(*, group: Group, by: User, now: datetime) -> Group:
    row = locked(group)
    if row.state == GroupState.ARCHIVED:
        row.state, row.archived_at = GroupState.ACTIVE, None
        row.version += 1
        row.save()
        log.info("group_opened_again", group=row.pk, by=by.pk)
    return row


@transaction.atomic
def announce_deletion(*, group: Group, by: User, now: datetime) -> Group:
    """Every member is told, and may take a copy until then. Announced twice the first date stays."""
    row = locked(group)
    if row.delete_at is None:
        row.delete_at = now + DELETION_AFTER
        row.version += 1
        row.save()
        queue(DeletionAnnounced, to=people_of(row), about=row, once=f"{row.delete_at:%Y%m%d}", now=now)
        log.info("group_deletion_announced", group=row.pk, by=by.pk)
    return row


@transaction.atomic
def take_deletion_back(*, group: Group, by: User, now: datetime) -> Group:
    row = locked(group)
    if row.delete_at is not None:
        row.delete_at = None
        row.version += 1
        row.save()
        log.info("group_deletion_taken_back", group=row.pk, by=by.pk)
    return row


@transaction.atomic
def enter(*, group: Group, by: User, reason: str, now: datetime) -> Membership:
    """A superuser goes into a group without being asked: logged for good, told to every member. Raises NotAllowed."""
    row = locked(group)
    if not can_enter(by, row, now=now) or not reason.strip():
        raise NotAllowed
    entry = Entry.objects.create(group=row, person=by, reason=reason, at=now)
    queue(LookedInto, to=people_of(row), about=entry, now=now)
    membership, _is_new = Membership.objects.update_or_create(
        group=row,
        person=by,
        defaults={
            "state": Belonging.ACTIVE,
            "role": Role.MEMBER,
            "since": now,
            "ended_at": None,
            "follows_all": False,
            "asked_at": now,
        },
    )
    log.warning("closed_group_entered", group=row.pk, by=by.pk)
    return membership


def people_of(group: Group) -> list[User]:
    """Who belongs to it now."""
    active = Membership.objects.active().filter(group=group)
    return list(User.objects.filter(pk__in=active.values("person"), is_active=True))


def locked(group: Group) -> Group:
    return Group.objects.select_for_update(of=("self",)).get(pk=group.pk)


def _free_slug() -> str:
    """70 bits, without letters that are taken for others."""
    return "".join(secrets.choice(_LETTERS) for _ in range(14))
