"""Whether a certificate is real: who has its code is told what stands on the paper, and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from training.models import CourseCertificate
from webinars.certificates import normal_code
from webinars.facts import Clock, clock
from webinars.models import Certificate
from webinars.texts import Text, text_in


@dataclass(frozen=True, slots=True)
class Shown:
    """Of a session or, with `finished_at`, of a course. One that was revoked says only that."""

    code: str
    name: str = ""
    title: Text | None = None
    clock: Clock | None = None
    organiser: str = ""
    issued_at: datetime | None = None
    finished_at: datetime | None = None
    revoked_at: datetime | None = None


def certificate_with(typed: str) -> Shown | None:
    """However the code was typed. A name that was erased since is empty."""
    code = normal_code(typed)
    return (_of_a_session(code) or _of_a_course(code)) if code else None


def _of_a_session(code: str) -> Shown | None:
    row = Certificate.objects.select_related("registration__session__organisation").filter(code=code).first()
    if row is None:
        return None
    session = row.registration.session
    return Shown(
        code=row.code,
        name=row.name,
        title=text_in(session, "title", get_language() or "de"),
        clock=clock(session.starts_at, session.ends_at, session.zone),
        organiser=session.organisation.name if session.organisation else "",
        issued_at=row.issued_at,
    )


def _of_a_course(code: str) -> Shown | None:
    row = CourseCertificate.objects.select_related("enrolment__course").filter(code=code).first()
    if row is None:
        return None
    if row.revoked_at:
        return Shown(code=row.code, revoked_at=row.revoked_at)
    return Shown(
        code=row.code,
        name=row.name,
        title=text_in(row.enrolment.course, "title", get_language() or "de"),
        issued_at=row.issued_at,
        finished_at=row.enrolment.finished_at,
    )
