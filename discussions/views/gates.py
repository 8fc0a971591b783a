"""Who comes in: what one may not see does not exist, what one may see but not lead is refused."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from accounts.models import User
from discussions.models import Group, Post, Topic
from discussions.permissions import can_lead
from discussions.queries.rooms import Room, room_of, topic_in


def seen(request: HttpRequest, slug: str) -> Group:
    return get_object_or_404(Group.objects.visible_to(request.user), slug=slug)


def entered(request: HttpRequest, slug: str) -> Room:
    """`seen`, and what the reader is there, in one query."""
    room = room_of(person_of(request), slug)
    if room is None:
        raise Http404
    return room


def led(request: HttpRequest, slug: str) -> Group:
    """For moderators and coaches; other members learn that they may not, outsiders nothing."""
    group = seen(request, slug)
    if not can_lead(request.user, group):
        raise PermissionDenied
    return group


def topic_of(request: HttpRequest, slug: str, number: int) -> Topic:
    topic = topic_in(person_of(request), slug, number)
    if topic is None:
        raise Http404
    return topic


def post_of(request: HttpRequest, number: int) -> Post:
    posts = Post.objects.visible_to(request.user).select_related("topic__group")
    return get_object_or_404(posts, pk=number)


def person_of(request: HttpRequest) -> User:
    """Behind `login_required`."""
    return cast(User, request.user)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing ticked is sent, too."""
    return request.POST if request.method == "POST" else None
