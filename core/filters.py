"""Filters of a list page: everything stands in the address, nothing but what the page knows is believed."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise

LONGEST_QUERY = 100
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")

Label = str | Promise


def clean_query(typed: str) -> str:
    """What somebody typed into a search field: one line, no control characters, at most 100 characters."""
    return " ".join(_UNPRINTABLE.sub(" ", typed).split())[:LONGEST_QUERY].strip()


@dataclass(frozen=True)
class Choice:
    """One value of a facet, as the page shows it; `url` selects it, or removes it when it is active."""

    value: str
    label: Label
    count: int
    url: str
    active: bool


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the address of the list without it."""

    label: Label
    url: str


class Filters:
    """The filters of one request. `allowed` names each filter's possible values; other values are ignored.

    `q` is the search text, `sort` is treated like a filter, `page` is left out of every address made here.
    """

    def __init__(self, params: Mapping[str, str], allowed: Mapping[str, Collection[str]]) -> None:
        self.q = clean_query(params.get("q", ""))
        self._names = frozenset(allowed)
        self.values = {name: params[name] for name in allowed if params.get(name, "") in allowed[name]}

    def __getitem__(self, name: str) -> str:
        """The value in force, or empty. KeyError for no filter, so that templates can ask for `filters.values`."""
        if name not in self._names:
            raise KeyError(name)
        return self.values.get(name, "")

    def __bool__(self) -> bool:
        return bool(self.q or any(name != "sort" for name in self.values))

    @property
    def query_string(self) -> str:
        """Without question mark; empty when nothing is filtered."""
        return self._encode(self.values)

    def url(self, **changes: str) -> str:
        """The address of the same list with some filters changed; an empty value removes one."""
        return "?" + self._encode({**self.values, **changes})

    def choices(
        self, name: str, labels: Iterable[tuple[str, Label]], counts: Mapping[str, int], **resets: str
    ) -> list[Choice]:
        """The facet's values that lead somewhere, and the active one even if it does not."""
        chosen = self[name]
        return [
            Choice(
                value,
                label,
                counts.get(value, 0),
                self.url(**{**resets, name: "" if value == chosen else value}),
                value == chosen,
            )
            for value, label in labels
            if counts.get(value) or value == chosen
        ]

    def chips(self, labels: Mapping[str, Label]) -> list[Chip]:
        """`labels` gives the words of each filter in force."""
        chips = [Chip(f"„{self.q}“", "?" + urlencode(self.values))] if self.q else []
        return chips + [Chip(label, self.url(**{name: ""})) for name, label in labels.items() if self[name]]

    def _encode(self, values: Mapping[str, str]) -> str:
        pairs = [("q", self.q), *sorted(values.items())]
        return urlencode([(name, value) for name, value in pairs if value])
