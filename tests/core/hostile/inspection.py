"""What is dangerous in the HTML of a post, found as a browser would find it: by parsing, not by searching."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

TAGS = {
    "a", "blockquote", "br", "cite", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "span", "strong", "ul",
}  # fmt: skip
_WITHOUT_END = {"br", "hr"}
_VALUES = {
    ("a", "rel"): re.compile(r"nofollow noopener noreferrer"),
    ("ol", "start"): re.compile(r"[0-9]{1,9}"),
    ("span", "class"): re.compile(r"mention"),
}
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+\.?")
_MAILBOX = re.compile(r"mailto:[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def dangers_in(html: str) -> list[str]:
    """Empty when the HTML of a post has nothing but what a post may have."""
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.found + [f"left open: {tag}" for tag in inspector.open]


class _Inspector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"tag: {tag}")
        for name, value in attrs:
            if not self._may_stand(tag, name, value or ""):
                self.found.append(f"attribute: {tag} {name}={value}")
        if len(dict(attrs)) != len(attrs):
            self.found.append(f"attribute twice: {tag}")
        if tag == "a" and "a" in self.open:
            self.found.append("link in a link")
        if tag not in _WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"end: {tag}")

    def handle_data(self, data: str) -> None:
        self.found += [f"unseen: {ord(sign):x}" for sign in _UNSEEN.findall(data)]

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment: {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"declaration: {data}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"instruction: {data}")

    def _may_stand(self, tag: str, name: str, value: str) -> bool:
        if (tag, name) == ("a", "href"):
            is_ours = "cite" in self.open and re.fullmatch(r"#post-[0-9]{1,18}", value)
            return bool(is_ours or _MAILBOX.fullmatch(value) or _is_page(value))
        allowed = _VALUES.get((tag, name))
        return bool(allowed and allowed.fullmatch(value))


def _is_page(address: str) -> bool:
    # Written out, because a browser takes more for an address than urlsplit does.
    if not re.match(r"(?i)https?://[a-z0-9]", address) or re.search(
        r"[\s\\\"<>\x00-\x20\x7f-\U0010ffff]", address
    ):
        return False
    host = urlsplit(address).netloc.lower().partition(":")[0]
    return bool(_HOST.fullmatch(host))
