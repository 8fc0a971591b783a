"""Fetches answers to mails of groups from a mailbox (IMAP), where the mail server cannot hand them on itself."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4, IMAP4_SSL
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from discussions.incoming.messages import LARGEST_MAIL
from discussions.management.commands.take_mail import take

log = structlog.get_logger(__name__)

MOST = 200
"""In one run: the next one takes the rest."""
TIMEOUT = 30


class Command(BaseCommand):
    help = (
        "Fetch unread mails from REPLY_IMAP_URL (imaps://name:password@host/INBOX) and post what they answer."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with EX_OK, or EX_TEMPFAIL when the mailbox or the database is away."""
        address = urlsplit(settings.REPLY_IMAP_URL)
        if address.scheme not in ("imap", "imaps") or not address.hostname:
            raise CommandError("REPLY_IMAP_URL is not set: imaps://name:password@host/INBOX")
        try:
            with _mailbox(address) as mailbox:
                sys.exit(_take_unread(mailbox))
        except (IMAP4.error, OSError) as error:
            # Without its text: servers repeat names in it.
            log.error("mailbox_away", error=type(error).__name__)
            sys.exit(os.EX_TEMPFAIL)


@contextmanager
def _mailbox(address: SplitResult) -> Iterator[IMAP4]:
    host = address.hostname or ""
    if address.scheme == "imaps":
        server: IMAP4 = IMAP4_SSL(host, address.port or 993, timeout=TIMEOUT)
    else:
        server = IMAP4(host, address.port or 143, timeout=TIMEOUT)
    try:
        server.login(unquote(address.username or ""), unquote(address.password or ""))
        folder = unquote(address.path.strip("/")) or "INBOX"
        answer, _data = server.select(f'"{folder}"')
        if answer != "OK":
            raise IMAP4.error("no such folder")
        yield server
    finally:
        server.logout()


def _take_unread(mailbox: IMAP4) -> int:
    """A mail is marked as read once it is taken; one that has to wait stays unread."""
    _answer, found = mailbox.search(None, "UNSEEN")
    for number in (found[0] or b"").split()[:MOST]:
        raw = _whole(mailbox, number.decode())
        if take(raw) == os.EX_TEMPFAIL:
            return os.EX_TEMPFAIL
        mailbox.store(number.decode(), "+FLAGS", r"(\Seen)")
    return os.EX_OK


def _whole(mailbox: IMAP4, number: str) -> bytes:
    """One byte more than is read shows that a mail is too large; PEEK leaves it unread."""
    _answer, data = mailbox.fetch(number, f"(BODY.PEEK[]<0.{LARGEST_MAIL + 1}>)")
    return next((bytes(part[1]) for part in data if isinstance(part, tuple)), b"")
