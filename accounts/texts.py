"""Texts people must accept: an upper app that keeps the text says which version is in force."""

from collections.abc import Callable

TERMS = "terms"
PUBLIC_NAME = "public_name"  # the choice "everybody" on the page of one's own details
_PUBLIC_NAME_VERSION = 1  # of its words; a higher number when they come to mean something else

_providers: dict[str, Callable[[], int]] = {}


def register(name: str, provider: Callable[[], int]) -> None:
    """`provider` gives the number of the version in force."""
    _providers[name] = provider


def current_version(name: str) -> int:
    """KeyError for a text that no app has registered."""
    return _providers[name]()


register(PUBLIC_NAME, lambda: _PUBLIC_NAME_VERSION)
