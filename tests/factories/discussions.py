from datetime import timedelta
from typing import Any

import factory
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.folding import fold
from core.markdown import RENDERER, render_post
from discussions.choices import Belonging, Role, TopicKind
from discussions.models import Group, Membership, Post, Topic
from tests.factories.accounts import UserFactory


class GroupFactory(factory.django.DjangoModelFactory):
    """A closed group. `members=[…]`, `moderator=` and `coach=` are people who belong to it; without, nobody does."""

    class Meta:
        model = Group
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"g{number}raum")
    name = factory.Sequence(lambda number: f"Gruppe {number}")
    purpose = "Wir tauschen uns über unsere Partnerschaften aus."
    languages = factory.LazyFunction(lambda: ["de"])
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=60))

    @factory.post_generation
    def members(self, create: bool, extracted: list[User] | None, **kwargs: object) -> None:
        for person in extracted or []:
            MembershipFactory(group=self, person=person)

    @factory.post_generation
    def moderator(self, create: bool, extracted: User | None, **kwargs: object) -> None:
        if extracted:
            MembershipFactory(group=self, person=extracted, role=Role.MODERATOR)

    @factory.post_generation
    def coach(self, create: bool, extracted: User | None, **kwargs: object) -> None:
        if extracted:
            MembershipFactory(group=self, person=extracted, role=Role.COACH)


class MembershipFactory(factory.django.DjangoModelFactory):
    """Somebody who has belonged to the group for a month, and is no newcomer any more."""

    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    person = factory.SubFactory(UserFactory)
    state = Belonging.ACTIVE
    asked_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    since = factory.LazyAttribute(lambda row: row.asked_at if row.state == Belonging.ACTIVE else None)


class TopicFactory(factory.django.DjangoModelFactory):
    """A question. `posts=3` writes as many by the author; without, it has none yet."""

    class Meta:
        model = Topic
        skip_postgeneration_save = True

    group = factory.SubFactory(GroupFactory)
    kind = TopicKind.QUESTION
    title = factory.Sequence(lambda number: f"Thema {number}")
    author = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))
    last_post_at = factory.SelfAttribute("created_at")
    last_author = factory.SelfAttribute("author")
    search_text = factory.LazyAttribute(lambda topic: fold(topic.title))

    @classmethod
    def _create(cls, model_class: type[Topic], *args: Any, **kwargs: Any) -> Topic:
        topic: Topic = super()._create(model_class, *args, **kwargs)
        if not topic.is_line:
            Group.objects.filter(pk=topic.group_id).update(topics_count=F("topics_count") + 1)
            topic.group.topics_count += 1
        return topic

    @factory.post_generation
    def posts(self, create: bool, extracted: int | None, **kwargs: object) -> None:
        for _number in range(extracted or 0):
            PostFactory(topic=self, author=self.author)


class PostFactory(factory.django.DjangoModelFactory):
    """The next post of its topic, whose counters follow, as with actions.talk.post; nobody is told."""

    class Meta:
        model = Post

    topic = factory.SubFactory(TopicFactory)
    group = factory.SelfAttribute("topic.group")
    number = factory.LazyAttribute(lambda post: _next_number(post.topic))
    author = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda number: f"Beitrag {number} mit *Nachdruck*.")
    html = factory.LazyAttribute(lambda post: render_post(post.text))
    renderer = RENDERER
    posted_at = factory.LazyAttribute(lambda post: post.topic.created_at + timedelta(minutes=post.number))
    search_text = factory.LazyAttribute(lambda post: fold(post.text))

    @classmethod
    def _create(cls, model_class: type[Post], *args: Any, **kwargs: Any) -> Post:
        post: Post = super()._create(model_class, *args, **kwargs)
        topic = post.topic
        topic.last_post_at, topic.last_author = post.posted_at, post.author
        topic.save(update_fields=["last_post_at", "last_author"])
        return post


def _next_number(topic: Topic) -> int:
    Topic.objects.filter(pk=topic.pk).update(last_number=F("last_number") + 1)
    topic.last_number += 1
    return topic.last_number
