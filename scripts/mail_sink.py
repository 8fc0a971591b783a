"""Takes every mail of a local run and keeps it as a file, newest name last; /mailbox/ shows them."""

import itertools
import socket
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 500


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self.folder, self.counter = folder, itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{time.time_ns():020d}-{next(self.counter):06d}.eml"
        content = envelope.original_content or b""
        half = self.folder / f".{name}"
        half.write_bytes(content)
        half.rename(self.folder / name)
        for old in sorted(self.folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return "250 kept"


class MailSink:
    """An SMTP server on a free port of this machine."""

    def __init__(self) -> None:
        self._controller: Controller | None = None

    def start(self, folder: Path) -> str:
        """Gives the EMAIL_URL to use."""
        folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._controller = Controller(_Keeper(folder), hostname="127.0.0.1", port=port)
        self._controller.start()
        return f"smtp://127.0.0.1:{port}"

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
