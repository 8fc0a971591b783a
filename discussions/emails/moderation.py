"""What is told about posts that were reported or hidden: to who decides, who wrote, and who reported."""

from datetime import datetime
from typing import Any, ClassVar, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.markdown import plain
from discussions.choices import ReportState, Role
from discussions.emails.examples import example_group, example_post, example_reader
from discussions.models import Post, Report
from discussions.permissions import can_decide_appeal, can_decide_report, can_view_topic
from discussions.references import new_reference
from notifications.examples import queued
from notifications.kinds import Kind
from notifications.models import Notice


class _AboutReport:
    """What all of them know. The post is there as long as `still_wanted` says so."""

    essential: ClassVar[bool] = True

    def context(self, notice: Notice) -> dict[str, Any]:
        report = report_in(notice)
        post = cast(Post, report.post)
        return {"report": report, "topic": post.topic, "group": post.topic.group, "post": post}

    def path(self, notice: Notice) -> str:
        return reverse("discussions:decision", args=[report_in(notice).reference])


class _ToDecide(_AboutReport):
    def path(self, notice: Notice) -> str:
        return reverse("discussions:decide", args=[report_in(notice).reference])


class PostReported(_ToDecide, Kind):
    """To who leads the group, but for the author."""

    name = "post_reported"
    title = _("a post in a group you lead was reported")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        report = notice.about
        return isinstance(report, Report) and report.is_open and can_decide_report(notice.recipient, report)

    def example(self, *, language: str, now: datetime) -> Notice:
        report, reader = example_report(language=language, now=now, role=Role.MODERATOR)
        return queued(PostReported, to=reader, about=report, now=now)


class AppealMade(_ToDecide, Kind):
    """To who leads the group, but for the author and who has hidden the post."""

    name = "appeal_made"
    title = _("somebody appeals: a post in a group you lead was hidden")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        report = notice.about
        is_open = isinstance(report, Report) and report.appeal_waits
        return is_open and can_decide_appeal(notice.recipient, cast(Report, report))

    def example(self, *, language: str, now: datetime) -> Notice:
        report, reader = example_report(language=language, now=now, role=Role.MODERATOR)
        report.state, report.is_statement, report.decided_at = ReportState.HIDDEN, True, now
        report.appeal, report.appealed_at = "Beispiel: Das war nicht so gemeint.", now
        report.save()
        return queued(AppealMade, to=reader, about=report, now=now)


class PostHidden(_AboutReport, Kind):
    """To the author: the statement of reasons. Also to one who has left the group: it is the own text."""

    name = "post_hidden"
    title = _("a post of yours was hidden")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        report = notice.about
        return _is_of_author(notice) and cast(Report, report).state == ReportState.HIDDEN

    def context(self, notice: Notice) -> dict[str, Any]:
        known = super().context(notice)
        return {**known, "text": plain(known["post"].text) if known["group"].sends_text else ""}

    def example(self, *, language: str, now: datetime) -> Notice:
        report, reader = _example_hidden(language=language, now=now)
        return queued(PostHidden, to=reader, about=report, now=now)


class AppealDecided(_AboutReport, Kind):
    """To the author."""

    name = "appeal_decided"
    title = _("your appeal was decided")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        return _is_of_author(notice) and cast(Report, notice.about).appeal_decided_at is not None

    def context(self, notice: Notice) -> dict[str, Any]:
        return {**super().context(notice), "is_shown": report_in(notice).state == ReportState.RESTORED}

    def example(self, *, language: str, now: datetime) -> Notice:
        report, reader = _example_hidden(language=language, now=now)
        report.state, report.appealed_at, report.appeal_decided_at = ReportState.RESTORED, now, now
        report.appeal_decision = "Beispiel: Der Beitrag verletzt keine Regel."
        report.save()
        return queued(AppealDecided, to=reader, about=report, now=now)


class ReportDecided(_AboutReport, Kind):
    """To who reported it, as long as they still see the topic. `once` is the decision."""

    name = "post_report_decided"
    title = _("your report of a post was decided")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        report = notice.about
        if not isinstance(report, Report) or report.post is None or report.is_open:
            return False
        return can_view_topic(notice.recipient, report.post.topic)

    def context(self, notice: Notice) -> dict[str, Any]:
        state = report_in(notice).state
        is_restored = state == ReportState.RESTORED
        return {
            **super().context(notice),
            "is_hidden": state == ReportState.HIDDEN,
            "is_restored": is_restored,
        }

    def example(self, *, language: str, now: datetime) -> Notice:
        report, reader = example_report(language=language, now=now)
        report.reporter, report.state, report.decided_at = reader, ReportState.HIDDEN, now
        report.decision = "Beispiel: Der Beitrag beleidigt ein Mitglied."
        report.save()
        return queued(ReportDecided, to=reader, about=report, now=now)


def report_in(notice: Notice) -> Report:
    """`still_wanted` has asked what a notice is about before anything else is."""
    return cast(Report, notice.about)


def example_report(*, language: str, now: datetime, role: str = Role.MEMBER) -> tuple[Report, Any]:
    """A report of a post of the host, and somebody else of the group."""
    group = example_group(now=now)
    post = example_post(group, now=now)
    membership = example_reader(group, language=language, now=now)
    membership.role = role
    membership.save()
    report = Report.objects.create(
        reference=new_reference(),
        post=post,
        text="Beispiel: Dieser Beitrag beleidigt ein Mitglied.",
        language=language,
        reported_at=now,
    )
    return report, membership.person


def _example_hidden(*, language: str, now: datetime) -> tuple[Report, Any]:
    report, reader = example_report(language=language, now=now)
    post = cast(Post, report.post)
    post.author, post.hidden_at, post.hidden_reason = reader, now, "Beispiel: Werbung"
    post.save()
    report.state, report.decision, report.decided_at = ReportState.HIDDEN, post.hidden_reason, now
    report.is_statement = True
    report.save()
    return report, reader


def _is_of_author(notice: Notice) -> bool:
    report = notice.about
    if not isinstance(report, Report) or report.post is None or notice.recipient_id is None:
        return False
    return report.is_statement and report.post.author_id == notice.recipient_id
