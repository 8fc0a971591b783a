"""For the mail server: takes one mail on standard input, an answer to a mail of a group."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from core.files import CannotBeKept
from discussions.actions.incoming import take_mail
from discussions.incoming.messages import LARGEST_MAIL

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Read an answer to a mail of a group from standard input and post it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("recipient", nargs="?", default="", help="the address the mail was sent to")

    def handle(self, *args: Any, recipient: str, **options: Any) -> None:
        """Ends with EX_OK, EX_DATAERR, or EX_TEMPFAIL without database or room: then the mail server tries again."""
        sys.exit(
            take(
                sys.stdin.buffer.read(LARGEST_MAIL + 1), recipient or os.environ.get("ORIGINAL_RECIPIENT", "")
            )
        )


def take(raw: bytes, recipient: str = "") -> int:
    try:
        take_mail(raw, now=timezone.now(), sent_to=recipient)
    except (Error, CannotBeKept):
        log.exception("mail_waits")
        return os.EX_TEMPFAIL
    except Exception:  # whatever is in it, the mail server must not send it round; the sender hears of it
        log.exception("mail_unreadable")
        return os.EX_DATAERR
    return os.EX_OK
