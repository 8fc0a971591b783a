"""Texts people must accept: an upper app that keeps the text says which version is in force."""

from collections.abc import Callable

TERMS = "terms"

_providers: dict[str, Callable[[], int]] = {}


def register(name: str, provider: Callable[[], int]) -> None:
    """`provider` gives the number of the version in force."""
    _providers[name] = provider


def current_version(name: str) -> int:
    """KeyError for a text that no app has registered."""
    return _providers[name]()
