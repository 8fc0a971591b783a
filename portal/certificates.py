"""Whether a certificate is real: who has its code is told what stands on the paper, and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from webinars.certificates import normal_code
from webinars.facts import Clock, clock
from webinars.models import Certificate
from webinars.texts import Text, text_in


@dataclass(frozen=True, slots=True)
class Shown:
    code: str
    name: str
    title: Text
    clock: Clock
    minutes: int
    organiser: str
    issued_at: datetime


def certificate_with(typed: str) -> Shown | None:
    """However the code was typed. A name that was erased since is empty."""
    code = normal_code(typed)
    rows = Certificate.objects.select_related("registration__session__organisation")
    row = rows.filter(code=code).first() if code else None
    if row is None:
        return None
    session = row.registration.session
    return Shown(
        code=row.code,
        name=row.name,
        title=text_in(session, "title", get_language() or "de"),
        clock=clock(session.starts_at, session.ends_at, session.zone),
        minutes=session.minutes,
        organiser=session.organisation.name if session.organisation else "",
        issued_at=row.issued_at,
    )
