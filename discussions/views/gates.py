"""Who comes in: what one may not see does not exist, what one may see but not lead is refused."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from accounts.models import User
from discussions.models import Group, Post, Topic
from discussions.permissions import can_lead


def seen(request: HttpRequest, slug: str) -> Group:
    return get_object_or_404(Group.objects.visible_to(request.user), slug=slug)


def led(request: HttpRequest, slug: str) -> Group:
    """For moderators and coaches; other members learn that they may not, outsiders nothing."""
    group = seen(request, slug)
    if not can_lead(request.user, group):
        raise PermissionDenied
    return group


def topic_of(request: HttpRequest, slug: str, number: int) -> Topic:
    topics = Topic.objects.visible_to(request.user).select_related("group")
    return get_object_or_404(topics, group__slug=slug, pk=number)


def post_of(request: HttpRequest, number: int) -> Post:
    posts = Post.objects.visible_to(request.user).select_related("topic__group")
    return get_object_or_404(posts, pk=number)


def person_of(request: HttpRequest) -> User:
    """Behind `login_required`."""
    return cast(User, request.user)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing ticked is sent, too."""
    return request.POST if request.method == "POST" else None
