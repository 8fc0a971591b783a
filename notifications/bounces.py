"""What mail servers say when a mail cannot be delivered: in the conversation, or later in a message (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from smtplib import SMTPRecipientsRefused

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# Permanent, but not a word about whether the mailbox is there: it is full, the mail is too large or not understood,
# took too long, or the server dislikes us. Were we on a black list, everybody's mails would end for good.
_SAYS_NOTHING = re.compile(r"5\.(?:2\.[23]|3\.[24]|4\.(?:[67]|14|300|316)|6\.\d+|7\.\d+)")
_GONE = ("550", "551", "553")  # from servers that give no better reason
_HOLDS_OUR_ADDRESS = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


@dataclass(frozen=True)
class Report:
    """A message about a mail that could not be delivered."""

    sent_to: list[str]  # addresses of ours it came to
    failures: list[str]  # why, "5.1.1", for each reader for whom it failed for good


def says_mailbox_is_gone(status: str) -> bool:
    if _STATUS.fullmatch(status):
        return status.startswith("5") and not _SAYS_NOTHING.fullmatch(status)
    return status in _GONE


def refusal(error: SMTPRecipientsRefused) -> str:
    """What the server said of our one reader, "5.1.1" or "550"."""
    code, text = next(iter(error.recipients.values()))
    status = _STATUS.search(text.decode("ascii", "replace") if isinstance(text, bytes) else text)
    return status[1] if status else str(code)


def read_report(raw: bytes) -> Report | None:
    """None for everything that is no delivery report, say an automatic answer."""
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report":
        return None
    blocks = [block for part in mail.walk() for block in _blocks(part)]
    if not blocks:
        return None
    headers = [value for name in _HOLDS_OUR_ADDRESS for value in mail.get_all(name, [])]
    addresses = [address for _, address in getaddresses([str(value) for value in headers])]
    return Report(addresses, [status for block in blocks if (status := _failure(block))])


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of lines of the machine-readable part: one about the mail, then one for each reader."""
    if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
        yield from part.get_payload()  # type: ignore[misc]


def _failure(block: Message) -> str:
    """The status of a reader for whom it failed; empty for the others, and for the group about the mail itself."""
    if str(block.get("Action", "")).split("(")[0].strip().lower() != "failed":
        return ""
    status = _STATUS.search(str(block.get("Status", "")))
    reason = _STATUS.search(str(block.get("Diagnostic-Code", "")))
    if status and status[1].endswith(".0.0") and reason:
        return reason[1]  # the server that refused it knew more than the one that reports
    return status[1] if status else ""
