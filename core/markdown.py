"""Text written by people, as Markdown, becomes HTML that is safe in our pages: the only place for it."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

RENDERER_VERSION = 1
"""Grows when the same text renders differently; whoever stores the HTML stores this beside it."""

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_HIGHEST_HEADING = 2  # the page has the only h1
_LOWEST_HEADING = 6
_NOT_OF_HTML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["linkify", "table", "strikethrough"])
    # A picture would be loaded from a foreign host; its address stays readable as a link.
    parser.disable("image")
    if parser.linkify:
        # Only what names its scheme becomes a link: "www-seite.de" in a sentence stays a word. Addresses do.
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": True})
    return parser


_markdown = _parser()


@lru_cache(maxsize=128)
def to_html(text: str) -> str:
    """Safe HTML. The highest heading the author used becomes h2, the others follow; pictures become links."""
    tokens = _markdown.parse(_NOT_OF_HTML.sub("", text))
    _shift_headings(tokens)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    # The renderer already escapes everything; the allow list is what we rely on.
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")


def _shift_headings(tokens: list[Token]) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    if not headings:
        return
    shift = _HIGHEST_HEADING - min(int(token.tag[1]) for token in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + shift, _LOWEST_HEADING)}"
