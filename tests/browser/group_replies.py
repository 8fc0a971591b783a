"""Answers to the mails of a group, as the reader's program writes them, and the command that takes them."""

import io
import sys
from email.message import EmailMessage
from email.utils import make_msgid
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from tests.browser.mailbox import Mail

IPHONE = "Von meinem iPhone gesendet\n\nAm 27.11.2026 um 10:12 schrieb {who} <{address}>:\n\n{history}"
GMAIL_HUNGARIAN = "{who} <{address}> ezt írta\n(időpont: 2026. nov. 27., P, 10:12):\n\n{history}"


def answer_to(received: Mail, *, sender: str, words: str, program: str = GMAIL_HUNGARIAN) -> bytes:
    """Above the whole mail that was received, each line of it behind a “>”."""
    to = str(received.headers["Reply-To"])
    history = "\n".join(f"> {line}".rstrip() for line in received.text.splitlines())
    quoted = program.format(who="ViPaD", address=to.split("<")[-1].strip(">"), history=history)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = f"Re: {received.subject}"
    message["Message-ID"] = make_msgid(domain="mail.example")
    message["In-Reply-To"] = message["References"] = str(received.headers["Message-ID"])
    message.set_content(f"{words}\n\n{quoted}\n", charset="utf-8", cte="base64")
    return message.as_bytes()


def take(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """As the mail server does: on standard input; gives the exit code."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    with pytest.raises(SystemExit) as ended:
        call_command("take_mail")
    return int(ended.value.code or 0)
