"""The list of notices, behind the bell."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from notifications import actions, queries
from notifications.kinds import kind
from notifications.models import Notice


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    person, now = cast(User, request.user), timezone.now()
    page, entries = queries.page_of_entries(person, request.GET.get("page"), now=now)
    return render(request, "notifications/inbox.html", {"page": page, "entries": entries})


@login_required
@require_POST
def open_notice(request: HttpRequest, number: int) -> HttpResponse:
    """To the page the notice leads to; from then on it counts as read."""
    person, now = cast(User, request.user), timezone.now()
    notice = get_object_or_404(Notice.objects.visible_to(person).in_bell(now), pk=number)
    if not queries.is_wanted(notice, now=now):
        messages.info(request, _("This notice is no longer there: what it was about has changed."))
        return redirect("notifications:inbox")
    actions.mark_read(notice, by=person, now=now)
    return redirect(kind(notice.kind).path(notice))


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(by=cast(User, request.user), now=timezone.now())
    messages.success(request, _("All notices are marked as read."))
    return redirect("notifications:inbox")
