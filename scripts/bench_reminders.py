"""How fast reminders go out; part of `make bench`, alone: `python -m scripts.bench_reminders`.

10,000 reminders are due at once, to guests in the 13 languages of partners and from all zones, each with its calendar
file. Two processes send them as the sweep does. Before and after, two processes send a fifth as many of the same mails
plainly: rendered and sent over one kept connection, without a claim, a question or a note (as in bench_sending.py).
Both go to `smtp-sink` (Debian: postfix).
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scripts.bench_sending import Sink, told
from scripts.servers import CHECKOUT, Servers

REMINDERS = int(os.environ.get("REMINDERS", "10000"))
PLAIN = max(REMINDERS // 5, 1)
PROCESSES = 2
WARM = 100
AIM_SHARE, AIM_FIND_S = 0.5, 0.5
MOST_GROWTH_MIB = 8.0
FEW_AT = 0.2  # share of the mails after which the memory is looked at first


def main() -> int:
    report = measure()
    (CHECKOUT / "var").mkdir(exist_ok=True)
    (CHECKOUT / "var" / "bench_reminders.json").write_text(json.dumps(report, indent=2) + "\n")
    print_report(report)
    return 0


def measure() -> dict[str, Any]:
    """With servers of its own."""
    sink = Sink()
    if sink.program is None:
        return {"left_out": "smtp-sink is missing (Debian: postfix)"}
    servers = Servers("bench-reminders")
    servers.start()
    try:
        sink.start("bench-reminders")
        _prepare()
        _finding(
            sessions=10
        )  # the first look ever of a process into new tables is no minute of a worker's day
        one = _finding(sessions=1)
        many = _finding(sessions=50)
        return {"reminders": REMINDERS, "found_one_session": one, "found_50_sessions": many, **_sending()}
    finally:
        sink.stop()
        servers.stop()


def _prepare() -> None:
    import django  # noqa: PLC0415 -- needs the settings chosen above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection  # noqa: PLC0415 -- as above

    from accounts.models import User  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    User.objects.create_user("host@example.org", display_name="Host")


def _seat(sessions: int) -> None:
    """Everybody anew, a day before the start: the reminder of a day is due."""
    from django.db import connection  # noqa: PLC0415 -- as above

    from accounts.models import User  # noqa: PLC0415 -- as above
    from notifications.models import Notice  # noqa: PLC0415 -- as above
    from scripts.invented_sessions import make_session, seat_many  # noqa: PLC0415 -- as above
    from webinars.models import Session  # noqa: PLC0415 -- as above

    Notice.objects.all().delete()
    Session.objects.all().delete()
    now, host = datetime.now(UTC), User.objects.get()
    for _ in range(sessions):
        session = make_session(by=host, starts_at=now + timedelta(hours=20), now=now - timedelta(days=30))
        seat_many(session, guests=REMINDERS // sessions, now=now - timedelta(days=20))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _finding(*, sessions: int) -> dict[str, Any]:
    """Seconds to find and queue what is due, and to look again when nothing is."""
    from notifications.models import Notice  # noqa: PLC0415 -- as above
    from webinars.actions import queue_due_reminders  # noqa: PLC0415 -- as above

    _seat(sessions)
    seconds = [_seconds(lambda: queue_due_reminders(now=datetime.now(UTC))) for _ in range(4)]
    if (queued := Notice.objects.count()) != REMINDERS:
        raise SystemExit(f"{queued} reminders were queued, not {REMINDERS}")
    return {"s": round(seconds[0], 3), "again_s": round(sorted(seconds[1:])[1], 3)}


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _sending() -> dict[str, Any]:
    """What `_finding` has queued."""
    from notifications.delivery import deliver_due  # noqa: PLC0415 -- as above
    from notifications.models import Notice  # noqa: PLC0415 -- as above
    from webinars.actions import queue_due_reminders  # noqa: PLC0415 -- as above

    plain = [_round("plain", PLAIN)["rate"]]
    notices = _round("notices", REMINDERS)
    plain.append(_round("plain", PLAIN)["rate"])
    sent = Notice.objects.filter(state=Notice.State.SENT).count()
    later = datetime.now(UTC) + timedelta(minutes=1)
    queue_due_reminders(now=later)
    again = deliver_due(now=later)
    if sent != REMINDERS or Notice.objects.count() != REMINDERS or again:
        raise SystemExit(f"{sent} of {REMINDERS} were sent, the next sweep queued or sent some again")
    growth = max(late - early for early, late in zip(notices["few_mib"], notices["all_mib"], strict=True))
    rate = sum(plain) / len(plain)
    return {
        "reminders_per_s": round(notices["rate"]),
        "plain_per_s": round(rate),
        "share_of_plain": round(notices["rate"] / rate, 2),
        "sent_by_the_next_sweep": again,
        "workers_mib_after_a_fifth": notices["few_mib"],
        "workers_mib_after_all": notices["all_mib"],
        "growth_mib": round(growth, 1),
        "memory_is_flat": growth <= MOST_GROWTH_MIB,
    }


def _round(how: str, number: int) -> dict[str, Any]:
    """Mails a second of both processes together, and their memory."""
    with _workers(how, number) as workers:
        started, few = time.perf_counter(), []
        told(workers)
        while how == "notices" and _sent() < number * FEW_AT:
            time.sleep(0.3)
        few = [_resident(worker.pid) for worker in workers]
        lines = [worker.stdout.readline().split() for worker in workers]
        seconds = time.perf_counter() - started
        memory = [_resident(worker.pid) for worker in workers]
    if sum(int(count) for (count,) in lines) != number:
        raise SystemExit(f"{lines} mails were sent, not {number}")
    return {"rate": number / seconds, "few_mib": few, "all_mib": memory}


@contextmanager
def _workers(how: str, number: int) -> Iterator[list[Any]]:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "scripts.bench_reminders", how, str(place), str(number)],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in range(PROCESSES)
    ]
    try:
        for worker in workers:
            assert worker.stdout
            assert worker.stdout.readline() == "ready\n"
        yield workers
    finally:
        for worker in workers:
            assert worker.stdin
            worker.stdin.close()  # it waits, so that its memory can be looked at
            worker.wait(30)


def _sent() -> int:
    from notifications.models import Notice  # noqa: PLC0415 -- as above

    return Notice.objects.filter(state=Notice.State.SENT).count()


def _resident(pid: int) -> float:
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return round(int(match[1]) / 1024, 1) if match else 0.0


def work(how: str, place: int, number: int) -> None:
    """One of the processes: warms up, waits for the word, sends, says how many, waits for the end."""
    import django  # noqa: PLC0415 -- as above

    django.setup()
    from django.core.mail import get_connection  # noqa: PLC0415 -- as above
    from django.db.models import prefetch_related_objects  # noqa: PLC0415 -- as above

    from notifications.delivery import deliver_due  # noqa: PLC0415 -- as above
    from notifications.mails import message  # noqa: PLC0415 -- as above
    from notifications.models import Notice  # noqa: PLC0415 -- as above
    from webinars.emails.registrations import SessionReminder  # noqa: PLC0415 -- as above

    rows = list(
        Notice.objects.prefetch_related("about").order_by("id")[: WARM if how == "notices" else number]
    )
    prefetch_related_objects([notice.about for notice in rows], *SessionReminder.reads)
    for notice in rows[:WARM]:
        message(notice).message().as_bytes()
    print("ready", flush=True)
    sys.stdin.readline()
    if how == "notices":
        print(deliver_due(now=datetime.now(UTC)), flush=True)
    else:
        mine, connection = rows[place::PROCESSES], get_connection()
        connection.open()
        for notice in mine:
            message(notice, connection).send()
        connection.close()
        print(len(mine), flush=True)
    sys.stdin.read()


def print_report(report: dict[str, Any]) -> None:
    if "left_out" in report:
        print(f"reminders left out: {report['left_out']}")
        return
    one, many = report["found_one_session"], report["found_50_sessions"]
    print(
        f"{report['reminders']} reminders due at once: found in {one['s']} s (one session), {many['s']} s (50; aim "
        f"{AIM_FIND_S}), looked again in {one['again_s']} and {many['again_s']} s"
    )
    print(
        f"reminders: {report['reminders_per_s']}/s, plain {report['plain_per_s']}/s; share {report['share_of_plain']} "
        f"(aim {AIM_SHARE}); memory grew by {report['growth_mib']} MiB; the next sweep sent "
        f"{report['sent_by_the_next_sweep']}"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        raise SystemExit(main())
