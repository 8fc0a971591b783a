"""Who belongs to a group, wants to, or is invited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Page
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from core.pagination import page_of
from discussions.choices import Belonging, Role
from discussions.models import Group, Invitation, Membership

PER_PAGE = 100


@dataclass
class Others:
    """Who does not belong to the group and still concerns its leaders."""

    asked: list[Membership] = field(default_factory=list)
    invited: list[Membership] = field(default_factory=list)
    banned: list[Membership] = field(default_factory=list)


def members_of(group: Group, page: str | None) -> Page[Membership]:
    """Coaches and moderators first, then by name. Two queries."""
    rows = Membership.objects.active().filter(group=group).select_related("person")
    ranks = [When(role=Role.COACH, then=Value(0)), When(role=Role.MODERATOR, then=Value(1))]
    ordered = rows.order_by(Case(*ranks, default=Value(2)), Lower("person__display_name"), "pk")
    return page_of(ordered, page, total=rows.count(), per_page=PER_PAGE)


def others_of(group: Group) -> Others:
    """In one query."""
    states = (Belonging.ASKED, Belonging.INVITED, Belonging.BANNED)
    rows = Membership.objects.filter(group=group, state__in=states).select_related("person")
    others = Others()
    lists = dict(zip(states, (others.asked, others.invited, others.banned), strict=True))
    for row in rows.order_by("asked_at", "pk"):
        lists[Belonging(row.state)].append(row)
    return others


def open_invitations(group: Group) -> QuerySet[Invitation]:
    """Neither answered nor withdrawn; those that are over stand there, too, until they are."""
    return Invitation.objects.filter(group=group, accepted_at=None, withdrawn_at=None)


@dataclass(frozen=True)
class Look:
    """What inviting these addresses would do."""

    new: list[str]
    belong: list[str]
    invited: list[str]
    banned: list[str]


def look_at(group: Group, emails: Sequence[str], *, now: datetime) -> Look:
    """Says of nobody whether the address has an account, only what it is to the group."""
    states = dict(
        Membership.objects.filter(group=group)
        .annotate(address=Lower("person__email"))
        .filter(address__in=emails)
        .values_list("address", "state")
    )
    asked = set(
        open_invitations(group)
        .filter(Q(expires_at__gt=now))
        .annotate(address=Lower("email"))
        .filter(address__in=emails)
        .values_list("address", flat=True)
    )
    look = Look([], [], [], [])
    lists = {
        Belonging.ACTIVE: look.belong,
        Belonging.INVITED: look.invited,
        Belonging.BANNED: look.banned,
    }
    for email in emails:
        known = Belonging.INVITED if email in asked else states.get(email, "")
        lists.get(known, look.new).append(email)  # type: ignore[call-overload]
    return look
