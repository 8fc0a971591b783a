"""A host's mail as it will look, before it is sent."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.links import new_nonce
from notifications.mails import message
from notifications.models import Notice
from notifications.outbox import Guest, queue
from webinars.choices import Seat
from webinars.emails.desk import HostMailSent
from webinars.models import HostMail, Registration, Session


def host_mail_preview(
    session: Session, *, subject: str, text: str, by: User, now: datetime
) -> tuple[str, str]:
    """Subject and text as a reader gets them, with the host in the reader's place.

    The rows it needs are rolled back, so that the links in it lead nowhere: those of readers are for readers only.
    """
    with transaction.atomic():
        mail = HostMail.objects.create(
            session=session,
            subject=subject,
            text=text,
            states=[Seat.SEAT],
            readers=1,
            sent_by=by,
            sent_at=now,
        )
        row = Registration.objects.create(
            session=session,
            name=by.shown_name,
            email="reader@example.invalid",
            language=by.language,
            time_zone=by.time_zone,
            state=Seat.SEAT,
            number=0,
            nonce=new_nonce(),
            registered_at=now,
        )
        guest = Guest(row.email, row.language, row.time_zone)
        queue(HostMailSent, to=[guest], about=row, now=now, once=str(mail.pk))
        # Not simply the latest row: others commit mails with links of theirs meanwhile.
        shown = message(Notice.objects.get(kind=HostMailSent.name, about_id=row.pk))
        transaction.set_rollback(True)
    return str(shown.subject), str(shown.body)
