"""HTML mails as text. What the mail program marks as quoted gets the ">" that `cutting` knows."""

import re
from contextlib import suppress
from html.parser import HTMLParser

_BLOCKS = {
    "p", "div", "br", "hr", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote",
    "section", "article", "header", "footer", "center", "address", "dl", "dt", "dd",
}  # fmt: skip
_PARAGRAPHS = {"p", "ul", "ol", "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
_UNSEEN = {"head", "style", "script", "title", "template", "noscript", "svg", "object", "iframe"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source", "track"}
_QUOTES = ("yahoo_quoted", "protonmail_quote", "zmail_extra", "ymail_android_signature_quote")
_SIGNATURES = (
    "gmail_signature",
    "moz-signature",
    "ms-outlook-mobile-signature",
    "protonmail_signature_block",
)
# From here to the end of the mail all is history: Outlook puts it beside its header, not into it.
_HISTORY_STARTS = (
    "divrplyfwdmsg",
    "appendonsend",
    "outlookmessageheader",
    "mail-editor-reference-message-container",
)
_DEEPEST = 5  # marks of quotes; thousands of nested quotes must not make a long text
_PICTURE = re.compile(r"data:image/[^\"'<>\s]*")
_UNCLOSED = re.compile(r"<(?![^>]{0,2000}>)")
_SPACES = re.compile(r"[ \t\r\n\f]+")


def as_text(html: str) -> str:
    """Paragraphs, lists and addresses of links; signatures only where nothing else was written."""
    text = _read(html, with_signatures=False)
    own = [line for line in text.split("\n") if line.strip() and not line.startswith(">")]
    return text if own else _read(html, with_signatures=True)


def _read(html: str, *, with_signatures: bool) -> str:
    reader = _Reader(with_signatures=with_signatures)
    with suppress(
        AssertionError
    ):  # the library's word for a declaration it does not know; what came before counts
        reader.feed(_without_traps(html))
        reader.close()
    return reader.text()


def _without_traps(html: str) -> str:
    """Without what the library reads again and again to the end: comments and tags that are never closed."""
    kept, place = [], 0
    while (start := html.find("<!--", place)) >= 0:
        kept.append(html[place:start])
        end = html.find("-->", start)
        place = end + 3 if end >= 0 else len(html)
    return _UNCLOSED.sub("&lt;", _PICTURE.sub("", "".join((*kept, html[place:]))))


class _Reader(HTMLParser):
    def __init__(self, *, with_signatures: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._skips = () if with_signatures else _SIGNATURES
        self._open: list[tuple[str, str]] = []  # tag, and what it is to us: "", "quote", "unseen", "link"
        self._counts = {"quote": 0, "unseen": 0, "pre": 0}
        self._links: list[tuple[str, int]] = []
        self._lines: list[str] = []
        self._line = ""

    def text(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: (value or "") for name, value in attrs}
        marks = " ".join((names.get("class", ""), names.get("id", ""))).lower()
        if tag in _BLOCKS:
            self._end_line()
        if tag in _PARAGRAPHS:
            self._leave_blank()
        if any(mark in marks for mark in _HISTORY_STARTS):
            self._counts["quote"] += 1  # never taken back
        if tag in _VOID:
            return
        kind = self._kind(tag, names, marks)
        self._open.append((tag, kind))
        if kind in self._counts:
            self._counts[kind] += 1
        if tag == "li":
            self._line = "- "
        if kind == "link":
            self._links.append((names.get("href", "").strip(), len(self._line)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Closes what stands open inside, too; an end without beginning, or of something far outside, is ignored."""
        if tag in _BLOCKS:
            self._end_line()
        nearest = range(len(self._open) - 1, max(len(self._open) - 60, -1), -1)
        found = next((index for index in nearest if self._open[index][0] == tag), None)
        while found is not None and len(self._open) > found:
            self._close(self._open.pop()[1])
        if tag in _PARAGRAPHS:
            self._leave_blank()

    def handle_data(self, data: str) -> None:
        if self._counts["unseen"]:
            return
        if self._counts["pre"]:
            first, *others = data.split("\n")
            self._line += first
            for other in others:
                self._end_line(keep=True)
                self._line = other
            return
        words = _SPACES.sub(" ", data)
        self._line += words.lstrip(" ") if not self._line or self._line.endswith(" ") else words

    def _kind(self, tag: str, names: dict[str, str], marks: str) -> str:
        if tag in _UNSEEN or any(mark in marks for mark in self._skips):
            return "unseen"
        if tag == "blockquote" or names.get("name") == "quote" or any(mark in marks for mark in _QUOTES):
            return "quote"
        return {"pre": "pre", "a": "link"}.get(tag, "")

    def _close(self, kind: str) -> None:
        if kind == "link":
            href, start = self._links.pop()
            words = self._line[start:].strip()
            if href.lower().startswith(("http://", "https://")) and words.rstrip("/") != href.rstrip("/"):
                self._line += f" <{href[:500]}>" if words else ""
        elif kind in self._counts:
            self._end_line()
            self._counts[kind] -= 1

    def _end_line(self, *, keep: bool = False) -> None:
        """`keep`: an empty line is meant."""
        line = self._line.rstrip().replace("\xa0", " ")
        if line or keep or self._line == "\xa0":
            marks = self._marks()
            self._lines.append(f"{marks} {line}".rstrip() if marks else line)
        self._line = ""

    def _leave_blank(self) -> None:
        """A paragraph begins or ends here: one empty line, marked like the quote it is still inside."""
        while self._lines and not self._lines[-1].strip("> "):
            self._lines.pop()
        if self._lines:
            self._lines.append(self._marks())

    def _marks(self) -> str:
        return ">" * min(self._counts["quote"], _DEEPEST)
