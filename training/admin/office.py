"""How the pages of the office are hung into Django's admin: a right for each, and the frame they share."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import User
from training.models import Course

Page = Callable[..., HttpResponse]


def for_the_office(page: Page, right: str) -> Page:
    """Who may not enter the office is led to sign in, like everywhere in the admin; without the right it is 403."""

    @wraps(page)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not request.user.has_perm(right):
            raise PermissionDenied
        return page(request, **arguments)

    return cast(Page, admin.site.admin_view(guarded))


def shown(
    request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page below the list of courses."""
    frame = {**admin.site.each_context(request), "title": title, "opts": Course._meta, **context}
    return TemplateResponse(request, f"admin/training/{template}.html", frame, status=status)


def course_at(object_id: str) -> Course:
    """For who has the right to all courses. Raises Http404."""
    found = Course.objects.filter(pk=int(object_id)).first() if _is_number(object_id) else None
    if found is None:
        raise Http404
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def by(request: HttpRequest) -> User:
    """The admin lets nobody in who is not signed in."""
    return cast(User, request.user)
