"""What is told about notices of people without an account: to the office, and to the address they left."""

from datetime import datetime
from typing import Any, ClassVar, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussions.choices import ReportState
from discussions.models import Report
from discussions.permissions import can_answer_reports
from discussions.references import new_reference
from notifications.examples import invented_guest, invented_person, queued
from notifications.kinds import Audience, Kind
from notifications.models import Notice


class ReportForOffice(Kind):
    """To the office: a notice without an account, or what nobody in a group can decide."""

    name = "report_for_office"
    title = _("a report of content waits for the office")
    is_private = True
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        report = notice.about
        if not isinstance(report, Report) or not can_answer_reports(notice.recipient):
            return False
        return report.is_open or report.appeal_waits

    def reaches(self, person: User) -> bool:
        return can_answer_reports(person)

    def context(self, notice: Notice) -> dict[str, Any]:
        report = cast(Report, notice.about)
        said = report.appeal if report.appeal_waits else report.text
        return {"report": report, "said": said}

    def path(self, notice: Notice) -> str:
        return reverse("admin:discussions_report_change", args=[notice.about_id])

    def example(self, *, language: str, now: datetime) -> Notice:
        reader = invented_person(language, is_staff=True, is_superuser=True)
        return queued(ReportForOffice, to=reader, about=_invented_notice(language, now), now=now)


class _ToNotifier:
    """Written to the address that was left, with or without account: also to who has ended our mails."""

    audience: ClassVar[Audience] = Audience.PARTNER
    essential: ClassVar[bool] = True
    passes_stop: ClassVar[bool] = True

    def reaches(self, person: User) -> bool:
        return False

    def context(self, notice: Notice) -> dict[str, Any]:
        report = cast(Report, notice.about)
        return {"report": report, "acted": report.state == ReportState.HIDDEN}

    def path(self, notice: Notice) -> str:
        return f"{reverse('discussions:notice')}?lang={cast(Report, notice.about).language}"


class NoticeTaken(_ToNotifier, Kind):
    """The receipt, with the reference."""

    name = "notice_taken"
    title = _("a notice without an account has arrived")
    is_private = True

    def example(self, *, language: str, now: datetime) -> Notice:
        return queued(
            NoticeTaken, to=invented_guest(language), about=_invented_notice(language, now), now=now
        )


class NoticeAnswered(_ToNotifier, Kind):
    """The decision and its reason."""

    name = "notice_answered"
    title = _("a notice without an account was answered")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        return isinstance(notice.about, Report) and not notice.about.is_open

    def example(self, *, language: str, now: datetime) -> Notice:
        report = _invented_notice(language, now)
        report.state, report.decided_at = ReportState.HIDDEN, now
        report.decision = "Beispiel: Wir haben die Seite berichtigt."
        report.save()
        return queued(NoticeAnswered, to=invented_guest(language), about=report, now=now)


def _invented_notice(language: str, now: datetime) -> Report:
    return Report.objects.create(
        reference=new_reference(),
        is_notice=True,
        address="https://vipad.example.invalid/beispiel/",
        text="Beispiel: Auf dieser Seite steht ein Bild, das mir gehört.",
        email="anna@example.invalid",
        language=language,
        reported_at=now,
    )
