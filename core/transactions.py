"""Transactions without savepoints, for what is done often inside others."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def in_one_transaction(act: Callable[P, R]) -> Callable[P, R]:
    """As `transaction.atomic`, but part of the caller's transaction where there is one: two statements fewer.

    For an action that refuses before it has written anything; what fails later must undo the caller's work, too.
    """

    @wraps(act)
    def joined(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return act(*args, **kwargs)
        with transaction.atomic():
            return act(*args, **kwargs)

    return joined
