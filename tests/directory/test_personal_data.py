import pytest

from accounts.personal_data import export, holdings
from directory import actions
from directory.models import EntryReport
from tests.factories.directory import MunicipalityFactory

pytestmark = pytest.mark.django_db


def erase(person):
    for holding in holdings():
        if holding.model is EntryReport:
            holding.erase(person)


@pytest.fixture
def report(coordinator, now):
    return actions.report_entry(
        subject=MunicipalityFactory(),
        subject_name="Ulm",
        text="The number of inhabitants is wrong.",
        email=coordinator.email.upper(),
        language="de",
        now=now,
    )


def test_reports_sent_and_decided_are_exported(report, coordinator, admin, outsider, now):
    actions.answer_report(report=report, by=admin, state="corrected", answer="Thank you.", now=now)

    sent = export(coordinator)["directory.EntryReport"]
    decided = export(admin)["directory.EntryReport"]

    assert [(row["part"], row["text"]) for row in sent] == [
        ("reported", "The number of inhabitants is wrong.")
    ]
    # What somebody else wrote is not theirs.
    assert [(row["part"], row["answer"], row["text"]) for row in decided] == [("decided", "Thank you.", "")]
    assert export(outsider)["directory.EntryReport"] == []


def test_the_report_stays_and_the_person_is_forgotten(report, coordinator, admin, now):
    actions.answer_report(report=report, by=admin, state="corrected", answer="", now=now)

    erase(coordinator)
    erase(admin)

    report.refresh_from_db()
    assert (report.email, report.decided_by, report.state) == ("", None, "corrected")


def test_erasing_somebody_without_an_address_touches_nobody_else(report, outsider, coordinator):
    outsider.email = ""

    erase(outsider)

    report.refresh_from_db()
    assert report.email.lower() == coordinator.email
