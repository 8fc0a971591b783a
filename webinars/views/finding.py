"""What everybody finds: list, month, one session."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.months import months_later
from core.pagination import page_of as part_of
from core.zone_words import city_of
from webinars.forms.registering import KeyForm, RegisterForm
from webinars.models import Session
from webinars.queries import listing, one
from webinars.queries import month as months


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = listing.browse(request.GET, request.user, now=now)
    per_page = listing.MOST_PER_PAGE if found.filters["show"] else listing.PER_PAGE
    page = part_of(found.sessions, request.GET.get("page"), total=len(found.sessions), per_page=per_page)
    query = found.filters.query_string
    context = {
        "is_past": bool(found.filters["when"]),
        "page": page,
        "rows": listing.rows_of(found, page.object_list, now=now),
        "query": f"?{query}&" if query else "?",
        "reset_url": f"{request.path}?when=past" if found.filters["when"] else request.path,
        **_frame(request, found),
    }
    return render(request, "webinars/list.html", context)


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """A calendar of one month, and the same sessions as a list: on a phone only that."""
    now, today = timezone.now(), timezone.localdate()
    first = months.month_asked_for(request.GET.get("month", ""), today=today)
    found = listing.browse_month(
        request.GET, request.user, month=f"{first:%Y-%m}", span=months.span_of(first), now=now
    )
    context = {
        "month": first,
        "weeks": months.weeks_of(first, found.sessions, today=today),
        "previous": months_later(first, -1),
        "previous_url": found.filters.url(month=f"{months_later(first, -1):%Y-%m}"),
        "next": months_later(first, 1),
        "next_url": found.filters.url(month=f"{months_later(first, 1):%Y-%m}"),
        "rows": listing.rows_of(found, found.sessions, now=now),
        "reset_url": f"{request.path}?month={first:%Y-%m}",
        **_frame(request, found),
    }
    return render(request, "webinars/month.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    session = get_object_or_404(one.session_rows(Session.objects.visible_to(request.user)), slug=slug)
    return detail_answer(request, session)


def detail_answer(
    request: HttpRequest, session: Session, form: RegisterForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of a session; also with a form of registration that was refused, and why."""
    page = one.page_of(session, request.user, now=timezone.now())
    if page.may_register and form is None:
        form = RegisterForm(organisations=one.organisations_of(request.user))  # type: ignore[arg-type]
    context = {
        "session": session,
        "page": page,
        "form": form,
        "key_form": KeyForm(),
        "breadcrumb": [(_("Sessions"), reverse("webinars:list")), (page.facts.title.words, "")],
    }
    return render(request, "webinars/detail.html", context, status=status)


def _frame(request: HttpRequest, found: listing.Found) -> dict[str, Any]:
    """What list and month share."""
    return {
        "found": found,
        "facets": listing.facets_html(found.facets, get_language() or "de"),
        "total": len(found.sessions),
        "clock_city": city_of(timezone.get_current_timezone_name()),
        "tabs": _tabs(request, found),
    }


def _tabs(request: HttpRequest, found: listing.Found) -> list[Mapping[str, Any]]:
    """Upcoming, as a month, past; each keeps the other filters."""
    url = found.filters.url
    addresses = [
        (_("Upcoming"), reverse("webinars:list"), url(when="", month="")),
        (_("Month"), reverse("webinars:month"), url(when="", month="", show="")),
        (_("Past"), reverse("webinars:list"), url(when="past", month="")),
    ]
    is_past = bool(found.filters["when"])
    return [
        {
            "label": label,
            "url": path + (query if query != "?" else ""),
            "current": path == request.path and ("when=past" in query) == is_past,
        }
        for label, path, query in addresses
    ]
