"""The group of a page, and what its reader is in it: asked once, in one query."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from accounts.models import User
from core.prepared import prepared
from discussions.choices import LEADING, Belonging, Role
from discussions.models import Group, Membership, Topic

_COLUMNS = [field.attname for field in Group._meta.concrete_fields]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reader is in a group: the answers of `permissions` for a whole page."""

    is_member: bool
    leads: bool
    coaches: bool
    may_post: bool
    may_ask_coaches: bool
    """In a private line. Coaches need none, and without coaches nobody would read it."""


@dataclass(frozen=True, slots=True)
class Room:
    group: Group
    standing: Standing


def room_of(person: User, slug: str) -> Room | None:
    """None where there is nothing this person may see."""
    for group in _group.models(person=person.pk, slug=slug):
        return Room(group, _standing_in(group))
    return None


def topic_in(person: User, slug: str, number: int) -> Topic | None:
    """With its group; None where there is nothing this person may see."""
    found = _topic.models(person=person.pk, slug=slug, number=number)
    return _parted(found[0]) if found else None


def held(topic: Topic) -> Topic:
    """The row of this moment with its group, locked: who answers, answers after another. Raises Topic.DoesNotExist."""
    for row in _locked.models(topic=topic.pk):
        return _parted(row)
    raise Topic.DoesNotExist


@prepared
def _topic(person: int, slug: str, number: int) -> QuerySet[Topic]:
    return _with_group(Topic.objects.visible_to(User(pk=person)).filter(group__slug=slug, pk=number))


@prepared
def _locked(topic: int) -> QuerySet[Topic]:
    return _with_group(Topic.objects.select_for_update(of=("self",)).filter(pk=topic))


def _with_group(topics: QuerySet[Topic]) -> QuerySet[Topic]:
    """What `select_related` is elsewhere."""
    return topics.annotate(**{f"in_{name}": F(f"group__{name}") for name in _COLUMNS})


def _parted(topic: Topic) -> Topic:
    topic.group = Group(**{name: topic.__dict__.pop(f"in_{name}") for name in _COLUMNS})
    return topic


@prepared
def _group(person: int, slug: str) -> QuerySet[Group]:
    coaches = Membership.objects.active().filter(group=OuterRef("pk"), role=Role.COACH)
    return (
        Group.objects.visible_to(User(pk=person))
        .filter(slug=slug)
        .annotate(
            own=FilteredRelation("memberships", condition=Q(memberships__person=person)),
            own_role=F("own__role"),
            own_state=F("own__state"),
            is_coached=Exists(coaches),
        )
    )


def _standing_in(group: Any) -> Standing:
    is_member = group.own_state == Belonging.ACTIVE
    coaches = is_member and group.own_role == Role.COACH
    may_post = is_member and not group.is_archived
    return Standing(
        is_member=is_member,
        leads=is_member and group.own_role in LEADING,
        coaches=coaches,
        may_post=may_post,
        may_ask_coaches=may_post and not coaches and group.is_coached,
    )
