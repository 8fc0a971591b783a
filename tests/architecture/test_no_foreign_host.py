"""No page loads anything from a foreign host: neither our files nor what is rendered name one."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.pages import load_pages
from tests.factories.partnerships import PartnershipFactory
from tests.factories.portal import PageFactory

CHECKOUT = Path(__file__).resolve().parents[2]
OWN_HOSTS = ("http://testserver", "https://testserver", "https://vipad.example")
_CSS_LOADS = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
_JS_LOADS = re.compile(
    r"""(?:\bfrom\s*|\bimport\s*\(?\s*|\bfetch\s*\(\s*|\bnew\s+(?:URL|Worker|WebSocket|EventSource)\s*\(\s*"""
    r"""|\.open\s*\(\s*["'][A-Z]+["']\s*,\s*|\.src\s*=\s*)["'`]((?:https?:|wss?:)?//[^"'`]+)"""
)
# Following a link is the reader's own act; everything else a browser does by itself.
_LOADING = {
    "src", "srcset", "data", "poster", "action", "formaction", "background", "manifest", "hx-get", "hx-post",
    "href", "xlink:href", "data-suggest-url", "style", "content",
}  # fmt: skip
_FOREIGN = re.compile(r"^\s*((?:https?:|wss?:)?//\S+)", re.IGNORECASE)


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        for name, value in attrs:
            if value is None or name not in _LOADING or (tag == "a" and name in {"href", "xlink:href"}):
                continue
            if name == "style":
                self.found += _CSS_LOADS.findall(value)
            elif name == "srcset":
                self.found += [part for part in value.split() if _FOREIGN.match(part)]
            elif name != "content" or dict(attrs).get("http-equiv"):
                self.found += _FOREIGN.findall(value) or re.findall(r"url=\s*((?:https?:)?//\S+)", value)

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.found += _CSS_LOADS.findall(data)


def foreign_loads_in_html(html: str, own: tuple[str, ...] = OWN_HOSTS) -> list[str]:
    """Addresses on other hosts that a browser would ask for by itself, or send a form to."""
    parser = _Loads()
    parser.feed(html)
    return [address for address in parser.found if not address.startswith(own)]


def foreign_loads_in_css(css: str) -> list[str]:
    return _CSS_LOADS.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))


def foreign_loads_in_js(js: str) -> list[str]:
    return _JS_LOADS.findall(js)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="https://fonts.example/css">',
        '<img src="http://evil.example/pixel.png">',
        '<img srcset="/a.png 1x, https://evil.example/b.png 2x">',
        '<iframe src="https://video.example/"></iframe>',
        '<svg><use href="https://evil.example/a.svg#x"/></svg>',
        '<svg><image xlink:href="https://evil.example/a.png"/></svg>',
        '<form action="https://evil.example/"></form>',
        '<p style="background: url(https://evil.example/a.png)">a</p>',
        "<style>@import 'https://evil.example/a.css';</style>",
        '<div hx-get="https://evil.example/"></div>',
        '<meta http-equiv="refresh" content="0; url=https://evil.example/">',
    ],
)
def test_a_planted_load_in_a_page_is_found(html):
    assert len(foreign_loads_in_html(html)) == 1


def test_links_own_addresses_and_words_are_no_loads():
    html = (
        '<a href="https://ulm.de">Ulm</a><img src="/static/a.png"><script src="https://testserver/a.js"></script>'
        '<p>https://ulm.de</p><meta name="description" content="https://ulm.de"><img src="data:image/png;base64,A">'
    )

    assert foreign_loads_in_html(html) == []


@pytest.mark.parametrize(
    "css",
    [
        "@import url(https://a.example/x.css);",
        "a { background: url('//a.example/x.png') }",
        '@import "http://a/x";',
    ],
)
def test_a_planted_load_in_a_style_sheet_is_found(css):
    assert len(foreign_loads_in_css(css)) == 1


@pytest.mark.parametrize(
    "js",
    [
        'import x from "https://cdn.example/x.js";',
        'import("https://cdn.example/x.js")',
        'fetch("https://a.example/")',
        'new WebSocket("wss://a.example/")',
        'image.src = "//a.example/pixel.png"',
    ],
)
def test_a_planted_load_in_a_script_is_found(js):
    assert len(foreign_loads_in_js(js)) == 1


def test_no_file_of_ours_or_vendored_loads_from_a_foreign_host():
    checks = {".html": foreign_loads_in_html, ".css": foreign_loads_in_css, ".js": foreign_loads_in_js}
    checks[".svg"] = foreign_loads_in_html

    found = {
        str(file.relative_to(CHECKOUT)): loads
        for folder in ("templates", "static")
        for file in sorted((CHECKOUT / folder).rglob("*"))
        if file.suffix in checks and (loads := checks[file.suffix](file.read_text("utf-8")))
    }

    assert found == {}


def addresses(resolver: URLResolver, prefix: str = "") -> list[str]:
    """Every address without a variable part."""
    found = []
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if "<" in path or "(" in path:
            continue
        found += [f"/{path}"] if isinstance(entry, URLPattern) else addresses(entry, path)
    return sorted(set(found))


def pages(client: Client, *more: str) -> dict[str, str]:
    """The HTML of every page this browser can open: those without a variable part, and `more`."""
    shown = {}
    for path in (*addresses(get_resolver()), *more):
        response = client.get(path)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            shown[path] = response.content.decode()
    return shown


def test_no_page_a_visitor_sees_loads_from_a_foreign_host(db, now):
    partnership = PartnershipFactory()
    town = partnership.sides.first().municipality
    more = {
        *(reverse("portal:page", args=(slug,)) for slug in load_pages(now=now)),
        reverse("portal:page_version", args=("terms", 1)),
        reverse("directory:detail", args=(town.slug,)),
        reverse("directory:report", args=("municipality", town.slug)),
        reverse("partnerships:detail", args=(partnership.slug,)),
    }
    shown = pages(Client(), *more)

    found = {path: loads for path, html in shown.items() if (loads := foreign_loads_in_html(html))}

    assert {"/", "/search/", "/accounts/login/", "/partnerships/", "/municipalities/", "/map/"} <= set(shown)
    assert more <= set(shown)
    assert found == {}


def test_no_page_of_the_office_loads_from_a_foreign_host(admin, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    partnership = PartnershipFactory()
    page, town = PageFactory(slug="terms", kind="legal"), partnership.sides.first().municipality
    more = {
        reverse("admin:directory_municipality_change", args=(town.pk,)),
        reverse("admin:partnerships_partnership_change", args=(partnership.pk,)),
        reverse("admin:portal_page_change", args=(page.pk,)),
        reverse("admin:accounts_user_change", args=(admin.pk,)),
    }
    client = Client()
    client.force_login(admin)
    shown = pages(client, *more)

    found = {path: loads for path, html in shown.items() if (loads := foreign_loads_in_html(html))}

    lists = ("/admin/directory/municipality/", "/admin/partnerships/partnership/", "/admin/portal/page/")
    assert {"/admin/", "/desk/", *lists, *(f"{address}add/" for address in lists), *more} <= set(shown)
    assert found == {}
