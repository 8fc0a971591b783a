"""The end of a course: who has done everything has finished it, and gets a certificate."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from core.pdf import drawable
from notifications.outbox import Told, queue, queue_told
from training.emails import CertificateIssued, CourseFinished
from training.models import CourseCertificate, Enrolment
from training.queries.finishing import newly_finished
from webinars.certificates import new_code
from webinars.models import Certificate

log = structlog.get_logger(__name__)


class NotFinished(Exception):
    """A certificate is for who has finished the course."""


@transaction.atomic
def finish_courses(*, now: datetime) -> int:
    """Note and tell who has done everything; how many. For good: a lesson that is added later takes nothing away.

    A row somebody else holds, another sweep for example, is looked at again in an hour.
    """
    rows = newly_finished().select_for_update(of=("self",), skip_locked=True)
    found = list(rows.order_by("pk").values_list("pk", "person"))
    Enrolment.objects.filter(pk__in=[pk for pk, _person in found]).update(finished_at=now)
    told = [Told(pk, "", person, "", "", "") for pk, person in found]
    queue_told(CourseFinished, told, about=Enrolment, now=now)
    return len(found)


@transaction.atomic
def issue_certificate(*, enrolment: Enrolment, name: str, now: datetime) -> CourseCertificate:
    """The one certificate of this enrolment; asked for again it is the same, with the first name.

    Raises NotFinished.
    """
    row = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if row.finished_at is None:
        raise NotFinished
    known = CourseCertificate.objects.filter(enrolment=row).first()
    if known:
        return known
    return CourseCertificate.objects.create(enrolment=row, code=_free_code(), name=name, issued_at=now)


@dataclass(frozen=True, slots=True)
class Issued:
    """How many certificates are new, and of whom there is none and why."""

    issued: int
    unfinished: int
    nameless: int


@transaction.atomic
def issue_certificates(*, enrolments: QuerySet[Enrolment], by: User, now: datetime) -> Issued:
    """By the office, with the name of the profile. Who has a certificate already, also a revoked one, gets no other;
    who has no name there that can be printed states one on the page of the course. Each is told once.
    """
    issued = unfinished = nameless = 0
    for row in enrolments.select_related("person").order_by("pk"):
        name = row.person.display_name.strip()
        if CourseCertificate.objects.filter(enrolment=row).exists():
            continue
        if row.finished_at is None:
            unfinished += 1
        elif not name or drawable(name) != name:
            nameless += 1
        else:
            issue_certificate(enrolment=row, name=name, now=now)
            queue(CertificateIssued, to=[row.person], about=row, now=now)
            issued += 1
    log.info("course_certificates_issued", number=issued, by=by.pk)
    return Issued(issued, unfinished, nameless)


@transaction.atomic
def revoke_certificate(*, certificate: CourseCertificate, why: str, by: User, now: datetime) -> bool:
    """The check page says so from now on, without `why`. False when it was revoked before: the first reason stays."""
    done = CourseCertificate.objects.filter(pk=certificate.pk, revoked_at=None).update(
        revoked_at=now, revoked_why=why
    )
    if done:
        log.info("course_certificate_revoked", certificate=certificate.pk, by=by.pk)
    return bool(done)


def _free_code() -> str:
    """The check page takes a code for a session or a course."""
    code = new_code()
    while (
        CourseCertificate.objects.filter(code=code).exists() or Certificate.objects.filter(code=code).exists()
    ):
        code = new_code()
    return code
