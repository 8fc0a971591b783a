"""What readers may set apart from the rest, say one group or one partnership.

A kind says which scope a notice belongs to, "group:5" for example; the app that owns groups says here what they
are called and who sees them on the page of preferences.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User

Named = Iterable[tuple[str, str]]
Families = list[tuple[str | Promise, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Scopes:
    """One family of scopes. `of` gives (scope, name) of all that concern a person, in the order they are shown."""

    title: str | Promise
    of: Callable[[User], Named]


_families: dict[str, Scopes] = {}


def register_scopes(family: str, *, title: str | Promise, of: Callable[[User], Named]) -> None:
    """`family` is what stands before the colon of its scopes."""
    _families[family] = Scopes(title, of)


def scopes_of(person: User) -> Families:
    """(title, [(scope, name)]) of every family that has something for this person."""
    found = [(scopes.title, list(scopes.of(person))) for _, scopes in sorted(_families.items())]
    return [(title, named) for title, named in found if named]


def scope_name(person: User, scope: str) -> str:
    """Empty for a scope that does not, or no longer, concern the person."""
    scopes = _families.get(scope.partition(":")[0])
    return dict(scopes.of(person)).get(scope, "") if scopes else ""
