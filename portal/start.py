"""What the start page shows: the map and the figures."""

from typing import Any

from django.utils.translation import get_language

from partnerships import queries, register_cache


def start_context() -> dict[str, Any]:
    """Kept as one until the register changes: the start page asks the cache once, not for each part."""
    return register_cache.remember(f"start:{get_language()}", _start_context)


def _start_context() -> dict[str, Any]:
    words = queries.labels()
    filters = queries.filters_from({}, words)
    return {"figures": queries.figures(), "picture": queries.map_picture(filters, words, size=queries.MEDIUM)}
