"""What is asked once for a page (queries.rooms) says the same as the gates everything else goes through."""

from itertools import product

import pytest

from accounts.models import User
from discussions import permissions
from discussions.choices import Access, Belonging, Role
from discussions.models import Group, Post, Topic
from discussions.queries import thread
from discussions.queries.rooms import room_of, topic_in
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db
READERS = [*product(Role.values, Belonging.values), None]


@pytest.fixture(params=Access.values)
def group(request, coach: User) -> Group:
    return GroupFactory(access=request.param, coach=coach)


@pytest.fixture(params=READERS, ids=lambda param: "nobody" if param is None else "-".join(param))
def reader(request, group: Group, participant: User) -> User:
    """Somebody with this role and this state in the group; or in no group at all."""
    if request.param is not None:
        role, state = request.param
        MembershipFactory(group=group, person=participant, role=role, state=state)
    return participant


def test_a_room_is_what_the_permissions_say(group: Group, reader: User) -> None:
    room = room_of(reader, group.slug)

    assert (room is not None) == permissions.can_view(reader, group)
    assert (room is not None) == Group.objects.visible_to(reader).filter(pk=group.pk).exists()
    if room is None:
        return
    said = room.standing
    assert room.group == group
    assert said.is_member == (permissions.active_membership(reader, group) is not None)
    assert said.leads == permissions.can_lead(reader, group)
    assert said.coaches == permissions.can_coach(reader, group)
    assert said.may_post == permissions.can_post(reader, group)
    assert said.may_ask_coaches == (said.may_post and not said.coaches)


def test_the_topics_of_a_room_are_those_the_gate_shows(group: Group, reader: User, coach: User) -> None:
    topics = [
        TopicFactory(group=group),
        TopicFactory(group=group, is_line=True, line_of=reader),
        TopicFactory(group=group, is_line=True, line_of=coach),
        TopicFactory(group=group, is_line=True, line_of=None),
        TopicFactory(),
    ]
    for topic in topics:
        PostFactory(topic=topic)
    seen = set(Topic.objects.visible_to(reader).filter(group=group))
    room = room_of(reader, group.slug)

    assert {
        topic for topic in topics if permissions.can_view_topic(reader, topic) and topic.group == group
    } == seen
    assert {topic for topic in topics if topic_in(reader, group.slug, topic.pk)} == seen
    assert {post.topic for post in Post.objects.visible_to(reader).filter(group=group)} == seen
    if room is not None:
        assert set(Topic.objects.visible_in(group.pk, reader.pk, **room.known)) == seen
        assert {topic for topic in topics if thread.one_topic(reader, room, topic.pk)} == seen


def test_a_room_of_an_archived_group(participant: User, group: Group) -> None:
    MembershipFactory(group=group, person=participant)
    Group.objects.filter(pk=group.pk).update(state="archived")

    room = room_of(participant, group.slug)

    assert room is not None
    assert (room.standing.is_member, room.standing.may_post, room.standing.may_ask_coaches) == (
        True,
        False,
        False,
    )


def test_without_coaches_nobody_can_be_asked(participant: User) -> None:
    group = GroupFactory(members=[participant])

    room = room_of(participant, group.slug)

    assert room is not None
    assert not room.standing.may_ask_coaches
