"""What the directory tells people."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory.models import EntryReport, Municipality
from directory.permissions import can_answer_reports
from directory.reports import address_of
from notifications.examples import invented_guest, invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice


class EntryReported(Kind):
    """To the office: somebody says that an entry is wrong."""

    name = "entry_reported"
    title = _("an entry was reported as wrong")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        report = notice.about
        return (
            isinstance(report, EntryReport)
            and report.state == EntryReport.State.OPEN
            and can_answer_reports(notice.recipient)
        )

    def reaches(self, person: User) -> bool:
        return can_answer_reports(person)

    def example(self, *, language: str, now: datetime) -> Notice:
        reader = invented_person(language, is_staff=True, is_superuser=True)
        return queued(EntryReported, to=reader, about=_invented_report(language, now), now=now)

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"report": notice.about}

    def path(self, notice: Notice) -> str:
        return reverse("admin:directory_entryreport_change", args=[notice.about_id])


class ReportAnswered(Kind):
    """To the reporter: what became of it."""

    name = "report_answered"
    title = _("a report of a wrong entry was answered")

    def reaches(self, person: User) -> bool:
        """Reporters are written to at the address they left, with or without account."""
        return False

    def example(self, *, language: str, now: datetime) -> Notice:
        report = _invented_report(language, now)
        report.state, report.decided_at = EntryReport.State.CORRECTED, now
        report.answer = "Vielen Dank. Die Zahl stammte aus dem Jahr 2019."
        report.save()
        return queued(ReportAnswered, to=invented_guest(language), about=report, now=now)

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        return isinstance(notice.about, EntryReport) and notice.about.state != EntryReport.State.OPEN

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"report": notice.about}

    def path(self, notice: Notice) -> str:
        assert isinstance(notice.about, EntryReport)  # noqa: S101 -- still_wanted has asked
        return address_of(notice.about.subject)


def _invented_report(language: str, now: datetime) -> EntryReport:
    return EntryReport.objects.create(
        subject_type=ContentType.objects.get_for_model(Municipality),
        subject_id=0,
        subject_name="Musterstadt",
        text="Die Zahl der Einwohner stimmt nicht.\n\nRichtig sind 12.345.",
        email="anna@example.invalid",
        language=language,
        reported_at=now,
    )
