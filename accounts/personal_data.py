"""What ViPaD stores about a person: each app registers its tables here, for export and erasure.

A test finds every model with a key to a person that is not registered.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet

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


def register_rows(
    model: type[Model],
    *,
    show: Sequence[str],
    own: Sequence[str] = (),
    keys: Sequence[str] = (),
    addresses: Sequence[str] = (),
    own_addresses: Sequence[str] = (),
    blank_too: Sequence[str] = (),
    before_erasure: Callable[[User], object] | None = None,
) -> None:
    """For the usual table. `show` names the columns of the export; a relation is exported as its text.

    `own`: keys whose rows are the person's own; erasure deletes them. `keys`: of rows that stay, emptied.
    `addresses`: columns with an address that may be the person's before there was an account; emptied, and the
    columns of `blank_too` with them. `own_addresses`: the same, but erasure deletes the row. `before_erasure` may end
    what must not just vanish.
    """

    def of(person: User, names: Iterable[str], typed: Iterable[str]) -> QuerySet[Model] | None:
        parts = [Q(**{name: person}) for name in names]
        if person.email:
            parts += [Q(**{f"{name}__iexact": person.email}) for name in typed]
        return model._default_manager.filter(reduce(or_, parts)) if parts else None

    def export(person: User) -> Rows:
        rows = of(person, (*own, *keys), (*addresses, *own_addresses))
        return [
            {name: _plain(getattr(row, name)) for name in show}
            for row in (rows.order_by("pk") if rows is not None else ())
        ]

    def erase(person: User) -> None:
        if before_erasure:
            before_erasure(person)
        mine = of(person, own, own_addresses)
        if mine is not None:
            mine.delete()
        for name in keys:
            model._default_manager.filter(**{name: person}).update(**{name: None})
        for name in addresses if person.email else ():
            typed = model._default_manager.filter(**{f"{name}__iexact": person.email})
            typed.update(**dict.fromkeys((name, *blank_too), ""))

    register(model, export=export, erase=erase)


def holdings() -> list[Holding]:
    return [_holdings[model] for model in sorted(_holdings, key=lambda model: model._meta.label)]


def export(person: User) -> dict[str, Rows]:
    """Everything held about the person, by table."""
    return {holding.model._meta.label: holding.export(person) for holding in holdings()}


def as_date(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _plain(value: Any) -> Any:
    """Ready for JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str, list, dict)) else str(value)
