"""A mail as it came in: who wrote, to which addresses of ours, what, and which files came with it.

The older of the library's two ways to read (email.policy.compat32) is used on purpose: the newer one understands
headers at once, and raises a dozen different errors over broken ones that every mail program shows.
"""

import email
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from discussions.incoming.addresses import read_reply_address
from discussions.incoming.headers import addresses, decoded, raw_values
from discussions.incoming.parts import Attached, files_of, text_of

LARGEST_MAIL = 25 * 1024 * 1024
LONGEST_TEXT = 50_000  # letters, history included
MOST_FILES = 10
_LARGEST_HEAD = 256 * 1024
_MOST_BOUNDARIES = 100  # the library asks each of them about each line
_SENT_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")

__all__ = ["Attached", "Incoming", "Refusal", "Refused", "open_mail", "read_mail"]


class Refusal(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"


class Refused(Exception):
    """A mail that is not read at all. Who may be told depends on the reason: some have no sender to trust."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Incoming:
    recipients: list[
        str
    ]  # reply addresses of ours; whoever they belong to must still be compared with the sender
    sender: str  # in small letters; anybody can write it there
    subject: str
    message_id: str
    text: str  # with history and signature: see `cut`
    is_shortened: bool  # the text was longer than LONGEST_TEXT
    attachments: list[Attached]
    attachments_left_out: int  # beyond MOST_FILES


def open_mail(raw: bytes) -> Message:
    """The mail, taken apart. Raises Refused for what would cost too much."""
    if not raw.strip():
        raise Refused(Refusal.EMPTY)
    if len(raw) > LARGEST_MAIL:
        raise Refused(Refusal.TOO_LARGE)
    if _head_length(raw) > _LARGEST_HEAD or raw.lower().count(b"boundary") > _MOST_BOUNDARIES:
        raise Refused(Refusal.UNREADABLE)
    try:
        return email.message_from_bytes(_without_envelope(raw))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise Refused(Refusal.UNREADABLE) from error


def read_mail(mail: Message, *, sent_to: Iterable[str] = ()) -> Incoming:
    """`sent_to`: the envelope's recipients, where the mail server tells them. Raises Refused without one sender."""
    sender = _sender(mail)
    try:
        text, files = text_of(mail), files_of(mail)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise Refused(Refusal.UNREADABLE) from error
    return Incoming(
        recipients=_recipients(mail, sent_to),
        sender=sender,
        subject=decoded(_first(mail, "Subject"))[:300],
        message_id=decoded(_first(mail, "Message-ID")).strip("<> ")[:300],
        text=text[:LONGEST_TEXT],
        is_shortened=len(text) > LONGEST_TEXT,
        attachments=files[:MOST_FILES],
        attachments_left_out=len(files[MOST_FILES:]),
    )


def _sender(mail: Message) -> str:
    """The one address in the one From. "a@x <b@y>" shows two, so mail programs do not agree who wrote: refused."""
    lines = raw_values(mail, "From")
    found = {address for line in lines for address in addresses(line)}
    if len(lines) > 1 or len(found) > 1:
        raise Refused(Refusal.SEVERAL_SENDERS)
    if not found:
        raise Refused(Refusal.NO_SENDER)
    return found.pop()


def _recipients(mail: Message, sent_to: Iterable[str]) -> list[str]:
    lines = [*sent_to, *(value for name in _SENT_TO for value in raw_values(mail, name))]
    found = dict.fromkeys(address for line in lines for address in addresses(line))
    return [address for address in found if read_reply_address(address)]


def _first(mail: Message, name: str) -> str:
    return next(iter(raw_values(mail, name)), "")


def _head_length(raw: bytes) -> int:
    ends = [end for end in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if end >= 0]
    return min(ends, default=len(raw))


def _without_envelope(raw: bytes) -> bytes:
    """The "From …" line that some servers put before a mail they pipe."""
    return raw.partition(b"\n")[2] if raw.startswith((b"From ", b">From ")) else raw
