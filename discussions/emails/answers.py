"""What is told to who answers by mail: at once and not stored, as it repeats what came in a mail that was not kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from core.limits import within_limit
from discussions.incoming import Incoming
from discussions.models import Post

log = structlog.get_logger(__name__)

_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,200}")


@dataclass(frozen=True)
class Unsuitable:
    """A file that was not taken, and the sentence that says why."""

    name: str
    why: str


def tell_refused(mail: Incoming, person: User, *, why: str) -> None:
    """Once an hour, so that two machines cannot write to each other for ever.

    It goes to whoever wrote, and says nothing of the person, the topic or the group.
    """
    if within_limit("answers-refused", mail.sender, most=1, each=timedelta(hours=1)):
        link = settings.SITE_URL + reverse("discussions:list")
        _send("answer_refused", mail, person, {"why": why, "link": link})


def tell_left_out(mail: Incoming, person: User, said: Post, unsuitable: Sequence[Unsuitable]) -> None:
    """The post stands; these files do not."""
    link = f"{settings.SITE_URL}{said.topic.get_absolute_url()}?at={said.number}#post-{said.number}"
    context = {"unsuitable": unsuitable, "too_many": mail.attachments_left_out, "link": link}
    _send("answer_files", mail, person, context)


def _send(name: str, mail: Incoming, person: User, context: dict[str, Any]) -> None:
    """A mail server that is away must not keep the answer itself from being taken."""
    headers = {"Auto-Submitted": "auto-replied", "Content-Language": person.language}
    if _MESSAGE_ID.fullmatch(mail.message_id):
        headers |= {"In-Reply-To": f"<{mail.message_id}>", "References": f"<{mail.message_id}>"}
    with translation.override(person.language):
        context = {**context, "site_url": settings.SITE_URL, "language": person.language}
        subject = " ".join(render_to_string(f"email/{name}.subject.txt", context).split())
        text = render_to_string(f"email/{name}.txt", context).strip() + "\n"
    try:
        EmailMessage(subject, text, to=[mail.sender], headers=headers).send()
    except (SMTPException, OSError) as error:
        log.warning("answer_to_mail_not_sent", error=type(error).__name__)
