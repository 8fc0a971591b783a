"""Frequent questions of a group: topics that were put there, each with the post that answers it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.safestring import SafeString, mark_safe

from discussions.models import Group, Post, Topic
from discussions.queries.texts import html_of
from discussions.queries.topics import name_of


@dataclass(frozen=True, slots=True)
class Question:
    """`html` is empty where the post was deleted or hidden, or is only files."""

    number: int
    title: str
    post: int
    html: SafeString
    language: str
    author: str
    at: datetime | None


def questions_of(group: Group, person: object) -> list[Question]:
    """By title. Two queries."""
    topics = Topic.objects.visible_to(person).filter(group=group, is_faq=True, is_line=False)
    first = Post.objects.readable().filter(number=1).select_related("author")
    rows = topics.select_related("answer__author").prefetch_related(Prefetch("posts", first, to_attr="begun"))
    return [_question(topic, group) for topic in rows.order_by("search_text", "title", "pk")]


def _question(topic: Topic, group: Group) -> Question:
    topic.group = group
    post = _shown_post(topic)
    return Question(
        number=topic.pk,
        title=topic.title,
        post=post.number if post else 1,
        html=html_of(post, topic) if post else mark_safe(""),
        language=post.language if post else "",
        author=name_of(post.author) if post else "",
        at=post.posted_at if post else None,
    )


def _shown_post(topic: Topic) -> Post | None:
    """The answer, else the first post; of both only what everybody reads."""
    answer = topic.answer
    if answer is not None and answer.deleted_at is None and answer.hidden_at is None:
        return answer
    begun: list[Post] = topic.begun  # type: ignore[attr-defined]  # of the prefetch above
    return begun[0] if begun else None
