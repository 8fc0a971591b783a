"""What hosts write to who comes."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind
from notifications.models import Notice
from notifications.outbox import once_of
from webinars.choices import Seat, State
from webinars.emails.examples import example_registration, notice_for
from webinars.emails.registrations import AboutRegistration, registration_in
from webinars.models import HostMail, Session


class HostMailSent(AboutRegistration, Kind):
    """A host's own words. `once` is the number of the HostMail."""

    name = "host_mail"
    title = _("a host writes about a session")
    states = (Seat.SEAT, Seat.OFFERED, Seat.WAITING, Seat.CANCELLED)

    def session_wants(self, session: Session, now: datetime) -> bool:
        return session.state != State.DRAFT

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        """Not by who has cancelled since, unless the host writes to those, too."""
        if not super().still_wanted(notice, now=now):
            return False
        mail = _mail(notice)
        has_left = registration_in(notice).state == Seat.CANCELLED
        return mail is not None and (not has_left or Seat.CANCELLED in mail.states)

    def context(self, notice: Notice) -> dict[str, Any]:
        mail = _mail(notice)
        sender = mail.sent_by if mail else None
        context = super().context(notice)
        has_begun = mail is not None and mail.sent_at >= registration_in(notice).session.starts_at
        return {
            **context,
            "is_gone": context["is_gone"] or has_begun,
            "mail": mail,
            "sender": sender.shown_name if sender else "",
            "answers_reach_sender": bool(self.reply_to(notice)),
        }

    def reply_to(self, notice: Notice) -> str:
        mail = _mail(notice)
        sender = mail.sent_by if mail else None
        return sender.email if sender and sender.is_active else ""

    def example(self, *, language: str, now: datetime) -> Notice:
        row = example_registration(state=Seat.SEAT, language=language, now=now)
        host = row.session.hosts.get().person
        mail = HostMail.objects.create(
            session=row.session,
            subject="Example: please bring a photo",
            text="Please have a photo of your town at hand when we start.",
            states=[Seat.SEAT],
            readers=1,
            sent_by=host,
            sent_at=now,
        )
        return notice_for(self, row, now=now, once=str(mail.pk))


def _mail(notice: Notice) -> HostMail | None:
    rows = registration_in(notice).session.mails.select_related("sent_by")
    return rows.filter(pk=int(once_of(notice))).first()
