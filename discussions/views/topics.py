"""What is read in a group: its topics, one topic, what is new in it, searching, earlier versions of a post."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.models import User
from core.filters import clean_query
from core.markdown import quote
from discussions.actions.talk import mark_read
from discussions.choices import Following
from discussions.forms.talking import VoteForm
from discussions.forms.writing import AnswerForm
from discussions.models import Topic
from discussions.queries import search as searching
from discussions.queries import thread
from discussions.queries.names import coaches_of
from discussions.queries.rooms import Room, Standing
from discussions.queries.topics import browse, name_from, name_of, state_of
from discussions.views.gates import entered, person_of, post_of
from discussions.views.places import address_of, way_to, way_to_post

_HIGHEST = 10**9


@login_required
@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    room = entered(request, slug)
    found = browse(room, person_of(request), request.GET)
    query = found.filters.query_string
    context = {
        "group": room.group,
        "standing": room.standing,
        "found": found,
        "query": f"?{query}&" if query else "?",
    }
    return render(request, "discussions/group.html", context)


@login_required
@require_safe
def topic(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Opening a page notes how far it was read.

    That is a change by a GET, on purpose: the mark is the reader's own, nobody else sees it, and without it nothing
    would be read for those without JavaScript. What a browser only fetches ahead was not read.
    """
    room = entered(request, slug)
    topic = _topic_in(room, request, number)
    person, standing = person_of(request), room.standing
    read = min(topic.read or 0, topic.last_number)
    page = thread.page_of_topic(topic, _page_asked_for(request, topic, read))
    first = (page.number - 1) * thread.PER_PAGE + 1
    last = min(page.number * thread.PER_PAGE, topic.last_number)
    posts = thread.posts_of(topic, person, first=first, last=last, read=read, standing=standing)
    choices = thread.choices_of(topic, person)
    state, state_kind = state_of(topic)
    context = {
        "group": topic.group,
        "topic": topic,
        "standing": standing,
        "author": _author_of(topic),
        "taken_by": _taker_of(topic),
        "line_readers": coaches_of(topic.group) if topic.is_line else [],
        "line_name": "" if topic.line_of_id == person.pk else _author_of(topic),
        "state": state,
        "state_kind": state_kind,
        "may_settle": _may_settle(topic, person, standing),
        "posts": posts,
        "page": page,
        "last": last,
        "is_last_page": not page.has_next(),
        "next_number": read + 1 if read < topic.last_number else 0,
        "next_is_here": first <= read + 1 <= last,
        "choices": choices,
        "is_closed": _is_closed(topic),
        "has_voted": any(choice.mine for choice in choices),
        "vote_form": _vote_form(topic, person, standing),
        "followings": _followings(topic.following or ""),
        "composer": _composer(request, topic) if standing.may_post else None,
        "breadcrumb": way_to(topic.group, (topic.title, "")),
    }
    answer = render(request, "discussions/topic.html", context)
    _note_read(request, topic, read=read, last=last)
    return answer


@login_required
@require_safe
def fresh(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """For thread.js: the posts after number `after` as HTML; 304 for who knows the last one already."""
    number_of_last = thread.last_number(person_of(request), slug, number)
    if number_of_last is None:
        raise Http404
    after = _number(request.GET.get("after")) or 0
    if number_of_last <= after:
        is_known = request.headers.get("If-None-Match") == f'"{number_of_last}"'
        return HttpResponse(status=304 if is_known else 204, headers={"Cache-Control": "private, no-store"})
    room = entered(request, slug)
    found = _topic_in(room, request, number)
    person, standing = person_of(request), room.standing
    last = min(after + thread.MOST_FRESH, found.last_number)
    posts = thread.posts_of(
        found, person, first=after + 1, last=last, read=found.last_number, standing=standing
    )
    context = {
        "posts": posts,
        "topic": found,
        "group": found.group,
        "standing": standing,
        "may_settle": _may_settle(found, person, standing),
    }
    answer = render(request, "discussions/fresh.html", context)
    answer["Cache-Control"] = "private, no-store"
    _note_read(request, found, read=found.read or 0, last=last)
    return answer


@login_required
@require_safe
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """Within the group, or with `where=all` in all groups of the reader."""
    room = entered(request, slug)
    typed = clean_query(request.GET.get("q", ""))
    is_everywhere = request.GET.get("where") == "all"
    place = None if is_everywhere else room.group
    page = _number(request.GET.get("page")) or 1
    context = {
        "group": room.group,
        "standing": room.standing,
        "typed": typed,
        "is_everywhere": is_everywhere,
        "hits": searching.find(typed, person_of(request), group=place, page=page),
        "again": urlencode({"q": typed, **({"where": "all"} if is_everywhere else {})}),
        "breadcrumb": way_to(room.group, (pgettext("noun", "Search"), "")),
    }
    return render(request, "discussions/search.html", context)


@login_required
@require_safe
def history(request: HttpRequest, number: int) -> HttpResponse:
    """What a post said before; for everybody who sees it. Of a deleted or hidden one nothing is told."""
    post = post_of(request, number)
    if post.deleted_at is not None or post.hidden_at is not None:
        raise Http404
    context = {
        "post": post,
        "topic": post.topic,
        "author": name_of(post.author),
        "changes": thread.changes_of(post),
        "url": address_of(post),
        "breadcrumb": way_to_post(post, _("Earlier versions")),
    }
    return render(request, "discussions/history.html", context)


def _topic_in(room: Room, request: HttpRequest, number: int) -> Any:
    found = thread.one_topic(person_of(request), room, number)
    if found is None:
        raise Http404
    return found


def _author_of(topic: Any) -> str:
    return name_from(topic.author_id, topic.author_name, topic.author_erased)


def _taker_of(topic: Any) -> str:
    return name_from(topic.taken_by_id, topic.taker_name, topic.taker_erased) if topic.taken_by_id else ""


def _page_asked_for(request: HttpRequest, topic: Topic, read: int) -> int:
    """`page`, or the page with post `at`, or the one with the first post that was not read."""
    if page := _number(request.GET.get("page")):
        return page
    at = _number(request.GET.get("at")) or _number(request.GET.get("quote"))
    return thread.page_with(min(at or read + 1, topic.last_number))


def _number(typed: str | None) -> int | None:
    """A number somebody may have typed; None for nonsense."""
    if not typed or not typed.isascii() or not typed.isdigit() or len(typed) > len(str(_HIGHEST)):
        return None
    return int(typed)


def _composer(request: HttpRequest, topic: Topic) -> AnswerForm:
    """With what was begun before, and below it what is to be quoted."""
    draft = thread.draft_in(topic, person_of(request))
    text = draft.text if draft else ""
    if quoted := _quoted(request, topic):
        text = f"{text.rstrip()}\n\n{quoted}".lstrip("\n")
    return AnswerForm(draft=draft, initial={"text": text})


def _quoted(request: HttpRequest, topic: Topic) -> str:
    number = _number(request.GET.get("quote"))
    if not number:
        return ""
    posts = topic.posts.filter(deleted_at=None, hidden_at=None).select_related("author")
    post = posts.filter(number=number).first()
    return quote(post.text, name=name_of(post.author), number=post.number) if post else ""


def _may_settle(topic: Topic, person: User, standing: Standing) -> bool:
    """As `talk.mark_answered` asks: who leads, and who began it."""
    return standing.leads or (standing.is_member and topic.author_id == person.pk)


def _is_closed(topic: Topic) -> bool:
    return topic.closes_at is not None and topic.closes_at <= timezone.now()


def _vote_form(topic: Topic, person: User, standing: Standing) -> VoteForm | None:
    if topic.kind not in thread.POLLS or not standing.may_post or _is_closed(topic):
        return None
    return VoteForm(topic=topic, person=person)


def _followings(chosen: str) -> list[tuple[str, str, bool]]:
    choices = [("", _("as chosen for the group")), *((one.value, str(one.label)) for one in Following)]
    return [(value, label, value == chosen) for value, label in choices]


def _note_read(request: HttpRequest, topic: Topic, *, read: int, last: int) -> None:
    """Nothing is written where nothing is new: most openings cost no write."""
    is_ahead = "prefetch" in (request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""))
    if request.method != "HEAD" and not is_ahead and last > read:
        mark_read(topic=topic, by=person_of(request), number=last)
