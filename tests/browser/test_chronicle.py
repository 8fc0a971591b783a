"""A coordinator writes what happened, with a photo; others read the public part; on paper nothing is cut."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from partnerships.models import ChronicleEntry, Document, Partnership, SideContact
from tests.browser.walking import go_on, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import CountryFactory, MunicipalityFactory
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory
from tests.factories.uploads import picture

PAGE = "/partnerships/ulm-baja/chronicle/"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenausstellungseröffnungsfeier mit Konzert und Umzug"
Check = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def karin(transactional_db: None) -> User:
    return UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de")


@pytest.fixture
def there(karin: User) -> Partnership:
    ulm = MunicipalityFactory(name="Ulm", slug="ulm", latitude=48.4, longitude=9.99)
    baja = MunicipalityFactory(name="Baja", slug="baja", country=CountryFactory(code="HU"))
    partnership = PartnershipFactory(slug="ulm-baja", towns=[ulm, baja])
    SideContact.objects.create(side=partnership.sides.all()[0], person=karin, since=timezone.now())
    return partnership


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "floss.jpg"
    path.write_bytes(picture(size=(1200, 800)))
    return path


def write_an_entry_with_photo(page: Page, site: str, photo: Path, check: Check | None) -> None:
    page.goto(site + PAGE)
    if check:
        check(page)
    go_on(page)
    if check:
        check(page)
    page.locator("[name=kind][value=youth]").check()
    page.fill("[name=title]", "Floßbau am See")
    page.fill("[name=on]", "2019-07-01")
    page.fill("[name=place]", "Baja")
    page.fill("[name=text]", "Wir haben ein Floß gebaut.")
    page.select_option("main [name=language]", "de")
    page.locator("[name=is_public][value=yes]").check()
    go_on(page)
    page.wait_for_url("**/chronicle/#entry-*")
    page.locator("main a[href$='/photo/']").click()
    if check:
        check(page)
    page.set_input_files("[name=upload]", photo)
    page.fill("[name=title]", "Das Floß auf dem See")
    page.fill("[name=rights_holder]", "Eva Beispiel")
    for name in ("has_rights", "has_consent", "is_public"):
        page.check(f"[name={name}]")
    go_on(page)
    page.wait_for_url("**/chronicle/#entry-*")
    if check:
        check(page)


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def public_page_shows_the_public_part(page: Page, site: str, check: Check) -> None:
    page.goto(site + PAGE)
    expect(page.locator("main")).to_contain_text("Floßbau am See")
    expect(page.locator("main")).not_to_contain_text("Nur für uns")
    drawn = page.locator("main img")
    expect(drawn).to_have_count(1)
    drawn.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('main img').naturalWidth > 0")
    assert drawn.get_attribute("alt") == "Das Floß auf dem See"
    expect(page.locator("main a[href*='/new/']")).to_have_count(0)
    check(page)


def test_written_in_german_on_a_phone_without_javascript(
    karin: User,
    there: Partnership,
    browser: Browser,
    page: Page,
    live_server: Any,
    photo: Path,
    assert_accessible: Check,
) -> None:
    plain = browser.new_context(
        viewport={"width": 360, "height": 800}, locale="de", java_script_enabled=False
    ).new_page()
    sign_in(plain, live_server.url, karin)

    write_an_entry_with_photo(plain, live_server.url, photo, None)

    entry = ChronicleEntry.objects.get()
    assert (entry.title, entry.language, entry.is_public) == ("Floßbau am See", "de", True)
    assert Document.objects.get().entry == entry
    expect(plain.locator("html")).to_have_attribute("lang", "de")
    ChronicleEntryFactory(partnership=there, title="Nur für uns", is_public=False)
    public_page_shows_the_public_part(page, live_server.url, assert_accessible)


def test_written_in_english_at_a_desk(
    karin: User,
    there: Partnership,
    browser: Browser,
    page: Page,
    live_server: Any,
    read_in: Callable[[str], None],
    photo: Path,
    assert_accessible: Check,
) -> None:
    read_in("en")
    sign_in(page, live_server.url, karin)

    write_an_entry_with_photo(page, live_server.url, photo, assert_accessible)

    ChronicleEntryFactory(partnership=there, title="Nur für uns", is_public=False)
    page.reload()
    expect(page.locator("main")).to_contain_text("Nur für uns")
    expect(page.locator("main .kern-badge")).to_have_text("only the sides")
    other = browser.new_context(viewport={"width": 360, "height": 800}, locale="de").new_page()
    public_page_shows_the_public_part(other, live_server.url, assert_accessible)
    assert width_of(other) <= 360


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?print=1"])
def test_on_paper_nothing_is_cut(
    karin: User, there: Partnership, page: Page, live_server: Any, address: str, assert_accessible: Check
) -> None:
    for year in (1974, 1999, 2019):
        ChronicleEntryFactory(
            partnership=there, title=f"{LONG} {year}", text="Wort " * 900, on=f"{year}-05-01"
        )
    ActorFactory(partnership=there, name=LONG)
    page.goto(live_server.url + address)
    assert_accessible(page)

    page.set_viewport_size({"width": 660, "height": 900})  # a page of A4 between its margins
    page.emulate_media(media="print")

    assert width_of(page) <= 660
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(one => {
            const style = getComputedStyle(one);
            return style.display !== "none" && !one.closest(".visually-hidden, .no-print, .breadcrumb")
                && (one.getBoundingClientRect().right > 661
                    || (style.overflow !== "visible" && one.scrollHeight > one.clientHeight + 1));
        }).map(one => one.outerHTML.slice(0, 120))"""
    )
    assert cut == []
    expect(page.locator(".site-menu")).to_be_hidden()
    for year in (1974, 1999, 2019):
        expect(page.get_by_role("heading", name=f"{LONG} {year}")).to_be_visible()
