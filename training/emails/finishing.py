"""To who has finished a course."""

from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice
from training.choices import State
from training.emails.taking_part import example_course
from training.models import CourseCertificate, Enrolment


class CourseFinished(Kind):
    """Told once, by the sweep that found everything done."""

    name = "course_finished"
    title = _("you have finished a course")
    reads = ("course",)

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, Enrolment) and row.finished_at is not None

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"course": cast(Enrolment, notice.about).course}

    def path(self, notice: Notice) -> str:
        return reverse("training:certificate", args=(cast(Enrolment, notice.about).course.slug,))

    def example(self, *, language: str, now: datetime) -> Notice:
        course = example_course(state=State.PUBLISHED)
        row = Enrolment.objects.create(
            course=course, person=invented_person(language), enrolled_at=now, finished_at=now
        )
        return queued(CourseFinished, to=row.person, about=row, now=now)


class CertificateIssued(Kind):
    """The office has issued it; the name on it is that of the profile."""

    name = "certificate_issued"
    title = _("the certificate of a course is ready")
    reads = ("course", "certificate")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, Enrolment) and certificate_in_force(row) is not None

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Enrolment, notice.about)
        return {"course": row.course, "certificate": certificate_in_force(row)}

    def path(self, notice: Notice) -> str:
        return reverse("training:certificate", args=(cast(Enrolment, notice.about).course.slug,))

    def example(self, *, language: str, now: datetime) -> Notice:
        course = example_course(state=State.PUBLISHED)
        row = Enrolment.objects.create(
            course=course, person=invented_person(language), enrolled_at=now, finished_at=now
        )
        CourseCertificate.objects.create(
            enrolment=row, code="VIP-EXAM-PLE0-0000", name=row.person.display_name, issued_at=now
        )
        return queued(CertificateIssued, to=row.person, about=row, now=now)


def certificate_in_force(row: Enrolment) -> CourseCertificate | None:
    found: CourseCertificate | None = getattr(row, "certificate", None)
    return found if found is not None and found.revoked_at is None else None
