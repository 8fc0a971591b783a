"""Wrong entries reported and answered."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model

from accounts.models import User
from directory.emails import EntryReported, ReportAnswered
from directory.models import EntryReport
from directory.queries import people_who_answer_reports
from notifications.models import Notice
from notifications.outbox import Guest, queue

ADDRESS_KEPT = timedelta(days=90)
"""How long the address of a reporter is kept at most."""


class AlreadyAnswered(Exception):
    """Somebody of the office has answered this report before."""


@transaction.atomic
def report_entry(
    *, subject: Model, subject_name: str, text: str, email: str, language: str, now: datetime
) -> EntryReport:
    """Somebody says that a public entry is wrong. `email` may be empty: then nobody is answered."""
    report = EntryReport.objects.create(
        subject=subject,
        subject_name=subject_name[:200],
        text=text,
        email=email,
        language=language,
        reported_at=now,
    )
    queue(EntryReported, to=people_who_answer_reports(), about=report, now=now)
    return report


@transaction.atomic
def answer_report(*, report: EntryReport, by: User, state: str, answer: str, now: datetime) -> EntryReport:
    """Decide a report once; who left an address gets the answer. Raises AlreadyAnswered."""
    report = EntryReport.objects.select_for_update().get(pk=report.pk)
    if report.state != EntryReport.State.OPEN:
        raise AlreadyAnswered
    if state not in (EntryReport.State.CORRECTED, EntryReport.State.DECLINED):
        raise ValueError(f"{state} is no decision")
    report.state, report.answer = state, answer
    report.decided_by, report.decided_at = by, now
    report.save()
    if report.email:
        queue(ReportAnswered, to=[Guest(report.email, report.language)], about=report, now=now)
    return report


@transaction.atomic
def forget_reporters(*, now: datetime) -> int:
    """Forget the addresses of reporters who have their answer, and all after 90 days. Gives how many."""
    kept = EntryReport.objects.exclude(email="")
    report_type = ContentType.objects.get_for_model(EntryReport)
    on_the_way = Notice.objects.filter(
        kind=ReportAnswered.name,
        about_type=report_type,
        state__in=(Notice.State.WAITING, Notice.State.FAILED),
    ).values("about_id")
    answered = kept.exclude(state=EntryReport.State.OPEN).exclude(pk__in=on_the_way)
    old = kept.filter(reported_at__lt=now - ADDRESS_KEPT)
    return answered.update(email="") + old.update(email="")
