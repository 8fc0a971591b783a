"""How the pages of the office are hung into Django's admin: a right for each, and the frame they share."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from training.models import Answer, Course

Page = Callable[..., HttpResponseBase]


def for_the_office(page: Page, *rights: str) -> Page:
    """Who may not enter the office is led to sign in, like everywhere in the admin; without the rights it is 403."""

    @wraps(page)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        if not request.user.has_perms(rights):
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


def address_to_change(request: HttpRequest, row: Any) -> str:
    """The form to change it; empty where this reader has none. An answer is changed with its question."""
    row = row.question if isinstance(row, Answer) else row
    name = row._meta.model_name
    if row.pk is None or not request.user.has_perm(f"training.change_{name}"):
        return ""
    try:
        return reverse(f"admin:training_{name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def by(request: HttpRequest) -> User:
    """The admin lets nobody in who is not signed in."""
    return cast(User, request.user)
