"""The mails of a local run, as the mail sink keeps them (development only)."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

SHOWN = 100


@dataclass(frozen=True)
class Mail:
    name: str
    subject: str
    to: str
    sent_at: datetime | None
    text: str
    html: str


def mails(folder: Path) -> list[Mail]:
    """Newest first."""
    return [_read(file) for file in sorted(_files(folder), reverse=True)[:SHOWN]]


def mail(folder: Path, name: str) -> Mail | None:
    """None for every name that is not one of the folder's own files."""
    file = next((file for file in _files(folder) if file.name == name), None)
    return _read(file) if file else None


def _files(folder: Path) -> list[Path]:
    # A name that begins with a dot is a mail half written.
    return [file for file in folder.glob("*.eml") if not file.name.startswith(".")]


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Mail(
        name=file.name,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent_at=_date(message),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    # Mails travel with the line ends of SMTP.
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
