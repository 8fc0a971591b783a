"""What the register shows on pages of the directory."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from core import panels
from directory.models import Municipality
from partnerships import queries, register_cache
from partnerships.models import Partnership

MOST_ROWS = 50
"""More partnerships than any town has; a page stays a page."""


def partnerships_of(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    key = f"municipality:{get_language()}:{municipality.pk}"
    return register_cache.remember(key, lambda: _partnerships_of(municipality))


def _partnerships_of(municipality: Municipality) -> dict[str, Any]:
    words = queries.labels()
    listed = Partnership.objects.listed(demo=settings.SHOW_DEMO).filter(sides__municipality=municipality)
    return {
        "rows": queries.Rows(listed.order_by("sort_key", "id"), words)[:MOST_ROWS],
        "picture": queries.picture_of(listed, words, size=queries.COLUMN, extra=[municipality]),
        "name": municipality.name,
    }


panels.register("municipality", "partnerships/panel_municipality.html", partnerships_of, order=10)
