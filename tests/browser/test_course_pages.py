"""The pages of courses: at 320 px, light and dark, in both languages; a lesson by keyboard; the picture is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.training import CourseDateFactory
from training.actions import editing, taking_part
from training.actions.finishing import issue_certificate
from training.choices import State
from training.loading import load_curriculum
from training.models import Course, SelfCheckAnswer

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
    f"{COURSE}self-check/before/",
]
AT_THE_END = [COURSE, f"{COURSE}certificate/", f"{COURSE}self-check/after/"]


@pytest.fixture
def chair(transactional_db: None) -> User:
    return UserFactory(email="chair@verein.example", display_name="Otto Vorsitz", language="de")


@pytest.fixture
def course(transactional_db: None) -> Course:
    load_curriculum()
    found = Course.objects.get()
    found.state = State.PUBLISHED
    return editing.save_course(course=found, now=timezone.now())


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
    row = taking_part.enrol(course=course, by=chair, partnership=None, now=now)
    CourseDateFactory(course=course)
    CourseDateFactory(course=course, after_module=1, session__zone="Europe/Kyiv")

    assert faults(PAGES) == []

    for question in course.selfcheck.all():
        for moment, value in (("before", 2), ("after", 4)):
            SelfCheckAnswer.objects.create(enrolment=row, question=question, moment=moment, value=value)
    row.finished_at = now
    row.save()
    assert faults(AT_THE_END) == []
    issue_certificate(enrolment=row, name="Otto Vorsitz", now=now)
    assert faults(AT_THE_END) == []


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


def test_the_self_check_by_keyboard(
    page: Page, live_server, chair: User, course: Course, read_in, now, assert_accessible, provoked: set[int]
) -> None:
    """What is missing is said on top, and the link there leads to the question."""
    provoked.add(422)
    taking_part.enrol(course=course, by=chair, partnership=None, now=now)
    read_in("en")
    sign_in(page, live_server.url, chair)
    page.goto(f"{live_server.url}{COURSE}self-check/before/")
    for number in range(1, 10):
        page.locator(f"input[name=question_{number}]").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    page.locator("main button[type=submit]").press("Enter")

    assert_accessible(page)
    expect(page.locator("input[name=question_1][value='2']")).to_be_checked()
    page.locator("main a[href^='#id_question_10']").click()
    page.locator("input[name=question_10]").first.focus()
    page.keyboard.press("Space")
    page.locator("main button[type=submit]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(course.title_en)

    rows = SelfCheckAnswer.objects.order_by("question__number")
    assert list(rows.values_list("value", flat=True)) == [2] * 9 + [1]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_saved_module_is_read_from_the_disk(
    browser: Browser,
    browser_of: Callable[..., Page],
    watch: Callable[[BrowserContext], BrowserContext],
    live_server,
    chair: User,
    course: Course,
    assert_accessible: Callable[[Page], None],
    tmp_path: Path,
    language: str,
) -> None:
    """In a browser without any network, on a phone, in both colours."""
    taking_part.enrol(course=course, by=chair, partnership=None, now=timezone.now())
    page = browser_of(chair, language=language)
    page.goto(f"{live_server.url}{COURSE}1/")
    with page.expect_download() as waiting:
        page.locator(f"main a[href='{COURSE}1/offline/']").click()
    name = waiting.value.suggested_filename
    assert name.endswith(f"-{language}.html")
    waiting.value.save_as(tmp_path / name)

    alone = watch(browser.new_context(viewport={"width": 320, "height": 800}, offline=True))
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    file = alone.new_page()
    for colours in ("light", "dark"):
        file.emulate_media(color_scheme=colours)
        file.goto((tmp_path / name).as_uri())
        widths = file.locator("img").evaluate_all("all => all.map(image => image.naturalWidth)")
        assert len(widths) == 2
        assert min(widths) > 0
        assert file.evaluate("document.documentElement.scrollWidth") == 320
        assert_accessible(file)
    assert file.evaluate("document.documentElement.lang") == language
    assert file.locator("main").evaluate("box => parseFloat(getComputedStyle(box).fontSize)") >= 20
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    alone.close()
