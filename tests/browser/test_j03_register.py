"""J3: a coordinator registers a partnership, the other side answers by mail without an account, both agree."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from directory.models import Claim, Municipality
from partnerships.models import Partnership
from tests.browser.mailbox import Mailbox
from tests.browser.walking import go_on, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import CountryFactory, MunicipalityFactory, TopicFactory

Visit = Callable[[str], Page]
Check = Callable[[Page], None]
Deliver = Callable[[], int]
WINDOWS = {"desk": (1280, 900), "phone": (360, 800)}


@pytest.fixture
def karin(transactional_db: None) -> User:
    """Speaks for Ulm."""
    person = UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de")
    now = timezone.now()
    Claim.objects.create(
        municipality=MunicipalityFactory(
            name="Ulm", slug="ulm", ags="08421000", latitude=48.4, longitude=9.99
        ),
        person=person,
        state=Claim.State.ACCEPTED,
        made_at=now,
        decided_at=now,
        nonce="",
    )
    TopicFactory()
    return person


@pytest.fixture
def baja(transactional_db: None) -> Municipality:
    country = CountryFactory(code="HU", languages=["hu"])
    return MunicipalityFactory(name="Baja", slug="baja", country=country, latitude=46.18, longitude=18.95)


@pytest.fixture
def subotica(transactional_db: None) -> Municipality:
    country = CountryFactory(code="RS", languages=["sr"])
    return MunicipalityFactory(name="Subotica", slug="subotica", country=country)


@pytest.fixture
def abroad(browser: Browser) -> Page:
    """The browser of somebody in the other town, who is not signed in anywhere."""
    return browser.new_context(viewport={"width": 360, "height": 800}, locale="hu").new_page()


def register(page: Page, site: str, other: str, email: str, check: Check) -> None:
    """All six steps; on each axe finds nothing."""
    page.goto(site + "/partnerships/new/")
    check(page)
    page.locator("[name=mine]").first.check()
    go_on(page)
    page.locator("[name=typed]").press_sequentially(other[:4])
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    check(page)
    go_on(page)
    page.locator("[name=kind][value=partnership]").check()
    page.locator("[name=status][value=active]").check()
    page.fill("[name=signed_year]", "1990")
    check(page)
    go_on(page)
    page.locator("[name=topics]").first.check()
    check(page)
    go_on(page)
    page.fill("[name^=email_]", email)
    check(page)
    go_on(page)
    check(page)
    go_on(page)
    check(page)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("window", WINDOWS)
def test_both_sides_agree_on_an_entry(
    karin: User,
    baja: Municipality,
    page: Page,
    abroad: Page,
    live_server: Any,
    read_in: Callable[[str], None],
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
    language: str,
    window: str,
) -> None:
    width, height = WINDOWS[window]
    page.set_viewport_size({"width": width, "height": height})
    read_in(language)
    sign_in(page, live_server.url, karin)

    # 1 to 5: registered, public at once, and the other side is asked in Hungarian
    register(page, live_server.url, "Baja", "iroda@baja.example", assert_accessible)
    entry = Partnership.objects.get()
    assert (entry.confirmation, entry.published_at is not None) == ("one_sided", True)
    deliver()
    asked = mailbox.to("iroda@baja.example")
    assert asked.language == "hu"
    assert "Baja" in asked.subject
    link = next(address for address in asked.links() if "/answer/" in address)

    # 6: without an account, on a phone: the year is wrong
    abroad.goto(link)
    assert abroad.locator("html").get_attribute("lang") == "hu"
    assert_accessible(abroad)
    abroad.locator("a[href*='way=correct']").click()
    abroad.wait_for_url("**way=correct**")
    assert_accessible(abroad)
    abroad.fill("[name=signed_year]", "1800000")
    abroad.locator("main button.kern-btn--primary").click()
    expect(abroad.locator(".error-summary a")).to_have_count(1)
    assert_accessible(abroad)
    abroad.fill("[name=signed_year]", "1991")
    abroad.locator("main button.kern-btn--primary").click()
    expect(abroad.locator("main form")).to_have_count(0)
    assert_accessible(abroad)
    entry.refresh_from_db()
    assert entry.signed_year == 1990

    # 7: the coordinator is told, and takes it over
    deliver()
    told = mailbox.to("karin@ulm.example")
    page.goto(next(address for address in told.links() if "/corrections/" in address))
    expect(page.locator("main del")).to_have_text("1990")
    expect(page.locator("main dd strong")).to_have_text("1991")
    assert_accessible(page)
    go_on(page)
    page.wait_for_url("**/partnerships/ulm-baja/")
    assert_accessible(page)

    # 8: confirmed by both, and the partner reads that
    entry.refresh_from_db()
    assert (entry.confirmation, entry.signed_year) == ("confirmed", 1991)
    deliver()
    assert mailbox.to("iroda@baja.example").language == "hu"
    page.goto(live_server.url + "/partnerships/ulm-baja/history/")
    expect(page.locator("main")).to_contain_text("Karin Amt")
    expect(page.locator("main")).to_contain_text("Baja")
    assert_accessible(page)
    abroad.goto(live_server.url + "/partnerships/ulm-baja/history/")
    assert "/accounts/login/" in abroad.url


def test_a_serbian_town_is_asked_in_serbian_and_confirms_with_one_button(
    karin: User,
    subotica: Municipality,
    page: Page,
    abroad: Page,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
) -> None:
    sign_in(page, live_server.url, karin)
    register(page, live_server.url, "Subotica", "kancelarija@subotica.example", assert_accessible)
    deliver()
    asked = mailbox.to("kancelarija@subotica.example")
    link = next(address for address in asked.links() if "/answer/" in address)

    abroad.goto(link)
    abroad.locator("main button.kern-btn--primary").dblclick()
    expect(abroad.locator("main .kern-btn--primary")).to_have_count(0)

    assert asked.language == "sr"
    entry = Partnership.objects.get()
    assert (entry.confirmation, entry.changes.filter(what="confirmed").count()) == ("confirmed", 1)
    deliver()
    assert mailbox.to("karin@ulm.example").language == "de"


def test_the_same_pair_the_other_way_round_is_refused(
    karin: User, baja: Municipality, page: Page, live_server: Any, assert_accessible: Check
) -> None:
    sign_in(page, live_server.url, karin)
    register(page, live_server.url, "Baja", "", assert_accessible)

    page.goto(live_server.url + "/partnerships/new/")
    page.locator("[name=typed]").fill("Baja")
    if page.locator("[name=mine]").count():
        page.locator("[name=mine]").last.check()
    go_on(page)
    page.locator("[name=typed]").fill("Ulm")
    go_on(page)

    expect(page.locator("main .conflict a")).to_have_attribute("href", "/partnerships/ulm-baja/")
    assert_accessible(page)
    assert Partnership.objects.count() == 1
