"""The mail of a notice, or of several in one: in the language and on the clock of its reader."""

import hashlib
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string, select_template
from django.urls import reverse
from django.utils import timezone, translation

from notifications.addresses import bounce_address
from notifications.kinds import kind
from notifications.links import mail_link
from notifications.models import Notice, Pace

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True)
class Part:
    """One of several notices in a mail: everything it says, without the frame of the mail."""

    notice: Notice
    subject: str
    text: str
    html: str
    link: str


def language_of(notice: Notice) -> str:
    return notice.recipient.language if notice.recipient else notice.language


def zone_of(notice: Notice) -> zoneinfo.ZoneInfo:
    reader = notice.recipient
    return zoneinfo.ZoneInfo((reader.time_zone if reader else notice.time_zone) or settings.TIME_ZONE)


def message(notice: Notice, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    with translation.override(language_of(notice)), timezone.override(zone_of(notice)):
        context = _context(notice)
        subject = _subject(notice, context)
        text = render_to_string(f"email/{notice.kind}.txt", context)
        html = render_to_string(f"email/{notice.kind}.html", {**context, "subject": subject})
        return _mail([notice], subject, text, html, context, connection)


def part_of(notice: Notice) -> Part:
    with translation.override(language_of(notice)), timezone.override(zone_of(notice)):
        context = {**_context(notice), "only": "content"}
        subject = _subject(notice, context)
        return Part(
            notice,
            subject,
            render_to_string(f"email/{notice.kind}.txt", context).strip(),
            render_to_string(f"email/{notice.kind}.html", {**context, "subject": subject}).strip(),
            context["link"],
        )


def message_of_several(
    parts: Sequence[Part], connection: BaseEmailBackend | None = None, *, pace: str = Pace.NOW
) -> EmailMultiAlternatives:
    """All of one reader: a digest, or several of one kind and scope that have waited for each other."""
    notices = [part.notice for part in parts]
    first = notices[0]
    is_digest = pace != Pace.NOW
    with translation.override(language_of(first)), timezone.override(zone_of(first)):
        own = _context(first)
        context = {
            **own,
            **_foot(first, kind="" if is_digest else first.kind, scope="" if is_digest else first.scope),
            "notices": notices,
            "parts": parts,
            "others": len(parts) - 1,
            "pace": pace,
            "link": settings.SITE_URL + reverse("notifications:inbox") if is_digest else parts[-1].link,
            "reason": render_to_string(f"email/{first.kind}.txt", {**own, "only": "reason"}).strip(),
        }
        names = ["email/several"] if is_digest else [f"email/{first.kind}_several", "email/several"]
        subject = _one_line(select_template([f"{name}.subject.txt" for name in names]).render(context))
        context["subject"] = subject
        text = select_template([f"{name}.txt" for name in names]).render(context)
        html = select_template([f"{name}.html" for name in names]).render(context)
        return _mail(notices, subject, text, html, context, connection)


def subject_of(notice: Notice) -> str:
    """What a notice is about, in the language that is active."""
    return _subject(notice, _context(notice))


def message_id(*notices: Notice) -> str:
    """A function of the rows: a copy sent after a crash is the same mail to every mailbox."""
    rows = ";".join(f"{notice.pk}:{notice.key}" for notice in sorted(notices, key=lambda row: row.pk or 0))
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{rows}".encode()).hexdigest()[:32]
    return f"<{digest}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"


def _context(notice: Notice) -> dict[str, Any]:
    told = kind(notice.kind)
    return {
        "notice": notice,
        "reader": notice.recipient,
        "site_url": settings.SITE_URL,
        "link": settings.SITE_URL + told.path(notice),
        "language": language_of(notice),
        **_foot(notice, kind=notice.kind, scope=notice.scope),
        **told.context(notice),
    }


def _foot(notice: Notice, *, kind: str, scope: str) -> dict[str, str]:
    """The way to exactly the choice this mail depends on. Readers without account can only end our mails."""
    person = notice.recipient
    to = {"person": person, "email": person.email if person else notice.email}
    to |= {"language": notice.language, "kind": kind, "scope": scope}
    return {
        "settings_link": mail_link("settings", **to) if person else "",  # type: ignore[arg-type]
        "unsubscribe_link": "" if _must_come(notice) else mail_link("unsubscribe", **to),  # type: ignore[arg-type]
    }


def _must_come(notice: Notice) -> bool:
    """What a person with an account asked for cannot be switched off (docs/decisions/0014)."""
    return notice.recipient_id is not None and kind(notice.kind).essential


def _subject(notice: Notice, context: dict[str, Any]) -> str:
    return _one_line(render_to_string(f"email/{notice.kind}.subject.txt", context))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _mail(
    notices: Sequence[Notice],
    subject: str,
    text: str,
    html: str,
    context: dict[str, Any],
    connection: BaseEmailBackend | None,
) -> EmailMultiAlternatives:
    first = notices[0]
    headers = {
        "Message-ID": message_id(*notices),
        "Auto-Submitted": "auto-generated",
        "Content-Language": context["language"],
    }
    if context["unsubscribe_link"]:
        headers["List-Unsubscribe"] = f"<{context['unsubscribe_link']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    sender = settings.DEFAULT_FROM_EMAIL
    if settings.BOUNCE_ADDRESS:
        # The envelope's sender, where a mail that cannot be delivered goes back to; readers see the other one.
        headers["From"], sender = sender, bounce_address(first)
    replies = {kind(notice.kind).reply_to(notice) for notice in notices}
    mail = EmailMultiAlternatives(
        subject,
        text.strip() + "\n",
        from_email=sender,
        to=[first.recipient.email if first.recipient else first.email],
        reply_to=[address for address in replies if address] if len(replies) == 1 else None,
        connection=connection,
        headers=headers,
    )
    mail.attach_alternative(_inliner.inline(html), "text/html")
    if len(notices) == 1 and (file := kind(first.kind).calendar(first)):
        # Once for programs that read invitations, once as a file people can save (Google's own mails do both).
        # Django adds the charset.
        mail.attach_alternative(file.content.decode(), f"text/calendar; method={file.method}")
        mail.attach("session.ics", file.content, "application/ics")
    return mail
