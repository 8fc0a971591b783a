"""Pages of the register: list, map, one partnership, export."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.csv import csv_lines
from core.filters import Filters
from core.pagination import page_of
from partnerships import queries
from partnerships.models import Partnership

MAP_ROWS = 6


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    words = queries.labels()
    filters = queries.filters_from(request.GET, words)
    browsing = queries.browse(filters, words)
    found = browsing.found
    rows = queries.Rows(_ordered(filters, found), words)
    page = page_of(rows, request.GET.get("page"), total=found.total)
    frame = _frame(filters, browsing, words, "list")
    return render(request, "partnerships/list.html", frame | {"page": page})


@require_safe
def map_(request: HttpRequest) -> HttpResponse:
    words = queries.labels()
    filters = queries.filters_from(request.GET, words)
    browsing = queries.browse(filters, words)
    found = browsing.found
    picture = queries.map_picture(
        filters, words, zoom=request.GET.get("zoom", ""), is_similar=found.is_similar
    )
    rows = queries.Rows(_ordered(filters, found), words)
    page = page_of(rows, request.GET.get("page"), total=found.total, per_page=MAP_ROWS)
    zooms = queries.zooms(picture.view, filters, words)
    context = {"page": page, "picture": picture, "zooms": zooms, "page_query": f"{zooms.here_url}&"}
    return render(request, "partnerships/map.html", _frame(filters, browsing, words, "map") | context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), slug=slug)
    words = queries.labels()
    context = {
        "partnership": partnership,
        "detail": queries.detail_of(partnership, words),
        "picture": queries.picture_of_one(partnership, words),
    }
    return render(request, "partnerships/detail.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows of the list with the same address, without invented examples."""
    words = queries.labels()
    filters = queries.filters_from(request.GET, words)
    rows = queries.export_rows(_ordered(filters, queries.find(filters)), words, site=settings.SITE_URL)
    table = "".join(csv_lines(queries.export_headings(), rows))
    name = pgettext("name of a file", "partnerships")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _ordered(filters: Filters, found: queries.Found) -> Any:
    return queries.ordered(queries.filtered(filters, is_similar=found.is_similar), filters)


def _frame(filters: Filters, browsing: queries.Browsing, words: queries.Labels, here: str) -> dict[str, Any]:
    """What list and map share: filters, facets, tabs."""
    query = f"?{filters.query_string}" if filters.query_string else ""
    names = {"list": _("List"), "map": _("Map")}
    return {
        "filters": filters,
        "found": browsing.found,
        "facets": browsing.facets,
        "chips": queries.chips(filters, words),
        "sorts": filters.choices("sort", queries.SORT_NAMES.items(), dict.fromkeys(queries.SORT_NAMES, 1)),
        "query": f"{query}&" if query else "?",
        "export_url": reverse("partnerships:export") + query,
        "tabs": [
            {"label": label, "url": reverse(f"partnerships:{name}") + query, "current": name == here}
            for name, label in names.items()
        ],
    }
