"""`make chaos`: notices are sent while workers are killed; writes var/chaos.json.

500 notices, four worker processes and two beats; every two seconds one worker is killed with -9 and started again,
for a minute; once Valkey is emptied. Every notice must arrive, and a copy only where a worker died between the mail
server's "250" and its own commit: at most one a kill, with the same Message-ID. Own servers, own mail server.
Then a day of reminders, in scripts/chaos_reminders.py.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.chaos_parts import Sink, kill_one, ready, spawn, spawn_worker, until
from scripts.servers import CHECKOUT, Servers

NOTICES, WORKERS, BEATS = 500, 4, 2
CHAOS_SECONDS, BETWEEN_KILLS = 60, 2
SWEEP_EVERY = 1.0
PATIENCE = 120
ANSWER_AFTER = 0.12  # seconds the mail server takes for a mail, so that kills meet mails under way


def main() -> int:
    servers = Servers("chaos")
    servers.start()
    sink = Sink(answers_after=ANSWER_AFTER)
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
            children.append(spawn("beat", "--schedule", str(folder / f"beat{number}"), "--pidfile="))
        workers = [spawn_worker(number) for number in range(WORKERS)]
        children += workers
        until(lambda: len(ready(workers)) == WORKERS)
        _queue()
        report = _rage(workers, children)
        report |= _wait_for_the_rest()
    finally:
        for child in children:
            child.kill()
        servers.stop()
    report |= _count([(mail.to, mail.message_id) for mail in sink.kept], report["kills"])
    report["passed"] &= report["sent_during_chaos"] > 0 and report["flushed"]
    report["reminders"] = _reminders()
    report["passed"] &= report["reminders"]["passed"]
    (CHECKOUT / "var" / "chaos.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def _reminders() -> dict[str, Any]:
    """With another clock, so in processes of their own."""
    own = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    target = CHECKOUT / "var" / "chaos_reminders.json"
    target.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", "scripts.chaos_reminders"], cwd=CHECKOUT, check=False, env=own)
    if not target.exists():
        return {"passed": False}  # it has said why
    report: dict[str, Any] = json.loads(target.read_text())
    return report


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


def _rage(workers: list[Any], children: list[Any]) -> dict[str, Any]:
    from redis import Redis  # noqa: PLC0415 -- only needed here

    started, kills, has_flushed = time.monotonic(), 0, False
    while time.monotonic() - started < CHAOS_SECONDS:
        time.sleep(BETWEEN_KILLS)
        kills += kill_one(workers, lambda number: _replaced(number, children))
        if not has_flushed and time.monotonic() - started > CHAOS_SECONDS / 2:
            Redis.from_url(os.environ["REDIS_URL"]).flushall()
            has_flushed = True
    return {"kills": kills, "flushed": has_flushed, "sent_during_chaos": NOTICES - _waiting()}


def _replaced(number: int, children: list[Any]) -> Any:
    worker = spawn_worker(number)
    children.append(worker)
    return worker


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
