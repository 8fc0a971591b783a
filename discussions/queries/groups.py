"""Which groups a person has, could join, or may be let into."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from core.folding import fold
from discussions.choices import LEADING, Access, Belonging
from discussions.models import Group, Membership, ReadMark, Topic
from discussions.permissions import active_membership, can_enter


def own_groups(person: User) -> QuerySet[Membership]:
    """One's memberships and invitations, in one query: each with `unread` (topics with something new), `people`, and
    `waiting` (requests to be answered, for who leads)."""
    mine = Membership.objects.filter(person=person, state__in=(Belonging.ACTIVE, Belonging.INVITED))
    return (
        mine.select_related("group")
        .annotate(unread=_unread(person), people=_people(OuterRef("group")), waiting=_waiting())
        .order_by("group__state", "group__name", "pk")
    )


def open_groups(person: User) -> QuerySet[Group]:
    """Those one may read and does not belong to; `is_asked` where one's request waits."""
    rows = Membership.objects.filter(person=person, group=OuterRef("pk"))
    belongs = rows.filter(state__in=(Belonging.ACTIVE, Belonging.INVITED))
    return (
        Group.objects.visible_to(person)
        .filter(~Exists(belongs), access=Access.OPEN)
        .annotate(people=_people(OuterRef("pk")), is_asked=Exists(rows.filter(state=Belonging.ASKED)))
        .order_by("state", "name", "pk")
    )


def groups_named(typed: str, person: object) -> list[Group]:
    """Those the person sees whose name has all the words, in any spelling. Names are few: they are folded here. One
    query; none for visitors."""
    words = fold(typed).split()
    rooms = Group.objects.visible_to(person).only("slug", "name", "access").order_by("name", "pk")
    return [room for room in rooms if all(word in fold(room.name) for word in words)] if words else []


def group_to_join(person: User, slug: str) -> tuple[Group, Membership | None] | None:
    """A group the person may read, or is invited to; None as for one that does not exist."""
    invited = Membership.objects.filter(person=person, state=Belonging.INVITED).values("group")
    seen = Group.objects.visible_to(person).values("pk")
    group = Group.objects.filter(Q(pk__in=seen) | Q(pk__in=invited), slug=slug).first()
    if group is None:
        return None
    return group, Membership.objects.filter(group=group, person=person).first()


def group_to_enter(person: User, slug: str, *, now: datetime) -> Group | None:
    """For superusers who do not read it: the one page by which they learn of a closed group from the admin."""
    if not person.is_superuser:
        return None
    group = Group.objects.filter(slug=slug).first()
    return group if group and can_enter(person, group, now=now) else None


def head_of(group: Group, person: object, current: str = "") -> dict[str, Any]:
    """What `discussions/head.html` shows above each page of a group. `current` is the name of the tab's URL."""
    row = active_membership(person, group)
    return {
        "group": group,
        "membership": row,
        "belongs": row is not None,
        "leads": row is not None and row.role in LEADING,
        "current": current,
    }


def _unread(person: User) -> Any:
    read = ReadMark.objects.filter(topic=OuterRef("pk"), person=person).values("number")[:1]
    topics = Topic.objects.visible_to(person).filter(group=OuterRef("group"))
    return _number(topics.filter(last_number__gt=Coalesce(Subquery(read), 0)).order_by(), "group")


def _people(group: OuterRef) -> Any:
    return _number(Membership.objects.active().filter(group=group).order_by(), "group")


def _waiting() -> Any:
    asked = Membership.objects.filter(group=OuterRef("group"), state=Belonging.ASKED).order_by()
    leads = Q(role__in=LEADING, state=Belonging.ACTIVE)
    return Case(When(leads, then=_number(asked, "group")), default=Value(0))


def _number(rows: QuerySet[Any], by: str) -> Any:
    counted = rows.values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
