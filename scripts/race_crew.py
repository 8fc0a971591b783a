"""The processes and threads of `make race`: each thread has a connection of its own and waits for the word."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from scripts.servers import CHECKOUT, die_with_parent

PROCESSES, THREADS = 4, 8
Task = tuple[str, int, int]
"""What to do, with which session (or registration), and a number: of a person, of seats."""


class Crew:
    """The processes, ready to do something at the same moment."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self.processes = processes

    def run(self, tasks: Sequence[Task], *, without: str = "") -> tuple[Counter[str], float]:
        """Outcomes of all tasks ("done", or the name of the exception), and the seconds it took.

        Task n goes to process n modulo 4, and there to the next thread. `without` is "", "lock", or "lock and counter".
        """
        for number, process in enumerate(self.processes):
            self._say(process, json.dumps({"tasks": tasks[number::PROCESSES], "without": without}))
        for process in self.processes:
            self._hear(process)
        started = time.perf_counter()
        for process in self.processes:
            self._say(process, "go")
        outcomes: Counter[str] = Counter()
        for process in self.processes:
            outcomes.update(json.loads(self._hear(process)))
        return outcomes, round(time.perf_counter() - started, 2)

    def _say(self, process: "subprocess.Popen[str]", line: str) -> None:
        assert process.stdin
        process.stdin.write(line + "\n")
        process.stdin.flush()

    def _hear(self, process: "subprocess.Popen[str]") -> str:
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            raise SystemExit("a process of the crew has died")
        return line


@contextmanager
def crew_at_work() -> Iterator[Crew]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "scripts.race_crew"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )
        for _ in range(PROCESSES)
    ]
    try:
        yield Crew(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def work() -> None:
    """One process of the crew: reads its tasks, waits for the word, does them in threads, tells the outcomes."""
    import django  # noqa: PLC0415 -- as above

    django.setup()
    for line in sys.stdin:
        told = json.loads(line)
        outcomes: list[str] = []
        ready, go = threading.Barrier(THREADS + 1), threading.Event()
        threads = [
            threading.Thread(target=_do_all, args=(told["tasks"][number::THREADS], ready, go, outcomes))
            for number in range(THREADS)
        ]
        with _without(told["without"]):
            for thread in threads:
                thread.start()
            ready.wait()
            print("ready", flush=True)
            sys.stdin.readline()
            go.set()
            for thread in threads:
                thread.join()
        print(json.dumps(Counter(outcomes)), flush=True)


def _do_all(tasks: Sequence[Task], ready: threading.Barrier, go: threading.Event, out: list[str]) -> None:
    from django.db import connection  # noqa: PLC0415 -- as above

    prepared = [_prepared(task) for task in tasks]
    connection.ensure_connection()
    ready.wait()
    go.wait()
    for do in prepared:
        try:
            do()
        except Exception as error:  # every outcome is counted, also those that must not be
            out.append(type(error).__name__)
        else:
            out.append("done")
    connection.close()


def _prepared(task: Task) -> Callable[[], object]:
    """The call, with everything read before the word: a page that was opened before the last seat went."""
    from accounts.models import User  # noqa: PLC0415 -- as above
    from webinars import actions  # noqa: PLC0415 -- as above
    from webinars.models import Registration, Session  # noqa: PLC0415 -- as above

    what, about, number = task
    if what == "cancel":
        registration = Registration.objects.select_related("session").get(pk=about)
        return lambda: actions.cancel_registration(registration=registration, now=utc_now())
    session = Session.objects.get(pk=about)
    if what == "register":
        person = User.objects.get(pk=number)
        return lambda: actions.register(session=session, by=person, now=utc_now())
    office = User.objects.get(email="office@example.org")
    if what == "seats":
        return lambda: actions.edit_session(
            session=session, facts={"capacity": number}, by=office, now=utc_now()
        )
    assert what == "add"
    return lambda: actions.add_by_host(
        session=session,
        name=f"Caller {number}",
        email=f"caller{number}@example.org",
        language="uk",
        time_zone="Europe/Kyiv",
        by=office,
        now=utc_now(),
    )


@contextmanager
def _without(what: str) -> Iterator[None]:
    """The lock, or the lock and the counter, taken out of webinars.actions.seats."""
    from django.db import connection  # noqa: PLC0415 -- as above

    from webinars.actions import seats  # noqa: PLC0415 -- as above
    from webinars.models import Session  # noqa: PLC0415 -- as above

    def any_number(session: Session) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('race_numbers')")
            return int(cursor.fetchone()[0])

    locked, next_number = seats.locked, seats._next_number
    if what:
        seats.locked = lambda session: Session.objects.get(pk=session.pk)
    if what == "lock and counter":
        seats._next_number = any_number
    try:
        yield
    finally:
        seats.locked, seats._next_number = locked, next_number


def utc_now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    work()
