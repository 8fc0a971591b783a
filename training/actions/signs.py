"""Signs of life: what besides lessons tells the coaches that somebody gets on."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery

from training.models import CourseSession, Enrolment, Strategy
from training.queries.dates import held
from webinars.models import Registration


def note_work(strategy: Strategy, *, now: datetime) -> None:
    """Whoever takes part for this partnership is its team: what one of them does counts for all. Within the transaction
    of the work itself, under the lock of the strategy."""
    rows = Enrolment.objects.active().filter(partnership=strategy.partnership_id)
    rows.filter(Q(active_at=None) | Q(active_at__lt=now)).update(active_at=now)


@transaction.atomic
def note_attendance(*, now: datetime) -> int:
    """Who was at a date of their course got on when it began, whenever that was noted down; how many are moved on.

    Sessions know nothing of courses: so this is read each hour.
    """
    dates = CourseSession.objects.filter(course=OuterRef(OuterRef("course")), session__in=held())
    there = Registration.objects.filter(
        person=OuterRef("person"), session__in=dates.values("session"), attended_at__isnull=False
    )
    last = there.order_by().values("person").annotate(last=Max("session__starts_at")).values("last")
    rows = Enrolment.objects.active().filter(finished_at=None).annotate(there_at=Subquery(last))
    later = rows.filter(
        Q(active_at=None) | Q(active_at__lt=F("there_at")), there_at__gte=F("enrolled_at"), there_at__lte=now
    )
    return later.update(active_at=F("there_at"))
