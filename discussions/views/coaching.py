"""Coaching: what waits for an answer, private lines between a participant and the coaches, frequent questions."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from discussions.queries import coaching
from discussions.queries.faq import questions_of
from discussions.queries.groups import head_of
from discussions.queries.lines import lines_of
from discussions.queries.names import coaches_of
from discussions.views.gates import entered, seen
from discussions.views.places import way_to


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """For who coaches a group; for everybody else there is no such page."""
    if not coaching.coaches_somewhere(request.user):
        raise Http404
    found = coaching.queue_of(request.user, request.GET, now=timezone.now())
    return render(request, "discussions/coaching.html", {"queue": found})


@login_required
@require_safe
def line(request: HttpRequest, slug: str) -> HttpResponse:
    """A member finds the own lines and who reads them; coaches find all lines of the group."""
    room = entered(request, slug)
    group, standing = room.group, room.standing
    if not standing.is_member:
        raise PermissionDenied
    coaches = coaches_of(group)
    word = _("Private lines") if standing.coaches else _("Ask the coaches in private")
    context = {
        "group": group,
        "belongs": True,
        "leads": standing.leads,
        "coaches_it": standing.coaches,
        "word": word,
        "coaches": coaches,
        "may_write": standing.may_post and not standing.coaches and bool(coaches),
        "lines": lines_of(group, request.user, request.GET.get("page")),
        "breadcrumb": way_to(group, (word, "")),
    }
    return render(request, "discussions/line.html", context)


@login_required
@require_safe
def faq(request: HttpRequest, slug: str) -> HttpResponse:
    """For everybody who sees the group."""
    group = seen(request, slug)
    word = _("Frequent questions")
    context = {
        **head_of(group, request.user, "faq"),
        "word": word,
        "questions": questions_of(group, request.user),
        "breadcrumb": way_to(group, (word, "")),
    }
    return render(request, "discussions/faq.html", context)
