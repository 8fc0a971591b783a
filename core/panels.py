"""Panels: an upper app hangs content on a lower app's page. The page names places, upper apps fill them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """`context(subject, request)` gives the variables of `template`, or None for nothing to show."""

    template: str
    context: Callable[[Any, HttpRequest], dict[str, Any] | None]
    order: int


_panels: dict[str, list[Panel]] = defaultdict(list)


def register(
    place: str,
    template: str,
    context: Callable[[Any, HttpRequest], dict[str, Any] | None],
    *,
    order: int = 50,
) -> None:
    _panels[place].append(Panel(template, context, order))


def panels_for(place: str, subject: Any, request: HttpRequest) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of every panel that has something to show, in order."""
    shown = []
    for panel in sorted(_panels[place], key=lambda panel: panel.order):
        context = panel.context(subject, request)
        if context is not None:
            shown.append((panel.template, context))
    return shown
