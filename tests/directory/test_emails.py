import pytest
from django.core import mail

from directory import actions
from directory.emails import EntryReported
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.factories.directory import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(admin, now):
    return actions.report_entry(
        subject=MunicipalityFactory(name="Ulm", slug="ulm"),
        subject_name="Ulm & <b>Umland</b>",
        text="The number of inhabitants is wrong.\n\nIt is <i>higher</i>.",
        email="reader@example.org",
        language="en",
        now=now,
    )


def test_the_office_reads_what_was_written_and_where_to_decide(report, admin, now, settings):
    admin.language = "en"
    admin.save()

    deliver_due(now=now)

    (message,) = mail.outbox
    html = message.alternatives[0].content
    assert message.to == [admin.email]
    assert message.subject == "Reported as wrong: Ulm & <b>Umland</b>"
    address = f"{settings.SITE_URL}/admin/directory/entryreport/{report.pk}/change/"
    assert address in message.body
    assert f'href="{address}"' in html
    assert "It is <i>higher</i>." in message.body
    assert "It is &lt;i&gt;higher&lt;/i&gt;." in html
    assert "Ulm &amp; &lt;b&gt;Umland&lt;/b&gt;" in html
    assert "waits for an answer" in message.body
    assert "reader@example.org" not in message.body + html


def test_a_report_decided_meanwhile_is_not_told(report, admin, now):
    actions.answer_report(report=report, by=admin, state="declined", answer="", now=now)

    deliver_due(now=now)

    assert Notice.objects.get(kind=EntryReported.name).state == "dropped"
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]


def test_who_lost_the_right_is_not_told(report, admin, now):
    admin.is_superuser = False
    admin.save()

    deliver_due(now=now)

    assert mail.outbox == []


def test_a_deleted_report_is_not_told(report, admin, now):
    actions.answer_report(report=report, by=admin, state="declined", answer="", now=now)
    report.delete()

    deliver_due(now=now)

    assert mail.outbox == []


def test_nothing_to_correct_is_said_kindly(report, admin, now, settings):
    actions.answer_report(
        report=report, by=admin, state="declined", answer="The number is from 2024.", now=now
    )

    deliver_due(now=now)

    (message,) = mail.outbox
    assert message.subject == "Your report about Ulm & <b>Umland</b>"
    assert "found nothing to correct" in message.body
    assert "The number is from 2024." in message.body
    assert f"{settings.SITE_URL}/municipalities/ulm/" in message.body
    assert "The number of inhabitants is wrong." in message.body
    assert "<style" not in message.alternatives[0].content
    assert "style=" in message.alternatives[0].content


def test_an_answer_about_an_entry_that_is_gone_leads_to_the_start(report, admin, now, settings):
    actions.answer_report(report=report, by=admin, state="corrected", answer="", now=now)
    report.subject.delete()

    deliver_due(now=now)

    (message,) = mail.outbox
    assert f"\n{settings.SITE_URL}/\n" in message.body
