"""One topic as it is read: a page of posts by their numbers, never by an offset.

Numbers of posts have no gaps, and a deleted post keeps its place: the last page of a thousand posts costs what the
first one costs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from core.pagination import CountedPaginator
from core.prepared import prepared
from discussions.choices import Answer, Feeling, TopicKind
from discussions.models import Attachment, Draft, Group, Option, Post, Reaction, Topic, Vote
from discussions.queries.languages import TEXT_IF_NEEDED, Languages, languages_of, with_languages
from discussions.queries.rooms import Room, Standing
from discussions.queries.texts import html_of
from discussions.queries.topics import name_from, name_of, with_mark

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


def one_topic(person: User, room: Room, number: int) -> Any:
    """With `read` and `following` of this person, names and the number of the answer; None where there is nothing
    this person may see."""
    for topic in _topic.models(room.known, person=person.pk, group=room.group.pk, number=number):
        topic.group = room.group
        return topic
    return None


@prepared
def _topic(person: int, group: int, number: int, **known: bool) -> QuerySet[Topic]:
    topics = with_mark(Topic.objects.visible_in(group, person, **known), User(pk=person))
    return topics.filter(pk=number).annotate(
        author_name=F("author__display_name"),
        author_erased=F("author__erased_at"),
        taker_name=F("taken_by__display_name"),
        taker_erased=F("taken_by__erased_at"),
        answer_number=F("answer__number"),
    )


def last_number(person: User, slug: str, number: int) -> int | None:
    """What each open page asks for every few seconds. None where there is nothing this person may see."""
    return next((row[0] for row in _last_number.rows(person=person.pk, slug=slug, number=number)), None)


@prepared
def _last_number(person: int, slug: str, number: int) -> Any:
    topics = Topic.objects.visible_to(User(pk=person))
    return topics.filter(group__slug=slug, pk=number).order_by().values_list("last_number")


def draft_in(topic: Topic, person: User) -> Draft | None:
    """What this person has begun to answer."""
    return next(iter(_draft.models(person=person.pk, topic=topic.pk)), None)


@prepared
def _draft(person: int, topic: int) -> QuerySet[Draft]:
    return Draft.objects.filter(person=person, topic=topic)


def page_of_topic(topic: Topic, number: int) -> Any:
    """For the links to other pages; its rows are read by `posts_of`."""
    return CountedPaginator((), topic.last_number, PER_PAGE).get_page(number)


def page_with(post: int) -> int:
    return (max(post, 1) - 1) // PER_PAGE + 1


def posts_of(
    topic: Topic, person: User, *, first: int, last: int, read: int, standing: Standing
) -> list[Shown]:
    """Posts `first` to `last`; the first one after `read` begins what is new. Three queries."""
    here = {"topic": topic.pk, "first": first, "last": last}
    posts = [_Row(*row) for row in _posts.rows(person=person.pk, **here)]
    marks = _marks_of(posts, _marks.rows(person=person.pk, **here))
    files = _files_of(_files.rows(**here))
    new = next((post.number for post in posts if post.number > read), 0)
    # A topic never opened is new as a whole; a line above its first post would say nothing.
    new = new if read else 0
    return [
        _shown(post, topic, person, standing, is_first_new=post.number == new, marks=marks, files=files)
        for post in posts
    ]


class _Row(NamedTuple):
    """The columns of `_posts`, in this order."""

    pk: int
    number: int
    author_id: int | None
    author_name: str | None
    author_erased: datetime | None
    posted_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    hidden_at: datetime | None
    hidden_reason: str
    came_by_mail: bool
    language: str
    version: int
    html: str
    renderer: int
    text: str
    """Only where the HTML is an older renderer's."""
    said: list[str]
    reader_speaks: list[str]
    reader_speaks_well: list[str]

    @property
    def is_open(self) -> bool:
        return self.deleted_at is None and self.hidden_at is None


@prepared
def _posts(person: int, topic: int, first: int, last: int) -> Any:
    posts = with_languages(Post.objects.filter(topic=topic, number__range=(first, last)), User(pk=person))
    return posts.order_by("number").values_list(
        "pk", "number", "author", "author__display_name", "author__erased_at", "posted_at", "edited_at",
        "deleted_at", "hidden_at", "hidden_reason", "came_by_mail", "language", "version", "html", "renderer",
        TEXT_IF_NEEDED, "said", "reader_speaks", "reader_speaks_well",
    )  # fmt: skip


@prepared
def _marks(person: int, topic: int, first: int, last: int) -> Any:
    counted = Reaction.objects.filter(post__topic=topic, post__number__range=(first, last))
    return (
        counted.values("post", "feeling")
        .annotate(count=Count("pk"), own=Count("pk", filter=Q(person=person)))
        .order_by()
        .values_list("post", "feeling", "count", "own")
    )


@prepared
def _files(topic: int, first: int, last: int) -> Any:
    files = Attachment.objects.filter(post__topic=topic, post__number__range=(first, last))
    return files.order_by("pk").values_list("post", "pk", "original_name", "size", "width", "height")


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
    post: _Row,
    topic: Topic,
    person: User,
    standing: Standing,
    *,
    is_first_new: bool,
    marks: dict[int, list[Mark]],
    files: dict[int, list[File]],
) -> Shown:
    is_mine = post.author_id is not None and post.author_id == person.pk
    return Shown(
        pk=post.pk,
        number=post.number,
        author=name_from(post.author_id, post.author_name, post.author_erased),
        is_mine=is_mine,
        posted_at=post.posted_at,
        edited_at=post.edited_at if post.is_open else None,
        html=html_of(post, topic) if post.is_open else mark_safe(""),
        is_deleted=post.deleted_at is not None,
        is_hidden=post.hidden_at is not None,
        hidden_reason=post.hidden_reason,
        came_by_mail=post.came_by_mail,
        is_answer=topic.answer_id == post.pk,
        is_first_new=is_first_new,
        language=post.language,
        may_edit=post.is_open and is_mine and standing.may_post,
        marks=marks.get(post.pk, []),
        files=files.get(post.pk, []) if post.is_open else [],
        languages=languages_of(post, topic, person, standing) if post.is_open else Languages(),
    )


def _marks_of(posts: Sequence[_Row], rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Mark]]:
    """All feelings for each post that stands: whoever has not reacted yet needs the buttons, too."""
    counted = {(post, feeling): (count, own > 0) for post, feeling, count, own in rows}
    feelings = [(one.value, str(one.label), SIGNS[one]) for one in Feeling]
    return {
        post.pk: [
            Mark(value, label, sign, *counted.get((post.pk, value), (0, False)))
            for value, label, sign in feelings
        ]
        for post in posts
        if post.is_open
    }


def _files_of(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
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
