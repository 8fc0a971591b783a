"""What is sent twenty times at once: one case for each form, see test_sent_twenty_times.py."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User


@dataclass
class Sent:
    """Who sends what where, and how many rows of which models there are more (or fewer) afterwards.

    A file is (name, content): each sender needs one of its own.
    """

    person: User | None
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    makes: dict[str, int] = field(default_factory=dict)
    refusals: frozenset[int] = frozenset()


Case = Callable[[dict[str, User]], Sent]
CASES: dict[tuple[str, str], Case] = {}


def case(name: str, what: str = "") -> Callable[[Case], Case]:
    def add(make: Case) -> Case:
        CASES[name, what] = make
        return make

    return add
