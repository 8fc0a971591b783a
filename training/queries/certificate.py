"""What the certificate of a course says: as things were when it was issued, whatever has happened since."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from directory.models import Organisation
from training.certificates import CourseFacts
from training.models import CourseCertificate, CourseSession, Enrolment, LessonDone, Module, Strategy
from training.queries.dates import attended_by, held


def course_facts(row: CourseCertificate, enrolment: Enrolment) -> CourseFacts:
    """In the active language. `enrolment` is a finished one."""
    finished = enrolment.finished_at or row.issued_at
    return CourseFacts(
        name=row.name,
        course=str(enrolment.course),
        modules=[str(module) for module in Module.objects.filter(course=enrolment.course)],
        dates=_dates(enrolment, row.issued_at),
        strategy_on=_strategy_on(enrolment, row.issued_at),
        begun_on=_begun_on(enrolment),
        finished_on=_day(finished),
        organisers=_organisers(),
        code=row.code,
        check_url=settings.SITE_URL + reverse("portal:certificate", args=[row.code]),
        issued_on=_day(row.issued_at),
    )


def _dates(enrolment: Enrolment, until: datetime) -> list[str]:
    """Each with its day on the clock of its session."""
    there = attended_by(enrolment).filter(attended_at__lte=until)
    rows = CourseSession.objects.filter(course=enrolment.course, session__in=held().order_by())
    found = rows.filter(session__in=there.values("session")).select_related("session")
    return [
        f"{row.session.title} ({date_format(row.session.day, 'DATE_FORMAT')})"
        for row in found.order_by("session__starts_at", "id")
    ]


def _strategy_on(enrolment: Enrolment, until: datetime) -> date | None:
    rows = Strategy.objects.filter(partnership=enrolment.partnership_id, approved_at__lte=until)
    approved = rows.values_list("approved_at", flat=True).first()
    return _day(approved) if approved else None


def _begun_on(enrolment: Enrolment) -> date:
    """Who left and came back has enrolled anew, perhaps after the end."""
    first = LessonDone.objects.filter(enrolment=enrolment).aggregate(first=Min("done_at"))["first"]
    return _day(min(first or enrolment.enrolled_at, enrolment.enrolled_at))


def _organisers() -> list[str]:
    """The two organisations that run ViPaD run its courses."""
    rows = Organisation.objects.exclude(operating=Organisation.Operating.NO)
    return [one.name for one in rows.order_by("operating").only("name")]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
