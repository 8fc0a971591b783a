"""Reactions, votes, following, and what becomes of a topic. Each is sent with what shall be: twice is once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from discussions.actions import talk
from discussions.actions.groups import NotAllowed
from discussions.choices import TopicKind
from discussions.forms.talking import FollowForm, ReactForm, SettleForm, VoteForm
from discussions.models import Group, Topic
from discussions.permissions import active_membership
from discussions.queries.topics import name_of
from discussions.views.gates import person_of, post_of, topic_of
from discussions.views.places import address_of

# All take GET, too: who was signed out when pressing a button comes back by GET, and lands on the topic.
BUTTON = ["GET", "POST"]


@login_required
@require_http_methods(BUTTON)
def react(request: HttpRequest, number: int) -> HttpResponse:
    post = post_of(request, number)
    form = ReactForm(request.POST)
    if request.method == "POST":
        if not form.is_valid() or post.deleted_at or post.hidden_at:
            raise Http404
        feeling, on = form.said()
        try:
            talk.react(post=post, feeling=feeling, by=person_of(request), on=on)
        except NotAllowed:
            _refuse(request, post.topic.group)
    return redirect(address_of(post))


@login_required
@require_http_methods(BUTTON)
def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    topic = topic_of(request, slug, number)
    if topic.kind not in (TopicKind.POLL, TopicKind.DATES):
        raise Http404
    if request.method == "POST":
        form = VoteForm(request.POST, topic=topic, person=request.user)
        if form.is_valid():
            _vote(request, topic, form)
        else:
            messages.warning(request, _("This was not one of the answers. Please vote again."))
    return redirect(f"{topic.get_absolute_url()}#vote")


def _vote(request: HttpRequest, topic: Topic, form: VoteForm) -> None:
    try:
        talk.vote(topic=topic, answers=form.answers(), by=person_of(request), now=timezone.now())
    except talk.Over:
        messages.warning(request, _("The vote is over. Your answer was not counted."))
    except NotAllowed:
        _refuse(request, topic.group)
    else:
        messages.success(request, _("Your vote is saved. You can change it as long as the vote is open."))


@login_required
@require_http_methods(BUTTON)
def follow(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """For members: others are not told."""
    topic = topic_of(request, slug, number)
    if request.method == "POST":
        form = FollowForm(request.POST)
        if not form.is_valid():
            raise Http404
        if active_membership(request.user, topic.group) is None:
            raise PermissionDenied
        talk.follow(topic=topic, by=person_of(request), following=form.cleaned_data["following"])
        messages.success(request, _("Saved."))
    return redirect(topic)


@login_required
@require_http_methods(BUTTON)
def settle(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Pinned, answered, taken by a coach, among the frequent questions. Back to the topic, or to the queue."""
    topic = topic_of(request, slug, number)
    if request.method != "POST":
        return redirect(topic)
    form = SettleForm(request.POST)
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    try:
        _settle(request, topic, what=said["what"], answer=said["answer"])
    except NotAllowed:
        raise PermissionDenied from None
    if not said["back"]:
        return redirect(topic)
    state = "" if said["back"] == "waiting" else f"?state={said['back']}"
    return redirect(f"{reverse('discussions:coaching')}{state}")


def _settle(request: HttpRequest, topic: Topic, *, what: str, answer: int | None) -> None:
    facts: dict[str, Any] = {"topic": topic, "by": person_of(request)}
    if what in ("pin", "unpin"):
        talk.pin(**facts, on=what == "pin")
    elif what in ("take", "give_back"):
        has_it = talk.take_topic(**facts, on=what == "take")
        if what == "take" and has_it != request.user:
            words = _("%(name)s has taken this question already.") % {"name": name_of(has_it)}
            messages.warning(request, words)
    elif what in ("faq", "not_faq"):
        talk.put_into_faq(**facts, on=what == "faq")
    elif what == "open":
        talk.ask_again(**facts, now=timezone.now())
    else:
        post = get_object_or_404(topic.posts.readable(), number=answer) if answer else None
        talk.mark_answered(**facts, answer=post, now=timezone.now())


def _refuse(request: HttpRequest, group: Group) -> None:
    """Who reads an archived group has done nothing wrong; who does not belong to it may not."""
    if not group.is_archived:
        raise PermissionDenied
    messages.warning(request, _("This group is archived. It can only be read."))
