"""Reactions, votes, following and settling over the pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.choices import Following, GroupState, TopicKind
from discussions.models import Group, Membership, Option, Post, Reaction, ReadMark, Topic, Vote
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(partner: User, participant: User, coach: User) -> Group:
    room: Group = GroupFactory.create(members=[partner, participant], coach=coach)
    return room


@pytest.fixture
def topic(group: Group, partner: User) -> Topic:
    found: Topic = TopicFactory.create(group=group, author=partner, posts=2)
    return found


@pytest.fixture
def poll(group: Group, partner: User) -> Topic:
    found: Topic = TopicFactory.create(group=group, author=partner, posts=1, kind=TopicKind.POLL)
    for position, text in enumerate(("Bus", "Train")):
        Option.objects.create(topic=found, position=position, text=text)
    return found


def page(name: str, topic: Topic) -> str:
    return reverse(f"discussions:{name}", args=[topic.group.slug, topic.pk])


def react_page(post: Post) -> str:
    return reverse("discussions:react", args=[post.pk])


def answers_to(person: User, topic: Topic, poll: Topic) -> set[int]:
    """To every button."""
    client, post = signed_in(person), topic.posts.all()[0]
    return {
        client.post(react_page(post), {"reaction": "thanks:1"}).status_code,
        client.post(page("vote", poll), {"options": [poll.options.all()[0].pk]}).status_code,
        client.post(page("follow", topic), {"following": "mute"}).status_code,
        client.post(page("settle", topic), {"what": "pin"}).status_code,
    }


def nothing_happened() -> bool:
    pinned = Topic.objects.filter(is_pinned=True)
    return not any(rows.exists() for rows in (Reaction.objects, Vote.objects, ReadMark.objects, pinned))


def test_for_outsiders_there_is_nothing_to_press(topic: Topic, poll: Topic, outsider: User) -> None:
    assert answers_to(outsider, topic, poll) == {404}
    assert nothing_happened()


def test_for_former_members_there_is_nothing_to_press(topic: Topic, poll: Topic, participant: User) -> None:
    Membership.objects.filter(person=participant).update(state="removed")

    assert answers_to(participant, topic, poll) == {404}
    assert nothing_happened()


def test_who_only_reads_an_open_group_may_press_nothing(
    group: Group, topic: Topic, poll: Topic, outsider: User
) -> None:
    Group.objects.filter(pk=group.pk).update(access=Group.Access.OPEN)

    assert answers_to(outsider, topic, poll) == {403}
    assert nothing_happened()


def test_visitors_sign_in_first(topic: Topic) -> None:
    answer = Client().post(page("follow", topic), {"following": "mute"})

    assert answer["Location"].startswith("/accounts/login/")


def test_who_comes_back_from_signing_in_lands_on_the_topic(
    topic: Topic, poll: Topic, participant: User
) -> None:
    client, post = signed_in(participant), topic.posts.all()[0]

    found = [client.get(address)["Location"] for address in (
        react_page(post), page("vote", poll), page("follow", topic), page("settle", topic)
    )]  # fmt: skip

    at, of_poll = topic.get_absolute_url(), poll.get_absolute_url()
    assert found == [f"{at}?at=1#post-1", f"{of_poll}#vote", at, at]
    assert nothing_happened()


def test_a_reaction_sent_twice_is_there_once_with_the_same_answer(topic: Topic, participant: User) -> None:
    post = topic.posts.all()[1]

    found = [
        signed_in(participant).post(react_page(post), {"reaction": "helpful:1"})["Location"] for _ in "12"
    ]

    assert found == [f"{topic.get_absolute_url()}?at=2#post-2"] * 2
    assert Reaction.objects.get().feeling == "helpful"


def test_a_reaction_is_taken_back(topic: Topic, participant: User) -> None:
    post = topic.posts.all()[0]
    Reaction.objects.create(post=post, person=participant, feeling="joy")

    signed_in(participant).post(react_page(post), {"reaction": "joy:0"})

    assert not Reaction.objects.exists()


def test_to_what_is_deleted_or_hidden_nobody_reacts(topic: Topic, participant: User) -> None:
    deleted = PostFactory.create(topic=topic, deleted_at=timezone.now())
    hidden = PostFactory.create(topic=topic, hidden_at=timezone.now())

    found = [
        signed_in(participant).post(react_page(post), {"reaction": "joy:1"}).status_code
        for post in (deleted, hidden)
    ]

    assert found == [404, 404]
    assert not Reaction.objects.exists()


def test_reactions_nobody_knows_are_refused(topic: Topic, participant: User) -> None:
    post = topic.posts.all()[0]

    answer = signed_in(participant).post(react_page(post), {"reaction": "anger:1"})

    assert answer.status_code == 404


def test_in_an_archived_group_a_reaction_and_a_vote_are_refused_with_a_reason(
    group: Group, topic: Topic, poll: Topic, participant: User
) -> None:
    Group.objects.filter(pk=group.pk).update(state=GroupState.ARCHIVED)
    client = signed_in(participant, "en")

    client.post(react_page(topic.posts.all()[0]), {"reaction": "joy:1"})
    client.post(page("vote", poll), {"options": [poll.options.all()[0].pk]})

    shown = client.get(topic.get_absolute_url()).content.decode()
    assert shown.count("This group is archived. It can only be read.") == 2
    assert nothing_happened() or not Reaction.objects.exists()
    assert not Vote.objects.exists()


def test_a_vote_in_a_poll_is_saved_and_changed(poll: Topic, participant: User) -> None:
    bus, train = (option.pk for option in poll.options.all())
    client = signed_in(participant)

    client.post(page("vote", poll), {"options": [bus, train]})
    answer = client.post(page("vote", poll), {"options": [train]})

    assert answer["Location"] == f"{poll.get_absolute_url()}#vote"
    assert list(Vote.objects.values_list("option", "person", "answer")) == [(train, participant.pk, "yes")]


def test_a_vote_for_dates_says_yes_or_if_need_be(poll: Topic, participant: User) -> None:
    Topic.objects.filter(pk=poll.pk).update(kind=TopicKind.DATES)
    start = timezone.now() + timedelta(days=3)
    Option.objects.filter(topic=poll).update(starts_at=start)
    first, second = (option.pk for option in poll.options.all())

    signed_in(participant).post(page("vote", poll), {f"option_{first}": "maybe", f"option_{second}": ""})

    assert list(Vote.objects.values_list("option", "answer")) == [(first, "maybe")]


def test_what_cannot_be_chosen_is_not_counted(poll: Topic, participant: User) -> None:
    client = signed_in(participant, "en")

    client.post(page("vote", poll), {"options": ["999999"]})

    assert "This was not one of the answers." in client.get(poll.get_absolute_url()).content.decode()
    assert not Vote.objects.exists()


def test_after_the_end_a_vote_is_refused_with_a_reason(poll: Topic, participant: User) -> None:
    Topic.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    client = signed_in(participant, "en")

    client.post(page("vote", poll), {"options": [poll.options.all()[0].pk]})

    shown = client.get(poll.get_absolute_url()).content.decode()
    assert "The vote is over. Your answer was not counted." in shown
    assert not Vote.objects.exists()


def test_what_is_no_poll_takes_no_votes(topic: Topic, participant: User) -> None:
    assert signed_in(participant).post(page("vote", topic), {}).status_code == 404


def test_following_is_saved(topic: Topic, participant: User) -> None:
    answer = signed_in(participant).post(page("follow", topic), {"following": "follow"})

    assert answer["Location"] == topic.get_absolute_url()
    assert ReadMark.objects.get(person=participant).following == Following.FOLLOW


def test_an_unknown_way_of_following_is_refused(topic: Topic, participant: User) -> None:
    answer = signed_in(participant).post(page("follow", topic), {"following": "always"})

    assert answer.status_code == 404
    assert not ReadMark.objects.exists()


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("pin", {"is_pinned": False}, {"is_pinned": True}),
        ("unpin", {"is_pinned": True}, {"is_pinned": False}),
        ("faq", {"is_faq": False}, {"is_faq": True}),
        ("not_faq", {"is_faq": True}, {"is_faq": False}),
        ("open", {"needs_answer": False}, {"needs_answer": True}),
        ("answered", {"needs_answer": True}, {"needs_answer": False, "answer": None}),
    ],
)
def test_who_leads_settles(what: str, before: dict, after: dict, topic: Topic, coach: User) -> None:
    Topic.objects.filter(pk=topic.pk).update(**before)

    signed_in(coach).post(page("settle", topic), {"what": what})

    assert Topic.objects.filter(pk=topic.pk).values(*after).get() == after


def test_a_coach_takes_a_question_and_gives_it_back(topic: Topic, coach: User) -> None:
    client = signed_in(coach)

    client.post(page("settle", topic), {"what": "take"})
    taken = Topic.objects.get(pk=topic.pk).taken_by
    client.post(page("settle", topic), {"what": "give_back"})

    assert (taken, Topic.objects.get(pk=topic.pk).taken_by) == (coach, None)


def test_who_asked_chooses_the_post_that_answers(topic: Topic, partner: User) -> None:
    signed_in(partner).post(page("settle", topic), {"what": "answered", "answer": "2"})

    topic.refresh_from_db()
    assert topic.answer == topic.posts.get(number=2)


def test_a_post_that_is_not_there_answers_nothing(topic: Topic, partner: User) -> None:
    answer = signed_in(partner).post(page("settle", topic), {"what": "answered", "answer": "99"})

    topic.refresh_from_db()
    assert (answer.status_code, topic.answered_at) == (404, None)


def test_what_nobody_knows_is_not_settled(topic: Topic, coach: User) -> None:
    assert signed_in(coach).post(page("settle", topic), {"what": "burn"}).status_code == 404
