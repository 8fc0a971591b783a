"""J6 as people see it: from the invitation over a full kick-off and lessons on a tablet to the checked certificate."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from core.wall_time import wall_of
from tests.browser.mailbox import Mailbox
from tests.browser.walking import go_on
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.training import CourseDateFactory
from tests.factories.webinars import RegistrationFactory
from tests.pdf_reading import text_of
from training.actions import editing, inviting, taking_part
from training.actions.finishing import finish_courses
from training.choices import State
from training.invitation_lists import Listed
from training.loading import load_curriculum
from training.models import Answer, Course, CourseCertificate, Enrolment, Lesson, LessonDone, Module, QuizDone
from webinars.choices import Format, Seat
from webinars.models import Registration, Session
from webinars.permissions import LEADS

Check = Callable[[Page], None]
Deliver = Callable[[], int]
BrowserOf = Callable[..., Page]
COURSE = "/courses/digitale-partnerschaft/"
CHAIR = "chair@verein.example"
PHONE, TABLET = {"width": 360, "height": 800}, {"width": 768, "height": 1024}
ZOOM = 1.4
WORDS = {
    "de": {
        "begun": "0 von 10 erledigt",
        "later": "2 von 10 Schritten sind erledigt",
        "three": "3 von 10 erledigt",
        "mine": "Ihre Antwort",
        "wrong": "passt nicht",
        "there": "Sie waren dabei",
    },
    "en": {
        "begun": "0 of 10 done",
        "later": "2 of 10 steps are done",
        "three": "3 of 10 done",
        "mine": "your answer",
        "wrong": "does not fit",
        "there": "you were there",
    },
}


@pytest.fixture
def people(transactional_db: None, language: str) -> dict[str, User]:
    people = {
        "chair": UserFactory(email=CHAIR, display_name="Ottmar Vorsitz", language=language),
        "karin": UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de"),
        "coach": UserFactory(email="coach@vipad.example", display_name="Coach Kraft", language="de"),
    }
    people["coach"].groups.add(Group.objects.get_or_create(name=LEADS[0])[0])
    return people


@pytest.fixture
def course(transactional_db: None) -> Course:
    """Finished by who has done everything and was at one date."""
    load_curriculum()
    found = Course.objects.get()
    found.state, found.needs_dates = State.PUBLISHED, 1
    return editing.save_course(course=found, now=timezone.now())


@pytest.fixture
def kick_off(course: Course, people: dict[str, User]) -> Session:
    """One seat, and Karin has it."""
    session = CourseDateFactory(
        course=course,
        session__host=people["coach"],
        session__format=Format.ONSITE,
        session__room="",
        session__place_de="Rathaus, großer Saal",
        session__place_en="Town hall, large hall",
        session__title_de="Auftakt in Ulm",
        session__title_en="Kick-off in Ulm",
        session__capacity=1,
    ).session
    RegistrationFactory(session=session, person=people["karin"])
    return session


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_chair_goes_through_a_course(
    people: dict[str, User],
    course: Course,
    kick_off: Session,
    language: str,
    browser_of: BrowserOf,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
    provoked: set[int],
    tmp_path: Path,
) -> None:
    words, site = WORDS[language], live_server.url
    phone = browser_of(None, language=language, viewport=PHONE)
    _enrol_from_the_mail(phone, people, course, mailbox, deliver, assert_accessible)
    expect(phone.get_by_text(words["begun"])).to_be_visible()

    _wait_for_a_seat(phone, site, kick_off, assert_accessible)
    _cancel(browser_of(people["karin"]), site, kick_off)
    deliver()
    _accept_by_link(browser_of(None, language=language, viewport=PHONE), mailbox, assert_accessible)
    _tick(browser_of(people["coach"], viewport=PHONE), site, kick_off)
    phone.goto(site + COURSE)
    expect(phone.locator(".course-date").first).to_contain_text(words["there"])

    tablet = browser_of(people["chair"], language=language, viewport=TABLET)
    _two_lessons_in_large_type(tablet, site, assert_accessible)
    tablet.context.close()
    _a_day_passes()
    tablet = browser_of(people["chair"], language=language, viewport=TABLET)
    _go_on_from_the_desk(tablet, words["later"])
    expect(tablet.locator(".steps__count")).to_have_text(words["three"])
    _see_why_an_answer_is_wrong(tablet, site, words, assert_accessible)
    _print_the_module(tablet, site)

    _do_the_rest()
    assert finish_courses(now=timezone.now()) == 1
    code = _get_the_certificate(phone, mailbox, deliver, assert_accessible, tmp_path)
    _check_the_code(
        browser_of(None, language=language, viewport=PHONE), site, code, assert_accessible, provoked
    )


def _enrol_from_the_mail(
    page: Page, people: dict[str, User], course: Course, mailbox: Mailbox, deliver: Deliver, check: Check
) -> None:
    """On the way the page asks who is there, and leads back to where one wanted to go."""
    listed = [Listed(2, CHAIR, "Ottmar Vorsitz", people["chair"].language)]
    inviting.invite(course=course, people=listed, by=people["coach"], now=timezone.now())
    deliver()
    mail = mailbox.to(CHAIR)
    assert mail.language == people["chair"].language
    page.goto(next(link for link in mail.links() if COURSE in link))
    check(page)
    _narrow(page, PHONE)
    go_on(page)
    page.fill("[name=login]", CHAIR)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button").first.click()
    page.wait_for_url(f"**{COURSE}enrol/")
    check(page)
    go_on(page)
    page.wait_for_url(f"**{COURSE}")
    assert Enrolment.objects.get().person == people["chair"]


def _wait_for_a_seat(page: Page, site: str, session: Session, check: Check) -> None:
    """The course leads to its date; that one is full."""
    page.locator(f".course-date a[href='{session.get_absolute_url()}']").click()
    page.wait_for_url(f"**/sessions/{session.slug}/")
    check(page)
    _narrow(page, PHONE)
    go_on(page)
    expect(page.locator(f"main a[href$='/{session.slug}/cancel/']")).to_have_count(1)
    assert _own(session).state == Seat.WAITING


def _cancel(page: Page, site: str, session: Session) -> None:
    page.goto(f"{site}{session.get_absolute_url()}cancel/")
    page.locator("main button.kern-btn--danger").click()
    page.wait_for_url(f"**{session.get_absolute_url()}")
    assert _own(session).state == Seat.OFFERED


def _accept_by_link(page: Page, mailbox: Mailbox, check: Check) -> None:
    """In a browser nobody is signed in to: opening takes nothing, the button does."""
    page.goto(next(link for link in mailbox.to(CHAIR).links() if "/seat/" in link))
    row = Registration.objects.get(person__email=CHAIR)
    assert row.state == Seat.OFFERED
    assert timedelta(hours=47) < row.offer_expires_at - timezone.now() <= timedelta(hours=48)
    check(page)
    _narrow(page, PHONE)
    go_on(page)
    expect(page.locator("main a[href*='way=needs']")).to_have_count(1)
    row.refresh_from_db()
    assert row.state == Seat.SEAT
    assert Registration.objects.taken().count() == 1


def _tick(page: Page, site: str, session: Session) -> None:
    """On the evening itself, at the door."""
    begin = timezone.now() + timedelta(minutes=5)
    wall = wall_of(begin, session.zone)
    times = {
        "starts_at": begin,
        "ends_at": begin + timedelta(hours=1),
        "day": wall.date(),
        "begins": wall.time(),
    }
    Session.objects.filter(pk=session.pk).update(**times)
    page.goto(f"{site}{session.get_absolute_url()}desk/check-in/")
    expect(page.locator(".check")).to_have_count(1)
    page.locator(".check", has_text="Ottmar Vorsitz").locator("button[name=tick]").click()
    expect(page.locator("button[name=untick]")).to_have_count(1)
    assert _own(session).attended_how == "list"


def _two_lessons_in_large_type(page: Page, site: str, check: Check) -> None:
    """Text at 140 per cent: everything grows, nothing has to be pushed aside."""
    for number in (1, 2):
        page.goto(f"{site}{COURSE}1/{number}/")
        before = _type_size(page)
        _enlarge(page)
        assert _type_size(page) == pytest.approx(before * ZOOM, rel=0.01)
        _narrow(page, TABLET)
        check(page)
        page.locator("button[name=done]").click()
        page.wait_for_url(f"**/1/{number + 1}/")
    assert LessonDone.objects.count() == 2


def _a_day_passes() -> None:
    for row in LessonDone.objects.all():
        row.done_at -= timedelta(days=1)
        row.save()


def _go_on_from_the_desk(page: Page, progress: str) -> None:
    step = page.locator("#next-steps ~ *", has_text=progress)
    expect(step).to_be_visible()
    page.locator(f"main a[href='{COURSE}1/3/']").first.click()
    page.wait_for_url(f"**{COURSE}1/3/")
    page.locator("button[name=done]").click()
    page.wait_for_url(f"**{COURSE}1/4/")


def _see_why_an_answer_is_wrong(page: Page, site: str, words: dict[str, str], check: Check) -> None:
    wrong = (
        Answer.objects.filter(question__module__number=1, is_right=False).order_by("question__number").first()
    )
    assert wrong
    page.goto(f"{site}{COURSE}1/quiz/")
    page.locator(f"main form.form input[value='{wrong.pk}']").check()
    _enlarge(page)
    _narrow(page, TABLET)
    page.locator("main form.form button[type=submit]").click()
    mine = page.locator(".quiz__answer", has_text=words["mine"])
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text(words["wrong"])
    explanation = wrong.why_de if words is WORDS["de"] else wrong.why_en
    expect(mine).to_contain_text(explanation.split("\n")[0])
    check(page)
    assert QuizDone.objects.count() == 1


def _print_the_module(page: Page, site: str) -> None:
    """The whole module on paper, without what only a screen needs."""
    page.goto(f"{site}{COURSE}1/")
    page.locator(f"main a[href='{COURSE}1/print/']").click()
    page.wait_for_url("**/1/print/")
    expect(page.locator(".on-paper__lesson > h2")).to_have_count(
        Lesson.objects.filter(module__number=1).count() + 2
    )
    expect(page.locator(".breadcrumb").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".breadcrumb").first).to_be_hidden()
    paper = text_of(page.pdf(format="A4"))
    for lesson in Lesson.objects.filter(module__number=1):
        title = lesson.title_de if page.locator("html").get_attribute("lang") == "de" else lesson.title_en
        assert "".join(title.split()) in "".join(paper.split())
    page.emulate_media(media="screen")


def _do_the_rest() -> None:
    """What is left of ten steps; how it is done was seen above."""
    row, now = Enrolment.objects.get(), timezone.now()
    for module in Module.objects.all():
        for lesson in Lesson.objects.filter(module=module):
            taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now)
        taking_part.note_quiz(enrolment=row, module=module, now=now)


def _get_the_certificate(page: Page, mailbox: Mailbox, deliver: Deliver, check: Check, folder: Path) -> str:
    """By the link of the mail to the paper."""
    mailbox.empty()
    deliver()
    page.goto(next(link for link in mailbox.to(CHAIR).links() if link.endswith("/certificate/")))
    expect(page.locator("main [name=name]")).to_have_value("Ottmar Vorsitz")
    check(page)
    go_on(page)
    expect(page.locator("main a[href$='certificate.pdf']")).to_have_count(1)
    check(page)
    _narrow(page, PHONE)
    with page.expect_download() as waiting:
        page.locator("main a[href$='certificate.pdf']").click()
    waiting.value.save_as(folder / "certificate.pdf")
    code = CourseCertificate.objects.get().code
    paper = text_of((folder / "certificate.pdf").read_bytes())
    assert code in paper
    assert "Ottmar Vorsitz" in paper
    assert ("Auftakt in Ulm" in paper) or ("Kick-off in Ulm" in paper)
    return code


def _check_the_code(page: Page, site: str, code: str, check: Check, provoked: set[int]) -> None:
    """By anybody who has it; one letter changed, and it is nobody's."""
    page.goto(site + "/certificates/")
    page.fill("main [name=code]", code.lower())
    go_on(page)
    expect(page.locator("main")).to_contain_text("Ottmar Vorsitz")
    check(page)
    other = code[:-1] + ("7" if code[-1] != "7" else "8")
    provoked.add(404)
    page.goto(site + "/certificates/")
    page.fill("main [name=code]", other)
    go_on(page)
    expect(page.locator("main [name=code]")).to_have_value(other)
    expect(page.locator("main")).not_to_contain_text("Ottmar Vorsitz")
    check(page)


def _own(session: Session) -> Registration:
    return Registration.objects.get(session=session, person__email=CHAIR)


def _narrow(page: Page, size: dict[str, int]) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url


def _enlarge(page: Page) -> None:
    """As a browser does whose reader has chosen larger type."""
    page.evaluate(
        "zoom => { const root = document.documentElement;"
        " root.style.fontSize = parseFloat(getComputedStyle(root).fontSize) * zoom + 'px' }",
        ZOOM,
    )


def _type_size(page: Page) -> float:
    size = page.locator(".lesson__text p").first.evaluate(
        "text => parseFloat(getComputedStyle(text).fontSize)"
    )
    return float(size)
