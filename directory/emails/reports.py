"""What the directory tells people."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import EntryReport
from directory.permissions import can_answer_reports
from directory.reports import address_of
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

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"report": notice.about}

    def path(self, notice: Notice) -> str:
        return reverse("admin:directory_entryreport_change", args=[notice.about_id])


class ReportAnswered(Kind):
    """To the reporter: what became of it."""

    name = "report_answered"
    title = _("a report of a wrong entry was answered")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        return isinstance(notice.about, EntryReport) and notice.about.state != EntryReport.State.OPEN

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"report": notice.about}

    def path(self, notice: Notice) -> str:
        assert isinstance(notice.about, EntryReport)  # noqa: S101 -- still_wanted has asked
        return address_of(notice.about.subject)
