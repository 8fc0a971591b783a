"""J2, steps 3 to 7: three questions, the town, "I speak for this town", the office's answer, the profile."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from directory.models import Claim, Municipality
from tests.browser.mailbox import Mailbox
from tests.browser.walking import go_on, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, CountryFactory, MunicipalityFactory

Visit = Callable[[str], Page]
Check = Callable[[Page], None]
Deliver = Callable[[], int]

WINDOWS = {"desk": (1280, 900), "phone": (360, 800)}


@pytest.fixture
def ulm(transactional_db: None) -> Municipality:
    MunicipalityFactory(name="Ulmenau", slug="ulmenau", country=CountryFactory(languages=["de"]))
    return MunicipalityFactory(name="Ulm", slug="ulm", official_domains=["ulm.example"])


@pytest.fixture
def office(transactional_db: None) -> User:
    return UserFactory(email="office@operator-b.example", is_staff=True, is_superuser=True, language="de")


@pytest.fixture
def office_page(browser: Browser, live_server: Any, office: User) -> Page:
    """The office's own browser, in German."""
    window = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de")
    window.add_cookies([{"name": "django_language", "value": "de", "url": live_server.url}])
    page = window.new_page()
    sign_in(page, live_server.url, office)
    return page


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("window", WINDOWS)
def test_newcomer_speaks_for_her_town_and_writes_its_profile(
    ulm: Municipality,
    office: User,
    office_page: Page,
    visit: Visit,
    read_in: Callable[[str], None],
    page: Page,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
    language: str,
    window: str,
) -> None:
    width, height = WINDOWS[window]
    page.set_viewport_size({"width": width, "height": height})
    read_in(language)
    karin = UserFactory(email="karin@mail.example", display_name="Karin Amt", language=language)

    # 3 and 4: the desk asks the three questions; the town comes from the list under the field
    sign_in(page, live_server.url, karin)
    assert_accessible(page)
    go_on(page)
    expect(page.locator("[name=who]").first).to_be_checked()
    assert_accessible(page)
    go_on(page)
    page.locator("[name=place]").press_sequentially("ul")
    expect(page.locator("[role=option]")).to_have_count(2)
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=place]")).to_have_value("Ulm")
    go_on(page)
    expect(page.locator("[name=next][value=claim]")).to_be_checked()
    assert_accessible(page)
    go_on(page)

    # 5: nothing said is not enough; the official address gets a link
    page.wait_for_url("**/municipalities/ulm/claim/")
    go_on(page)
    expect(page.locator(".error-summary a")).to_have_count(1)
    assert_accessible(page)
    page.fill("main [name=official_email]", "karin@ulm.example")
    page.fill("[name=reason]", "Stelle im Hauptamt")
    go_on(page)
    page.wait_for_url("**/claims/*/")
    assert_accessible(page)
    claim = Claim.objects.get()
    assert claim.is_official_domain is False
    assert deliver() == 2
    check = mailbox.to("karin@ulm.example")
    assert check.language == "de"  # of the country: others read that mailbox, too
    link = next(address for address in check.links() if "/claim-address/" in address)
    page.goto(link)
    assert_accessible(page)
    page.locator("main form button").click()
    expect(page.locator("main form")).to_have_count(0)
    assert_accessible(page)
    claim.refresh_from_db()
    assert claim.is_official_domain is True

    # 6: the office opens the link of its mail and accepts
    asked = mailbox.to(office.email)
    office_page.goto(next(address for address in asked.links() if "/admin/directory/claim/" in address))
    expect(office_page.locator("#content")).to_contain_text("Stelle im Hauptamt")
    office_page.select_option("[name=state]", "accepted")
    office_page.fill("[name=answer]", "Herzlich willkommen!")
    office_page.locator("[name=_save]").click()
    office_page.wait_for_url("**/admin/directory/claim/")

    # 7: she reads the decision in her language and writes the profile, one more language without asking the script
    assert deliver() == 1
    decided = mailbox.to(karin.email)
    assert decided.language == language
    assert "Herzlich willkommen!" in decided.text
    page.goto(next(address for address in decided.links() if address.endswith("/edit/")))
    assert_accessible(page)
    page.fill("[name=description_de]", "Wir suchen Partner an der Donau.")
    page.fill("[name=description_en]", "We look for partners on the Danube.")
    page.select_option("[name=language_1]", "hu")
    page.fill("[name=text_1]", "Partnereket keresünk.")
    page.locator("[name=more]").click()
    expect(page.locator("[name=language_2]")).to_be_focused()
    expect(page.locator("[name=text_1]")).to_have_value("Partnereket keresünk.")
    assert_accessible(page)
    go_on(page)
    page.wait_for_url("**/municipalities/ulm/")
    expect(page.locator("#messages")).not_to_be_empty()
    expect(page.locator(".speakers .kern-badge--success")).to_be_visible()
    own = {"de": "Wir suchen Partner an der Donau.", "en": "We look for partners on the Danube."}[language]
    expect(page.locator(".profile > p").first).to_have_text(own)
    page.locator(".profile summary[lang=hu]").click()
    expect(page.get_by_text("Partnereket keresünk.")).to_be_visible()
    assert_accessible(page)
    for private in ("karin@mail.example", "karin@ulm.example"):
        assert private not in page.content()


def test_holder_is_asked_about_a_second_claim_and_a_visitor_writes_to_both(
    ulm: Municipality,
    visit: Visit,
    page: Page,
    read_in: Callable[[str], None],
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
) -> None:
    read_in("en")
    holder = UserFactory(email="holder@ulm.example", language="en")
    ClaimFactory(municipality=ulm, person=holder, accepted=True)
    second = UserFactory(email="second@ulm.example", display_name="Second Hand", language="en")

    # A visitor writes; whoever speaks for the town gets it and can simply answer.
    visit("/municipalities/ulm/").locator("a[href*='/contact/']").click()
    assert_accessible(page)
    page.fill("main [name=name]", "Vera Lehrerin")
    page.fill("main [name=email]", "vera@schule.example")
    page.fill("main [name=text]", "We look for a partner school on the Danube.")
    go_on(page)
    page.wait_for_url("**/sent/")
    assert_accessible(page)
    assert deliver() == 1
    message = mailbox.to(holder.email)
    assert "We look for a partner school on the Danube." in message.text

    # The second one asks; the holder finds it on the desk, most urgent, and agrees.
    sign_in(page, live_server.url, second)
    visit("/municipalities/ulm/claim/")
    assert_accessible(page)
    go_on(page)
    page.wait_for_url("**/claims/*/")
    assert deliver() == 1
    page.context.clear_cookies()
    read_in("en")
    sign_in(page, live_server.url, holder)
    go_on(page)
    expect(page.locator("h1")).to_contain_text("Second Hand")
    assert_accessible(page)
    page.locator("[name=answer][value=agrees]").click()
    expect(page.locator("[name=answer]")).to_have_count(0)
    assert_accessible(page)
    assert Claim.objects.get(person=second).holder_answer == "agrees"

    # And gives it up: asked once more.
    mine = Claim.objects.get(person=holder)
    visit(f"/claims/{mine.pk}/").locator("a[href$='/end/']").click()
    assert_accessible(page)
    page.locator("main form button").click()
    page.wait_for_url("**/municipalities/ulm/")
    mine.refresh_from_db()
    assert mine.state == "ended"


def test_two_editors_see_both_texts(
    ulm: Municipality, page: Page, visit: Visit, read_in: Callable[[str], None], live_server: Any,
    assert_accessible: Check,
    provoked: set[int],
) -> None:  # fmt: skip
    read_in("de")
    person = UserFactory(email="holder@ulm.example")
    ClaimFactory(municipality=ulm, person=person, accepted=True)
    sign_in(page, live_server.url, person)
    visit("/municipalities/ulm/edit/")
    other = page.context.new_page()
    other.goto(live_server.url + "/municipalities/ulm/edit/")
    other.fill("[name=description_de]", "Aus dem anderen Fenster.")
    go_on(other)
    other.wait_for_url("**/municipalities/ulm/")

    provoked.add(409)
    page.fill("[name=description_de]", "Aus diesem Fenster.")
    with page.expect_response("**/edit/") as answered:
        go_on(page)

    assert answered.value.status == 409
    expect(page.locator(".conflict")).to_contain_text("Aus dem anderen Fenster.")
    expect(page.locator("[name=description_de]")).to_have_value("Aus diesem Fenster.")
    assert_accessible(page)
    go_on(page)
    page.wait_for_url("**/municipalities/ulm/")
    ulm.refresh_from_db()
    assert ulm.description_de == "Aus diesem Fenster."
