"""How fast notices are sent and queued; part of `make bench`, alone: `python -m scripts.bench_sending`.

Two processes send what is due as the sweep does, and, in turn, the same mails plainly: rendered and sent over one kept
connection, without a claim, a question or a note. Both go to `smtp-sink` (Debian: postfix), which costs nearly nothing.
"""

import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

from scripts.servers import CHECKOUT, Servers, die_with_parent

NOTICES = int(os.environ.get("NOTICES", "1000"))
ROUNDS, PROCESSES = int(os.environ.get("ROUNDS", "3")), 2
AIM_SHARE, AIM_QUEUE_MS = 0.6, 25
READERS = 1000


def main() -> int:
    report = measure()
    target = CHECKOUT / "var" / "bench_sending.json"
    target.write_text(json.dumps(report, indent=2) + "\n")
    print_report(report)
    return 0


class Sink:
    """`smtp-sink`, a mail server that costs nearly nothing, and the settings that lead to it."""

    def __init__(self) -> None:
        self.program = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, folder_name: str) -> None:
        port, folder = _free_port(), CHECKOUT / "var" / folder_name
        folder.mkdir(parents=True, exist_ok=True)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "vipad.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ENVIRONMENT": "production",  # templates are read once
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "VAR_DIR": str(folder),
            "LOG_LEVEL": "WARNING",
        }
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [str(self.program), *user, f"127.0.0.1:{port}", "100"]
        self._process = subprocess.Popen(command, preexec_fn=die_with_parent)

    def stop(self) -> None:
        if self._process:
            self._process.kill()


def measure() -> dict[str, Any]:
    """With servers of its own."""
    sink = Sink()
    if sink.program is None:
        return {"left_out": "smtp-sink is missing (Debian: postfix)"}
    servers = Servers("bench-sending")
    servers.start()
    try:
        sink.start("bench-sending")
        _prepare()
        report = _queueing()
        return report | _sending()
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
    User.objects.bulk_create(
        User(email=f"reader{number}@example.org", language=("de", "en")[number % 2])
        for number in range(READERS)
    )


def _report(number: int) -> Any:
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 -- as above

    from directory.models import EntryReport, Region  # noqa: PLC0415 -- as above

    return EntryReport.objects.create(
        subject_type=ContentType.objects.get_for_model(Region),
        subject_id=1,
        subject_name=f"Ulm {number}",
        text="The postal code is wrong.",
        language="de",
        state=EntryReport.State.CORRECTED,
        reported_at=datetime.now(UTC),
    )


def _queueing() -> dict[str, Any]:
    from django.db import connection, transaction  # noqa: PLC0415 -- as above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- as above

    from accounts.models import User  # noqa: PLC0415 -- as above
    from directory.emails import ReportAnswered  # noqa: PLC0415 -- as above
    from notifications.models import Notice  # noqa: PLC0415 -- as above
    from notifications.outbox import queue  # noqa: PLC0415 -- as above

    people, times, now = list(User.objects.all()), [], datetime.now(UTC)
    for number in range(12):
        report = _report(number)
        with transaction.atomic():
            started = time.perf_counter()
            queue(ReportAnswered, to=people, about=report, now=now)
            times.append((time.perf_counter() - started) * 1000)
    last = _report(99)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        queue(ReportAnswered, to=people, about=last, now=now)
    Notice.objects.all().delete()
    return {
        "queue_1000_ms": round(statistics.median(times[2:]), 1),
        "queue_1000_worst_ms": round(max(times[2:]), 1),
        "queue_1000_statements": len(asked),
    }


def _sending() -> dict[str, Any]:
    found: dict[str, list[float]] = {"notices": [], "plain": [], "unrendered": []}
    for _ in range(ROUNDS):
        for how, rates in found.items():
            rates.append(_round(how))
    rate = {how: round(statistics.median(rates)) for how, rates in found.items()}
    return {
        "notices_per_s": rate["notices"],
        "plain_rendered_per_s": rate["plain"],
        "plain_unrendered_per_s": rate["unrendered"],
        "share_of_plain": round(rate["notices"] / rate["plain"], 2),
        "rounds": {how: [round(one) for one in rates] for how, rates in found.items()},
    }


def _round(how: str) -> float:
    """Mails a second of all processes together, from the word go to the last one's end."""
    from django.db import connection  # noqa: PLC0415 -- as above

    from accounts.models import User  # noqa: PLC0415 -- as above
    from directory.emails import ReportAnswered  # noqa: PLC0415 -- as above
    from notifications.models import Notice  # noqa: PLC0415 -- as above
    from notifications.outbox import queue  # noqa: PLC0415 -- as above

    Notice.objects.all().delete()
    queue(ReportAnswered, to=User.objects.all()[:NOTICES], about=_report(0), now=datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_notice")
    command = [sys.executable, "-m", "scripts.bench_sending", how]
    workers = [
        subprocess.Popen(
            [*command, str(number)], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(PROCESSES)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    started = time.perf_counter()
    sent = [int(worker.communicate()[0]) for worker in told(workers)]
    seconds = time.perf_counter() - started
    if sum(sent) != NOTICES:
        raise SystemExit(f"{sum(sent)} mails were sent, not {NOTICES}")
    return NOTICES / seconds


def told(workers: list[Any]) -> list[Any]:
    """Told to go before the first one is waited for."""
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return workers


def work(how: str, number: int) -> None:
    """One of the processes: warms up, waits for the word, sends, says how many."""
    import django  # noqa: PLC0415 -- as above

    django.setup()
    from django.core.mail import get_connection  # noqa: PLC0415 -- as above

    from notifications.delivery import deliver_due  # noqa: PLC0415 -- as above
    from notifications.mails import message  # noqa: PLC0415 -- as above
    from notifications.models import Notice  # noqa: PLC0415 -- as above

    rows = Notice.objects.select_related("recipient").prefetch_related("about").order_by("id")
    for notice in rows[:20]:
        message(notice).message().as_bytes()
    mine = list(rows)[number::PROCESSES] if how != "notices" else []
    connection = get_connection()
    ready = [message(notice, connection) for notice in mine] if how == "unrendered" else []
    print("ready", flush=True)
    sys.stdin.readline()
    if how == "notices":
        print(deliver_due(now=datetime.now(UTC)), flush=True)
        return
    connection.open()
    for mail in ready or (message(notice, connection) for notice in mine):
        mail.send()
    connection.close()
    print(len(mine), flush=True)


def print_report(report: dict[str, Any]) -> None:
    if "left_out" in report:
        print(f"sending left out: {report['left_out']}")
        return
    print(
        f"sending: {report['notices_per_s']} notices/s, {report['plain_rendered_per_s']} plain rendered mails/s, "
        f"{report['plain_unrendered_per_s']} without rendering; share {report['share_of_plain']} (aim {AIM_SHARE})"
    )
    print(
        f"queueing for {READERS}: {report['queue_1000_ms']} ms (aim {AIM_QUEUE_MS}), "
        f"{report['queue_1000_statements']} statement"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(sys.argv[1], int(sys.argv[2]))
    else:
        raise SystemExit(main())
