"""Searching in what was said: only in what the person sees anyway, and in spite of typing errors."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, DateTimeField, ExpressionWrapper, F, Func, Model, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import User
from core.folding import fold
from core.prepared import prepared
from core.search import MOST_WORDS, similar_condition
from discussions.models import WORDS, Group, Post, Topic
from discussions.queries.topics import name_from

PER_PAGE = 20
MOST_PAGES = 50
"""Further back nobody leafs; another word is the way."""
MOST_TOPICS = 20
_NEWEST = 500
_LOOKED_AT = 8000
"""Characters of HTML."""
_WORDS_BEFORE, _WORDS_SHOWN = 8, 32
_TAG = re.compile(r"<[^>]*>")
# Between these stands a space; inside of a line ("**word**:") none.
_BREAK = re.compile(r"</?(?:blockquote|br|h\d|hr|li|ol|p|pre|table|td|th|tr|ul)\b[^>]*>")


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
    is_cut: bool
    """There are more topics than are shown, or more posts than there are pages."""
    is_similar: bool
    """Nothing begins with what was typed; these only look like it."""


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class _Like(Func):
    arg_joiner = " LIKE "
    template = "%(expressions)s"
    output_field = BooleanField()


_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Topic: ("pk", "group__slug", "title", "group__name", "last_post_at"),
    Post: (
        "topic", "group__slug", "topic__title", "group__name", "number", "author", "author__display_name",
        "author__erased_at", "posted_at", "html",
    ),
}  # fmt: skip
_NEWEST_FIRST: dict[type[Model], tuple[str, str]] = {
    Topic: ("-last_post_at", "-pk"),
    Post: ("-posted_at", "-pk"),
}


def find(typed: str, person: User, *, group: Group | None, page: int = 1) -> Hits:
    """In this group, or in all the person belongs to. Words that begin as typed; if there are none, similar ones."""
    folded = fold(typed)
    page = min(max(page, 1), MOST_PAGES)
    if not folded:
        return Hits([], [], page=page, is_more=False, is_cut=False, is_similar=False)
    at = (page - 1) * PER_PAGE
    for look in (_begins, _similar):
        posts = look(Post, folded, person, group, at, at + PER_PAGE + 1)
        topics = look(Topic, folded, person, group, 0, MOST_TOPICS + 1 if page == 1 else 1)
        # Beyond the last page there is nothing, but something was found.
        if posts or topics or (page > 1 and look(Post, folded, person, group, 0, 1)):
            break
    goes_on = len(posts) > PER_PAGE
    return Hits(
        topics=[TopicHit(*row) for row in topics[:MOST_TOPICS]] if page == 1 else [],
        posts=[_post_hit(row, folded) for row in posts[:PER_PAGE]],
        page=page,
        is_more=goes_on and page < MOST_PAGES,
        is_cut=len(topics) > MOST_TOPICS or (goes_on and page == MOST_PAGES),
        is_similar=look is _similar and bool(posts or topics),
    )


Rows = list[tuple[Any, ...]]


def _begins(model: type[Model], folded: str, person: User, group: Group | None, begin: int, end: int) -> Rows:
    """Every word typed begins a word. Frequent words stand among the newest already; the index knows the others."""
    # Folded words are letters and digits: nothing in them means anything to a pattern or a query.
    words = folded.split()[:MOST_WORDS]
    here: dict[str, Any] = {"model": model, "begin": begin, "end": end}
    place = {"person": person.pk} if group is None else {"person": person.pk, "group": group.pk}
    if group is not None:
        patterns = {f"pattern_{at}": f"% {word}%" for at, word in enumerate(words)}
        found = _among_the_newest.rows(here, **place, **patterns)
        if len(found) == end - begin:
            return found
    return _by_index.rows(here, **place, asked=" & ".join(f"'{word}':*" for word in words))


@prepared
def _among_the_newest(
    model: type[Model], begin: int, end: int, person: int, group: int, **patterns: str
) -> QuerySet[Any]:
    newest = _all(model).filter(group=group).order_by(*_NEWEST_FIRST[model])[:_NEWEST]
    begins = [_Like(Concat(Value(" "), "search_text"), Value(pattern)) for pattern in patterns.values()]
    return _cut(model, _seen(model, person).filter(_is_among(newest), *begins), begin, end)


@prepared
def _by_index(
    model: type[Model], begin: int, end: int, person: int, asked: str, group: int | None = None
) -> QuerySet[Any]:
    query = SearchQuery(asked, config="simple", search_type="raw")
    hits = _inside(_seen(model, person).annotate(words=WORDS).filter(words=query), person, group)
    return _cut(model, hits, begin, end)


def _similar(
    model: type[Model], folded: str, person: User, group: Group | None, begin: int, end: int
) -> Rows:
    place = None if group is None else group.pk
    hits = _inside(_seen(model, person.pk).filter(similar_condition(folded)), person.pk, place)
    return list(_cut(model, hits, begin, end))


def _all(model: Any) -> QuerySet[Any]:
    rows = model.objects.order_by()
    return rows.readable() if model is Post else rows


def _seen(model: Any, person: int) -> QuerySet[Any]:
    rows = model.objects.visible_to(User(pk=person)).order_by()
    return rows.readable() if model is Post else rows


def _inside(rows: QuerySet[Any], person: int, group: int | None) -> QuerySet[Any]:
    return rows.filter(group__in=Group.objects.of(User(pk=person)) if group is None else (group,))


def _is_among(rows: QuerySet[Any]) -> _AnyOf:
    """Their numbers are fetched first, as one array."""
    return _AnyOf("pk", ArraySubquery(rows.values("pk")))


def _cut(model: Any, hits: QuerySet[Any], begin: int, end: int) -> QuerySet[Any]:
    """The newest of the hits; only of these everything is read.

    Ordered by something no index knows: PostgreSQL takes a word it has no figures of for a frequent one, and would
    read the whole group from its newest post on until it has met twenty.
    """
    moment, number = _NEWEST_FIRST[model]
    written = ExpressionWrapper(F(moment.removeprefix("-")) + timedelta(0), output_field=DateTimeField())
    newest = hits.order_by(written.desc(), number)[begin:end]
    return _all(model).filter(_is_among(newest)).order_by(moment, number).values_list(*_COLUMNS[model])


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
    words = unescape(_TAG.sub("", _BREAK.sub(" ", html[:_LOOKED_AT]))).split()
    first = folded.split()[0]
    at = next((index for index, word in enumerate(words) if first in fold(word)), 0)
    begin = max(at - _WORDS_BEFORE, 0)
    shown = " ".join(words[begin : begin + _WORDS_SHOWN])
    return ("… " if begin else "") + shown + (" …" if len(words) > begin + _WORDS_SHOWN else "")
