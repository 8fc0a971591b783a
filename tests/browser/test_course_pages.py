"""The pages of courses: at 320 px, light and dark, in both languages; a lesson by keyboard; the picture is shown."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from training.actions import editing, taking_part
from training.choices import State
from training.loading import load_curriculum
from training.models import Course

COURSE = "/courses/digitale-partnerschaft/"
PAGES = [
    "/courses/",
    COURSE,
    f"{COURSE}1/",
    f"{COURSE}1/1/",
    f"{COURSE}1/2/",
    f"{COURSE}9/1/",
    f"{COURSE}1/quiz/",
    f"{COURSE}1/print/",
    f"{COURSE}leave/",
]


@pytest.fixture
def chair(transactional_db: None) -> User:
    return UserFactory(email="chair@verein.example", display_name="Otto Vorsitz", language="de")


@pytest.fixture
def course(transactional_db: None) -> Course:
    load_curriculum()
    found = Course.objects.get()
    found.state = State.PUBLISHED
    return editing.save_course(course=found)


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_is_wrong_with_the_pages(
    page: Page,
    live_server,
    chair: User,
    course: Course,
    read_in,
    faults: Callable[..., list[str]],
    language,
    now,
) -> None:
    read_in(language)
    sign_in(page, live_server.url, chair)
    assert faults([f"{COURSE}enrol/", COURSE]) == []
    taking_part.enrol(course=course, by=chair, partnership=None, now=now)

    assert faults(PAGES) == []


def test_from_the_list_to_the_end_of_the_first_module(
    page: Page, live_server, chair: User, course: Course, read_in, assert_accessible
) -> None:
    read_in("de")
    sign_in(page, live_server.url, chair)
    page.goto(f"{live_server.url}/courses/")
    page.get_by_role("link", name="Digitale Partnerschaft").click()
    page.get_by_role("link", name="Teilnehmen").click()
    page.get_by_role("button", name="Teilnehmen").click()
    expect(page.get_by_text("0 von 10 erledigt")).to_be_visible()

    page.get_by_role("link", name="Anfangen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unsere Geschichte auf einer Seite")
    shown = page.locator(".lesson__text img").first
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") > 0
    for _ in range(4):
        page.locator("button[name=done]").click()
    page.wait_for_url("**/1/quiz/")

    page.locator("main form.form input[type=checkbox]").nth(0).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Erklärungen zeigen").click()
    expect(page.get_by_text("Ihre Antwort", exact=True)).to_have_count(1)
    expect(page.locator(".quiz__answer--right").first).to_be_visible()
    assert_accessible(page)
    page.locator("main a.kern-btn--primary").click()
    page.wait_for_url("**/9/1/")

    page.goto(f"{live_server.url}{COURSE}1/")
    page.locator("#item-1").check()
    page.get_by_role("button", name="Häkchen speichern").click()
    expect(page.locator("#item-1")).to_be_checked()
    page.goto(f"{live_server.url}/desk/")
    expect(page.get_by_text("5 von 10 Schritten sind erledigt")).to_be_visible()
