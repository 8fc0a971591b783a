"""Pages of the register: list, map, one partnership, export."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.csv import csv_lines
from core.filters import Filters
from core.pagination import PER_PAGE, page_of
from core.panels import panels_for
from partnerships import queries
from partnerships.models import Partnership
from partnerships.permissions import can_edit, can_open_group, can_see_inside

MAP_ROWS = 6


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    words = queries.labels()
    filters = queries.filters_from(request.GET, words)
    browsing = queries.browse(filters, words)
    context = _frame(request, filters, browsing, words, per_page=PER_PAGE)
    return render(request, "partnerships/list.html", context)


@require_safe
def map_(request: HttpRequest) -> HttpResponse:
    words = queries.labels()
    filters = queries.filters_from(request.GET, words)
    browsing = queries.browse(filters, words)
    zoom = request.GET.get("zoom", "")
    picture = queries.map_picture(filters, words, zoom=zoom, is_similar=browsing.found.is_similar)
    zooms = queries.zooms(picture.view, filters, words)
    context = _frame(request, filters, browsing, words, per_page=MAP_ROWS)
    context |= {"picture": picture, "zooms": zooms, "page_query": f"{zooms.here_url}&"}
    return render(request, "partnerships/map.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), slug=slug)
    shown = queries.detail_page(partnership, queries.labels())
    # Visitors cost no queries more.
    rights = {"may_edit": False, "may_see_inside": False}
    of_the_group = None
    if request.user.is_authenticated:
        rights["may_edit"] = can_edit(request.user, partnership)
        # Only the office may look without changing: for others it is not asked twice.
        rights["may_see_inside"] = rights["may_edit"] or (
            request.user.is_staff and can_see_inside(request.user, partnership)
        )
        # Asked whether or not there is one: how much a page asks must not tell it.
        of_the_group = queries.membership_in_group(partnership, request.user)
        rights["may_open_group"] = (
            rights["may_edit"] and partnership.group_id is None and can_open_group(request.user, partnership)
        )
    to_ask = queries.people_to_ask(partnership, request.user, is_inside=rights["may_see_inside"])
    # What is kept of the page is the same for all readers; who is named is not.
    context = {
        "partnership": partnership,
        **shown,
        **rights,
        "of_the_group": of_the_group,
        "to_ask": list(zip(shown["detail"].sides, to_ask, strict=False)),
        "panels": [render_to_string(*panel) for panel in panels_for("partnership", partnership, request)],
    }
    return render(request, "partnerships/detail.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows of the list with the same address, without invented examples."""
    words = queries.labels()
    filters = queries.filters_from(request.GET, words)
    found = queries.find(filters)
    rows = queries.export_rows(queries.found_rows(filters, found), words, site=settings.SITE_URL)
    table = "".join(csv_lines(queries.export_headings(), rows))
    name = pgettext("name of a file", "partnerships")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _frame(
    request: HttpRequest,
    filters: Filters,
    browsing: queries.Browsing,
    words: queries.Labels,
    *,
    per_page: int,
) -> dict[str, Any]:
    """What list and map share: filters, facets, tabs, one page of rows."""
    query = f"?{filters.query_string}" if filters.query_string else ""
    found = browsing.found
    # The rows themselves are read only when they are not kept, so the page knows nothing but their numbers.
    page = page_of(range(found.total), request.GET.get("page"), total=found.total, per_page=per_page)
    tabs = {"partnerships:list": _("List"), "partnerships:map": _("Map")}
    return {
        "filters": filters,
        "found": found,
        "facets": browsing.facets,
        "chips": queries.chips(filters, words),
        "sorts": filters.choices("sort", queries.SORT_NAMES.items(), dict.fromkeys(queries.SORT_NAMES, 1)),
        "page": page,
        "rows": queries.page_of_rows(filters, found, words, page.number, per_page=per_page),
        "query": f"{query}&" if query else "?",
        "export_url": reverse("partnerships:export") + query,
        "tabs": [
            {"label": label, "url": (url := reverse(name)) + query, "current": url == request.path}
            for name, label in tabs.items()
        ],
    }
