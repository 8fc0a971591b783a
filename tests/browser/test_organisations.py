"""An organisation in the browser: created, edited by two at once, joined by invitation, handed over."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from directory.models import Membership, Organisation
from tests.browser.mailbox import Mailbox
from tests.browser.walking import go_on, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory, MunicipalityFactory, OrganisationFactory

Visit = Callable[[str], Page]
Check = Callable[[Page], None]


@pytest.fixture
def karin(transactional_db: None) -> User:
    return UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="en")


@pytest.fixture
def verein(karin: User) -> Organisation:
    verein = OrganisationFactory(name="Singkreis", slug="singkreis")
    MembershipFactory(organisation=verein, person=karin, role="coordinator")
    return verein


def another_browser(browser: Browser, site: str, person: User, *, language: str = "en") -> Page:
    window = browser.new_context(viewport={"width": 360, "height": 800}, locale=language)
    window.add_cookies([{"name": "django_language", "value": language, "url": site}])
    page = window.new_page()
    sign_in(page, site, person)
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_a_new_organisation_chooses_its_town_from_the_suggestions(
    karin: User, visit: Visit, page: Page, live_server: Any, assert_accessible: Check, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    pecs = MunicipalityFactory(name="Pécs", german_name="Fünfkirchen")
    MunicipalityFactory(name="Pécsvárad")
    sign_in(page, live_server.url, karin)
    visit("/organisations/new/")
    assert_accessible(page)

    page.fill("[name=name]", "Baráti Kör")
    page.select_option("[name=type]", "twinning")
    page.locator("[name=seat]").press_sequentially("Funfk")
    expect(page.locator(".suggestions__item")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    go_on(page)

    page.wait_for_url("**/organisations/barati-kor/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Baráti Kör")
    assert_accessible(page)
    assert Organisation.objects.get().seat == pecs


def test_without_script_a_name_that_fits_several_is_chosen_on_the_page(
    karin: User, browser: Browser, live_server: Any
) -> None:
    second = [MunicipalityFactory(name="Neustadt") for _ in range(2)][1]
    window = browser.new_context(java_script_enabled=False, locale="en")
    page = window.new_page()
    sign_in(page, live_server.url, karin)
    page.goto(live_server.url + "/organisations/new/")

    page.fill("[name=name]", "Verein")
    page.select_option("[name=type]", "association")
    page.fill("[name=seat]", "Neustadt")
    go_on(page)
    page.locator(f"[name=seat_choice][value='{second.pk}']").check()
    go_on(page)

    page.wait_for_url("**/organisations/verein/")
    assert Organisation.objects.get().seat == second


def test_the_second_of_two_editors_sees_both_texts(
    verein: Organisation,
    karin: User,
    browser: Browser,
    visit: Visit,
    page: Page,
    live_server: Any,
    assert_accessible: Check,
) -> None:
    deputy = UserFactory(email="ottmar@ulm.example", language="en")
    MembershipFactory(organisation=verein, person=deputy, role="deputy")
    other = another_browser(browser, live_server.url, deputy)
    sign_in(page, live_server.url, karin)
    visit("/organisations/singkreis/edit/")
    other.goto(live_server.url + "/organisations/singkreis/edit/")

    page.fill("[name=description_en]", "We sing on Mondays.")
    go_on(page)
    page.wait_for_url("**/organisations/singkreis/")
    other.fill("[name=description_en]", "We sing on Tuesdays.")
    go_on(other)

    both = other.get_by_role("alert").filter(has_text="Somebody else has saved this meanwhile")
    expect(both).to_be_focused()
    expect(both).to_contain_text("We sing on Mondays.")
    expect(other.locator("[name=description_en]")).to_have_value("We sing on Tuesdays.")
    assert_accessible(other)
    go_on(other)
    other.wait_for_url("**/organisations/singkreis/")
    verein.refresh_from_db()
    assert verein.description_en == "We sing on Tuesdays."


def test_invited_by_mail_in_hungarian_and_then_handed_over(
    verein: Organisation,
    karin: User,
    browser: Browser,
    visit: Visit,
    page: Page,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Callable[[], int],
    assert_accessible: Check,
) -> None:
    eva = UserFactory(email="eva@private.example", display_name="Éva Példa", language="en")
    sign_in(page, live_server.url, karin)
    visit("/organisations/singkreis/invite/")
    assert_accessible(page)
    page.fill("[name=email]", "eva@varos.example")
    page.locator("[name=role][value=deputy]").check()
    page.select_option("select[name=language]", "hu")
    go_on(page)
    page.wait_for_url("**/people/")
    assert_accessible(page)

    deliver()
    mail = mailbox.to("eva@varos.example")
    link = next(link for link in mail.links() if "/organisations/invitation/" in link)
    assert mail.language == "hu"

    theirs = another_browser(browser, live_server.url, eva)
    theirs.goto(link)
    expect(theirs.locator("html")).to_have_attribute("lang", "hu")
    assert_accessible(theirs)
    go_on(theirs)
    theirs.wait_for_url("**/organisations/singkreis/")

    visit("/organisations/singkreis/leave/")
    assert_accessible(page)
    page.get_by_label("Éva Példa (deputy)").check()
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url("**/organisations/mine/")
    assert_accessible(page)
    roles = Membership.objects.active().filter(organisation=verein).values_list("person__email", "role")
    assert list(roles) == [("eva@private.example", "coordinator")]


def test_a_request_is_answered_with_one_button(
    verein: Organisation,
    karin: User,
    browser: Browser,
    visit: Visit,
    page: Page,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Callable[[], int],
    assert_accessible: Check,
) -> None:
    eva = UserFactory(email="eva@private.example", display_name="Éva Példa", language="en")
    theirs = another_browser(browser, live_server.url, eva)
    theirs.goto(live_server.url + "/organisations/singkreis/")
    theirs.get_by_role("link", name="I belong to it: ask to join").click()
    assert_accessible(theirs)
    theirs.fill("[name=note]", "I have been singing with you for two years.")
    go_on(theirs)
    theirs.wait_for_url("**/organisations/singkreis/")

    deliver()
    asked = mailbox.to("karin@ulm.example")
    sign_in(page, live_server.url, karin)
    page.goto(next(link for link in asked.links() if link.endswith("/people/")))
    assert_accessible(page)
    go_on(page)
    expect(page.locator("#messages")).to_contain_text("belongs to it now")

    deliver()
    assert "was accepted" in mailbox.to("eva@private.example").text
