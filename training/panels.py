"""What the page of a partnership shows of its strategy: the summary to everybody, the way to it to its readers."""

from typing import Any

from django.http import HttpRequest

from core import panels
from partnerships.models import Partnership
from training.models import Strategy
from training.queries.measures import Told, title_in
from training.queries.panel import strategy_seen


def strategy_of(partnership: Partnership, request: HttpRequest) -> dict[str, Any] | None:
    seen = strategy_seen(partnership, request.user)
    row = seen.strategy
    summary = _summary_of(row) if row is not None and row.published_at else None
    if summary is None and not seen.reads and not seen.may_begin:
        return None
    return {
        "slug": partnership.slug,
        "summary": summary,
        "state": row.get_state_display() if row is not None and seen.reads else "",
        "approved_at": row.approved_at if row is not None else None,
        "may_read": seen.reads,
        "may_begin": seen.may_begin,
    }


def _summary_of(row: Strategy) -> Told | None:
    """A text in a language that was taken out is nobody's to read until the language comes back."""
    texts = {code: row.summary[code] for code in row.languages if row.summary.get(code)}
    return title_in(texts, row.languages) if texts else None


panels.register("partnership", "training/panel_strategy.html", strategy_of, order=20)
