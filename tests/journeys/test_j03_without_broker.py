"""J3 while Valkey is down: pages answer, nothing is lost, and the mail leaves when it is back.

Real processes: a Valkey of our own that is stopped and started, Celery's worker and clock, a mail server.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from directory.models import Municipality
from notifications.models import Notice, SweepRun
from partnerships.models import Partnership
from scripts.mail_sink import MailSink
from scripts.servers import CHECKOUT, die_with_parent, valkey_server
from tests.browser.mailbox import Mailbox
from tests.conftest import signed_in
from tests.factories.directory import TopicFactory
from tests.journeys.test_j03_register_partnership import key_of, subotica, ulm, walk_to_check

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["subotica", "ulm"]  # fixtures

LONGEST_PAGE = 2.0  # seconds
PATIENCE = 60.0


class Valkey:
    """A Valkey that can be gone."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.folder = folder

    def start(self) -> None:
        command = [
            str(valkey_server("test")),
            "--port",
            str(self.port),
            "--dir",
            str(self.folder),
            "--save",
            "",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
        until(self.answers)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def hang(self) -> None:
        """It still takes connections and answers nothing: worse than being gone."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def until(happened: Callable[[], bool], *, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.fixture
def valkey(tmp_path: Path, settings: Any) -> Iterator[Valkey]:
    """The cache of the pages is this one too, as impatient as in production."""
    server = Valkey(tmp_path)
    server.start()
    options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    default = {**settings.CACHES["default"], "LOCATION": server.url, "OPTIONS": options}
    settings.CACHES = {**settings.CACHES, "default": default}
    yield server
    server.stop()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[tuple[str, Mailbox]]:
    """The address of a mail server, and what it has taken."""
    folder = tmp_path / "mails"
    sink = MailSink()
    yield sink.start(folder), Mailbox(folder)
    sink.stop()


@pytest.fixture
def clock(valkey: Valkey, post: tuple[str, Mailbox], tmp_path: Path) -> Iterator[None]:
    """Celery's worker with its clock, as `make run` starts them; it sweeps every second instead of every minute."""
    database = connection.settings_dict
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "scripts.chaos_clock",
        "worker",
        "-B",
        "--concurrency",
        "1",
    ]
    environment = {
        "DJANGO_SETTINGS_MODULE": "vipad.settings",
        "DATABASE_URL": f"postgres://vipad@{quote(str(database['HOST']), safe='')}/{database['NAME']}",
        "REDIS_URL": valkey.url,
        "EMAIL_URL": post[0],
        "VAR_DIR": str(tmp_path),
        "CHAOS_SWEEP_EVERY": "1",
        "CHAOS_READY": str(tmp_path),
    }
    process = subprocess.Popen(
        [*command, "--loglevel", "WARNING"],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
        start_new_session=True,
    )
    until(lambda: SweepRun.objects.exists())
    yield
    os.killpg(process.pid, signal.SIGKILL)  # it may be waiting for a Valkey that does not answer
    process.wait()


class Timed(Client):
    """Remembers how long each page took, and that none was an error."""

    def request(self, **request: Any) -> Any:
        started = time.perf_counter()
        answer = super().request(**request)
        self.longest = max(getattr(self, "longest", 0.0), time.perf_counter() - started)
        assert answer.status_code < 500
        return answer


@pytest.mark.parametrize(("away", "back"), [("stop", "start"), ("hang", "go_on")])
def test_a_partnership_is_registered_while_the_broker_is_down_and_the_mail_leaves_when_it_is_back(
    valkey: Valkey, clock: None, post: tuple[str, Mailbox], coordinator: User, ulm: Municipality,
    subotica: Municipality, away: str, back: str,
) -> None:  # fmt: skip
    TopicFactory()
    getattr(valkey, away)()
    office = Timed()
    office.cookies = signed_in(coordinator, "en").cookies

    check = walk_to_check(office)
    done = office.post(check, {"key": key_of(office.get(check).content.decode())}, follow=True)

    assert "The partnership is registered" in done.content.decode()
    assert Partnership.objects.count() == 1
    assert office.longest < LONGEST_PAGE
    assert list(Notice.objects.filter(kind="side_invited").values_list("state", flat=True)) == ["waiting"]

    getattr(valkey, back)()
    until(lambda: any(mail.is_to("jovana@subotica.example") for mail in post[1].all()))

    assert Notice.objects.get(kind="side_invited").state == "sent"
