"""Querysets whose SQL is made once. For the few pages on which building it costs more than answering it.

The gate stays the only one: the builder below is an ordinary queryset through `visible_to`, only the person's number
and the like are put in later.

    @prepared
    def _topic(person: int, slug: str) -> QuerySet[Topic]:
        return Topic.objects.visible_to(User(pk=person)).filter(group__slug=slug)

    _topic.models(person=7, slug="abc")

The builder gets a stand-in for each value and must only hand it on, never look at it. What it looks at (which
filter, where a page begins) is `fixed`: a statement is made for each combination, and the latest are kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

Value = int | str | datetime
_FIRST_NUMBER = 2_113_000_000  # fits every integer column, and is no row of ours
_FIRST_DAY = datetime(9321, 1, 1, tzinfo=UTC)
_MOST_KEPT = 100


class Prepared:
    """What `prepared` makes of a builder."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._made: OrderedDict[tuple[Any, ...], _Statement] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, fixed: Mapping[str, Any] | None = None, /, **values: Value) -> list[tuple[Any, ...]]:
        """For a builder that ends in `values_list`: as PostgreSQL gives them, without a field's own conversion."""
        statement = self._statement(fixed or {}, values)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, _filled(statement.params, values))
            return cursor.fetchall()

    def models(self, fixed: Mapping[str, Any] | None = None, /, **values: Value) -> list[Any]:
        """For a builder of a model's rows: its instances, with annotations; without related objects."""
        statement = self._statement(fixed or {}, values)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, _filled(statement.params, values))
            if statement.shape is None:
                names = [column.name for column in cursor.description]
                statement.shape = _Shape.of(statement.model, names)
            return [statement.shape.instance(row) for row in cursor.fetchall()]

    def _statement(self, fixed: Mapping[str, Any], values: Mapping[str, Value]) -> "_Statement":
        key = (*fixed.items(), *values)
        with self._lock:
            if key not in self._made:
                self._made[key] = self._make(fixed, values)
                if len(self._made) > _MOST_KEPT:
                    self._made.popitem(last=False)
            return self._made[key]

    def _make(self, fixed: Mapping[str, Any], values: Mapping[str, Value]) -> "_Statement":
        stands_for = {name: _stand_in(at, value) for at, (name, value) in enumerate(values.items())}
        queryset = self._build(**fixed, **stands_for)
        sql, params = queryset.query.sql_with_params()
        names = {stand_in: name for name, stand_in in stands_for.items()}
        return _Statement(queryset.model, sql, tuple(_place(param, names) for param in params))


@dataclass(slots=True)
class _Statement:
    model: type[Model]
    sql: str
    params: tuple[Any, ...]
    shape: "_Shape | None" = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which columns make an instance, and which it carries besides."""

    model: type[Model]
    fields: list[str]
    columns: list[int]
    others: list[tuple[int, str]]

    @classmethod
    def of(cls, model: type[Model], names: Sequence[str]) -> "_Shape":
        found = [field for field in model._meta.concrete_fields if field.column in names]
        if converted := [field.name for field in found if hasattr(field, "from_db_value")]:
            raise TypeError(f"{model.__name__}: {', '.join(converted)} would come as PostgreSQL has it")
        own = {field.column for field in found}
        return cls(
            model=model,
            fields=[field.attname for field in found],
            columns=[names.index(field.column) for field in found],
            others=[(at, name) for at, name in enumerate(names) if name not in own],
        )

    def instance(self, row: Sequence[Any]) -> Any:
        made = self.model.from_db(connection.alias, self.fields, [row[at] for at in self.columns])
        for at, name in self.others:
            setattr(made, name, row[at])
        return made


class _Place(str):
    """The name of a value that stands here."""

    __slots__ = ()


def prepared(build: Callable[..., QuerySet[Any]]) -> Prepared:
    return Prepared(build)


def _stand_in(at: int, value: Value) -> Value:
    if isinstance(value, datetime):
        return _FIRST_DAY + timedelta(days=at)
    return _FIRST_NUMBER + at if isinstance(value, int) else f"stand-in-{at}"


def _place(param: Any, names: dict[Value, str]) -> Any:
    is_ours = isinstance(param, int | str | datetime) and not isinstance(param, bool) and param in names
    return _Place(names[param]) if is_ours else param


def _filled(params: Sequence[Any], values: Mapping[str, Value]) -> list[Any]:
    return [values[param] if isinstance(param, _Place) else param for param in params]
