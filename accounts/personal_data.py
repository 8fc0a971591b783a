"""What ViPaD stores about a person: each app registers its tables here, for export and erasure.

A test finds every model with a key to a person that is not registered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import User

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Holding:
    """What one table holds about a person."""

    model: type[Model]
    export: Callable[[User], Rows]
    erase: Callable[[User], object]


_holdings: dict[type[Model], Holding] = {}


def register(model: type[Model], *, export: Callable[[User], Rows], erase: Callable[[User], object]) -> None:
    """`export` gives JSON-ready rows; `erase` removes the rows, or all in them that points at the person."""
    _holdings[model] = Holding(model, export, erase)


def holdings() -> list[Holding]:
    return [_holdings[model] for model in sorted(_holdings, key=lambda model: model._meta.label)]


def export(person: User) -> dict[str, Rows]:
    """Everything held about the person, by table."""
    return {holding.model._meta.label: holding.export(person) for holding in holdings()}


def as_date(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
