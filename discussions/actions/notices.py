"""Notices of people without an account (Digital Services Act, Article 16), answered by the office."""

from datetime import datetime, timedelta

import structlog
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.queries import staff_with
from discussions.actions.groups import NotAllowed
from discussions.actions.moderation import OFFICE_RIGHT, AlreadyDecided, unused_reference
from discussions.choices import ReportState
from discussions.emails.notices import NoticeAnswered, NoticeTaken, ReportForOffice
from discussions.models import Report
from discussions.permissions import can_answer_reports
from notifications.models import Notice
from notifications.outbox import Guest, queue

log = structlog.get_logger(__name__)

ADDRESS_KEPT = timedelta(days=90)
"""How long the address of somebody without an account is kept at most."""
TEXTS_KEPT = timedelta(days=365)
"""After the last decision; longer than an appeal may take to come."""


@transaction.atomic
def take_notice(*, address: str, text: str, email: str, language: str, now: datetime) -> Report:
    """`address` is kept as typed and looked up nowhere: whether something is there shows in nothing we answer."""
    report = Report.objects.create(
        reference=unused_reference(),
        is_notice=True,
        address=address,
        text=text,
        email=email,
        language=language,
        reported_at=now,
    )
    queue(ReportForOffice, to=staff_with(OFFICE_RIGHT), about=report, now=now)
    if email:
        queue(NoticeTaken, to=[Guest(email, language)], about=report, now=now)
    log.info("notice_taken", report=report.pk)
    return report


@transaction.atomic
def answer_notice(*, report: Report, acted: bool, reason: str, by: User, now: datetime) -> None:
    """Once; who left an address is written to. Raises NotAllowed, AlreadyDecided."""
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not row.is_notice or not can_answer_reports(by):
        raise NotAllowed
    if not row.is_open:
        raise AlreadyDecided
    row.state = ReportState.HIDDEN if acted else ReportState.KEPT
    row.decision, row.decided_by, row.decided_at = reason, by, now
    row.save()
    if row.email:
        queue(NoticeAnswered, to=[Guest(row.email, row.language)], about=row, now=now)
    log.info("notice_answered", report=row.pk, by=by.pk, acted=acted)


@transaction.atomic
def forget_notifiers(*, now: datetime) -> int:
    """Addresses of who has the answer, and all after 90 days. Gives how many."""
    kept = Report.objects.exclude(email="")
    on_the_way = Notice.objects.filter(
        kind__in=(NoticeTaken.name, NoticeAnswered.name),
        about_type=ContentType.objects.get_for_model(Report),
        state__in=(Notice.State.WAITING, Notice.State.FAILED),
    ).values("about_id")
    answered = kept.exclude(state=ReportState.OPEN).exclude(pk__in=on_the_way)
    old = kept.filter(reported_at__lt=now - ADDRESS_KEPT)
    return answered.update(email="") + old.update(email="")


@transaction.atomic
def forget_old_reports(*, now: datetime) -> int:
    """What was said in reports, decisions and appeals goes a year after the last word; that there was one stays.

    Open reports whose post is gone with its group go as well: nobody can decide them. Gives how many.
    """
    before = now - TEXTS_KEPT
    waits = Q(appealed_at__isnull=False, appeal_decided_at=None)
    closed = Report.objects.exclude(state=ReportState.OPEN).exclude(waits).filter(decided_at__lt=before)
    closed = closed.filter(Q(appeal_decided_at=None) | Q(appeal_decided_at__lt=before))
    said = ~Q(text="", address="", decision="", appeal="", appeal_decision="")
    forgotten = closed.filter(said).update(text="", address="", decision="", appeal="", appeal_decision="")
    orphans = Report.objects.filter(post=None, is_notice=False, state=ReportState.OPEN)
    return forgotten + orphans.delete()[0]
