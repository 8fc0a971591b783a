"""Nothing typed into a section of a strategy is lost: whatever fails, whoever else writes, on whatever device."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.kept_texts import FOUND, SAVED_EACH, copied_fields, copies, expect_no_copies, sign_in_here
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.strategies import strategy_of, write
from training.models import SectionDraft, Strategy

BrowserOf = Callable[..., Page]
AT = "/partnerships/team/strategy/s1/"
SENTENCE = "Seit 1986 treffen wir uns jedes Jahr im Mai; 2019 kam der Chor aus Újfalu dazu – «schön»!\n"
LONG = (SENTENCE * 40)[:3500].strip()
HISTORY, STRENGTHS = "[name=history]", "[name=strengths]"
SAVE = ".section-form .kern-btn--primary"
PHONE = {"width": 360, "height": 800}


@pytest.fixture
def vera(transactional_db: None) -> User:
    return UserFactory(email="vera@team.example", display_name="Vera Vorsitz", language="de")


@pytest.fixture
def olga(transactional_db: None) -> User:
    return UserFactory(email="olga@team.example", display_name="Olga Andere", language="de")


@pytest.fixture
def strategy(vera: User, olga: User) -> Strategy:
    return strategy_of(vera, olga, languages=["de", "hu"], slug="team")


@pytest.fixture
def writing(vera: User, strategy: Strategy, page: Page, live_server: Any) -> Page:
    """Vera has typed into two fields and saved nothing."""
    sign_in(page, live_server.url, vera)
    page.goto(live_server.url + AT)
    page.fill(HISTORY, LONG)
    page.fill(STRENGTHS, "Der Chor")
    return page


def stored(strategy: Strategy, language: str = "de") -> dict[str, str]:
    """What the team reads in section 1."""
    values = strategy.sections.get(code="S1").values
    return {name: texts[language] for name, texts in values.items() if language in texts}


def saved(page: Page) -> None:
    page.locator(SAVE).click()
    page.wait_for_url("**/s1/?in=*")


# --- the server is away -------------------------------------------------------------------------------------------


def test_text_typed_while_the_server_is_stopped_is_put_back(
    vera: User, strategy: Strategy, browser: Browser, second_server: list[LiveServer], settings: Any
) -> None:
    site = settings.SITE_URL = second_server[0].url
    page = browser.new_context(locale="de").new_page()
    sign_in(page, site, vera)
    page.goto(site + AT)

    second_server[0].stop()
    page.fill(HISTORY, LONG)
    page.fill(STRENGTHS, "Der Chor")
    with page.expect_event("requestfailed", timeout=4 * SAVED_EACH):
        pass
    expect(page.locator(".composer__note")).not_to_be_empty()
    page.close()
    assert not SectionDraft.objects.exists()
    second_server.append(LiveServer(site.removeprefix("http://")))
    page = browser.contexts[-1].new_page()
    page.goto(site + AT)
    expect(page.locator(HISTORY)).to_have_value("")
    page.locator(f"{FOUND} button").first.click()

    expect(page.locator(HISTORY)).to_have_value(LONG)
    expect(page.locator(STRENGTHS)).to_have_value("Der Chor")
    saved(page)
    assert stored(strategy) == {"history": LONG, "strengths": "Der Chor"}
    expect_no_copies(page)
    page.reload()
    expect(page.locator(FOUND)).to_have_count(0)
    page.context.close()


def test_a_form_sent_to_a_stopped_server_is_offered_again(
    vera: User, strategy: Strategy, browser: Browser, second_server: list[LiveServer], settings: Any
) -> None:
    site = settings.SITE_URL = second_server[0].url
    page = browser.new_context(locale="de").new_page()
    sign_in(page, site, vera)
    page.goto(site + AT)
    page.fill(HISTORY, LONG)

    second_server[0].stop()
    with page.expect_event("requestfailed"):
        page.locator(SAVE).click(no_wait_after=True)
    while not page.url.startswith("chrome-error:"):
        page.wait_for_timeout(50)
    second_server.append(LiveServer(site.removeprefix("http://")))
    page.goto(site + AT)
    page.locator(f"{FOUND} button").first.click()

    saved(page)
    assert stored(strategy) == {"history": LONG}
    expect_no_copies(page)
    page.context.close()


def test_an_old_copy_put_back_overwrites_nobody(
    vera: User, olga: User, strategy: Strategy, page: Page, live_server: Any, provoked: set[int]
) -> None:
    sign_in(page, live_server.url, vera)
    page.goto(live_server.url + AT)
    page.context.set_offline(True)
    page.fill(HISTORY, "Von Vera.")
    page.close()
    write(strategy, "S1", olga, history="Von Olga.")

    back = page.context.new_page()
    page.context.set_offline(False)
    back.goto(live_server.url + AT)
    expect(back.locator(HISTORY)).to_have_value("Von Olga.")
    back.locator(f"{FOUND} button").first.click()
    provoked.add(409)
    back.locator(SAVE).click()

    expect(back.locator(".conflict")).to_contain_text("Von Olga.")
    expect(back.locator(HISTORY)).to_have_value("Von Vera.")
    assert stored(strategy) == {"history": "Von Olga."}


# --- signed out meanwhile -----------------------------------------------------------------------------------------


def test_text_sent_with_a_lost_session_is_sent_after_signing_in_again(
    writing: Page,
    vera: User,
    strategy: Strategy,
    provoked: set[int],
    assert_accessible: Callable[[Page], None],
) -> None:
    writing.context.clear_cookies()
    provoked.add(403)

    writing.locator(SAVE).click()
    kept = writing.locator("main textarea[name=history]")
    expect(kept).to_have_value(LONG)
    assert stored(strategy) == {}
    writing.set_viewport_size({**PHONE, "width": 320})
    assert writing.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(writing)
    with writing.expect_popup() as opened:
        writing.locator("main a[target=_blank]").click()
    sign_in_here(opened.value, vera)
    opened.value.wait_for_url("**/desk/")

    # Her new session has a new token: the text stays once more, then it is sent
    writing.locator("main form .kern-btn--primary").click()
    expect(writing.locator("main a[target=_blank]")).to_have_count(0)
    expect(kept).to_have_value(LONG)
    writing.locator("main form .kern-btn--primary").click()
    writing.wait_for_url("**/s1/?in=de")

    assert stored(strategy) == {"history": LONG, "strengths": "Der Chor"}
    expect(writing.locator(HISTORY)).to_have_value(LONG)
    expect(writing.locator(FOUND)).to_have_count(0)
    expect_no_copies(writing)


def test_what_was_typed_after_the_session_was_lost_is_offered(
    vera: User, strategy: Strategy, page: Page, live_server: Any, provoked: set[int]
) -> None:
    sign_in(page, live_server.url, vera)
    page.clock.install()
    page.goto(live_server.url + AT)
    page.fill(HISTORY, LONG[:2000])
    with page.expect_response("**/draft/"):
        page.clock.run_for(SAVED_EACH)
    expect(page.locator(".composer__note")).not_to_be_empty()
    assert copies(page) == {}

    Session.objects.all().delete()
    provoked.add(403)
    page.fill(HISTORY, LONG)
    with page.expect_response("**/draft/"):
        page.clock.run_for(SAVED_EACH)
    assert [fields["history"] for fields in copied_fields(page)] == [LONG]
    page.reload()
    sign_in_here(page, vera)
    page.wait_for_url(f"**{AT}")

    expect(page.locator(HISTORY)).to_have_value(LONG[:2000].strip())
    page.locator(f"{FOUND} button").first.click()
    expect(page.locator(HISTORY)).to_have_value(LONG)
    with page.expect_response("**/draft/"):
        page.clock.run_for(SAVED_EACH)
    assert SectionDraft.objects.get().typed["history"].replace("\r\n", "\n") == LONG
    assert copies(page) == {}


# --- two editors --------------------------------------------------------------------------------------------------


def test_two_editors_of_one_field_see_both_texts(
    vera: User,
    olga: User,
    strategy: Strategy,
    browser_of: BrowserOf,
    live_server: Any,
    provoked: set[int],
    assert_accessible: Callable[[Page], None],
) -> None:
    first, second = browser_of(vera), browser_of(olga, viewport=PHONE)
    for page, text in ((first, "Von Vera."), (second, f"Von Olga.\n\n{LONG[:3000]}")):
        page.goto(live_server.url + AT)
        page.fill(HISTORY, text)
    first.fill("[name=asleep]", "Der Tausch der Schulen")
    second.fill(STRENGTHS, "Der Chor")

    saved(first)
    provoked.add(409)
    second.locator(SAVE).click()

    expect(second.locator(".conflict")).to_contain_text("Von Vera.")
    expect(second.locator(HISTORY)).to_have_value(f"Von Olga.\n\n{LONG[:3000]}".strip())
    # What only the first one has changed stands in the form, too, and is no matter of conflict
    expect(second.locator("[name=asleep]")).to_have_value("Der Tausch der Schulen")
    expect(second.locator(".conflict")).not_to_contain_text("Der Tausch")
    expect_no_copies(second)
    expect(second.locator(FOUND)).to_have_count(0)
    others = {"asleep": "Der Tausch der Schulen"}
    assert stored(strategy) == {"history": "Von Vera.", **others}
    assert_accessible(second)
    for width in (320, 360):
        second.set_viewport_size({**PHONE, "width": width})
        assert second.evaluate("document.documentElement.scrollWidth") <= width
    both = f"Von Vera.\n\nVon Olga.\n\n{LONG[:3000]}".strip()
    second.fill(HISTORY, both)
    saved(second)
    assert stored(strategy) == {"history": both, "strengths": "Der Chor", **others}
    expect_no_copies(second)
    expect(second.locator(FOUND)).to_have_count(0)


def test_who_goes_away_from_a_conflict_finds_the_own_text_again(
    vera: User, olga: User, strategy: Strategy, browser_of: BrowserOf, live_server: Any, provoked: set[int]
) -> None:
    first, second = browser_of(vera), browser_of(olga)
    for page, text in ((first, "Von Vera."), (second, "Von Olga.")):
        page.goto(live_server.url + AT)
        page.fill(HISTORY, text)
    saved(first)
    provoked.add(409)
    second.locator(SAVE).click()
    expect(second.locator(".conflict")).to_have_count(1)

    # On another device, so that nothing her browser keeps can help
    again = browser_of(olga)
    again.goto(live_server.url + AT)

    expect(again.locator(HISTORY)).to_have_value("Von Olga.")
    again.locator(SAVE).click()
    expect(again.locator(".conflict")).to_contain_text("Von Vera.")
    assert stored(strategy) == {"history": "Von Vera."}


def test_two_editors_of_different_fields_and_languages_both_stay(
    vera: User, olga: User, strategy: Strategy, browser_of: BrowserOf, live_server: Any
) -> None:
    first, second, third = browser_of(vera), browser_of(olga), browser_of(olga)
    for page, query in ((first, ""), (second, ""), (third, "?in=hu")):
        page.goto(f"{live_server.url}{AT}{query}")
    first.fill(HISTORY, "Von Vera.")
    second.fill(STRENGTHS, "Von Olga.")
    third.fill(HISTORY, "Olga írta.")

    for page in (first, second, third):
        saved(page)

    assert stored(strategy) == {"history": "Von Vera.", "strengths": "Von Olga."}
    assert stored(strategy, "hu") == {"history": "Olga írta."}
    expect(third.locator(".asked:has([name=history]) .asked__other")).to_contain_text("Von Vera.")


# --- two devices --------------------------------------------------------------------------------------------------


def test_what_is_typed_on_one_device_is_there_on_the_other(
    vera: User, olga: User, strategy: Strategy, browser_of: BrowserOf, live_server: Any
) -> None:
    desk, phone = browser_of(vera), browser_of(vera, viewport=PHONE)
    desk.goto(live_server.url + AT)
    desk.fill(HISTORY, LONG)
    desk.fill("[name=last_contact]", "2026-05-14")
    with desk.expect_response("**/draft/", timeout=2 * SAVED_EACH):
        pass
    expect(desk.locator(".composer__note")).not_to_be_empty()

    phone.goto(live_server.url + AT)
    expect(phone.locator(HISTORY)).to_have_value(LONG)
    expect(phone.locator("[name=last_contact]")).to_have_value("2026-05-14")
    expect(phone.locator(".notice-line")).to_have_count(1)
    # Others see that she writes, not what
    other = browser_of(olga)
    other.goto(live_server.url + AT)
    expect(other.locator(HISTORY)).to_have_value("")
    expect(other.locator(".notice-line")).to_contain_text("Vera Vorsitz")
    assert stored(strategy) == {}
    phone.fill(STRENGTHS, "Der Chor")
    saved(phone)

    assert stored(strategy)["history"] == LONG
    assert not SectionDraft.objects.exists()


# --- without scripts ----------------------------------------------------------------------------------------------


def test_a_section_works_without_scripts(
    vera: User, olga: User, strategy: Strategy, browser_of: BrowserOf, live_server: Any, provoked: set[int]
) -> None:
    page = browser_of(vera, java_script_enabled=False)
    page.goto(f"{live_server.url}/partnerships/team/strategy/s3/")
    page.fill("[name=aim_1_what]", "Mehr Jugendliche")
    page.fill("[name=aim_1_by]", "2027-05-31")
    page.locator("details.place").nth(1).locator("summary").click()
    page.fill("[name=aim_2_what]", "Ein Chor")
    page.locator(SAVE).click()
    page.wait_for_url("**/s3/?in=de")
    assert strategy.sections.get(code="S3").values == {
        "aim_1_what": {"de": "Mehr Jugendliche"},
        "aim_1_by": "2027-05-31",
        "aim_2_what": {"de": "Ein Chor"},
    }

    # A mistake is said, and what was typed stays
    page.goto(live_server.url + AT)
    page.fill(HISTORY, "Seit 1986.")
    page.fill("[name=last_contact]", "1800-05-14")
    provoked.add(422)
    page.locator(SAVE).click()
    expect(page.locator(".error-summary a[href='#id_last_contact']")).to_have_count(1)
    expect(page.locator(HISTORY)).to_have_value("Seit 1986.")
    page.fill("[name=last_contact]", "")
    page.fill(STRENGTHS, "Der Chor")
    # Meanwhile somebody else has saved
    write(strategy, "S1", olga, history="Seit 1985.")
    provoked.add(409)
    page.locator(SAVE).click()
    expect(page.locator(".conflict")).to_contain_text("Seit 1985.")
    expect(page.locator(HISTORY)).to_have_value("Seit 1986.")
    saved(page)
    assert stored(strategy) == {"history": "Seit 1986.", "strengths": "Der Chor"}
    page.fill("[name=text]", "Wer war 1986 dabei?")
    page.locator("#comments button").click()
    expect(page.locator("#comments .comment")).to_contain_text("Wer war 1986 dabei?")
