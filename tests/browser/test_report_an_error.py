"""Somebody says that an entry is wrong, and reads the office's answer in a mail."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from directory import actions
from directory.models import EntryReport
from tests.browser.mailbox import Mailbox
from tests.factories.accounts import UserFactory
from tests.factories.directory import MunicipalityFactory


@pytest.fixture
def office(transactional_db: None) -> User:
    return UserFactory(email="office@operator-b.example", is_staff=True, is_superuser=True, language="de")


@pytest.mark.parametrize("language", ["de", "en"])
def test_reporter_reads_the_answer_in_a_mail_and_opens_the_entry(
    office: User,
    visit: Callable[[str], Page],
    read_in: Callable[[str], None],
    mailbox: Mailbox,
    deliver: Callable[[], int],
    language: str,
) -> None:
    MunicipalityFactory(name="Ulm", slug="ulm")
    read_in(language)
    page = visit("/municipalities/ulm/")
    page.locator("a[href*='/report/']").click()
    page.fill("[name=text]", "The number of inhabitants is wrong.")
    page.fill("main [name=email]", "reader@example.org")
    page.locator("main form button").click()
    expect(page.locator("#messages")).not_to_be_empty()

    assert deliver() == 1
    told = mailbox.to(office.email)
    assert (told.language, [mail.to for mail in mailbox.all()]) == ("de", [office.email])
    report = EntryReport.objects.get()
    assert told.links()[0].endswith(f"/admin/directory/entryreport/{report.pk}/change/")

    actions.answer_report(report=report, by=office, state="corrected", answer="", now=timezone.now())
    assert deliver() == 1
    answer = mailbox.to("reader@example.org")
    assert answer.language == language
    page.goto(answer.links()[0])
    expect(page.locator("h1")).to_contain_text("Ulm")
