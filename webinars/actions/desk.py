"""What hosts write to the people who come."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import queue_each
from webinars.actions.people import readers_among
from webinars.emails.desk import HostMailSent
from webinars.models import HostMail, Registration, RegistrationQuerySet, Session

log = structlog.get_logger(__name__)


class NobodyToWriteTo(Exception):
    """The selection is empty."""


def readers_of(
    session: Session, *, states: Sequence[str], attended: bool | None = None
) -> RegistrationQuerySet:
    """Whom a mail to this selection reaches. `attended`: only who was there, or only who was not."""
    known = set(Registration.Seat.values) - {Registration.Seat.ASKED}
    rows: RegistrationQuerySet = session.registrations.filter(state__in=known & set(states))
    rows = rows.exclude(person=None, email="")
    if attended is not None:
        rows = rows.filter(attended_at__isnull=not attended)
    return rows.select_related("person").order_by("number")


@transaction.atomic
def write_to(
    *,
    session: Session,
    subject: str,
    text: str,
    states: Sequence[str],
    by: User,
    now: datetime,
    attended: bool | None = None,
) -> HostMail:
    """One mail to each of the selection, and to nobody else; answers go to `by`. Raises NobodyToWriteTo."""
    readers = list(readers_of(session, states=states, attended=attended))
    if not readers:
        raise NobodyToWriteTo
    mail = HostMail.objects.create(
        session=session,
        subject=subject,
        text=text,
        states=list(states),
        readers=len(readers),
        sent_by=by,
        sent_at=now,
    )
    queue_each(HostMailSent, readers_among(readers), now=now, once=str(mail.pk))
    log.info("host_mail_sent", session=session.pk, mail=mail.pk, readers=len(readers), by=by.pk)
    return mail
