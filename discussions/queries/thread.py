"""One topic as it is read: a page of posts by their numbers, never by an offset.

Numbers of posts have no gaps, and a deleted post keeps its place: the last page of a thousand posts costs what the
first one costs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Count, Q
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.pagination import CountedPaginator
from discussions.choices import Answer, Feeling, TopicKind
from discussions.models import Attachment, Group, Option, Post, Reaction, Topic, Vote
from discussions.queries.languages import Languages, languages_of, with_languages
from discussions.queries.texts import html_of
from discussions.queries.topics import Standing, name_of, with_mark

PER_PAGE = 20
MOST_FRESH = 20
MOST_VERSIONS = 20
SIGNS = {Feeling.THANKS: "♥", Feeling.AGREE: "✓", Feeling.HELPFUL: "★", Feeling.JOY: "☺"}
POLLS = (TopicKind.POLL, TopicKind.DATES)
_MOST_WORDS = 2000
_WORDS = re.compile(r"\s+|[^\s]+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class File:
    number: int
    name: str
    size: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A reaction below a post: in words, its sign is only beside them."""

    feeling: str
    label: str
    sign: str
    count: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as its reader sees it. What was deleted or hidden has no `html`, files, or reactions."""

    pk: int
    number: int
    author: str
    is_mine: bool
    posted_at: datetime
    edited_at: datetime | None
    html: SafeString
    is_deleted: bool
    is_hidden: bool
    hidden_reason: str
    came_by_mail: bool
    is_answer: bool
    is_first_new: bool
    language: str
    may_edit: bool
    marks: list[Mark] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    languages: Languages = field(default_factory=Languages)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a poll: who said what, and what the reader has said."""

    pk: int
    text: str
    starts_at: datetime | None
    yes: list[str]
    maybe: list[str]
    no: list[str]
    mine: str


def one_topic(person: object, slug: str, number: int) -> Any:
    """With `read` and `following` of this person; None where there is nothing this person may see."""
    topics = with_mark(Topic.objects.visible_to(person), person)
    found = topics.filter(group__slug=slug, pk=number)
    return found.select_related("group", "author", "taken_by", "answer").first()


def page_of_topic(topic: Topic, number: int) -> Any:
    """For the links to other pages; its rows are read by `posts_of`."""
    return CountedPaginator((), topic.last_number, PER_PAGE).get_page(number)


def page_with(post: int) -> int:
    return (max(post, 1) - 1) // PER_PAGE + 1


def posts_of(
    topic: Topic, person: Any, *, first: int, last: int, read: int, standing: Standing
) -> list[Shown]:
    """Posts `first` to `last`; the first one after `read` begins what is new. Three queries."""
    rows = topic.posts.filter(number__range=(first, last)).select_related("author").order_by("number")
    posts = list(with_languages(rows, person))
    open_ = [post.pk for post in posts if post.deleted_at is None and post.hidden_at is None]
    marks, files = _marks_of(open_, person), _files_of(open_)
    new = next((post.number for post in posts if post.number > read), 0)
    # A topic never opened is new as a whole; a line above its first post would say nothing.
    new = new if read else 0
    return [
        _shown(post, topic, person, standing, is_first_new=post.number == new, marks=marks, files=files)
        for post in posts
    ]


def choices_of(topic: Topic, person: Any) -> list[Choice]:
    """A poll with everybody's votes. Two queries; none for other topics."""
    if topic.kind not in POLLS:
        return []
    options = list(Option.objects.filter(topic=topic))
    said: dict[int, dict[str, list[str]]] = {
        option.pk: {answer: [] for answer in Answer.values} for option in options
    }
    mine: dict[int, str] = {}
    for vote in Vote.objects.filter(option__topic=topic).select_related("person").order_by("pk"):
        said[vote.option_id][vote.answer].append(name_of(vote.person))
        if vote.person_id == person.pk:
            mine[vote.option_id] = vote.answer
    return [
        Choice(
            pk=option.pk,
            text=option.text,
            starts_at=option.starts_at,
            yes=said[option.pk][Answer.YES],
            maybe=said[option.pk][Answer.MAYBE],
            no=said[option.pk][Answer.NO],
            mine=mine.get(option.pk, ""),
        )
        for option in options
    ]


def files_for(person: Any) -> Any:
    """Attachments this person may open: of posts that stand, and of the own drafts. Those who left see neither."""
    posts = Post.objects.visible_to(person).filter(deleted_at=None, hidden_at=None)
    groups = Group.objects.visible_to(person)
    own = Q(draft__person=person.pk, draft__group__in=groups)
    return Attachment.objects.filter(Q(post__in=posts) | own)


def _shown(
    post: Post,
    topic: Topic,
    person: Any,
    standing: Standing,
    *,
    is_first_new: bool,
    marks: dict[int, list[Mark]],
    files: dict[int, list[File]],
) -> Shown:
    is_open = post.deleted_at is None and post.hidden_at is None
    is_mine = post.author_id is not None and post.author_id == person.pk
    return Shown(
        pk=post.pk,
        number=post.number,
        author=name_of(post.author),
        is_mine=is_mine,
        posted_at=post.posted_at,
        edited_at=post.edited_at if is_open else None,
        html=html_of(post, topic) if is_open else mark_safe(""),
        is_deleted=post.deleted_at is not None,
        is_hidden=post.hidden_at is not None,
        hidden_reason=post.hidden_reason,
        came_by_mail=post.came_by_mail,
        is_answer=topic.answer_id == post.pk,
        is_first_new=is_first_new,
        language=post.language,
        may_edit=is_open and is_mine and standing.may_post,
        marks=marks.get(post.pk, []),
        files=files.get(post.pk, []),
        languages=languages_of(post, topic, person, standing) if is_open else Languages(),
    )


def _marks_of(posts: Sequence[int], person: Any) -> dict[int, list[Mark]]:
    """All feelings for each post: whoever has not reacted yet needs the buttons, too."""
    counted = (
        Reaction.objects.filter(post__in=posts)
        .values("post", "feeling")
        .annotate(count=Count("pk"), own=Count("pk", filter=Q(person=person.pk)))
        .order_by()
    )
    by_post = {(row["post"], row["feeling"]): (row["count"], bool(row["own"])) for row in counted}
    return {
        post: [
            Mark(
                feeling.value,
                str(feeling.label),
                SIGNS[feeling],
                *by_post.get((post, feeling.value), (0, False)),
            )
            for feeling in Feeling
        ]
        for post in posts
    }


def _files_of(posts: Sequence[int]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
    columns = ("post", "pk", "original_name", "size", "width", "height")
    rows = Attachment.objects.filter(post__in=posts).order_by("pk").values_list(*columns)
    for post, *facts in rows:
        found.setdefault(post, []).append(File(*facts))
    return found


# --- earlier versions


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    html: SafeString


def changes_of(post: Post) -> list[Change]:
    """What each change took away and added, the latest first."""
    versions = list(post.versions.order_by("-replaced_at", "-pk")[:MOST_VERSIONS])
    after = post.text
    changes = []
    for version in versions:
        changes.append(Change(version.replaced_at, differences(version.text, after)))
        after = version.text
    return changes


def differences(before: str, after: str) -> SafeString:
    """Word by word as <ins> and <del>; by lines, or as a whole, where there is too much to compare in time."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = _LINES.findall(before), _LINES.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = [before], [after]
    parts: list[str] = []
    for what, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if what == "equal":
            parts.append(escape("".join(old[begin:end])))
            continue
        parts += _tagged("del", old[begin:end])
        parts += _tagged("ins", new[new_begin:new_end])
    return mark_safe("".join(parts))  # noqa: S308 -- every piece of text is escaped above


def _tagged(tag: str, pieces: Iterable[str]) -> list[str]:
    text = "".join(pieces)
    return [f"<{tag}>{escape(text)}</{tag}>"] if text else []
