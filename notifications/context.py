"""What the head of every page shows to whom is signed in."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from notifications.queries import unread_count


def bell(request: HttpRequest) -> dict[str, Any]:
    """Asked for only where a template shows it."""
    return {
        "unread_notices": SimpleLazyObject(lambda: unread_count(cast(User, request.user), now=timezone.now()))
    }
