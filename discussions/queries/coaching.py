"""The queue of the coaches: what waits for an answer in all groups one coaches, whichever organisation one is of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page
from django.db.models import (
    Aggregate,
    Case,
    Count,
    DurationField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Greatest, Least, Left
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.filters import Filters
from core.markdown import excerpt
from core.pagination import page_of
from discussions.choices import GroupState, Role, TopicKind
from discussions.models import Membership, Post, Topic
from discussions.queries.names import ORGANISATION_OF_TAKER, with_organisation
from discussions.queries.topics import name_of

PER_PAGE = 20
LOOKED_BACK = timedelta(days=90)
WAITING, ANSWERED, MINE = "waiting", "answered", "mine"
_LETTERS = 160
_LOOKED_AT = 600
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tab:
    """As components/tabs.html takes it."""

    label: str
    url: str
    current: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """`taken_by` with the organisation; `may_take` is also so when who had taken it is no coach any more."""

    number: int
    slug: str
    title: str
    group: str
    kind: str
    author: str
    words: str
    state: str
    is_waiting: bool
    taken_by: str
    may_take: bool
    may_give_back: bool


@dataclass(frozen=True, slots=True)
class Queue:
    state: str
    tabs: list[Tab]
    page: Page[Any]
    rows: list[Row]
    query: str
    speed: str
    """How quickly questions were answered lately, as a sentence; empty where none was."""


class Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def coaches_somewhere(person: Any) -> bool:
    return Membership.objects.active().filter(person=person, role=Role.COACH).exists()


def number_for(person: Any) -> int:
    """What waits and no other coach has taken; 0 for who coaches no group."""
    return _topics(person).filter(_untaken() | Q(taken_by=person), needs_answer=True).count()


def queue_of(person: Any, params: Any, *, now: datetime) -> Queue:
    """Four queries, however long it is; five for what is answered."""
    filters = Filters(params, {"state": [ANSWERED, MINE]})
    state = filters["state"] or WAITING
    topics = _topics(person)
    mine = Count("pk", filter=Q(taken_by=person))
    counts = topics.filter(needs_answer=True).aggregate(waiting=Count("pk"), mine=mine)
    if state == ANSWERED:
        found = _answered(topics, now=now)
        total = found.count()
    else:
        found = topics.filter(needs_answer=True).order_by(F("waits_since").asc(nulls_last=True), "pk")
        found = found.filter(taken_by=person) if state == MINE else found
        total = counts[state]
    page = page_of(_shown(found), params.get("page"), total=total, per_page=PER_PAGE)
    return Queue(
        state=state,
        tabs=_tabs(filters, state, counts),
        page=page,
        rows=[_row(topic, person, now=now) for topic in page.object_list],
        query=f"?{filters.query_string}&" if filters.query_string else "?",
        speed=_speed(topics, now=now),
    )


def waiting_words(since: datetime | None, *, now: datetime) -> str:
    """In the largest unit that fits: nobody needs the minutes of a question that waits for days."""
    waited = now - since if since else timedelta()
    if waited < _HOUR:
        return _("waits for less than an hour")
    if waited < _DAY:
        hours = waited // _HOUR
        return ngettext("waits for %(number)s hour", "waits for %(number)s hours", hours) % {"number": hours}
    days = waited // _DAY
    return ngettext("waits for %(number)s day", "waits for %(number)s days", days) % {"number": days}


def _topics(person: Any) -> QuerySet[Any]:
    """Questions and private lines of the groups the person coaches; in an archived one nobody can answer."""
    coached = Membership.objects.active().filter(person=person, role=Role.COACH)
    return Topic.objects.visible_to(person).filter(
        Q(kind=TopicKind.QUESTION) | Q(is_line=True) | Q(needs_answer=True),
        group__in=coached.values("group"),
        group__state=GroupState.ACTIVE,
    )


def _untaken() -> Q:
    """By nobody, or by somebody who is no coach of the group any more."""
    return Q(taken_by=None) | ~Q(Exists(_coaching("taken_by")))


def _coaching(person: str) -> QuerySet[Membership]:
    coaches = Membership.objects.active().filter(role=Role.COACH, group=OuterRef("group"))
    return coaches.filter(person=OuterRef(person))


def _answered(topics: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    """Of the last 90 days, the latest first: marked as answered, or a coach has written."""
    last = Greatest("answered_at", Subquery(_posts_of_coaches().order_by("-number").values("posted_at")[:1]))
    since = now - LOOKED_BACK
    return (
        topics.filter(_moved_since(since), needs_answer=False)
        .annotate(settled_at=last)
        .filter(settled_at__gte=since)
        .order_by("-settled_at", "-pk")
    )


def _posts_of_coaches() -> QuerySet[Post]:
    """Of who is or was coach of the group, in topics of others."""
    group = OuterRef("topic__group")
    coach = Membership.objects.filter(group=group, person=OuterRef("author"), role=Role.COACH)
    return Post.objects.filter(Exists(coach), topic=OuterRef("pk")).exclude(author=OuterRef("author"))


def _moved_since(since: datetime) -> Q:
    """Cheap, before what is asked for each topic."""
    return Q(last_post_at__gte=since) | Q(answered_at__gte=since)


def _speed(topics: QuerySet[Any], *, now: datetime) -> str:
    """From the beginning of a topic to the first post of a coach, or until it was marked as answered."""
    by_coach = Membership.objects.filter(group=OuterRef("group"), person=OuterRef("author"), role=Role.COACH)
    first = Least("answered_at", Subquery(_posts_of_coaches().order_by("number").values("posted_at")[:1]))
    since = now - LOOKED_BACK
    answered = topics.filter(_moved_since(since), ~Exists(by_coach)).annotate(first=first)
    lately = answered.filter(first__gte=since)
    found = lately.aggregate(number=Count("pk"), half=Median(F("first") - F("created_at")))
    return _speed_words(found["half"]) if found["number"] else ""


def _speed_words(half: timedelta) -> str:
    if half < _HOUR:
        return _("In the last 90 days half of the questions were answered within an hour.")
    if half < 2 * _DAY:
        hours = -(-half // _HOUR)
        return ngettext(
            "In the last 90 days half of the questions were answered within %(number)s hour.",
            "In the last 90 days half of the questions were answered within %(number)s hours.",
            hours,
        ) % {"number": hours}
    days = -(-half // _DAY)
    return ngettext(
        "In the last 90 days half of the questions were answered within %(number)s day.",
        "In the last 90 days half of the questions were answered within %(number)s days.",
        days,
    ) % {"number": days}


def _tabs(filters: Filters, state: str, counts: dict[str, int]) -> list[Tab]:
    labels = (
        (WAITING, pgettext("topics", "needs an answer")),
        (ANSWERED, pgettext("topics", "answered")),
        (MINE, pgettext("topics", "mine")),
    )
    return [
        Tab(
            capfirst(label),
            filters.url(state="" if name == WAITING else name),
            name == state,
            counts.get(name),
        )
        for name, label in labels
    ]


def _shown(topics: QuerySet[Any]) -> QuerySet[Any]:
    first = Post.objects.readable().filter(topic=OuterRef("pk"), number=1)
    is_taken = Case(When(Exists(_coaching("taken_by")), then=Value(True)), default=Value(False))
    return topics.select_related("group", "author", "taken_by").annotate(
        words=Subquery(first.annotate(words=Left("text", _LOOKED_AT)).values("words")[:1]),
        is_taken=is_taken,
        organisation=ORGANISATION_OF_TAKER,
    )


def _row(topic: Any, person: Any, *, now: datetime) -> Row:
    is_mine = topic.is_taken and topic.taken_by_id == person.pk
    taken_by = with_organisation(name_of(topic.taken_by), topic.organisation) if topic.is_taken else ""
    state = pgettext("topics", "answered")
    return Row(
        number=topic.pk,
        slug=topic.group.slug,
        title=topic.title,
        group=topic.group.name,
        kind=capfirst(_("private line") if topic.is_line else topic.get_kind_display()),
        author=name_of(topic.author),
        words=excerpt(topic.words or "", _LETTERS),
        state=waiting_words(topic.waits_since, now=now) if topic.needs_answer else state,
        is_waiting=topic.needs_answer,
        taken_by=_("you") if is_mine else taken_by,
        may_take=topic.needs_answer and not topic.is_taken,
        may_give_back=is_mine and topic.needs_answer,
    )
