"""What both parts of `make chaos` need: a mail server of moods, and workers that are killed."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.servers import CHECKOUT, die_with_parent

PATIENCE = 120
MOST_TROUBLE = 2
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    to: str
    message_id: str
    at: float  # time.time()


class Sink:
    """A mail server that keeps nothing but who got which Message-ID.

    It refuses a share of the mails for now (451), and for another share keeps the mail but hangs up before it says so.
    To no mail it does so more than twice: a reminder an hour before the start is tried three times only.
    """

    def __init__(self, *, answers_after: float, refuses: float = 0.0, loses: float = 0.0) -> None:
        self.kept: list[Mail] = []
        self.refused, self.lost = 0, 0
        self.port = 0
        self._answers_after, self._refuses, self._loses = answers_after, refuses, loses
        self._trouble: Counter[str] = Counter()
        self._chance = random.Random()
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
                await asyncio.sleep(self._answers_after)
                answer = self._answer(to, data)
                if not answer:
                    return
                writer.write(answer)
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                await writer.drain()
                return
            else:
                if word == b"RCPT":
                    to = line.split(b"<")[1].split(b">")[0].decode()
                writer.write(b"250 ok\r\n")
            await writer.drain()

    def _answer(self, to: str, data: bytes) -> bytes:
        """Empty: hang up."""
        match = _MESSAGE_ID.search(data)
        name = match[1].decode() if match else ""
        mood = self._chance.random() if self._trouble[name] < MOST_TROUBLE else 1.0
        self._trouble[name] += mood < self._refuses + self._loses
        if mood < self._refuses:
            self.refused += 1
            return b"451 later\r\n"
        self.kept.append(Mail(to, name, time.time()))
        if mood < self._refuses + self._loses:
            self.lost += 1
            return b""
        return b"250 kept\r\n"


def spawn(*arguments: str, clock: str = "scripts.chaos_clock") -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", clock, *arguments, "--loglevel", "WARNING"],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )


def spawn_worker(number: int) -> "subprocess.Popen[bytes]":
    return spawn(
        "worker",
        *("--pool", "solo", "--hostname", f"worker{number}@chaos"),
        *("--without-gossip", "--without-mingle"),
    )


def ready(workers: list[Any]) -> list[int]:
    """Places of the workers that have started."""
    folder = Path(os.environ["CHAOS_READY"])
    return [number for number, worker in enumerate(workers) if (folder / str(worker.pid)).exists()]


def kill_one(workers: list[Any], replace: Callable[[int], Any]) -> int:
    """One that works, with -9; another one takes its place. The number of the killed."""
    running = ready(workers)
    if not running:
        return 0
    number = random.choice(running)
    workers[number].send_signal(signal.SIGKILL)
    workers[number].wait()
    workers[number] = replace(number)
    return 1


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
