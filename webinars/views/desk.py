"""The host's desk: the session at a glance, who comes, as a list too; and who is let in here at all."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.csv import csv_lines
from core.pagination import page_of
from webinars import actions
from webinars.choices import Seat, State
from webinars.facts import facts_of
from webinars.forms.sessions import words_of_fields
from webinars.models import Session
from webinars.permissions import can_edit, can_see_needs, can_see_people
from webinars.queries import desk as queries

ROWS = 200


@login_required
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    session = hosted(request, slug)
    now = timezone.now()
    state = request.GET.get("state", "")
    state = state if state in Seat.values else ""
    figures = queries.figures(session, request.user)
    rows = queries.registrations_of(session, request.user, state=state)
    all_rows = sum(figures.of(one) for one in Seat.values)
    page = page_of(
        rows, request.GET.get("page"), total=figures.of(state) if state else all_rows, per_page=ROWS
    )
    has_needs = can_see_needs(request.user, session)
    context = {
        **head_of(session),
        "shown_state": session.shown_state(now),
        "missing": _missing(session),
        "holidays": queries.holidays_of(session),
        "figures": figures,
        "countries": queries.shares_by_country(session, request.user),
        "organisations": queries.shares_by_organisation(session, request.user),
        "tabs": _tabs(figures, state, all_rows),
        "page": page,
        "page_query": f"?state={state}&" if state else "?",
        "rows": queries.desk_rows(page.object_list, session, request.user, with_needs=has_needs),
        "has_needs": has_needs,
        "may_edit": can_edit(request.user, session),
        "is_over": now >= session.ends_at,
        "has_begun": now >= session.starts_at,
    }
    return render(request, "webinars/desk_home.html", context)


@login_required
@require_safe
def print_list(request: HttpRequest, slug: str) -> HttpResponse:
    session = hosted(request, slug)
    has_needs = can_see_needs(request.user, session)
    seated = queries.registrations_of(session, request.user, state=Seat.SEAT)
    rows = queries.desk_rows(seated, session, request.user, with_needs=has_needs)
    context = {**head_of(session), "rows": queries.by_name(rows), "has_needs": has_needs}
    return render(request, "webinars/desk_list.html", context)


@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    session = hosted(request, slug)
    table = "".join(csv_lines(queries.export_headings(), queries.export_rows(session, request.user)))
    return csv_file(table, pgettext("name of a file", "registrations"), session)


def hosted(request: HttpRequest, slug: str) -> Session:
    """Whoever is neither host nor of the office does not learn that there is a desk."""
    visible = Session.objects.visible_to(request.user)
    session = get_object_or_404(visible.select_related("organisation", "municipality"), slug=slug)
    if not can_see_people(request.user, session):
        raise Http404
    return session


def editable(request: HttpRequest, slug: str) -> Session:
    """Some of the office may look and not change."""
    session = hosted(request, slug)
    if not can_edit(request.user, session):
        raise PermissionDenied
    return session


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing ticked is sent, too."""
    return request.POST if request.method == "POST" else None


def head_of(session: Session) -> dict[str, Any]:
    """What every page of the desk shows: which session, and when."""
    return {"session": session, "facts": facts_of(session)}


def csv_file(table: str, name: str, session: Session) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}-{session.slug}.csv"'}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _missing(session: Session) -> list[tuple[str, str]]:
    if session.state != State.DRAFT:
        return []
    return words_of_fields(actions.missing_for_publication(session, now=timezone.now()))


def _tabs(figures: queries.Figures, state: str, all_rows: int) -> list[dict[str, Any]]:
    tabs = [{"label": queries.word_for_all(), "url": "?", "current": not state, "count": all_rows}]
    for one in Seat:
        # Who never confirmed is of interest only where there is somebody.
        if one != Seat.ASKED or figures.asked:
            tabs.append(
                {
                    "label": capfirst(str(one.label)),
                    "url": f"?state={one.value}",
                    "current": state == one.value,
                    "count": figures.of(one),
                }
            )
    return tabs
