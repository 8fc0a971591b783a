"""A message from the relay form, passed on."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.contacts import own_readers, readers_of
from directory.emails.claim_examples import example_message, notice_about
from directory.models import ContactMessage
from directory.reports import address_of
from notifications.kinds import Kind
from notifications.models import Notice


class MessagePassedOn(Kind):
    """To those who look after an entry: somebody wrote. The sender's address is told here and nowhere else."""

    name = "contact_message"
    title = _("a message for a municipality, an organisation or a partnership you look after")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        message = notice.about
        if not isinstance(message, ContactMessage) or message.subject is None:
            return False
        return notice.recipient in readers_of(message.subject)

    def reply_to(self, notice: Notice) -> str:
        message = notice.about
        return message.sender_email if isinstance(message, ContactMessage) else ""

    def context(self, notice: Notice) -> dict[str, Any]:
        message = notice.about
        assert isinstance(message, ContactMessage)  # noqa: S101 -- still_wanted has asked
        is_for_office = message.subject is None or not own_readers(message.subject)
        return {"message": message, "is_for_office": is_for_office}

    def path(self, notice: Notice) -> str:
        assert isinstance(notice.about, ContactMessage)  # noqa: S101 -- still_wanted has asked
        return address_of(notice.about.subject)

    def example(self, *, language: str, now: datetime) -> Notice:
        return notice_about(self, example_message(now=now, language=language), language=language, now=now)
