"""Addresses that only a reader's own mail holds: to choose how often mails come, and to end them.

Each is signed for one purpose and one reader. They are void when the reader's address changes: the old mailbox may
be somebody else's. What lies behind them shows and changes nothing but the choice itself.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from notifications.addresses import address_digest

Purpose = Literal["settings", "unsubscribe"]
# Mails must be ended from the oldest one in the mailbox, too; to make more of them come takes a newer one.
_HOLDS: dict[Purpose, timedelta | None] = {"settings": timedelta(days=365), "unsubscribe": None}
_TOKEN = re.compile(r"[\w.:~-]{20,250}", re.ASCII)


@dataclass(frozen=True)
class MailLink:
    """Whose mail it stood in, and what the mail was about: a kind or a scope; both empty for a digest."""

    person: User | None
    address: str  # digest
    kind: str
    scope: str


def mail_link(
    purpose: Purpose, *, person: User | None, email: str, language: str, kind: str = "", scope: str = ""
) -> str:
    """The whole address, for a mail. A reader without account takes the language of the mail along."""
    who = f"p{person.pk}" if person else ""
    value = "~".join((who, address_digest(email)[1:], kind, scope))
    name = "preferences_by_mail" if purpose == "settings" else "unsubscribe"
    path = reverse(f"notifications:{name}", args=(_signer(purpose).sign(value),))
    return f"{settings.SITE_URL}{path}" + ("" if person else f"?lang={language}")


def read_mail_link(purpose: Purpose, token: str) -> MailLink | None:
    """None for everything we did not make for this purpose, and for a person who is gone or has moved."""
    token = token.rstrip(".,;:!?)>]}\"'")
    if not _TOKEN.fullmatch(token):
        return None
    try:
        who, digest, kind, scope = _signer(purpose).unsign(token, max_age=_HOLDS[purpose]).split("~")
    except (signing.BadSignature, ValueError):
        return None
    link = MailLink(None, f"g{digest}", kind, scope)
    if not who:
        return link
    person = User.objects.filter(pk=int(who[1:]), is_active=True).first()
    if person is None or address_digest(person.email) != link.address:
        return None
    return MailLink(person, link.address, kind, scope)


def _signer(purpose: Purpose) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"notifications.{purpose}", sep=".")
