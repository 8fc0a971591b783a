"""What was reported, for who decides it, and the one report somebody has the reference of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from discussions.choices import ReportState, Role
from discussions.models import Group, Membership, Post, Report
from discussions.references import as_written

SHOWN_FOR = timedelta(days=90)
MOST = 50
"""Of each list: the oldest come first, and the next ones when those are decided."""
_WAITS = Q(appealed_at__isnull=False, appeal_decided_at=None)


@dataclass(frozen=True)
class Queue:
    """`appeals` are those this leader may decide, `others` those somebody else has to."""

    reports: list[Report]
    appeals: list[Report]
    others: list[Report]
    decided: list[Report]


def queue_of(group: Group, person: User, *, now: datetime) -> Queue:
    """Not what was reported about the own posts: nobody looks after that oneself."""
    rows = (
        Report.objects.filter(post__topic__group=group, post__in=Post.objects.visible_to(person))
        .filter(~Q(post__author=person) | Q(post__author=None))
        .select_related("post__topic__group", "post__author", "decided_by")
    )
    waiting = list(rows.filter(_WAITS).order_by("appealed_at", "pk")[:MOST])
    decided = rows.exclude(state=ReportState.OPEN).exclude(_WAITS).filter(decided_at__gt=now - SHOWN_FOR)
    return Queue(
        reports=list(rows.filter(state=ReportState.OPEN).order_by("reported_at", "pk")[:MOST]),
        appeals=[row for row in waiting if row.decided_by_id != person.pk],
        others=[row for row in waiting if row.decided_by_id == person.pk],
        decided=list(decided.order_by("-decided_at", "-pk")[:MOST]),
    )


def report_for(person: User, typed: str) -> Report | None:
    """One's own report, or the decision about one's own post; None for everything else."""
    reports = Report.objects.filter(is_notice=False).select_related("post__topic__group", "post__author")
    mine = Q(reporter=person) | Q(post__author=person, is_statement=True)
    return reports.filter(mine, reference=as_written(typed)).first()


def report_to_decide(person: User, typed: str) -> Report | None:
    """In a group this person leads, of a post somebody else wrote. Who may decide what is asked afterwards."""
    leads = Membership.objects.leading().filter(person=person).values("group")
    reports = Report.objects.filter(
        post__in=Post.objects.visible_to(person), post__topic__group__in=leads, reference=as_written(typed)
    )
    reports = reports.filter(~Q(post__author=person) | Q(post__author=None))
    return reports.select_related("post__topic__group", "post__author", "decided_by").first()


def for_the_office() -> QuerySet[Report]:
    """Notices without an account, and reports and appeals that nobody in the group can decide."""
    leading = _leading(Coalesce(OuterRef("post__author"), Value(0)))
    others = leading.exclude(person=Coalesce(OuterRef("decided_by"), Value(0)))
    lonely = Q(state=ReportState.OPEN) & ~Exists(leading)
    lonely_appeal = _WAITS & ~Exists(others)
    return Report.objects.filter(Q(is_notice=True) | (Q(post__isnull=False) & (lonely | lonely_appeal)))


def _leading(author: Coalesce) -> QuerySet[Membership]:
    """As `permissions.deciding`, for many posts at once."""
    reads_line = Q(role=Role.COACH) | Q(person=OuterRef("post__topic__line_of"))
    rows = Membership.objects.leading().filter(group=OuterRef("post__topic__group"), person__is_active=True)
    no_line = Exists(Post.objects.filter(pk=OuterRef(OuterRef("post")), topic__is_line=False))
    return rows.filter(Q(no_line) | reads_line).exclude(person=author)
