"""The mails that left the site by SMTP, read as the reader's programme would."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from html import unescape
from pathlib import Path

from portal import mailbox

WAIT_SECONDS = 10
CODE = re.compile(r"^\s*(\d{3}-\d{3}-\d{3})$", re.MULTILINE)
ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
TARGET = re.compile(r"<a\s[^>]*href=\"(https?://[^\"]+)\"")


@dataclass(frozen=True)
class Mail(mailbox.Mail):
    headers: EmailMessage

    @property
    def language(self) -> str:
        return str(self.headers["Content-Language"] or "")

    def is_to(self, address: str) -> bool:
        return address.lower() in {known.lower() for _, known in getaddresses([self.to])}

    def code(self) -> str:
        found = CODE.search(self.text)
        assert found, f"no code in:\n{self.text}"
        return found[1]

    def links(self) -> list[str]:
        """Where it leads, each address once: in the order of the text, then what only the HTML has."""
        targets = [unescape(target) for target in TARGET.findall(self.html)]
        return list(dict.fromkeys(ADDRESS.findall(self.text) + targets))


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Mail]:
        """Newest first."""
        return [self._read(file) for file in sorted(self._files(), key=_number, reverse=True)]

    def to(self, address: str, *, subject: str = "") -> Mail:
        """The newest mail to that address, with these words in its subject. Waits until there is one."""
        return self._newest(lambda mail: mail.is_to(address) and subject in mail.subject)

    def newest(self) -> Mail:
        """The newest mail to anybody. Waits until there is one."""
        return self._newest(lambda mail: True)

    def empty(self) -> None:
        """Before the step that sends: then the newest mail is the mail of that step."""
        for file in self._files():
            file.unlink()

    def _newest(self, fits: Callable[[Mail], bool]) -> Mail:
        end = time.monotonic() + WAIT_SECONDS
        while not (found := next(filter(fits, self.all()), None)):
            there = [(mail.to, mail.subject) for mail in self.all()]
            assert time.monotonic() < end, f"not among the mails after {WAIT_SECONDS} s: {there}"
            time.sleep(0.05)
        return found

    def _files(self) -> list[Path]:
        # A name that begins with a dot is a mail half written.
        return list(self.folder.glob("[!.]*.eml"))

    def _read(self, file: Path) -> Mail:
        mail = mailbox.mail(self.folder, file.name)
        assert mail
        return Mail(**vars(mail), headers=message_from_bytes(file.read_bytes(), policy=policy.default))


def _number(file: Path) -> str:
    """The sink's counter. Its clock is the test's too, which may have been moved meanwhile."""
    return file.stem.partition("-")[2]
