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

    @property
    def known(self) -> dict[str, bool]:
        """For `Topic.objects.visible_in`."""
        return {"is_member": self.standing.is_member, "coaches": self.standing.coaches}


def room_of(person: User, slug: str) -> Room | None:
    """None where there is nothing this person may see."""
    for group in _group.models(person=person.pk, slug=slug):
        return Room(group, _standing_in(group))
    return None


def topic_in(person: User, slug: str, number: int) -> Topic | None:
    """With its group; None where there is nothing this person may see."""
    found = _topic.models(person=person.pk, slug=slug, number=number)
    return with_its_group(found[0]) if found else None


@prepared
def _topic(person: int, slug: str, number: int) -> QuerySet[Topic]:
    return columns_with_group(Topic.objects.visible_to(User(pk=person)).filter(group__slug=slug, pk=number))


def columns_with_group(topics: QuerySet[Topic]) -> QuerySet[Topic]:
    """What `select_related` is elsewhere; `with_its_group` makes the topics of it."""
    return topics.annotate(**{f"in_{name}": F(f"group__{name}") for name in _COLUMNS})


def with_its_group(topic: Topic) -> Topic:
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
