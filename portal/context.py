"""What every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from portal.queries import announcements


def every_page(request: HttpRequest) -> dict[str, Any]:
    """`announcements` is asked for only where a template shows it; `shows_demo` says that examples are in lists."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "announcements": SimpleLazyObject(lambda: announcements(language, now=timezone.now())),
        "shows_demo": settings.SHOW_DEMO,
    }
