"""`make chaos`: notices are sent while workers are killed; writes var/chaos.json.

500 notices, four worker processes and two beats; every two seconds one worker is killed with -9 and started again,
for a minute; once Valkey is emptied. Every notice must arrive, and a copy only where a worker died between the mail
server's "250" and its own commit: at most one a kill, with the same Message-ID. Own servers, own mail server.
"""

import asyncio
import json
import os
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scripts.servers import CHECKOUT, Servers, die_with_parent

NOTICES, WORKERS, BEATS = 500, 4, 2
CHAOS_SECONDS, BETWEEN_KILLS = 60, 2
SWEEP_EVERY = 1.0
PATIENCE = 120
ANSWER_AFTER = 0.12  # seconds the mail server takes for a mail, so that kills meet mails under way
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """A mail server that keeps nothing but who got which Message-ID."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.port = 0
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True).start()
        assert ready.wait(10)

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._conversation(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the worker was killed
        finally:
            writer.close()

    async def _conversation(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        to = ""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                match = _MESSAGE_ID.search(data)
                await asyncio.sleep(ANSWER_AFTER)
                self.got.append((to, match[1].decode() if match else ""))
                writer.write(b"250 kept\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                await writer.drain()
                return
            else:
                if word == b"RCPT":
                    to = line.split(b"<")[1].split(b">")[0].decode()
                writer.write(b"250 ok\r\n")
            await writer.drain()


def main() -> int:
    servers = Servers("chaos")
    servers.start()
    sink = Sink()
    folder = CHECKOUT / "var" / "chaos"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "vipad.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
        "CHAOS_SWEEP_EVERY": str(SWEEP_EVERY),
        "CHAOS_READY": str(folder),
    }
    children: list[subprocess.Popen[bytes]] = []
    try:
        _prepare()
        for number in range(BEATS):
            children.append(_spawn("beat", "--schedule", str(folder / f"beat{number}"), "--pidfile="))
        workers = [_spawn_worker(number) for number in range(WORKERS)]
        children += workers
        _until(lambda: len(_ready(workers)) == WORKERS)
        _queue()
        report = _rage(workers, children)
        report |= _wait_for_the_rest()
    finally:
        for child in children:
            child.kill()
        servers.stop()
    report |= _count(sink.got, report["kills"])
    report["passed"] &= report["sent_during_chaos"] > 0 and report["flushed"]
    (CHECKOUT / "var" / "chaos.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def _prepare() -> None:
    import django  # noqa: PLC0415 -- needs the settings chosen above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection, connections  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    connections.close_all()


def _queue() -> None:
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 -- as above

    from directory.emails import ReportAnswered  # noqa: PLC0415 -- as above
    from directory.models import EntryReport, Region  # noqa: PLC0415 -- as above
    from notifications.outbox import Guest, queue  # noqa: PLC0415 -- as above

    now = datetime.now(UTC)
    report = EntryReport.objects.create(
        subject_type=ContentType.objects.get_for_model(Region),
        subject_id=1,
        subject_name="Ulm",
        text="Wrong.",
        language="de",
        state=EntryReport.State.CORRECTED,
        reported_at=now,
    )
    # Spread over half a minute, so that there is something to send whenever a worker dies.
    for part in range(10):
        guests = [Guest(f"reader{number}@example.org", "de") for number in range(part, NOTICES, 10)]
        queue(ReportAnswered, to=guests, about=report, now=now, due_at=now + timedelta(seconds=5 * part))


def _spawn(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "scripts.chaos_clock", *arguments, "--loglevel", "WARNING"],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )


def _spawn_worker(number: int) -> "subprocess.Popen[bytes]":
    return _spawn(
        "worker",
        *("--pool", "solo", "--hostname", f"worker{number}@chaos"),
        *("--without-gossip", "--without-mingle"),
    )


def _ready(workers: list[Any]) -> list[int]:
    """Places of the workers that have started."""
    folder = Path(os.environ["CHAOS_READY"])
    return [number for number, worker in enumerate(workers) if (folder / str(worker.pid)).exists()]


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)


def _rage(workers: list[Any], children: list[Any]) -> dict[str, Any]:
    from redis import Redis  # noqa: PLC0415 -- only needed here

    chance, started, kills, has_flushed = random.Random(), time.monotonic(), 0, False
    while time.monotonic() - started < CHAOS_SECONDS:
        time.sleep(BETWEEN_KILLS)
        running = _ready(workers)
        if not running:
            continue
        number = chance.choice(running)
        workers[number].send_signal(signal.SIGKILL)
        workers[number].wait()
        kills += 1
        workers[number] = _spawn_worker(number)
        children.append(workers[number])
        if not has_flushed and time.monotonic() - started > CHAOS_SECONDS / 2:
            address = os.environ["REDIS_URL"]
            Redis.from_url(address).flushall()
            has_flushed = True
    return {"kills": kills, "flushed": has_flushed, "sent_during_chaos": NOTICES - _waiting()}


def _waiting() -> int:
    from notifications.models import Notice  # noqa: PLC0415 -- as above

    return Notice.objects.exclude(state=Notice.State.SENT).count()


def _wait_for_the_rest() -> dict[str, Any]:
    started = time.monotonic()
    while _waiting() and time.monotonic() - started < PATIENCE:
        time.sleep(0.5)
    return {"not_sent": _waiting(), "seconds_for_the_rest": round(time.monotonic() - started, 1)}


def _count(got: list[tuple[str, str]], kills: int) -> dict[str, Any]:
    copies = Counter(got)
    readers = {to for to, _ in got}
    other_ids = len(copies) - len(readers)
    most = max(copies.values(), default=0)
    duplicates = len(got) - len(copies)
    report = {
        "delivered": len(readers),
        "mails": len(got),
        "duplicates": duplicates,
        "most_copies_of_one": most,
        "copies_with_another_message_id": other_ids,
    }
    passed = len(readers) == NOTICES and other_ids == 0 and duplicates <= kills
    return report | {"passed": passed}


if __name__ == "__main__":
    raise SystemExit(main())
