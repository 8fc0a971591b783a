"""What a browser would send of a page's form, changed by nobody."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


def as_shown(client: Client, address: str) -> dict[str, Any]:
    """By the name of the field; every text area says "Text", and an unchosen list is an empty one."""
    return _Sent(client.get(address).content.decode()).data


class _Sent(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "select":
            self.select = told.get("name", "")
            if self.select:
                self.data.setdefault(self.select, [])
        elif tag == "option" and self.select and "selected" in told:
            self.data[self.select].append(told.get("value", ""))
        elif tag == "textarea":
            self.data[told.get("name", "")] = "Text"
        elif tag == "input" and told.get("name") and _is_sent(told):
            self.data.setdefault(told["name"], []).append(told.get("value", ""))


def _is_sent(told: dict[str, str]) -> bool:
    kind = told.get("type", "")
    return "checked" in told if kind in ("checkbox", "radio") else kind not in ("submit", "file")
