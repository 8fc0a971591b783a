"""Posts, which anybody may write: their form, their safety, their cost, and the same in words."""

import re
from collections.abc import Callable

import pytest

from core import markdown
from core.markdown import excerpt, mentioned, plain, quote, render_post
from tests.core.hostile.inspection import dangers_in
from tests.core.hostile.payloads import PAYLOADS
from tests.cost import is_bearable

REL = 'rel="nofollow noopener noreferrer"'

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")


def nobody(_person: int) -> None:
    return None


def link(address: str, shown: str | None = None) -> str:
    return f'<a href="{address}" {REL}>{address if shown is None else shown}</a>'


# --- safety


def test_there_are_at_least_eighty_payloads() -> None:
    assert len(PAYLOADS) >= 80


@pytest.mark.parametrize(
    "html, danger",
    [
        ("<script>x</script>", "tag: script"),
        ('<p onclick="x">a</p>', "attribute: p onclick=x"),
        ('<p class="mention">a</p>', "attribute: p class=mention"),
        ('<span class="alert">a</span>', "attribute: span class=alert"),
        ('<p id="x">a</p>', "attribute: p id=x"),
        ('<p style="x">a</p>', "attribute: p style=x"),
        ('<a rel="opener">a</a>', "attribute: a rel=opener"),
        ('<a href="javascript:x">a</a>', "attribute: a href=javascript:x"),
        ('<a href="java&#10;script:x">a</a>', "attribute: a href=java\nscript:x"),
        ('<a href="//evil.example">a</a>', "attribute: a href=//evil.example"),
        ('<a href="/x">a</a>', "attribute: a href=/x"),
        ('<a href="#post-1">a</a>', "attribute: a href=#post-1"),
        ('<a href="https:\\\\evil.example">a</a>', "attribute: a href=https:\\\\evil.example"),
        ('<a href="https://a.de@evil.example">a</a>', "attribute: a href=https://a.de@evil.example"),
        ('<a href="mailto:a@b.de?bcc=c@d.de">a</a>', "attribute: a href=mailto:a@b.de?bcc=c@d.de"),
        ('<img src="https://evil.example/a.png">', "tag: img"),
        ("<!-- x -->", "comment:  x "),
        ("<![CDATA[x]]>", "declaration: CDATA[x"),
        ("<p>a\u202eb</p>", "unseen: 202e"),
        ("<p>a&#x202e;b</p>", "unseen: 202e"),
        ("</div>", "end: div"),
        ("<p>a", "left open: p"),
    ],
)
def test_the_inspection_finds_what_is_planted(html: str, danger: str) -> None:
    assert danger in dangers_in(html)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_post_becomes_something_that_acts(name: str) -> None:
    assert dangers_in(render_post(PAYLOADS[name])) == []


def test_nor_does_a_post_that_is_shown_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "LONGEST_FORMATTED", 0)

    found = {name: dangers_in(render_post(text)) for name, text in PAYLOADS.items()}

    assert {name: dangers for name, dangers in found.items() if dangers} == {}


def test_an_excerpt_is_one_short_line_without_signs_nobody_sees() -> None:
    found = {name: excerpt(text, 40) for name, text in PAYLOADS.items()}

    assert [name for name, words in found.items() if len(words) > 40] == []
    assert [name for name, words in found.items() if words != " ".join(words.split())] == []
    assert [name for name, words in found.items() if UNSEEN.search(words)] == []


def test_plain_words_have_no_signs_nobody_sees() -> None:
    assert [name for name, text in PAYLOADS.items() if UNSEEN.search(plain(text))] == []


# --- form


def test_paragraphs_line_breaks_and_emphasis() -> None:
    assert render_post("Guten *Tag*,\n**Anna** ~~Nagy~~.\r\n\r\nBis bald") == (
        "<p>Guten <em>Tag</em>,<br>\n<strong>Anna</strong> <s>Nagy</s>.</p>\n<p>Bis bald</p>\n"
    )


def test_lists() -> None:
    assert render_post("- a\n- b\n\n3. c\n4. d") == (
        '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n'
    )


def test_code_is_shown_as_it_is() -> None:
    assert render_post("`<b>` and\n\n```html\n<i>*x*</i>\n```") == (
        "<p><code>&lt;b&gt;</code> and</p>\n<pre><code>&lt;i&gt;*x*&lt;/i&gt;\n</code></pre>\n"
    )


@pytest.mark.parametrize(
    "text, levels",
    [("# a\n## b\n###### c", ["h3", "h4", "h6"]), ("### a\n# b", ["h5", "h3"]), ("#a", [])],
)
def test_headings_stand_below_that_of_the_topic(text: str, levels: list[str]) -> None:
    assert re.findall(r"<(h\d)>", render_post(text)) == levels


def test_the_signature_of_a_mail_is_no_heading_and_an_indented_line_no_code() -> None:
    assert render_post("Gruß\nAnna\n--\nStadt Ulm\n\n    Rathaus") == (
        "<p>Gruß<br>\nAnna<br>\n--<br>\nStadt Ulm</p>\n<p>Rathaus</p>\n"
    )


@pytest.mark.parametrize(
    "text, html",
    [
        ("[Ulm](https://ulm.example/a?b=1&c=2)", link("https://ulm.example/a?b=1&amp;c=2", "Ulm")),
        ("[Anna](mailto:anna@ulm.example)", link("mailto:anna@ulm.example", "Anna")),
        ("<https://ulm.example>", link("https://ulm.example")),
        ("https://ulm.example/a_b_c", link("https://ulm.example/a_b_c")),
        ("(https://ulm.example/a_(b)).", f"({link('https://ulm.example/a_(b)')})."),
        ("see HTTPS://ulm.example!", f"see {link('HTTPS://ulm.example')}!"),
        ("**https://ulm.example**", f"<strong>{link('https://ulm.example')}</strong>"),
        ("„https://ulm.example“", f"„{link('https://ulm.example')}“"),
        ("a_b@ulm.example.", f"{link('mailto:a_b@ulm.example', 'a_b@ulm.example')}."),
        ("https://münchen.example/", link("https://xn--mnchen-3ya.example/", "https://münchen.example/")),
        ("https://пример.срб", link("https://xn--e1afmkfd.xn--90a3ac", "https://пример.срб")),
        ("[Ulm](https://ulm.example:8443)", link("https://ulm.example:8443", "Ulm")),
        ("www.ulm.example xhttps://ulm.example", "www.ulm.example xhttps://ulm.example"),
        ("`https://ulm.example a@ulm.example`", "<code>https://ulm.example a@ulm.example</code>"),
        ("[a@ulm.example](https://ulm.example)", link("https://ulm.example", "a@ulm.example")),
    ],
)
def test_links(text: str, html: str) -> None:
    assert render_post(text) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    "typed, address",
    [
        ("https://аррӏе.com/ő", "https://xn--80ak6aa92e.com/%C5%91"),
        ("https://ulm.example\u2044.evil.example", "https://ulm.xn--example-7d7c.evil.example"),
    ],
)
@pytest.mark.parametrize("form", ["{}", "<{}>"])
def test_a_host_that_looks_like_another_is_shown_encoded(form: str, typed: str, address: str) -> None:
    assert render_post(form.format(typed)) == f"<p>{link(address)}</p>\n"


def test_a_picture_becomes_a_link_to_it() -> None:
    address = "https://ulm.example/a.png"

    assert render_post(f"![Rathaus]({address}) ![]({address})") == (
        f"<p>{link(address, 'Rathaus')} {link(address)}</p>\n"
    )


def test_a_picture_in_a_link_leaves_the_link() -> None:
    assert render_post("[![Rathaus](https://ulm.example/a.png)](https://ulm.example)") == (
        f"<p>{link('https://ulm.example', 'Rathaus')}</p>\n"
    )


@pytest.mark.parametrize(
    "first, shown",
    [("**Anna Nagy**, [#12]", "Anna Nagy, #12"), ("**Anna Nagy** [#12]", "Anna Nagy, #12"), ("[#12]", "#12")],
)
def test_the_quote_of_a_post_leads_to_it(first: str, shown: str) -> None:
    assert render_post(f"> {first}\n> **Ja**, gern\n\nSchön") == (
        f"<blockquote>\n<p><cite>{link('#post-12', shown)}</cite><br>\n<strong>Ja</strong>, gern</p>\n"
        "</blockquote>\n<p>Schön</p>\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "**A**, [#12]\nx",
        "> x [#12]",
        "> x\n> [#12]",
        "> [#0]",
        "> [#1x]",
        "> **A** [#12] x",
        "> - [#12]",
        "> # [#12]",
    ],
)
def test_nothing_else_leads_to_a_post(text: str) -> None:
    assert "#post" not in render_post(text)


def test_what_quote_writes_is_read_again() -> None:
    text = quote("Erste Zeile\n\n> alt", name="Anna *[Nagy]*", number=7) + "Antwort"

    assert render_post(text) == (
        f"<blockquote>\n<p><cite>{link('#post-7', 'Anna Nagy, #7')}</cite><br>\nErste Zeile</p>\n"
        "<blockquote>\n<p>alt</p>\n</blockquote>\n</blockquote>\n<p>Antwort</p>\n"
    )


# --- mentions


def test_a_mention_shows_the_name_that_is_answered() -> None:
    assert render_post("Hallo @[Anna](person:5)!", mention={5: "Anna <Nagy>"}.get) == (
        '<p>Hallo <span class="mention">@Anna &lt;Nagy&gt;</span>!</p>\n'
    )


@pytest.mark.parametrize("mention", [None, nobody])
def test_a_mention_of_nobody_stays_as_the_typed_name(mention: Callable[[int], str | None] | None) -> None:
    text = "Hallo @[a@ulm.example](person:5) @[https://ulm.example](person:6)"

    assert render_post(text, mention=mention) == "<p>Hallo @a@ulm.example @https://ulm.example</p>\n"


def test_each_person_is_asked_for_once() -> None:
    asked: list[int] = []

    render_post("@[A](person:5) @[B](person:6) @[A](person:5)", mention=lambda person: asked.append(person))

    assert asked == [5, 6]


def test_who_is_mentioned_is_known_without_those_in_code() -> None:
    text = (
        "@[B](person:6) [x @[C](person:7)](https://ulm.example) `@[D](person:8)` @[B](person:6) [E](person:9)"
    )

    assert mentioned(text) == (6, 7)


@pytest.mark.parametrize(
    "text", ["@[A](person:0)", "@[A](person:5x)", "@[](person:5)", "@[A] (person:5)", "[A](person:5)"]
)
def test_what_only_looks_like_a_mention_is_none(text: str) -> None:
    assert mentioned(text) == ()


# --- cost


@pytest.mark.parametrize(
    "piece",
    [
        "[", "[](", "[a][", "![", "@[", "@[a](person:5)", "@", "a@b.de ", "a.b-c_", ">", "> [#1]\n\n", "- a\n",
        "- - a\n", "*", "*a ", "**a", "_", "~~", "`", "```\n", "<a", "<!--", "<![CDATA[", "<https://", "&#1;", "\\",
        "|a|b\n|-|-\n", "http://a", "https://a.de ", "https://a.de/(", "https://a.de/)", "://a@", "# ",
        "[x]: y\n", "\n", "a\n", "😀",
    ],
)  # fmt: skip
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    text = (piece * markdown.LONGEST_FORMATTED)[: markdown.LONGEST_FORMATTED]
    # The worst of them needs half a second.
    assert is_bearable(render_post, text, most=2)
    assert len(render_post(text)) < 20 * len(text)


@pytest.mark.parametrize("piece", ["[", "> ", ">", "*_", "https://a.de/)", "a\n"])
def test_a_text_of_a_hundred_thousand_letters_is_not_either(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    assert is_bearable(render_post, text, most=1)


@pytest.mark.parametrize("render", [plain, mentioned, lambda text: excerpt(text, 80)])
@pytest.mark.parametrize("piece", ["[", "- a\n", "http://a", "a@b.de "])
def test_nor_are_its_words(piece: str, render: Callable[[str], object]) -> None:
    text = (piece * markdown.LONGEST_FORMATTED)[: markdown.LONGEST_FORMATTED]
    assert is_bearable(render, text, most=2)


@pytest.mark.parametrize("depth", range(1, 40))
@pytest.mark.parametrize("piece", ["> ", "- ", "1. ", "> - "])
def test_however_deep_something_stands_it_is_shown(piece: str, depth: int) -> None:
    text = piece * depth + "Wort"

    assert "Wort" in render_post(text)
    assert "Wort" in plain(text)
    assert "Wort" in excerpt(text, 200)


def test_emphasis_in_emphasis_has_an_end() -> None:
    html = render_post("*a " * 500 + "Wort" + "*" * 500)

    assert html.count("<em>") == 0
    assert "Wort" in html


def test_what_is_too_long_to_be_formatted_keeps_its_lines() -> None:
    text = "a *b*\nc <d>\n\n" + "x" * markdown.LONGEST_FORMATTED

    assert render_post(text) == f"<p>a *b*<br>\nc &lt;d&gt;</p>\n<p>{'x' * markdown.LONGEST_FORMATTED}</p>\n"
    assert plain(text) == text


# --- in words


def test_a_post_in_plain_words() -> None:
    text = (
        "# Titel\n\n> **Anna**, [#12]\n> Kommt *ihr*?\n>\n> > alt\n\nJa, @[Béla](person:5): "
        "[Plan](https://ulm.example/p), https://ulm.example und a@ulm.example\n"
        "Bis **bald**\n\n- eins\n- zwei\n  1. drei\n\n---\n\n```\nx  = 1\n```\n"
        "![Bild](https://ulm.example/b.png)"
    )

    assert plain(text, mention={5: "Béla Kis"}.get) == (
        "Titel\n\n> Anna, #12\n> Kommt ihr?\n>\n> > alt\n\nJa, @Béla Kis: Plan (https://ulm.example/p), "
        "https://ulm.example und a@ulm.example\nBis bald\n\n- eins\n- zwei\n  1. drei\n\n---\n\nx  = 1\n\n"
        "Bild (https://ulm.example/b.png)"
    )


def test_a_list_with_room_keeps_it_in_plain_words() -> None:
    assert plain("9. a\n\n   b\n10. c") == "9. a\n\n   b\n10. c"


def test_a_link_whose_words_are_its_address_is_written_once() -> None:
    assert plain("[https://münchen.example](https://münchen.example) <a@ulm.example>") == (
        "https://münchen.example a@ulm.example"
    )


@pytest.mark.parametrize(
    "text, words",
    [
        ("Ein **kurzer** Text", "Ein kurzer Text"),
        ("Ein Text, der länger ist als erlaubt", "Ein Text, der länger…"),
        ("Ein Text mit 22 Zeichen", "Ein Text mit 22…"),
        ("Hat dreiundzwanzig. Ja!", "Hat dreiundzwanzig…"),
        ("Genau zweiundzwanzig!!", "Genau zweiundzwanzig!!"),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahrt…"),
        ("> **Anna**, [#12]\n> alt\n\nneu", "neu"),
        ("> alt", "alt"),
        ("# A\n\n- b\n- c\n\n`d`", "A b c d"),
        ("[Plan](https://ulm.example)\nvon @[B](person:5)", "Plan von @B"),
        ("\r\n a\r\nBcc: x ", "a Bcc: x"),
        ("", ""),
    ],
)
def test_the_beginning_of_a_post_in_one_line(text: str, words: str) -> None:
    assert excerpt(text, 22) == words


def test_the_renderer_has_a_version() -> None:
    assert isinstance(markdown.RENDERER, int)
