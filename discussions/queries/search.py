"""Searching in what was said: only in what the person sees anyway, and in spite of typing errors."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Func, Q, QuerySet

from accounts.models import User
from core.folding import fold
from core.search import MOST_WORDS, similar_condition
from discussions.models import WORDS, Group, Post, Topic
from discussions.queries.topics import name_from

PER_PAGE = 20
MOST_PAGES = 50
"""Further back nobody leafs; another word is the way."""
MOST_TOPICS = 20
_NEWEST = 500
_LOOKED_AT = 4000
_WORDS_BEFORE, _WORDS_SHOWN = 8, 32
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class TopicHit:
    number: int
    slug: str
    title: str
    group: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PostHit:
    topic: int
    slug: str
    title: str
    group: str
    number: int
    author: str
    posted_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of them, the newest first. Topics by their title stand on the first page."""

    topics: list[TopicHit]
    posts: list[PostHit]
    page: int
    is_more: bool
    is_similar: bool
    """Nothing begins with what was typed; these only look like it."""


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class _Things:
    """What is looked through: posts, or topics by their title."""

    model: Any
    newest_first: tuple[str, str]
    columns: tuple[str, ...]

    def shown(self, person: User, candidates: QuerySet[Any]) -> Any:
        """Of the candidates what this person sees. Their numbers are fetched first, as one array: left to choose,
        PostgreSQL takes a word it knows nothing of for a frequent one, and reads the whole group."""
        is_one = _AnyOf("pk", ArraySubquery(candidates.values("pk")))
        rows = self.model.objects.visible_to(person).filter(is_one)
        return rows.order_by(*self.newest_first).values_list(*self.columns)


_TOPICS = _Things(
    Topic, ("-last_post_at", "-pk"), ("pk", "group__slug", "title", "group__name", "last_post_at")
)
_POSTS = _Things(
    Post,
    ("-posted_at", "-pk"),
    (
        "topic", "group__slug", "topic__title", "group__name", "number", "author", "author__display_name",
        "author__erased_at", "posted_at", "html",
    ),
)  # fmt: skip


def find(typed: str, person: User, *, group: Group | None, page: int = 1) -> Hits:
    """In this group, or in all the person belongs to. Words that begin as typed; if there are none, similar ones."""
    folded = fold(typed)
    page = min(max(page, 1), MOST_PAGES)
    if not folded:
        return Hits([], [], page=page, is_more=False, is_similar=False)
    at = (page - 1) * PER_PAGE
    for look in (_begins, _similar):
        posts = look(_POSTS, folded, person, group)(at, at + PER_PAGE + 1)
        topics = look(_TOPICS, folded, person, group)(0, MOST_TOPICS)
        if posts or topics:
            break
    return Hits(
        topics=[TopicHit(*row) for row in topics] if page == 1 else [],
        posts=[_post_hit(row, folded) for row in posts[:PER_PAGE]],
        page=page,
        is_more=len(posts) > PER_PAGE and page < MOST_PAGES,
        is_similar=look is _similar and bool(posts or topics),
    )


Slice = Callable[[int, int], list[tuple[Any, ...]]]


def _begins(things: _Things, folded: str, person: User, group: Group | None) -> Slice:
    """Every word typed begins a word. Frequent words stand among the newest already; the index knows the others."""

    def rows(begin: int, end: int) -> list[tuple[Any, ...]]:
        if group is not None:
            newest = _readable(things).filter(group=group).order_by(*things.newest_first)[:_NEWEST]
            found = list(things.shown(person, newest).filter(_beginnings(folded))[begin:end])
            if len(found) == end - begin:
                return found
        words = " & ".join(f"'{word}':*" for word in _words(folded))
        asked = SearchQuery(words, config="simple", search_type="raw")
        hits = _inside(_readable(things).annotate(words=WORDS).filter(words=asked), person, group)
        return list(things.shown(person, hits)[begin:end])

    return rows


def _similar(things: _Things, folded: str, person: User, group: Group | None) -> Slice:
    def rows(begin: int, end: int) -> list[tuple[Any, ...]]:
        hits = _inside(_readable(things).filter(similar_condition(folded)), person, group)
        return list(things.shown(person, hits)[begin:end])

    return rows


def _readable(things: _Things) -> QuerySet[Any]:
    rows = things.model.objects.order_by()
    return rows.readable() if things is _POSTS else rows


def _inside(rows: QuerySet[Any], person: User, group: Group | None) -> QuerySet[Any]:
    return rows.filter(group=group) if group is not None else rows.filter(group__in=Group.objects.of(person))


def _beginnings(folded: str) -> Q:
    condition = Q()
    for word in _words(folded):
        condition &= Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")
    return condition


def _words(folded: str) -> list[str]:
    """Folded words are letters and digits: nothing in them means anything to a pattern."""
    return folded.split()[:MOST_WORDS]


def _post_hit(row: tuple[Any, ...], folded: str) -> PostHit:
    *place, author, display_name, erased_at, posted_at, html = row
    topic, slug, title, group, number = place
    return PostHit(
        topic=topic,
        slug=slug,
        title=title,
        group=group,
        number=number,
        author=name_from(author, display_name, erased_at),
        posted_at=posted_at,
        text=_around(html, folded),
    )


def _around(html: str, folded: str) -> str:
    """Some words before and after the first that was typed; the beginning where it is spelled differently."""
    words = unescape(_TAG.sub(" ", html[: 2 * _LOOKED_AT])).split()
    first = folded.split()[0]
    at = next((index for index, word in enumerate(words) if first in fold(word)), 0)
    begin = max(at - _WORDS_BEFORE, 0)
    shown = " ".join(words[begin : begin + _WORDS_SHOWN])
    return ("… " if begin else "") + shown + (" …" if len(words) > begin + _WORDS_SHOWN else "")
