"""J3: the contract of a partnership, uploaded in the browser, is open to its sides and closed to everybody else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from partnerships.models import Document, Partnership, PartnershipDraft, SideContact
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.uploads import pdf, picture

FILES = "/partnerships/here/files/"
Check = Callable[[Page], None]


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    """Somebody on each side, and somebody of neither."""
    entry = PartnershipFactory(slug="here", published_at=timezone.now())
    names = {"karin": "Karin Amt", "eva": "Éva Nagy", "outsider": "Otto Fremd"}
    people = {name: UserFactory(email=f"{name}@here.example", display_name=names[name]) for name in names}
    for side, name in zip(entry.sides.all(), ("karin", "eva"), strict=True):
        SideContact.objects.create(side=side, person=people[name], since=timezone.now())
    return people


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    (tmp_path / "Szerződés 1992.pdf").write_bytes(pdf())
    (tmp_path / "Chor.jpg").write_bytes(picture("JPEG", (900, 600)))
    (tmp_path / "Seite.pdf").write_bytes(b"<!doctype html><script>alert(1)</script>")
    return tmp_path


def upload(page: Page, paper: Path, *, kind: str, title: str) -> None:
    page.set_input_files("[name=upload]", paper)
    page.locator(f"[name=kind][value={kind}]").check()
    page.fill("[name=title]", title)
    page.locator("main form .kern-btn--primary").click()


def no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("language", "width"), [("de", 360), ("en", 360), ("de", 1280)])
def test_a_contract_is_open_to_both_sides_and_closed_to_everybody_else(
    people: dict[str, User],
    papers: Path,
    page: Page,
    browser: Browser,
    live_server: Any,
    read_in: Callable[[str], None],
    assert_accessible: Check,
    language: str,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    read_in(language)
    sign_in(page, live_server.url, people["karin"])

    # A page that calls itself a PDF is refused, and nothing typed is lost
    page.goto(live_server.url + FILES)
    assert_accessible(page)
    upload(page, papers / "Seite.pdf", kind="contract", title="1992")
    expect(page.locator(".error-summary a")).to_have_count(1)
    expect(page.locator("[name=title]")).to_have_value("1992")
    assert_accessible(page)

    # The contract is taken
    upload(page, papers / "Szerződés 1992.pdf", kind="contract", title="1992")
    link = page.locator("main .files a", has_text="1992").first
    expect(link).to_be_visible()
    assert_accessible(page)
    assert no_sideways_scrolling(page)
    address = live_server.url + str(link.get_attribute("href"))
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "Szerződés 1992.pdf"
    assert Path(saved.value.path()).read_bytes() == pdf()

    # A visitor is sent to the sign-in page, an outsider finds nothing, the other side saves it
    visitor, outsider, other = (browser.new_context(locale="en") for _ in range(3))
    sign_in(outsider.new_page(), live_server.url, people["outsider"])
    sign_in(other.new_page(), live_server.url, people["eva"])
    for closed in (address, live_server.url + FILES):
        assert "/accounts/login/" in visitor.request.get(closed).url
        assert outsider.request.get(closed).status == 404
    answer = other.request.get(address)
    assert (answer.status, answer.body()) == (200, pdf())
    assert "attachment" in answer.headers["content-disposition"]
    assert visitor.request.get(live_server.url + "/partnerships/here/").text().count("1992") == 0

    # Deleted after asking once, it is gone for the other side, too
    page.locator("main .files a[href$='/delete/']").click()
    assert_accessible(page)
    assert no_sideways_scrolling(page)
    page.locator("main form button").click()
    page.wait_for_url(f"**{FILES}")
    assert other.request.get(address).status == 404


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_contract_of_what_is_being_entered_is_its_writers_alone(
    people: dict[str, User],
    papers: Path,
    page: Page,
    browser: Browser,
    live_server: Any,
    read_in: Callable[[str], None],
    assert_accessible: Check,
    language: str,
) -> None:
    now, town = timezone.now(), MunicipalityFactory(name="Ulm")
    data = {"our-side": {"side": f"m{town.pk}"}}
    draft = PartnershipDraft.objects.create(person=people["karin"], data=data, started_at=now, changed_at=now)
    page.set_viewport_size({"width": 360, "height": 800})
    read_in(language)
    sign_in(page, live_server.url, people["karin"])

    page.goto(f"{live_server.url}/partnerships/new/{draft.pk}/files/")
    assert_accessible(page)
    upload(page, papers / "Szerződés 1992.pdf", kind="contract", title="1992")

    link = page.locator("main .files a", has_text="1992")
    expect(link).to_be_visible()
    assert_accessible(page)
    assert no_sideways_scrolling(page)
    other = browser.new_context()
    sign_in(other.new_page(), live_server.url, people["eva"])
    assert other.request.get(live_server.url + str(link.get_attribute("href"))).status == 404
    page.locator("main .files button").click()
    expect(page.locator("main .files")).to_have_count(0)
    assert Document.objects.count() == 0


def test_without_scripts_a_photo_is_opened_to_everybody(
    people: dict[str, User], papers: Path, browser: Browser, live_server: Any
) -> None:
    page = browser.new_context(java_script_enabled=False, locale="de").new_page()
    sign_in(page, live_server.url, people["karin"])
    page.goto(live_server.url + FILES)
    upload(page, papers / "Chor.jpg", kind="photo", title="Der Chor")
    page.locator("main .files a[href$='/edit/']").click()
    page.fill("[name=rights_holder]", "Éva Nagy")
    for name in ("has_rights", "has_consent", "is_public"):
        page.locator(f"[name={name}]").check()
    page.locator("main form .kern-btn--primary").click()
    page.wait_for_url(f"**{FILES}")

    visitor = browser.new_context(locale="de").new_page()
    visitor.goto(live_server.url + "/partnerships/here/")
    photo = visitor.locator("main .files img")
    photo.scroll_into_view_if_needed()

    expect(visitor.locator("main .files")).to_contain_text("Foto: Éva Nagy")
    visitor.wait_for_function("document.querySelector('main .files img').naturalWidth === 480")
    assert Document.objects.get().is_public
    assert Partnership.objects.get().changes.count() == 2
