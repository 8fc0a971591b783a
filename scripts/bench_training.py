"""How fast courses, strategies and the desks are: `python -m scripts.bench_training`; part of `make bench`.

Five courses with the real curriculum and 10,000 enrolments, 300 strategies, beside the bare view of bench_urls.py in
one run. Then the sweep that finds who has finished, over all enrolments.
"""

import json
import os
import signal
import statistics
import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from scripts.bench import Site, _free_port, _of_production, _row, _start_web
from scripts.bench_groups import _session
from scripts.servers import CHECKOUT, Servers

ROUNDS = int(os.environ.get("ROUNDS", "100"))
COURSES, ENROLMENTS, STRATEGIES = 5, 10_000, 300
AIM = 2.0


def main() -> int:
    report = measure()
    target = CHECKOUT / "var" / "bench_training.json"
    target.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    print_report(report)
    return 0


def measure() -> dict[str, Any]:
    """With servers of its own."""
    servers = Servers("bench-training")
    servers.start()
    port = _free_port()
    os.environ |= _of_production("bench-training", port)
    web = None
    try:
        world = _prepare()
        web = _start_web(port)
        report = _measure(Site(world["reader"], port), world["pages"])
        report |= {"enrolments": ENROLMENTS, "strategies": STRATEGIES, "sweep": _sweep()}
    finally:
        if web:
            web.send_signal(signal.SIGTERM)
            web.wait(10)
        servers.stop()
    return report


def _prepare() -> dict[str, Any]:
    import django  # noqa: PLC0415 -- needs the settings chosen above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection, connections  # noqa: PLC0415 -- as above

    from directory.loading import load_directory  # noqa: PLC0415 -- as above
    from scripts.invented_groups import make_people  # noqa: PLC0415 -- as above
    from scripts.invented_training import make_courses, make_strategies  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    load_directory()
    call_command("collectstatic", interactive=False, verbosity=0)
    people = make_people(ENROLMENTS // COURSES)
    random, now = Random(2027), datetime.now(UTC)
    slugs = make_courses(people, number=COURSES, now=now, random=random)
    team = make_strategies(people[0], coach=people[1], number=STRATEGIES, now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    reader = _session(people[0])
    connections.close_all()
    course, strategy = f"/courses/{slugs[0]}/", f"/partnerships/{team}/strategy/"
    pages = {
        "bare": ["/bench/bare/"],
        "desk": ["/desk/"],
        "courses": ["/courses/"],
        "course": [course],
        "module": [f"{course}1/"],
        "lesson": [f"{course}1/{number}/" for number in (1, 2, 3)],
        "strategy": [strategy],
        "section": [f"{strategy}{code}/?in=de" for code in ("s1", "s3", "s5")],
        "version": [f"{strategy}versions/2/"],
        "compare": [f"{strategy}compare/?from=1&to=2"],
        "coaching_queue": ["/coaching/sections/"],
        "coaching_participants": [
            f"/coaching/participants/?light={light}" for light in ("red", "amber", "green")
        ],
        "coaching_strategies": ["/coaching/strategies/", "/coaching/strategies/?page=7"],
        "coaching_figures": ["/coaching/figures/"],
    }
    return {"reader": reader, "pages": pages}


def _measure(site: Site, pages: dict[str, list[str]]) -> dict[str, Any]:
    times: dict[str, dict[str, list[float]]] = {name: {} for name in pages}
    for round_number in range(-10, ROUNDS):
        for name, paths in pages.items():
            path = paths[round_number % len(paths)]
            seconds = site.get(path)[0]
            if round_number >= 0:
                times[name].setdefault(path, []).append(seconds * 1000)
    unit = statistics.median(times["bare"]["/bench/bare/"])
    rows = [_row(site, name, times[name], unit) for name in pages]
    return {"unit_ms": round(unit, 2), "scenarios": rows}


def _sweep() -> dict[str, float]:
    """Seconds: the first look at all enrolments, and the next, which finds nothing new."""
    from training.actions.finishing import finish_courses  # noqa: PLC0415 -- as above
    from training.models import Enrolment  # noqa: PLC0415 -- as above

    found = {}
    for name in ("first_s", "again_s"):
        started = time.perf_counter()
        finish_courses(now=datetime.now(UTC) + timedelta(minutes=1))
        found[name] = round(time.perf_counter() - started, 2)
    found["finished"] = Enrolment.objects.exclude(finished_at=None).count()
    return found


def print_report(report: dict[str, Any]) -> None:
    print(
        f"{report['enrolments']} enrolments, {report['strategies']} strategies; unit {report['unit_ms']} ms"
    )
    print(f"{'scenario':<24}{'median':>8}{'p95':>8}{'units':>7}{'aim':>6}{'queries':>9}{'gzip':>8}")
    for row in report["scenarios"]:
        print(
            f"{row['scenario']:<24}{row['median_ms']:>8}{row['p95_ms']:>8}{row['units']:>7}{AIM:>6}"
            f"{row['queries']:>9}{row['gzip_bytes']:>8}"
        )
    print(f"sweep over all enrolments: {report['sweep']}")


if __name__ == "__main__":
    raise SystemExit(main())
