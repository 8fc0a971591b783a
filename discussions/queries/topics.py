"""The list of topics of a group: a few queries, however many topics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import F, FilteredRelation, Q
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import User, shown_name
from core.filters import Filters
from core.pagination import page_of
from core.prepared import prepared
from discussions.choices import TopicKind
from discussions.models import TalkQuerySet, Topic
from discussions.queries.rooms import Room

PER_PAGE = 30
LINE = "line"
WAITING, ANSWERED, UNREAD = "waiting", "answered", "unread"
STATES: list[tuple[str, str | Promise]] = [
    (WAITING, pgettext_lazy("topics", "needs an answer")),
    (ANSWERED, pgettext_lazy("topics", "answered")),
    (UNREAD, pgettext_lazy("topics", "unread")),
]
KINDS: list[tuple[str, str | Promise]] = [
    *((kind.value, kind.label) for kind in TopicKind),
    (LINE, gettext_lazy("private line")),
]
_COLUMNS = (
    "group", "kind", "title", "is_line", "last_number", "last_post_at", "is_pinned", "is_faq",
    "needs_answer", "answered_at", "author", "last_author",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A topic as its list shows it. `next_number` is the first post the reader has not read."""

    number: int
    title: str
    kind: str
    state: str
    state_kind: str
    is_pinned: bool
    is_faq: bool
    author: str
    posts: int
    last_at: datetime
    last_author: str
    unread: int
    next_number: int


@dataclass(frozen=True, slots=True)
class Option:
    """A filter that can be set, or taken off again when it is `active`."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Found:
    filters: Filters
    page: Page[Any]
    rows: list[Row]
    kinds: list[Option]
    states: list[Option]


def browse(room: Room, person: User, params: Mapping[str, str]) -> Found:
    """Pinned first, then by the last post. Private lines are listed only when asked for."""
    filters = Filters(
        params, {"kind": [value for value, _label in KINDS], "state": [WAITING, ANSWERED, UNREAD]}
    )
    group = room.group
    chosen: dict[str, Any] = {"kind": filters["kind"], "state": filters["state"], **room.known}
    total = _topics(person.pk, group.pk, **chosen).count() if filters else group.topics_count
    page = page_of((), params.get("page"), total=total, per_page=PER_PAGE)
    at = (page.number - 1) * PER_PAGE
    return Found(
        filters=filters,
        page=page,
        rows=[
            row_of(topic) for topic in _rows.models({**chosen, "at": at}, person=person.pk, group=group.pk)
        ],
        kinds=_options("kind", KINDS, filters),
        states=_options("state", STATES, filters),
    )


@prepared
def _rows(person: int, group: int, at: int, **chosen: Any) -> TalkQuerySet:
    return with_names(_topics(person, group, **chosen)).only(*_COLUMNS)[at : at + PER_PAGE]


def _topics(person: int, group: int, kind: str, state: str, **known: bool) -> TalkQuerySet:
    topics = with_mark(Topic.objects.visible_in(group, person, **known), User(pk=person))
    return _chosen(topics, kind, state)


def with_mark(topics: TalkQuerySet, person: object) -> TalkQuerySet:
    """`read` up to which number (None: never opened) and `following`, as this person has it."""
    own = FilteredRelation("marks", condition=Q(marks__person=getattr(person, "pk", None)))
    return topics.annotate(own=own, read=F("own__number"), following=F("own__following"))


def with_names(topics: TalkQuerySet) -> TalkQuerySet:
    """Who began it and who wrote last, as `row_of` takes them: a name each, not a person with all columns."""
    return topics.annotate(
        author_name=F("author__display_name"),
        author_erased=F("author__erased_at"),
        last_name=F("last_author__display_name"),
        last_erased=F("last_author__erased_at"),
    )


def row_of(topic: Any) -> Row:
    """`topic` carries `read` of `with_mark`, and what `with_names` adds."""
    read = min(topic.read or 0, topic.last_number)
    state, state_kind = state_of(topic)
    return Row(
        number=topic.pk,
        title=topic.title,
        kind=capfirst(_("private line") if topic.is_line else topic.get_kind_display()),
        state=state,
        state_kind=state_kind,
        is_pinned=topic.is_pinned,
        is_faq=topic.is_faq,
        author=name_from(topic.author_id, topic.author_name, topic.author_erased),
        posts=topic.last_number,
        last_at=topic.last_post_at,
        last_author=name_from(topic.last_author_id, topic.last_name, topic.last_erased),
        unread=topic.last_number - read,
        next_number=min(read + 1, topic.last_number),
    )


def state_of(topic: Topic) -> tuple[str, str]:
    """Word and kind of the badge; empty where nobody waits for an answer."""
    if topic.needs_answer:
        return pgettext("topics", "needs an answer"), "warning"
    if topic.answered_at is not None:
        return pgettext("topics", "answered"), "success"
    return "", ""


def name_of(person: User | None) -> str:
    """Also of those who are gone altogether."""
    return person.shown_name if person is not None else _("Former member")


def name_from(number: int | None, display_name: str | None, erased_at: datetime | None) -> str:
    """`name_of` for rows that carry no person."""
    return shown_name(number, display_name or "", erased_at) if number is not None else _("Former member")


def _chosen(topics: TalkQuerySet, kind: str, state: str) -> TalkQuerySet:
    topics = topics.filter(is_line=kind == LINE)
    if kind and kind != LINE:
        topics = topics.filter(kind=kind)
    if state == WAITING:
        return topics.filter(needs_answer=True)
    if state == ANSWERED:
        return topics.filter(answered_at__isnull=False)
    if state == UNREAD:
        return topics.filter(Q(read=None) | Q(read__lt=F("last_number")), last_number__gt=0)
    return topics


def _options(name: str, labels: list[tuple[str, str | Promise]], filters: Filters) -> list[Option]:
    chosen = filters[name]
    return [
        Option(capfirst(str(label)), filters.url(**{name: "" if value == chosen else value}), value == chosen)
        for value, label in labels
    ]
