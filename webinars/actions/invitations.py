"""An invitation is taken back. Inviting is in sessions.py: publishing a session tells those invited before."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from webinars.actions.seats import AlreadyRegistered, locked
from webinars.models import Invitation, Session

log = structlog.get_logger(__name__)


@transaction.atomic
def withdraw_invitation(*, session: Session, invitation: Invitation, by: User, now: datetime) -> None:
    """The person no longer sees the session. A mail that still waits drops itself. Withdrawn twice is withdrawn.

    Raises AlreadyRegistered: a seat is not taken away on the way; the registration is cancelled first, and told.
    """
    # Held, so that nobody registers meanwhile with an invitation that is going.
    row = locked(session)
    registration = row.registrations.alive().filter(person=invitation.person_id).first()
    if registration:
        raise AlreadyRegistered(registration)
    row.invitations.filter(pk=invitation.pk).delete()
    log.info("invitation_withdrawn", session=row.pk, person=invitation.person_id, by=by.pk)
