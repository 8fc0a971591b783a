"""For the mail server: takes one message on standard input, which says that a mail could not be delivered."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from notifications.actions import note_bounce
from notifications.bounces import read_report

log = structlog.get_logger(__name__)

LARGEST = 1024 * 1024  # a report holds at most the headers of our mail, or all of it


class Command(BaseCommand):
    help = "Read a delivery report (RFC 3464) from standard input and stop mails to a mailbox that is gone."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("recipient", nargs="?", default="", help="the address the report was sent to")

    def handle(self, *args: Any, recipient: str, **options: Any) -> None:
        """Ends with EX_OK, EX_DATAERR, or EX_TEMPFAIL without database: then the mail server tries again."""
        sys.exit(
            _receive(sys.stdin.buffer.read(LARGEST), recipient or os.environ.get("ORIGINAL_RECIPIENT", ""))
        )


def _receive(raw: bytes, recipient: str) -> int:
    if not raw.strip():
        return os.EX_DATAERR
    try:
        report = read_report(raw)
        if report is not None:
            note_bounce(report, sent_to=[recipient], now=timezone.now())
    except Error:
        log.exception("bounce_waits")
        return os.EX_TEMPFAIL
    except Exception:  # whatever is in it, the mail server must not send it round
        log.exception("bounce_unreadable")
        return os.EX_DATAERR
    return os.EX_OK
