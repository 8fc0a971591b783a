"""Workers at once: a process that has loaded everything waits, and forks a worker for each line it reads.

For `make chaos`, where a worker dies every two seconds: started from nothing, each would cost a processor for about two
seconds, and on a busy machine there would never be one that works. `python -m scripts.chaos_nursery`, from `Nursery`.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from scripts.servers import CHECKOUT, die_with_parent


class Worker:
    """What of subprocess.Popen is needed to kill it. The nursery buries it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def send_signal(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)

    def wait(self) -> None:
        while Path(f"/proc/{self.pid}").exists():
            time.sleep(0.005)


class Nursery:
    """Its workers die with it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "scripts.chaos_nursery"]
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=die_with_parent,
        )

    def worker(self, number: int) -> Worker:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        return Worker(int(self.process.stdout.readline()))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def main() -> None:
    from scripts.chaos_fast_clock import app  # noqa: PLC0415 -- not in the process that asks

    app.loader.import_default_modules()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    # Not by iterating over stdin: a child must not share what has been read ahead.
    while line := os.read(0, 16):
        for number in line.split():
            if not (pid := os.fork()):
                _be_a_worker(app, int(number))
            os.write(1, f"{pid}\n".encode())


def _be_a_worker(app: object, number: int) -> None:
    die_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1):
        os.dup2(nothing, handle)
    arguments = ["worker", "--pool", "solo", "--hostname", f"worker{number}@chaos", "--loglevel", "WARNING"]
    app.worker_main([*arguments, "--without-gossip", "--without-mingle"])  # type: ignore[attr-defined]
    os._exit(0)


if __name__ == "__main__":
    main()
