"""J10 as the office sees it: last year's course again, in the admin, from the copy to the report for the funder."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from accounts.models import User
from core.wall_time import wall_of
from directory.actions import grant_operating_role
from notifications.models import Notice
from portal.roles import load_roles
from tests.browser.mailbox import Mailbox
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory, OrganisationFactory
from tests.factories.training import CourseDateFactory, CourseFactory, EnrolmentFactory, ModuleFactory
from tests.factories.webinars import RegistrationFactory
from tests.pdf_reading import text_of
from training.actions import taking_part
from training.actions.finishing import finish_courses
from training.choices import State
from training.models import Course, CourseCertificate, CourseInvitation, CourseMail, Enrolment, Lesson, Module
from webinars.models import Session

Check = Callable[[Page], None]
Deliver = Callable[..., int]
ADMIN = "/admin/training"
NEW = "kurs-2027"
SHIFT = 364
LIST = (
    "email;name;language\n"
    "anna@example.org;Anna Beispiel;de\n"
    "bela@example.org;Béla Példa;en\n"
    "this is no address;Nobody;de\n"
)
TEXTS = {
    "subject_de": "Wir haben Sie vermisst",
    "text_de": "Der nächste Termin ist im Mai.",
    "subject_en": "We missed you",
    "text_en": "The next session is in May.",
}


@pytest.fixture
def office(transactional_db: None, settings: Any) -> User:
    """Leads courses for one of the two operating organisations, and has no other right."""
    settings.STAFF_NEED_SECOND_FACTOR = False
    load_roles()
    house = OrganisationFactory(operating="a")
    person = UserFactory(email="office@vipad.example", display_name="Kursleitung", language="de")
    MembershipFactory(organisation=house, person=person)
    grant_operating_role(
        person=person,
        organisation=house,
        role="course_lead",
        by=UserFactory(is_staff=True, is_superuser=True),
    )
    return User.objects.get(pk=person.pk)


@pytest.fixture
def last_years(transactional_db: None) -> Course:
    """With somebody in it, who must not come along."""
    course = CourseFactory(slug="kurs-2026", title_de="Kurs 2026", title_en="Course 2026")
    ModuleFactory(course=course, lessons=2, questions=1)
    CourseDateFactory(course=course, session__title_de="Auftakt", session__title_en="Kick-off")
    EnrolmentFactory(course=course)
    return course


@pytest.mark.parametrize(("language", "width"), [("de", 360), ("en", 360), ("de", 1280)])
def test_the_office_runs_a_course(
    page: Page,
    office: User,
    last_years: Course,
    language: str,
    width: int,
    read_in: Callable[[str], None],
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
    tmp_path: Path,
) -> None:
    site = live_server.url
    page.set_viewport_size({"width": width, "height": 800})
    read_in(language)
    sign_in(page, site, office)

    course = _copy_with_new_dates(page, site, last_years, assert_accessible)
    _write_both_languages(page, site, course)
    _see_what_is_outdated_and_settle_it(page, site, course, assert_accessible)
    _publish(page, site, course)
    _invite_from_a_list(page, site, course, mailbox, deliver, assert_accessible, tmp_path)

    rows = _three_take_part_and_one_was_there(course)
    _write_to_who_was_not_there(page, site, course, mailbox, deliver, assert_accessible)
    _one_finishes(rows[0])
    code = _issue_certificates(page, site, rows[0], deliver, mailbox)
    _see_the_certificate(page, site, code, assert_accessible)
    _report(page, site, course, assert_accessible)


def _copy_with_new_dates(page: Page, site: str, last: Course, check: Check) -> Course:
    before = last.dates.get().session
    day = before.day + timedelta(days=SHIFT)
    page.goto(f"{site}{ADMIN}/course/{last.pk}/change/")
    page.locator(f"a[href='{ADMIN}/course/{last.pk}/copy/']").click()
    check(page)
    page.fill("[name=slug]", NEW)
    page.fill("[name=title_de]", "Kurs 2027")
    page.fill("[name=title_en]", "Course 2027")
    page.fill("[name=first_day]", day.isoformat())
    page.locator("[name=look]").click()
    expect(page.locator("#content form table caption")).to_have_count(1)
    check(page)
    assert Course.objects.count() == 1
    page.locator("[name=copy]").click()
    page.wait_for_url("**/change/")
    made = Course.objects.get(slug=NEW)
    after = made.dates.get().session
    assert (after.day, after.begins, after.state) == (day, before.begins, "draft")
    assert (made.state, made.enrolments.count(), after.registrations.count()) == (State.DRAFT, 0, 0)
    assert Lesson.objects.filter(module__course=made).count() == 2
    return made


def _write_both_languages(page: Page, site: str, course: Course) -> None:
    page.goto(f"{site}{ADMIN}/course/{course.pk}/change/")
    _fill(page, "summary_de", "Zehn Minuten am Tag.")
    _fill(page, "summary_en", "Ten minutes a day.")
    _save(page)
    course.refresh_from_db()
    assert (course.summary_de, course.summary_en) == ("Zehn Minuten am Tag.", "Ten minutes a day.")


def _see_what_is_outdated_and_settle_it(page: Page, site: str, course: Course, check: Check) -> None:
    """Both languages written together are in step; German alone leaves the English text behind."""
    lesson = Lesson.objects.filter(module__course=course).first()
    assert lesson
    address = f"{ADMIN}/lesson/{lesson.pk}/change/"
    page.goto(f"{site}{ADMIN}/course/translations/")
    expect(page.locator("#content table")).to_have_count(0)
    check(page)
    page.goto(site + address)
    _fill(page, "title_de", "Ganz neu geschrieben")
    _save(page)

    page.goto(f"{site}{ADMIN}/course/translations/")
    expect(page.locator("#content tbody tr")).to_have_count(1)
    check(page)
    page.locator(f"#content tbody a[href='{address}']").click()
    _fill(page, "title_en", "Written anew")
    _save(page)
    page.goto(f"{site}{ADMIN}/course/translations/")
    expect(page.locator("#content table")).to_have_count(0)


def _publish(page: Page, site: str, course: Course) -> None:
    page.goto(f"{site}{ADMIN}/course/")
    _choose(page, [course.pk], "publish")
    expect(page.locator(".messagelist .success")).to_have_count(1)
    course.refresh_from_db()
    assert course.state == State.PUBLISHED


def _invite_from_a_list(
    page: Page, site: str, course: Course, mailbox: Mailbox, deliver: Deliver, check: Check, folder: Path
) -> None:
    (folder / "people.csv").write_text(LIST, encoding="utf-8")
    told = Notice.objects.count()
    page.goto(f"{site}{ADMIN}/course/{course.pk}/invite/")
    check(page)
    page.set_input_files("[name=file]", folder / "people.csv")
    page.locator("[name=look]").click()
    expect(page.locator("#content tbody tr")).to_have_count(3)
    check(page)
    assert (CourseInvitation.objects.count(), Notice.objects.count(), deliver()) == (0, told, 0)

    page.locator("[name=invite]").click()
    page.wait_for_url("**/change/")
    deliver()
    mails = {mail.to: mail for mail in mailbox.all()}
    assert {address: mail.language for address, mail in mails.items()} == {
        "anna@example.org": "de",
        "bela@example.org": "en",
    }
    assert "Kurs 2027" in mails["anna@example.org"].text
    assert "Course 2027" in mails["bela@example.org"].text


def _three_take_part_and_one_was_there(course: Course) -> list[Enrolment]:
    """The first one was at the kick-off, which is over."""
    now = timezone.now()
    people = [
        UserFactory(email=f"{name}@example.org", display_name=name.title(), language=language)
        for name, language in (("was-there", "de"), ("german", "de"), ("english", "en"))
    ]
    rows = [taking_part.enrol(course=course, by=one, partnership=None, now=now) for one in people]
    session, ends = course.dates.get().session, now - timedelta(minutes=2)
    wall = wall_of(ends - timedelta(minutes=session.minutes), session.zone)
    Session.objects.filter(pk=session.pk).update(
        state="published",
        starts_at=ends - timedelta(minutes=session.minutes),
        ends_at=ends,
        day=wall.date(),
        begins=wall.time(),
    )
    RegistrationFactory(session=session, person=people[0], attended_at=ends)
    RegistrationFactory(session=session, person=people[1])
    return rows


def _write_to_who_was_not_there(
    page: Page, site: str, course: Course, mailbox: Mailbox, deliver: Deliver, check: Check
) -> None:
    deliver()
    mailbox.empty()
    page.goto(f"{site}{ADMIN}/enrolment/?course__id__exact={course.pk}&attendance=none")
    numbers = page.locator("[name=_selected_action]").evaluate_all("boxes => boxes.map(box => box.value)")
    assert len(numbers) == 2
    _choose(page, numbers, "write")
    check(page)
    for name, text in TEXTS.items():
        page.fill(f"[name={name}]", text)
    page.locator("[name=look]").click()
    expect(page.locator("[name=send]")).to_have_count(1)
    check(page)
    assert CourseMail.objects.count() == 0
    page.locator("[name=send]").click()
    page.wait_for_url("**/coursemail/*/change/")
    deliver()
    assert {mail.to: mail.subject for mail in mailbox.all()} == {
        "german@example.org": TEXTS["subject_de"],
        "english@example.org": TEXTS["subject_en"],
    }
    mail = CourseMail.objects.get()
    assert (mail.readers, mail.sent_by.email if mail.sent_by else "") == (2, "office@vipad.example")


def _one_finishes(row: Enrolment) -> None:
    now = timezone.now()
    for module in Module.objects.filter(course=row.course):
        for lesson in Lesson.objects.filter(module=module):
            taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now)
        taking_part.note_quiz(enrolment=row, module=module, now=now)
    assert finish_courses(now=now) == 1


def _issue_certificates(page: Page, site: str, row: Enrolment, deliver: Deliver, mailbox: Mailbox) -> str:
    """For everybody in the list: only who has finished gets one, and the mail names the code."""
    page.goto(f"{site}{ADMIN}/enrolment/?course__id__exact={row.course_id}")
    chosen = page.locator("[name=_selected_action]")
    _choose(page, [chosen.nth(at).get_attribute("value") for at in range(chosen.count())], "issue")
    expect(page.locator("li.success")).to_be_visible()
    certificate = CourseCertificate.objects.get()
    assert (certificate.enrolment, certificate.name) == (row, "Was-There")
    deliver()
    assert certificate.code in mailbox.to("was-there@example.org", subject="Ihre Bescheinigung").text
    return certificate.code


def _see_the_certificate(page: Page, site: str, code: str, check: Check) -> None:
    """In the list of the office, and on the page for everybody; then the question before it is revoked."""
    page.goto(f"{site}/certificates/?code={code}")
    expect(page.locator("main")).to_contain_text("Was-There")
    page.goto(f"{site}{ADMIN}/coursecertificate/")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list tbody tr")).to_contain_text(code)
    number = page.locator("[name=_selected_action]").get_attribute("value")
    _choose(page, [number], "revoke")
    expect(page.locator("[name=why]")).to_have_count(1)
    check(page)


def _report(page: Page, site: str, course: Course, check: Check) -> None:
    """Counted by hand: three took part, one came, finished and has a certificate."""
    page.goto(f"{site}/admin/")
    page.locator(f"#all-courses ~ ul a[href='{ADMIN}/course/report/']").click()
    page.select_option("[name=course]", str(course.pk))
    page.locator("#content form [type=submit]").click()
    page.wait_for_url("**course=*")
    check(page)
    tables = page.locator("#content table")
    assert tables.nth(0).locator("td").all_inner_texts() == ["3", "3", "1", "1", "0"]
    assert tables.nth(2).locator("td").all_inner_texts() == ["0"] * 7
    assert tables.nth(3).locator("td").all_inner_texts() == ["1", "2", "1"]

    rows = list(csv.reader(StringIO(_saved(page, "csv").decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:6]] == ["3", "3", "1", "1", "0"]
    assert {row[5] for row in rows[1:]} == {str(course.title_de if _is_german(page) else course.title_en)}
    book = load_workbook(BytesIO(_saved(page, "xlsx")))
    assert [cell.value for cell in book.worksheets[1]["B"]][1:6] == [3, 3, 1, 1, 0]
    paper = text_of(_saved(page, "pdf"))
    assert ("Kurs 2027" if _is_german(page) else "Course 2027") in paper


def _saved(page: Page, kind: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"#content a[href*='format={kind}']").click()
    assert waiting.value.suggested_filename.endswith(f".{kind}")
    return Path(waiting.value.path()).read_bytes()


def _is_german(page: Page) -> bool:
    return page.locator("html").get_attribute("lang") == "de"


def _fill(page: Page, name: str, text: str) -> None:
    page.fill(f"[name={name}]", text)


def _save(page: Page) -> None:
    page.locator("[name=_save]").click()
    page.wait_for_url(re.compile(r"/admin/training/\w+/$"))
    expect(page.locator(".messagelist .success")).to_have_count(1)


def _choose(page: Page, numbers: list[Any], action: str) -> None:
    for number in numbers:
        page.locator(f"[name=_selected_action][value='{number}']").check()
    page.select_option("select[name=action]", action)
    page.locator("button[name=index]").click()
    page.wait_for_load_state()
