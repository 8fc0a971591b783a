"""Searching in what was said: only in what the person sees anyway, and in spite of typing errors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from core.folding import fold
from core.markdown import excerpt
from core.search import MOST_WORDS, similar_condition
from discussions.models import Group, Post, Topic
from discussions.queries.topics import name_of

MOST_TOPICS = 20
MOST_POSTS = 50
"""More than this nobody reads: the page says that there are more."""
_LOOKED_AT = 4000
_WORDS_BEFORE, _WORDS_SHOWN = 8, 32


@dataclass(frozen=True, slots=True)
class TopicHit:
    url: str
    title: str
    group: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PostHit:
    url: str
    title: str
    group: str
    number: int
    author: str
    posted_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Hits:
    topics: list[TopicHit]
    posts: list[PostHit]
    is_more: bool
    is_similar: bool
    """Nothing begins with what was typed; these only look like it."""


def find(typed: str, person: Any, *, group: Group | None) -> Hits:
    """In this group, or in all the person belongs to. Words that begin as typed; if there are none, similar ones."""
    folded = fold(typed)
    if not folded:
        return Hits([], [], is_more=False, is_similar=False)
    hits = _hits(_begins(folded), folded, person, group)
    if hits.topics or hits.posts:
        return hits
    return _hits(similar_condition(folded), folded, person, group, is_similar=True)


def _hits(condition: Q, folded: str, person: Any, group: Group | None, *, is_similar: bool = False) -> Hits:
    topics = Topic.objects.visible_to(person)
    posts = Post.objects.visible_to(person).filter(deleted_at=None, hidden_at=None)
    if group is not None:
        topics, posts = topics.filter(group=group), posts.filter(topic__group=group)
    else:
        own = Group.objects.of(person)
        topics, posts = topics.filter(group__in=own), posts.filter(topic__group__in=own)
    titles = topics.filter(condition).select_related("group").order_by("-last_post_at", "-pk")
    said = posts.filter(condition).select_related("topic__group", "author").order_by("-posted_at", "-pk")
    found_titles, found_posts = list(titles[: MOST_TOPICS + 1]), list(said[: MOST_POSTS + 1])
    return Hits(
        topics=[_topic_hit(topic) for topic in found_titles[:MOST_TOPICS]],
        posts=[_post_hit(post, folded) for post in found_posts[:MOST_POSTS]],
        is_more=len(found_titles) > MOST_TOPICS or len(found_posts) > MOST_POSTS,
        is_similar=is_similar,
    )


def _begins(folded: str) -> Q:
    """Every word typed begins a word. Folded words are letters and digits: nothing in them is a pattern."""
    condition = Q()
    for word in folded.split()[:MOST_WORDS]:
        condition &= Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")
    return condition


def _topic_hit(topic: Topic) -> TopicHit:
    return TopicHit(topic.get_absolute_url(), topic.title, topic.group.name, topic.last_post_at)


def _post_hit(post: Post, folded: str) -> PostHit:
    topic = post.topic
    return PostHit(
        url=f"{topic.get_absolute_url()}?at={post.number}#post-{post.number}",
        title=topic.title,
        group=topic.group.name,
        number=post.number,
        author=name_of(post.author),
        posted_at=post.posted_at,
        text=_around(post.text, folded),
    )


def _around(text: str, folded: str) -> str:
    """Some words before and after the first that was typed; the beginning where it is spelled differently."""
    words = excerpt(text[:_LOOKED_AT], _LOOKED_AT).split()
    first = folded.split()[0]
    at = next((index for index, word in enumerate(words) if first in fold(word)), 0)
    begin = max(at - _WORDS_BEFORE, 0)
    shown = " ".join(words[begin : begin + _WORDS_SHOWN])
    return ("… " if begin else "") + shown + (" …" if len(words) > begin + _WORDS_SHOWN else "")
