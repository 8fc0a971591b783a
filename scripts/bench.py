"""`make bench`: pages on the production server beside a bare Django view in one run; writes var/bench.json.

One unit is the median of the bare view (scripts/bench_urls.py). Requests are sent one after the other, all
scenarios in turn, so that a slow minute of the machine hits all alike; ratios count, not milliseconds.
"""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from scripts.servers import CHECKOUT, Servers, die_with_parent

ROUNDS = int(os.environ.get("ROUNDS", "150"))
LOAD_SECONDS = 4
NOT_ITS_OWN = ("DATABASE_URL", "REDIS_URL", "ENVIRONMENT")  # what the other bench chooses itself
PARTNERSHIPS = 5000
SESSIONS, OWN_REGISTRATIONS = 200, 30
SEARCHES = [
    "ul",
    "ba",
    "neu",
    "sankt",
    "Ulm",
    "Funfkirchen",
    "Temeswar",
    "Русе",
    "gyor",
    "Stutgart",
    "bad fried",
]
AIMS = {
    "start": 1.5,
    "municipality_search": 1.5,
    "search_again": 1.5,
    "partnership_list": 1.5,
    "partnership_search": 1.5,
    "partnership_detail": 2.0,
    "map": 2.0,
    "sessions": 2.0,
}
SERVER = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--no-access-log"]
SERVER += ["--log-level", "warning", "vipad.wsgi:application"]
Times = dict[str, list[float]]  # milliseconds by path


class Site:
    """The production server under measurement, and a signed-in reader's requests to it."""

    def __init__(self, cookie: str, port: int) -> None:
        self.cookie, self.port = cookie, port
        self.headers = {
            "Host": "localhost",
            "Cookie": f"__Host-session={cookie}; __Host-language=de",
            "X-Forwarded-Proto": "https",
            "Accept-Encoding": "gzip",
        }
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str, **extra: str) -> tuple[float, http.client.HTTPResponse, bytes]:
        """Seconds, answer, body."""
        started = time.perf_counter()
        self.connection.request("GET", path, headers={**self.headers, **extra})
        response = self.connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise SystemExit(f"{path} answered {response.status}")
        return seconds, response, body


def main() -> int:
    servers = Servers("bench")
    servers.start()
    port = _free_port()
    os.environ |= _of_production("bench", port)
    web = None
    try:
        report = _prepare()
        cookie, detail, beginnings = (report.pop(key) for key in ("cookie", "detail", "beginnings"))
        web = _start_web(port)
        site = Site(cookie, port)
        report |= _measure(site, detail, beginnings)
        report["worker_mib"] = _worker_memory(web.pid)
        report["first_visit"] = _first_visit(site)
        report["map_rebuilt_after_s"] = _map_rebuild(site)
    finally:
        if web:
            web.send_signal(signal.SIGTERM)
            web.wait(10)
        servers.stop()
    report["sending"] = _alone("bench_sending")
    report["reminders"] = _alone("bench_reminders")
    report["groups"] = _alone("bench_groups")
    report["training"] = _alone("bench_training")
    target = CHECKOUT / "var" / "bench.json"
    target.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    _print(report)
    return 0


def _of_production(name: str, port: int) -> dict[str, str]:
    """The environment of a production server with files of its own; two measurements never share any."""
    folder = CHECKOUT / "var" / name
    return {
        "DJANGO_SETTINGS_MODULE": "scripts.bench_settings",
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": f"https://localhost:{port}",
        "TRUSTED_PROXY_COUNT": "1",
        "STATIC_ROOT": str(folder / "static"),
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
    }


def _alone(name: str) -> dict[str, Any]:
    """With servers and settings of its own, so in a process of its own; it prints its figures."""
    own = {key: value for key, value in os.environ.items() if key not in NOT_ITS_OWN}
    subprocess.run([sys.executable, "-m", f"scripts.{name}"], cwd=CHECKOUT, check=True, env=own)
    report: dict[str, Any] = json.loads((CHECKOUT / "var" / f"{name}.json").read_text())
    return report


def _prepare() -> dict[str, Any]:
    import django  # noqa: PLC0415 -- needs the settings chosen above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection, connections  # noqa: PLC0415 -- as above

    from directory.loading import load_directory  # noqa: PLC0415 -- as above
    from directory.models import Municipality  # noqa: PLC0415 -- as above
    from partnerships.load_data import make_load_data  # noqa: PLC0415 -- as above
    from partnerships.models import Partnership  # noqa: PLC0415 -- as above
    from portal.pages import load_pages  # noqa: PLC0415 -- as above

    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    load_directory()
    load_seconds = time.perf_counter() - started
    load_pages(now=now)
    make_load_data(number=PARTNERSHIPS, now=now)
    cookie = _session()
    _make_sessions(now)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    report = {
        "municipalities": Municipality.objects.count(),
        "partnerships": Partnership.objects.count(),
        "directory_load_s": round(load_seconds, 1),
        "detail": Partnership.objects.order_by("id")[PARTNERSHIPS // 2].slug,
        "cookie": cookie,
        "beginnings": _beginnings(list(Municipality.objects.order_by("slug").values_list("name", flat=True))),
    }
    connections.close_all()
    return report


def _beginnings(names: list[str]) -> list[str]:
    """What people type first: two to five letters, each only once, the same on every machine."""
    random = Random(2027)
    typed = [name[: 2 + number % 4] for number, name in enumerate(random.sample(names, 6000))]
    return list(dict.fromkeys(text.strip() for text in typed if len(text.strip()) > 1))[: ROUNDS * 8]


def _make_sessions(now: datetime) -> None:
    """The reader has a seat in every seventh or so; all are half full."""
    from accounts.models import User  # noqa: PLC0415 -- as above
    from scripts.invented_sessions import make_session, seat_many  # noqa: PLC0415 -- as above

    reader = User.objects.get(email="reader@example.org")
    host = User.objects.create_user("host@example.org", display_name="Host")
    for number in range(SESSIONS):
        starts_at = now + timedelta(days=1 + number, hours=number % 10)
        session = make_session(by=host, starts_at=starts_at, now=now, capacity=40)
        is_own = number * OWN_REGISTRATIONS % SESSIONS < OWN_REGISTRATIONS
        seat_many(session, guests=20, members=[reader] if is_own else [], now=now)


def _session() -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 -- as above
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 -- as above

    from accounts.models import User  # noqa: PLC0415 -- needs django.setup()

    reader = User.objects.create_user("reader@example.org", display_name="Reader")
    session = SessionStore()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _start_web(port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "granian", *SERVER, "--host", "127.0.0.1", "--port", str(port)]
    web = subprocess.Popen(command, cwd=CHECKOUT, start_new_session=True, preexec_fn=die_with_parent)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return web
        time.sleep(0.1)
    raise SystemExit("the server does not answer")


def _scenarios(detail: str, beginnings: list[str]) -> dict[str, list[str]]:
    """Each round asks the next path of each scenario. The beginnings are new each time: nothing helps but speed."""
    return {
        "bare": ["/bench/bare/"],
        "start": ["/"],
        "municipality_search": [f"/municipalities/?q={quote(text)}" for text in beginnings],
        "search_again": [f"/municipalities/?q={quote(text)}" for text in SEARCHES],
        "partnership_list": [
            "/partnerships/",
            "/partnerships/?country=HU",
            "/partnerships/?page=7&sort=newest",
        ],
        "partnership_search": [f"/partnerships/?q={quote(text)}" for text in beginnings],
        "partnership_detail": [f"/partnerships/{detail}/"],
        "map": ["/map/"],
        "sessions": [f"/sessions/?show={SESSIONS}"],
    }


def _measure(site: Site, detail: str, beginnings: list[str]) -> dict[str, Any]:
    scenarios = _scenarios(detail, beginnings)
    times: dict[str, Times] = {name: {} for name in scenarios}
    for round_number in range(-10, ROUNDS):
        for name, paths in scenarios.items():
            path = paths[round_number % len(paths)]
            seconds = site.get(path)[0]
            if round_number >= 0:
                times[name].setdefault(path, []).append(seconds * 1000)
    unit = statistics.median(times["bare"]["/bench/bare/"])
    rows = []
    for name, paths in scenarios.items():
        row = _row(site, name, times[name], unit)
        row["rps"] = _load(site, paths)
        rows.append(row)
    return {"unit_ms": round(unit, 2), "scenarios": rows}


def _row(site: Site, name: str, times: Times, unit: float) -> dict[str, Any]:
    everything = sorted(value for values in times.values() for value in values)
    paths = sorted(times, key=lambda path: statistics.median(times[path]))[-5:]  # the slowest
    plain = {"Accept-Encoding": "identity"}
    heaviest = max(paths, key=lambda path: len(site.get(path, **plain)[2]))
    queries = [int(site.get(path, **{"X-Count-Queries": "1"})[1].headers["X-Queries"]) for path in paths]
    return {
        "scenario": name,
        "median_ms": round(statistics.median(everything), 2),
        "p95_ms": round(everything[int(len(everything) * 0.95)], 2),
        "units": round(statistics.median(everything) / unit, 2),
        "p95_units": round(everything[int(len(everything) * 0.95)] / unit, 2),
        "slowest": paths[-1],
        "queries": max(queries),
        "bytes": len(site.get(heaviest, **plain)[2]),
        "gzip_bytes": len(site.get(heaviest)[2]),
    }


def _load(site: Site, paths: list[str]) -> int:
    """Requests a second with four readers at once. The readers are Python too, so this is a lower bound."""
    counts = []

    def read() -> None:
        own, number, end = (
            Site(site.cookie, site.port),
            0,
            time.monotonic() + LOAD_SECONDS,
        )
        while time.monotonic() < end:
            own.get(paths[number % len(paths)])
            number += 1
        counts.append(number)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return round(sum(counts) / LOAD_SECONDS)


def _worker_memory(pid: int) -> list[float]:
    """Resident MiB of each web worker after the load."""
    return sorted(round(_resident(child), 1) for child in _children(pid))


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def _resident(pid: int) -> float:
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(match[1]) / 1024 if match else 0.0


def _first_visit(site: Site) -> dict[str, int]:
    """Compressed bytes of a new visitor's start page: page, styles, scripts; fonts; the map's drawing."""
    _, _, page = site.get("/", **{"Accept-Encoding": "identity", "Cookie": ""})
    html = page.decode()
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+\.(?:css|js))"', html))
    fonts = set(re.findall(r'href="(/static/[^"]+\.woff2)"', html))
    size = {path: len(site.get(path, **{"Accept-Encoding": "br, gzip"})[2]) for path in files | fonts}
    drawings = set(re.findall(r'href="(/static/[^"#]+\.svg)#', html))
    return {
        "html_css_js": len(site.get("/", Cookie="")[2]) + sum(size[path] for path in files),
        "styles": sum(size[path] for path in files if path.endswith(".css")),
        "scripts": sum(size[path] for path in files if path.endswith(".js")),
        "fonts_preloaded": sum(size[path] for path in fonts),
        "map_drawing": sum(len(site.get(path, **{"Accept-Encoding": "br, gzip"})[2]) for path in drawings),
    }


def _map_rebuild(site: Site) -> float:
    """Seconds from a change to the map that shows it."""

    from partnerships import actions  # noqa: PLC0415 -- as above
    from partnerships.models import Partnership  # noqa: PLC0415 -- as above

    before = site.get("/map/")[2]
    partnership = Partnership.objects.published().order_by("id").last()
    started = time.monotonic()
    assert partnership is not None
    actions.unpublish(partnership=partnership, now=datetime.now(UTC))
    while site.get("/map/")[2] == before and time.monotonic() - started < 60:
        time.sleep(0.05)
    return round(time.monotonic() - started, 2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _print(report: dict[str, Any]) -> None:
    print(f"{report['municipalities']} municipalities loaded in {report['directory_load_s']} s, ", end="")
    print(f"{report['partnerships']} partnerships; one unit = {report['unit_ms']} ms")
    print(
        f"{'scenario':<22}{'median':>8}{'p95':>8}{'units':>7}{'aim':>6}{'worst':>7}{'queries':>9}{'bytes':>9}{'gzip':>8}{'rps':>6}"
    )
    for row in report["scenarios"]:
        aim = AIMS.get(row["scenario"], "")
        print(
            f"{row['scenario']:<22}{row['median_ms']:>8}{row['p95_ms']:>8}{row['units']:>7}{aim:>6}"
            f"{row['p95_units']:>7}{row['queries']:>9}{row['bytes']:>9}{row['gzip_bytes']:>8}{row['rps']:>6}"
        )
    print(f"web workers: {report['worker_mib']} MiB; first visit: {report['first_visit']}")
    print(f"map shows a change after {report['map_rebuilt_after_s']} s")


if __name__ == "__main__":
    raise SystemExit(main())
