"""Journey: a teacher looks for a partnership, in two languages, on a desk and on a phone, with and without scripts."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from django.utils.text import slugify
from playwright.sync_api import Page, expect

from directory.models import Municipality
from partnerships import actions
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory, TopicFactory

Check = Callable[[Page], None]
LANGUAGES = {
    "de": {
        "partnerships": "Partnerschaften",
        "map": "Karte",
        "list": "Liste",
        "hungary": "Ungarn",
        "youth": "Jugend & Schule",
        "title": "Fellbach – Pécs (Fünfkirchen)",
    },
    "en": {
        "partnerships": "Partnerships",
        "map": "Map",
        "list": "List",
        "hungary": "Hungary",
        "youth": "Youth and school",
        "title": "Fellbach – Pécs",
    },
}


@pytest.fixture
def register_of_three(transactional_db: None) -> None:
    """Fellbach–Pécs (youth, active), Ulm–Baja (nothing more known) and Karlsruhe–Timișoara."""
    germany = CountryFactory(code="DE")
    home = RegionFactory(code="DE-08119", country=germany, name="Rems-Murr-Kreis")
    youth = TopicFactory()

    def town(name: str, code: str, latitude: float, longitude: float, **fields: Any) -> Municipality:
        country = CountryFactory(code=code)
        place = {"latitude": latitude, "longitude": longitude, "region": home if code == "DE" else None}
        return MunicipalityFactory(
            name=name, slug=f"{slugify(name)}-test", country=country, **place, **fields
        )

    fellbach, ulm = town("Fellbach", "DE", 48.81, 9.28), town("Ulm", "DE", 48.40, 9.99)
    karlsruhe = town("Karlsruhe", "DE", 49.01, 8.40)
    pecs = town("Pécs", "HU", 46.08, 18.23, german_name="Fünfkirchen")
    baja, timisoara = town("Baja", "HU", 46.18, 18.95), town("Timișoara", "RO", 45.75, 21.23)
    now = timezone.now()
    source = {"source_url": "https://example.org/", "source_title": "Example", "source_publisher": "Town"}
    for sides, fields, topics in (
        ([fellbach, pecs], {"kind": "partnership", "status": "active", "signed_year": 1986}, [youth]),
        ([ulm, baja], {"kind": "", "status": "unknown"}, []),
        ([karlsruhe, timisoara], {"kind": "partnership", "status": "active", "signed_year": 1992}, [youth]),
    ):
        actions.register(sides=sides, facts={**fields, **source}, topics=topics, publish_at=now)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=[1280, 360])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def browser_context_args(width: int, scripts: bool, language: str) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 800}, "locale": language, "java_script_enabled": scripts}


@pytest.fixture
def look(assert_accessible: Check, scripts: bool, width: int) -> Iterator[Check]:
    """Every page of the journey: accessible, and not wider than the screen."""

    def check(page: Page) -> None:
        if scripts:
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    return check


def open_menu(page: Page, width: int) -> None:
    if width < 600:
        page.locator("details.menu-button > summary").click()


def choose(page: Page, words: str, width: int) -> None:
    """One value of a facet."""
    if width < 600:
        page.locator("details.facets-button > summary").click()
    page.locator("nav.facets").get_by_role("link", name=words).first.click()


def titles(page: Page) -> list[str]:
    return page.locator("#results .row__title, #rows .row__title").all_inner_texts()


def test_j01_find(
    page: Page,
    live_server: Any,
    register_of_three: None,
    language: str,
    width: int,
    look: Check,
) -> None:
    words = LANGUAGES[language]
    page.goto(live_server.url)
    expect(page.locator("html")).to_have_attribute("lang", language)
    look(page)

    open_menu(page, width)
    page.locator("nav.site-nav").get_by_role("link", name=words["partnerships"]).click()
    page.wait_for_url("**/partnerships/")
    assert len(titles(page)) == 3
    look(page)

    choose(page, words["hungary"], width)
    page.wait_for_url("**country=HU**")
    choose(page, words["youth"], width)
    page.wait_for_url("**topic=youth**")
    page.fill("#partnership-search", "Funfkirchen")
    page.press("#partnership-search", "Enter")
    page.wait_for_url("**q=Funfkirchen**")
    assert titles(page) == [words["title"]]
    look(page)

    page.locator(".browse-tabs").get_by_role("link", name=words["map"]).click()
    page.wait_for_url("**/map/**")
    assert {"country=HU", "q=Funfkirchen", "topic=youth"} <= set(page.url.split("?")[1].split("&"))
    assert titles(page) == [words["title"]]
    expect(page.locator("svg a[href*='fellbach']").first).to_be_attached()
    look(page)

    page.locator("#rows .row__title a, #rows a.row__title").first.click()
    expect(page.locator("h1")).to_contain_text("Fellbach")
    expect(page.get_by_text("1986").first).to_be_visible()
    look(page)


def test_j01_the_language_switch_keeps_page_and_filters(
    page: Page, live_server: Any, register_of_three: None, language: str, width: int
) -> None:
    other = {"de": "en", "en": "de"}[language]
    page.goto(f"{live_server.url}/partnerships/?country=HU&q=Funfkirchen")

    open_menu(page, width)
    page.locator(f"form.languages button[value={other}]").click()

    expect(page.locator("html")).to_have_attribute("lang", other)
    assert page.url == f"{live_server.url}/partnerships/?country=HU&q=Funfkirchen"
    assert titles(page) == [LANGUAGES[other]["title"]]


def test_j01_the_file_holds_exactly_the_filtered_rows(
    page: Page, live_server: Any, register_of_three: None, language: str, width: int
) -> None:
    page.goto(f"{live_server.url}/partnerships/?country=HU")
    shown = len(titles(page))

    with page.expect_download() as waiting:
        page.locator("a[download]").click()
    content = waiting.value.path().read_text(encoding="utf-8-sig")

    assert (shown, len(list(csv.reader(io.StringIO(content))))) == (2, 3)  # with the headings


@pytest.mark.parametrize("width", [320], indirect=True)
@pytest.mark.parametrize("scripts", [True], indirect=True)
def test_j01_every_page_fits_the_smallest_screen(
    page: Page, live_server: Any, register_of_three: None, language: str
) -> None:
    wide = {}
    for path in (
        "/",
        "/partnerships/",
        "/municipalities/",
        "/map/",
        "/sources/",
        "/municipalities/ulm-test/",
    ):
        page.goto(live_server.url + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")

    assert {path: width for path, width in wide.items() if width > 320} == {}
