"""What becomes of a post somebody objects to. People decide, no machine does; who is hidden learns why and may appeal.

The row of the post is locked first, then those of its reports: two who decide at once do not cross.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from accounts.queries import staff_with
from discussions.actions.groups import NotAllowed
from discussions.choices import ReportState
from discussions.emails.moderation import (
    AppealDecided,
    AppealMade,
    PostHidden,
    PostReported,
    ReportDecided,
)
from discussions.emails.notices import ReportForOffice
from discussions.models import Post, Report
from discussions.permissions import (
    can_decide_appeal,
    can_decide_report,
    can_hide,
    can_report,
    deciding,
)
from discussions.references import new_reference
from notifications.outbox import queue

log = structlog.get_logger(__name__)

APPEAL_WITHIN = timedelta(days=184)
"""Six months, however long they are."""
OFFICE_RIGHT = "discussions.change_report"


class AlreadyDecided(Exception):
    """Somebody else was quicker."""


class NoAppeal(Exception):
    """There was one before, it is too late, or the post is shown again."""


def appeal_until(report: Report) -> datetime | None:
    return report.decided_at + APPEAL_WITHIN if report.decided_at else None


def may_appeal(report: Report, person: User, *, now: datetime) -> bool:
    """The author of the hidden post, once. Having left the group takes this right from nobody."""
    until = appeal_until(report)
    return (
        report.is_statement
        and report.state == ReportState.HIDDEN
        and report.appealed_at is None
        and report.post is not None
        and report.post.author_id == person.pk
        and until is not None
        and now <= until
    )


@transaction.atomic
def report_post(*, post: Post, text: str, by: User, now: datetime) -> Report:
    """Who may decide is told. One open report for each person and post: the first one stays. Raises NotAllowed."""
    row = _locked(post)
    if not can_report(by, row):
        raise NotAllowed
    if known := row.reports.filter(reporter=by, state=ReportState.OPEN).first():
        return known
    report = Report.objects.create(
        reference=unused_reference(),
        post=row,
        reporter=by,
        text=text,
        language=by.language,
        reported_at=now,
    )
    leaders = _people(deciding(row).values_list("person", flat=True))
    queue(PostReported, to=leaders, about=report, now=now)
    if not leaders:
        queue(ReportForOffice, to=_office(but=(row.author_id, by.pk)), about=report, now=now)
    log.info("post_reported", post=row.pk, report=report.pk)
    return report


@transaction.atomic
def hide_post(*, post: Post, reason: str, by: User, now: datetime, report: Report | None = None) -> Report:
    """The text stays in the row, so that an appeal can undo it. All open reports of the post are decided by it.

    The row that is given back is the statement of reasons for the author. Raises NotAllowed, AlreadyDecided.
    """
    row = _locked(post)
    if row.hidden_at is not None:
        raise AlreadyDecided
    may = can_decide_report(by, report) if report else can_hide(by, row)
    if not may or row.deleted_at is not None:
        raise NotAllowed
    open_ = list(row.reports.select_for_update(of=("self",)).filter(state=ReportState.OPEN).order_by("pk"))
    if report is not None and report.pk not in [one.pk for one in open_]:
        raise AlreadyDecided
    statement = next((one for one in open_ if report is None or one.pk == report.pk), None)
    if statement is None:
        statement = Report(reference=unused_reference(), post=row, language=by.language, reported_at=now)
        open_.append(statement)
    statement.is_statement = True
    for one in open_:
        _close(one, ReportState.HIDDEN, reason, by, now)
    row.hidden_at, row.hidden_reason, row.hidden_by = now, reason, by
    row.version += 1
    row.save()
    queue(PostHidden, to=_people([row.author_id]), about=statement, now=now)
    _tell_reporters(open_, but=by, now=now)
    log.info("post_hidden", post=row.pk, report=statement.pk, by=by.pk)
    return statement


@transaction.atomic
def keep_post(*, report: Report, reason: str, by: User, now: datetime) -> None:
    """The post stays; who reported it learns why. Raises NotAllowed, AlreadyDecided."""
    row = _locked_report(report)
    if not can_decide_report(by, row):
        raise NotAllowed
    if not row.is_open:
        raise AlreadyDecided
    _close(row, ReportState.KEPT, reason, by, now)
    _tell_reporters([row], but=by, now=now)
    log.info("post_kept", post=row.post_id, report=row.pk, by=by.pk)


@transaction.atomic
def appeal(*, report: Report, text: str, by: User, now: datetime) -> None:
    """Who may decide it is told: another leader, or else the office. Raises NotAllowed, NoAppeal."""
    row = _locked_report(report)
    if row.post is None or row.post.author_id != by.pk or not row.is_statement:
        raise NotAllowed
    if not may_appeal(row, by, now=now):
        raise NoAppeal
    row.appeal, row.appealed_at = text, now
    row.save()
    leaders = _people(deciding(row.post, but=(row.decided_by_id,)).values_list("person", flat=True))
    queue(AppealMade, to=leaders, about=row, now=now)
    if not leaders:
        office = _office(but=(by.pk, row.decided_by_id))
        queue(ReportForOffice, to=office, about=row, once="appeal", now=now)
    log.info("appeal_made", post=row.post_id, report=row.pk)


@transaction.atomic
def decide_appeal(*, report: Report, uphold: bool, reason: str, by: User, now: datetime) -> None:
    """`uphold`: the post stays hidden; otherwise it is shown again. Raises NotAllowed, AlreadyDecided."""
    row = _locked_report(report)
    if not can_decide_appeal(by, row) or row.appealed_at is None:
        raise NotAllowed
    if not row.appeal_waits:
        raise AlreadyDecided
    row.appeal_decision, row.appeal_decided_by, row.appeal_decided_at = reason, by, now
    row.save()
    post = row.post
    assert post is not None  # noqa: S101 -- can_decide_appeal has asked
    if not uphold:
        _show_again(post, now=now, by=by)
    queue(AppealDecided, to=_people([post.author_id]), about=row, now=now)
    log.info("appeal_decided", post=post.pk, report=row.pk, by=by.pk, upheld=uphold)


def unused_reference() -> str:
    reference = new_reference()
    while Report.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference


def _show_again(post: Post, *, by: User, now: datetime) -> None:
    """Whoever had reported it learns that, too."""
    post.hidden_at, post.hidden_reason, post.hidden_by = None, "", None
    post.version += 1
    post.save()
    reports = list(post.reports.select_for_update(of=("self",)).filter(state=ReportState.HIDDEN))
    for one in reports:
        one.state = ReportState.RESTORED
        one.save(update_fields=("state",))
    _tell_reporters(reports, but=by, now=now)


def _close(row: Report, state: str, reason: str, by: User, now: datetime) -> None:
    row.state, row.decision, row.decided_by, row.decided_at = state, reason, by, now
    row.save()


def _tell_reporters(reports: Iterable[Report], *, but: User, now: datetime) -> None:
    for report in reports:
        if report.reporter_id not in (None, but.pk):
            queue(ReportDecided, to=_people([report.reporter_id]), about=report, once=report.state, now=now)


def _people(numbers: Iterable[int | None]) -> list[User]:
    return list(User.objects.filter(pk__in=[one for one in numbers if one is not None], is_active=True))


def _office(*, but: Iterable[int | None]) -> list[User]:
    return list(staff_with(OFFICE_RIGHT).exclude(pk__in=[one for one in but if one is not None]))


def _locked(post: Post) -> Post:
    return Post.objects.select_for_update(of=("self",)).select_related("topic__group").get(pk=post.pk)


def _locked_report(report: Report) -> Report:
    """With its post, which is locked before it."""
    post = _locked(report.post) if report.post else None
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    row.post = post
    return row
