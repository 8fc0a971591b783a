"""Text written by people, as Markdown, becomes HTML that is safe in our pages: the only place for it.

Two dialects. `to_html` is for pages the office writes. `render_post` is for posts, which anybody may write: what a
text costs grows with its length and no faster, nothing is fetched from elsewhere, and what looks like a link leads
where it says. `plain` and `excerpt` say the same post in words, for mails and lists.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import escape
from itertools import accumulate

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

RENDERER = 1
"""Grows when the same post renders differently; whoever stores the HTML stores this beside it."""

LONGEST_FORMATTED = 40_000
"""Characters. A longer post is shown as it was typed."""

Mention = Callable[[int], str | None]
"""From the number of a person to the name to be shown; None where nobody is to be named."""

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_HIGHEST_HEADING = 2  # the page has the only h1
_HIGHEST_IN_POST = 3  # the topic has the h2
_LOWEST_HEADING = 6
_NOT_OF_HTML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Besides control characters: marks nobody sees, those that turn the direction of what follows, and halves of letters.
_NOT_OF_POSTS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_DEEPEST = 20
_LONGEST_ADDRESS = 2_000

# No name and password before the host, no backslash, a dot in the host; letters beyond ASCII are encoded by now.
_PAGE = re.compile(r"(?i)https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\.?(?::\d{1,5})?(?:[/?#][!-~]*)?")
_MAILBOX = re.compile(r"(?i)mailto:[a-z0-9_.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_OUR_POST = re.compile(r"#post-[0-9]{1,18}")

# As they stand in a sentence. No text may make us look at the same letters again and again: the page's is tried only
# behind "http" and takes all it has looked at, the mailbox's is short and begins only where a word does.
_BEFORE_PAGE = re.compile(r"(?i)(?<![\w+.-])https?\Z")
_PAGE_TYPED = re.compile(r"://[^\s/?#@:\\<>\[\]()\"`|*]{1,253}(?::\d{1,5})?(?:[/?#][^\s<>\[\]\"`\\^{}|]*)?")
_MAILBOX_TYPED = re.compile(
    r"(?i)(?<![\w.+-])[a-z0-9_.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{0,62}[a-z0-9]){1,8}(?![\w@])", re.ASCII
)
_AFTER_ADDRESS = ".,;:!?'*_~„“”»«’‘…"

_MENTION = re.compile(r"@\[([^\[\]\n]{1,100})\]\(person:([1-9][0-9]{0,17})\)")
_QUOTED_POST = re.compile(r"(?:\*\*([^*_~`<>&\[\]\\\n]{1,100})\*\*,? )?\[#([1-9][0-9]{0,17})\]")
_NOT_IN_NAMES = re.compile(r"[*_~`<>&\[\]\\\s]+")


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
_with_pictures = _parser().enable("image")
_OWN_PICTURE = re.compile(r"images/([a-z0-9-]{1,60}\.svg)")


@lru_cache(maxsize=128)
def to_html(text: str) -> str:
    """Safe HTML. The highest heading the author used becomes h2, the others follow; pictures become links."""
    tokens = _markdown.parse(_NOT_OF_HTML.sub("", text))
    _shift_headings(tokens, _HIGHEST_HEADING)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    # The renderer already escapes everything; the allow list is what we rely on.
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")


@lru_cache(maxsize=128)
def to_html_with_pictures(text: str, pictures: str) -> str:
    """`to_html` for texts of our own files: "images/name.svg" is shown from the address that begins with `pictures`;
    every other picture is left out, with its alternative in its place. Tables are reached by keyboard: on a narrow
    screen they scroll."""
    tokens = _with_pictures.parse(_NOT_OF_HTML.sub("", text))
    _shift_headings(tokens, _HIGHEST_HEADING)
    for token in (inline for block in tokens for inline in block.children or () if inline.type == "image"):
        found = _OWN_PICTURE.fullmatch(str(token.attrs["src"]))
        if found:
            token.attrs = {"src": pictures + found[1], "alt": ""}
        else:
            token.type, token.tag, token.children = "text", "", None
    for token in tokens:
        if token.type == "table_open":
            token.attrs = {"tabindex": "0"}
    html = _with_pictures.renderer.render(tokens, _with_pictures.options, {})
    attributes = {**_ATTRIBUTES, "img": {"src", "alt"}, "table": {"tabindex"}}
    # An address of our own has no scheme; nh3 lets relative ones through.
    return nh3.clean(
        html, tags=_TAGS | {"img"}, attributes=attributes, url_schemes=_SCHEMES, link_rel="noopener"
    )


def _shift_headings(tokens: list[Token], highest: int) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    if not headings:
        return
    shift = highest - min(int(token.tag[1]) for token in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + shift, _LOWEST_HEADING)}"


# --- posts


def render_post(text: str, *, mention: Mention | None = None) -> str:
    """Safe HTML of a post.

    `@[Name](person:5)` becomes a name, never an address: the one `mention` answers, or the typed one as plain words.
    A quote whose first line is `**Name**, [#12]` leads to `#post-12`.
    """
    text = _cleaned(text)
    tokens = _tokens(text, mention)
    if tokens is None:
        return _as_typed(text)
    _shift_headings(tokens, _HIGHEST_IN_POST)
    # Cleaned once more: what may not stand there can also be written as an entity.
    return _cleaned(_sanitizer.clean(_posts.renderer.render(tokens, _posts.options, {})))


def mentioned(text: str) -> tuple[int, ...]:
    """The numbers of the persons a post mentions, each once, in the order of the text; not those inside code."""
    found: dict[int, None] = {}
    # The answer None leaves the typed name; what is asked for is what we want to know.
    _tokens(_cleaned(text), lambda person: found.setdefault(person))
    return tuple(found)


def quote(text: str, *, name: str, number: int) -> str:
    """The Markdown with which an answer to post `number` begins."""
    name = _NOT_IN_NAMES.sub(" ", name).strip()[:100].strip()
    first = f"**{name}**, [#{number}]" if name else f"[#{number}]"
    lines = (f"> {line}".rstrip() for line in (first, *text.strip().splitlines()))
    return "\n".join(lines) + "\n\n"


class _Posts(MarkdownIt):
    """What counts as an address, and how it is shown, for every way of writing a link."""

    def validateLink(self, url: str) -> bool:
        is_address = _PAGE.fullmatch(url) or _MAILBOX.fullmatch(url)
        return len(url) <= _LONGEST_ADDRESS and bool(is_address)

    def normalizeLinkText(self, link: str) -> str:
        """As people read it, but not a host with signs that only look like those of another."""
        shown = super().normalizeLinkText(link)
        host = re.split(r"[/?#]", shown.partition("://")[2], maxsplit=1)[0]
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in host if letter.isalpha()}
        is_plain = all(sign.isalnum() or sign in ".-:" for sign in host)
        return shown if is_plain and len(scripts) <= 1 else self.normalizeLink(link)


def _parser_of_posts() -> MarkdownIt:
    # The library's own search for addresses in a sentence takes minutes for some texts, and is not for many threads.
    parser = _Posts("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": _DEEPEST})
    parser.enable("strikethrough")
    # Letters are written, not source: an indented line is no code, a line of dashes below a sentence (the signature of
    # a mail) makes it no heading. References and tables let a short text become a very long page.
    parser.disable(["code", "lheading", "reference", "html_block", "html_inline"])
    parser.inline.ruler.before("link", "mention", _mention)
    parser.inline.ruler.before("link", "page", _page_in_sentence)
    return parser


def _mention(state: StateInline, silent: bool) -> bool:
    found = _MENTION.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content, token.meta = found[1], {"person": int(found[2])}
    state.pos = found.end()
    return True


def _page_in_sentence(state: StateInline, silent: bool) -> bool:
    """An address that is typed as it is. One that may not lead anywhere stays text, and is not looked at again."""
    if silent or state.linkLevel > 0 or state.src[state.pos] != ":":
        return False
    before = _BEFORE_PAGE.search(state.pending[-7:])
    behind = _PAGE_TYPED.match(state.src, state.pos, state.posMax)
    if not before or not behind:
        return False
    address = _without_end_of_sentence(before[0] + behind[0])
    state.pos += len(address) - len(before[0])
    href = state.md.normalizeLink(address) if len(address) <= _LONGEST_ADDRESS else ""
    if not state.md.validateLink(href):
        state.append_pending(address[len(before[0]) :])
        return True
    state.pending = state.pending[: -len(before[0])]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = state.md.normalizeLinkText(address)
    state.push("link_close", "a", -1)
    return True


def _without_end_of_sentence(address: str) -> str:
    if len(address) > _LONGEST_ADDRESS:
        return address
    while True:
        shorter = address.rstrip(_AFTER_ADDRESS)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter


_posts = _parser_of_posts()
_sanitizer = nh3.Cleaner(
    tags=_TAGS - {"h2", "table", "tbody", "td", "th", "thead", "tr"} | {"cite", "span"},
    attributes=_ATTRIBUTES,
    allowed_classes={"span": {"mention"}},
    url_schemes=_SCHEMES,
    url_relative=lambda address: address if _OUR_POST.fullmatch(address) else None,
    link_rel="nofollow noopener noreferrer",
)


def _cleaned(text: str) -> str:
    return _NOT_OF_POSTS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _as_typed(text: str) -> str:
    parts = re.split(r"\n{2,}", text.strip("\n"))
    return "".join("<p>" + escape(part).replace("\n", "<br>\n") + "</p>\n" for part in parts)


def _tokens(text: str, mention: Mention | None) -> list[Token] | None:
    """None where the text is to be shown as it was typed: too long, or nested deeper than anybody reads."""
    if len(text) > LONGEST_FORMATTED:
        return None
    tokens = _posts.parse(text)
    # The parser leaves out what lies deeper than it goes.
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        return None
    for token in tokens:
        children = token.children or []
        if max(accumulate((child.nesting for child in children), initial=0)) > _DEEPEST:
            return None
    shown = lru_cache(maxsize=None)(mention or (lambda person: None))
    for token in tokens:
        token.children = list(_finished(token.children or [], shown))
    _cite(tokens)
    return tokens


def _finished(children: Iterable[Token], mention: Mention) -> Iterator[Token]:
    """Mentions get their names, pictures become links, and mailboxes in a sentence too."""
    in_link = False
    for token in children:
        if token.type in {"link_open", "link_close"}:
            in_link = token.type == "link_open"
        if token.type == "mention":
            yield from _named(token, mention)
        elif token.type == "image":
            address = str(token.attrs["src"])
            yield from _link(address, token.content or address, in_link)
        elif token.type == "text" and "@" in token.content and not in_link:
            yield from _with_mailboxes(token.content)
        else:
            yield token


def _named(token: Token, mention: Mention) -> Iterator[Token]:
    name = mention(token.meta["person"])
    if name is None:
        yield _text(f"@{token.content}")
        return
    yield Token("mention_open", "span", 1, attrs={"class": "mention"})
    yield _text(f"@{name}")
    yield Token("mention_close", "span", -1)


def _with_mailboxes(text: str) -> Iterator[Token]:
    end = 0
    for found in _MAILBOX_TYPED.finditer(text):
        yield _text(text[end : found.start()])
        yield from _link(f"mailto:{found[0]}", found[0])
        end = found.end()
    yield _text(text[end:])


def _link(address: str, shown: str, in_link: bool = False) -> Iterator[Token]:
    if not in_link:
        yield Token("link_open", "a", 1, attrs={"href": address})
    yield _text(shown)
    if not in_link:
        yield Token("link_close", "a", -1)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _cite(tokens: list[Token]) -> None:
    """The first line of a quote that names a post of this topic leads there."""
    for quote_open, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (quote_open.type, paragraph.type) != ("blockquote_open", "paragraph_open"):
            continue
        found = _QUOTED_POST.fullmatch(inline.content.partition("\n")[0].strip())
        if not found:
            continue
        shown = f"{found[1]}, #{found[2]}" if found[1] else f"#{found[2]}"
        children = inline.children or []
        breaks = [at for at, child in enumerate(children) if child.type in {"softbreak", "hardbreak"}]
        rest = children[breaks[0] :] if breaks else []
        inline.children = [
            Token("cite_open", "cite", 1), *_link(f"#post-{found[2]}", shown), Token("cite_close", "cite", -1), *rest
        ]  # fmt: skip


# --- posts in words


def plain(text: str, *, mention: Mention | None = None) -> str:
    """A post for the text part of a mail: addresses behind their words, quotes behind "> "."""
    text = _cleaned(text)
    tokens = _tokens(text, mention)
    if tokens is None:
        return text.strip()
    return _cleaned("\n".join(_lines(SyntaxTreeNode(tokens).children)))


def excerpt(text: str, length: int, *, mention: Mention | None = None) -> str:
    """The beginning of a post in one line of at most `length` characters; quotes only where there is nothing else."""
    text = _cleaned(text)
    tokens = _tokens(text[:LONGEST_FORMATTED], mention) or [Token("text", "", 0, content=text)]
    words = _one_line(tokens, with_quotes=False) or _one_line(tokens, with_quotes=True)
    if len(words) <= length:
        return words
    cut, space, _rest = words[:length].rpartition(" ")
    # A word that alone is longer than half of the line is cut.
    kept = cut if space and len(cut) >= length // 2 else words[: length - 1]
    return kept.rstrip(" ,;:.–-")[: length - 1] + "…"


def _one_line(tokens: Iterable[Token], *, with_quotes: bool) -> str:
    parts, depth = [], 0
    for token in tokens:
        depth += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if depth == 0 or with_quotes:
            parts.append(_words(token.children, addresses=False) if token.children else token.content)
    return " ".join(_cleaned(" ".join(parts)).split())


def _words(children: Iterable[Token], *, addresses: bool) -> str:
    parts: list[str] = []
    address, begin = "", 0
    for token in children:
        if token.type == "link_open":
            address, begin = str(token.attrs["href"]).removeprefix("mailto:"), len(parts)
        elif token.type == "link_close":
            shown = "".join(parts[begin:])
            if addresses and not address.startswith("#") and not _is_address(shown, address):
                parts.append(f" ({address})")
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        else:
            parts.append(token.content)
    return "".join(parts)


def _is_address(shown: str, address: str) -> bool:
    return shown == address or _posts.normalizeLink(shown) == address


def _lines(nodes: Iterable[SyntaxTreeNode]) -> list[str]:
    lines: list[str] = []
    for node in nodes:
        block = _block(node)
        # Within a list whose items follow each other closely, what belongs to an item does too.
        is_close = node.parent is not None and node.parent.type == "list_item" and node.siblings[0].hidden
        lines += block if is_close or not lines else ["", *block]
    return lines


def _block(node: SyntaxTreeNode) -> list[str]:
    if node.type == "blockquote":
        return [f"> {line}".rstrip() for line in _lines(node.children)]
    if node.type in {"bullet_list", "ordered_list"}:
        return _items(node)
    if node.type == "hr":
        return ["---"]
    if node.type == "fence":
        return node.content.rstrip("\n").split("\n")
    return _inline(node).split("\n")


def _items(node: SyntaxTreeNode) -> list[str]:
    lines: list[str] = []
    start = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start):
        marker = "- " if node.type == "bullet_list" else f"{number}. "
        first, *rest = _lines(item.children) or [""]
        lines.append(marker + first)
        lines += [(" " * len(marker) + line).rstrip() for line in rest]
    return lines


def _inline(node: SyntaxTreeNode) -> str:
    """The words of a paragraph or a heading."""
    return "".join(
        _words(child.token.children or [], addresses=True) for child in node.children if child.token
    )
