"""What is not kept: groups whose notice is over, forgotten drafts, addresses, reasons, files without a row."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from core import files
from discussions.actions.drafts import FOLDER
from discussions.actions.groups import locked
from discussions.actions.talk import forget_draft
from discussions.choices import Access, Belonging
from discussions.models import (
    Attachment,
    Draft,
    Entry,
    Group,
    Invitation,
    Membership,
    Post,
    Topic,
    Translation,
)
from notifications.actions import forget_about, forget_scope

log = structlog.get_logger(__name__)

DRAFTS_KEPT = timedelta(days=90)
NOTES_KEPT = timedelta(days=365)
POSTS_AT_ONCE = 500


def delete_due_groups(*, now: datetime) -> int:
    """Those whose two weeks are over. Gives how many.

    In small transactions, so that a group of many posts holds nobody up: the first closes the door, and whatever
    ends this halfway, the next run goes on from there.
    """
    due = Group.objects.filter(delete_at__lte=now).order_by("delete_at", "pk")
    return sum(_delete(group, now) for group in due)


def _delete(group: Group, now: datetime) -> bool:
    if not _close_for_good(group, now):
        return False
    _forget_notices(group)
    posts = Post.objects.filter(topic__group=group).order_by("-pk")
    while some := list(posts.values_list("pk", flat=True)[:POSTS_AT_ONCE]):
        _delete_posts(some)
    _delete_rest(group)
    log.info("group_deleted", group=group.pk)
    return True


@transaction.atomic
def _close_for_good(group: Group, now: datetime) -> bool:
    """Nobody belongs to it any more, so nobody reads, writes or takes it back. False: somebody just has."""
    row = locked(group)
    if row.delete_at is None or row.delete_at > now:
        return False
    row.access = Access.CLOSED
    row.save(update_fields=("access",))
    forget_about(rows=Membership.objects.filter(group=row))
    forget_about(rows=Invitation.objects.filter(group=row))
    row.memberships.all().delete()
    row.invitations.all().delete()
    return True


def _forget_notices(group: Group) -> None:
    """While what they are about can still be found."""
    posts = Post.objects.filter(topic__group=group)
    told_of: tuple[QuerySet[Model], ...] = (
        Group.objects.filter(pk=group.pk),
        Entry.objects.filter(group=group),
        Topic.objects.filter(group=group),
        posts,
        Translation.objects.filter(post__in=posts),
    )
    for rows in told_of:
        forget_about(rows=rows)
    forget_scope(scope=f"group:{group.pk}")


@transaction.atomic
def _delete_posts(numbers: Iterable[int]) -> None:
    gone = Attachment.objects.filter(post__in=numbers)
    files.remove_on_commit(list(gone.values_list("file", flat=True)))
    Post.objects.filter(pk__in=numbers).delete()


@transaction.atomic
def _delete_rest(group: Group) -> None:
    left = Attachment.objects.filter(Q(draft__group=group) | Q(post__topic__group=group))
    files.remove_on_commit(list(left.values_list("file", flat=True)))
    group.delete()


def forget_old_post_drafts(*, now: datetime) -> int:
    """Drafts nobody has touched for three months, with their files. Gives how many."""
    old = Draft.objects.filter(changed_at__lt=now - DRAFTS_KEPT)
    return sum(_forget_draft(number, now) for number in list(old.values_list("pk", flat=True)))


@transaction.atomic
def _forget_draft(number: int, now: datetime) -> int:
    """Somebody may be going on with it at this moment."""
    row = Draft.objects.select_for_update().filter(pk=number, changed_at__lt=now - DRAFTS_KEPT).first()
    if row is None:
        return 0
    forget_draft(draft=row)
    return 1


@transaction.atomic
def forget_invited_to_groups(*, now: datetime) -> int:
    """Addresses of invitations that are over. Gives how many."""
    open_ = Invitation.objects.exclude(email="")
    return open_.filter(
        Q(expires_at__lt=now) | Q(accepted_at__isnull=False) | Q(withdrawn_at__isnull=False)
    ).update(email="")


@transaction.atomic
def forget_notes_of_members(*, now: datetime) -> int:
    """Why somebody asked to join, or had to go, a year after they went. Of who is banned it stays: it is still so."""
    over = Membership.objects.filter(
        state__in=(Belonging.LEFT, Belonging.REMOVED), ended_at__lt=now - NOTES_KEPT
    )
    return over.exclude(note="").update(note="")


def delete_orphaned_post_files(*, now: datetime) -> int:
    """Of uploads that came to nothing. Gives how many."""
    return files.delete_orphans(FOLDER, Attachment.objects.values_list("file", flat=True), now=now)
