"""How fast groups are; part of `make bench`, alone: `python -m scripts.bench_groups`.

A group with 2,000 topics, 100,000 posts and 200 members, beside the bare view of bench_urls.py in one run; then
the same with ten times as much (TIMES=1 leaves that out). Answers are written in groups of 10 and of 1,000 members.
Eight members answer one topic for 15 s. Telling 1,000 members is looked at in the database.
"""

import http.client
import json
import os
import re
import secrets
import signal
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from scripts.bench import Site, _free_port, _of_production, _start_web
from scripts.servers import CHECKOUT, Servers

ROUNDS = int(os.environ.get("ROUNDS", "100"))
TIMES = int(os.environ.get("TIMES", "10"))
TOPICS, POSTS, MEMBERS = 2000, 100_000, 200
CROWD_SECONDS, CROWD = 15, 8
AIMS = {
    "topic_list": (1.6, 8),
    "topic": (2.0, 9),
    "topic_first": (2.0, 9),
    "topic_deep": (2.0, 9),
    "discussion_search": (2.5, None),
    "reply_10": (1.2, 12),
    "reply_1000": (1.2, 12),
}
SEARCHES = [
    "Partnerschaft",
    "Übersetzung",
    "Kirchweih",
    "zwetschgen",
    "Brückenf",
    "Videokonferenz Termin",
    "Orgelweie",
]
TEXT = "Vielen Dank, wir kommen **gern**. Die Bilder vom letzten Treffen bringe ich mit.\n\nBis bald in Ulm!"


def main() -> int:
    report = measure()
    target = CHECKOUT / "var" / "bench_groups.json"
    target.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    print_report(report)
    return 0


def measure() -> dict[str, Any]:
    """With servers of its own."""
    servers = Servers("bench-groups")
    servers.start()
    port = _free_port()
    os.environ |= _of_production("bench-groups", port)
    web = None
    try:
        world = _prepare()
        web = _start_web(port)
        report: dict[str, Any] = {"small": _measure(world, port)}
        report["crowd"] = _crowd(world, port)
        report["telling"] = _telling(world)
        report["first_visit"] = _first_visit(Member(world["reader"], port), world["pages"]["topic"][0])
        if TIMES > 1:
            _make(world, times=TIMES)
            report["large"] = _measure(world, port)
    finally:
        if web:
            web.send_signal(signal.SIGTERM)
            web.wait(10)
        servers.stop()
    return report


# --- the data


def _prepare() -> dict[str, Any]:
    import django  # noqa: PLC0415 -- needs the settings chosen above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection  # noqa: PLC0415 -- as above

    from accounts.models import User  # noqa: PLC0415 -- as above
    from directory.loading import load_directory  # noqa: PLC0415 -- as above
    from scripts.invented_groups import make_people  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    load_directory()
    call_command("collectstatic", interactive=False, verbosity=0)
    leader = User.objects.create_user("leader@example.org", display_name="Leitung")
    people = make_people(1000)
    world = {"leader": leader, "people": people, "reader": _session(people[0])}
    _make(world, times=1)
    return world


def _make(world: dict[str, Any], *, times: int) -> None:
    from django.db import connections  # noqa: PLC0415 -- as above

    from scripts.invented_groups import make_group, make_people, tidy  # noqa: PLC0415 -- as above

    now, leader, people = datetime.now(UTC), world["leader"], world["people"]
    more = make_people(MEMBERS * times - 1, begin=10_000) if times > 1 else people[1:MEMBERS]
    people = [people[0], *more]
    group = make_group(leader=leader, people=people, topics=TOPICS * times, posts=POSTS * times, now=now)
    small = make_group(leader=leader, people=world["people"][:10], topics=3, posts=60, now=now)
    large = make_group(leader=leader, people=world["people"], topics=3, posts=60, now=now)
    first, second, *_rest, last = group.topics.order_by("pk")
    tidy()
    home = f"/groups/{group.slug}/"
    world["group"], world["large"] = group, large
    world["pages"] = {
        "bare": ["/bench/bare/"],
        "topic_list": [home],
        "topic": [f"{home}{topic.pk}/?page=1" for topic in (second, last)],
        "topic_first": [f"{home}{first.pk}/?page=1"],
        "topic_deep": [f"{home}{first.pk}/?page=50"],
        "discussion_search": [f"{home}search/?q={quote(typed)}" for typed in SEARCHES],
    }
    world["replies"] = {
        "reply_10": f"/groups/{small.slug}/{small.topics.order_by('pk')[0].pk}/",
        "reply_1000": f"/groups/{large.slug}/{large.topics.order_by('pk')[0].pk}/",
    }
    connections.close_all()


def _session(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 -- as above
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 -- as above

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


# --- pages and answers


class OnePacket(http.client.HTTPConnection):
    """Sends a small form in one packet with its head, as Chromium and Firefox do."""

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **more: Any) -> None:
        self.held: list[bytes] | None = []
        super().request(method, url, body, headers or {}, **more)
        held, self.held = self.held, None
        self.send(b"".join(held))

    def send(self, data: Any) -> None:
        if getattr(self, "held", None) is None:
            super().send(data)
        else:
            self.held.append(data)


class Member(Site):
    """A member with a form: one key for each answer, as the page gives it."""

    def __init__(self, cookie: str, port: int) -> None:
        super().__init__(cookie, port)
        self.connection = OnePacket("127.0.0.1", port, timeout=30)
        self.token = secrets.token_hex(16)
        self.headers["Cookie"] += f"; __Host-csrf={self.token}"

    def answer(self, topic: str, **extra: str) -> tuple[float, http.client.HTTPResponse]:
        """Seconds from pressing to the redirect, and that."""
        body = urlencode(
            {
                "csrfmiddlewaretoken": self.token,
                "key": str(uuid.uuid4()),
                "text": TEXT,
                "language": "",
                "send": "1",
            }
        )
        headers = {
            **self.headers,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://localhost:{self.port}/",
            "Origin": f"https://localhost:{self.port}",
            "Host": f"localhost:{self.port}",
            **extra,
        }
        started = time.perf_counter()
        self.connection.request("POST", f"{topic}answer/", body, headers)
        response = self.connection.getresponse()
        response.read()
        seconds = time.perf_counter() - started
        if response.status != 302 or "#post-" not in str(response.headers["Location"]):
            raise SystemExit(f"an answer was met with {response.status} {response.headers['Location']}")
        return seconds, response


def _measure(world: dict[str, Any], port: int) -> dict[str, Any]:
    """All scenarios in turn. Nobody writes more than a person does, so each answer is somebody else's."""
    site = Member(world["reader"], port)
    pages: dict[str, list[str]] = world["pages"]
    writers = [Member(_session(person), port) for person in world["people"][:10]]
    times: dict[str, list[float]] = {name: [] for name in [*pages, *world["replies"]]}
    for round_number in range(-10, ROUNDS):
        for name, paths in pages.items():
            _note(times, name, round_number, site.get(paths[round_number % len(paths)])[0])
        for name, topic in world["replies"].items():
            if round_number % 5 == 0:
                _forget_pace()
            _note(times, name, round_number, writers[round_number % 10].answer(topic)[0])
    unit = statistics.median(times["bare"])
    rows = []
    for name in times:
        ordered = sorted(times[name])
        rows.append(
            {
                "scenario": name,
                "median_ms": round(statistics.median(ordered), 2),
                "p95_ms": round(ordered[int(len(ordered) * 0.95)], 2),
                "units": round(statistics.median(ordered) / unit, 2),
                "queries": _queries(name, world, site, writers[0]),
            }
        )
    return {"unit_ms": round(unit, 2), "scenarios": rows}


def _note(times: dict[str, list[float]], name: str, round_number: int, seconds: float) -> None:
    if round_number >= 0:
        times[name].append(seconds * 1000)


def _queries(name: str, world: dict[str, Any], site: Member, writer: Member) -> int:
    count = {"X-Count-Queries": "1"}
    if name in world["replies"]:
        _forget_pace()
        return int(writer.answer(world["replies"][name], **count)[1].headers["X-Queries"])
    return max(int(site.get(path, **count)[1].headers["X-Queries"]) for path in world["pages"][name])


def _forget_pace() -> None:
    """The measured writers write faster than anybody may: their posts are made an hour older."""
    from django.db import connection  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE discussions_post SET posted_at = posted_at - interval '2 hours' "
            "WHERE posted_at > now() - interval '1 hour'"
        )


# --- many at once


def _crowd(world: dict[str, Any], port: int) -> dict[str, Any]:
    """Eight members answer one topic as fast as it goes. Each has 60 answers an hour: then others take over."""
    from discussions.models import Topic  # noqa: PLC0415 -- as above

    path = world["replies"]["reply_1000"]
    topic = Topic.objects.get(pk=int(path.rstrip("/").split("/")[-1]))
    before = topic.last_number
    people = world["people"][20:]
    cookies = [_session(person) for person in people[: CROWD * 40]]
    told: list[int] = []
    failed: list[str] = []
    end = time.monotonic() + CROWD_SECONDS

    def write(own: list[str]) -> None:
        number = 0
        try:
            for cookie in own:
                site = Member(cookie, port)
                for _ in range(50):
                    if time.monotonic() > end:
                        return
                    site.answer(path)
                    number += 1
        except (SystemExit, OSError) as error:
            failed.append(str(error))
        finally:
            told.append(number)

    threads = [threading.Thread(target=write, args=(cookies[at::CROWD],)) for at in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    topic.refresh_from_db()
    numbers = list(topic.posts.order_by("number").values_list("number", flat=True))
    return {
        "answers": sum(told),
        "failed": failed,
        "counted": topic.last_number - before,
        "is_exact": topic.last_number - before == sum(told)
        and numbers == list(range(1, topic.last_number + 1)),
        "a_second": round(sum(told) / CROWD_SECONDS, 1),
    }


def _telling(world: dict[str, Any]) -> dict[str, Any]:
    """One answer in the group of 1,000: what the statement that tells them costs."""
    from django.db import connection  # noqa: PLC0415 -- as above

    from discussions.actions.talk import post  # noqa: PLC0415 -- as above

    topic = world["large"].topics.order_by("pk")[1]
    took: list[float] = []
    statements: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        started = time.perf_counter()
        result = execute(sql, *args)
        if "notifications_notice" in sql:
            took.append((time.perf_counter() - started) * 1000)
            statements.append(sql.split()[0])
        return result

    for at in range(20):
        with connection.execute_wrapper(watch):
            post(topic=topic, text=TEXT, by=world["people"][500 + at], now=datetime.now(UTC))
    return {
        "statements_each": len(statements) / 20,
        "kinds": sorted(set(statements)),
        "median_ms": round(statistics.median(took), 1),
        "worst_ms": round(max(took), 1),
    }


def _first_visit(site: Member, path: str) -> dict[str, int]:
    """Compressed bytes of a member's first topic page: page, styles, scripts, fonts."""
    html = site.get(path, **{"Accept-Encoding": "identity"})[2].decode()
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+\.(?:css|js|woff2|svg))[#"]', html))
    styles = [path for path in files if path.endswith(".css")]
    for style in styles:
        text = site.get(style, **{"Accept-Encoding": "identity"})[2].decode()
        folder = style.rsplit("/", 1)[0]
        files |= {_joined(folder, found) for found in re.findall(r"url\([\"']?([^\"')]+\.woff2)", text)}
    size = {file: len(site.get(file, **{"Accept-Encoding": "br, gzip"})[2]) for file in files}
    page = len(site.get(path)[2])
    fonts = sum(bytes_ for file, bytes_ in size.items() if file.endswith(".woff2"))
    return {
        "page": page,
        "fonts": fonts,
        "files": sum(size.values()) - fonts,
        "all": page + sum(size.values()),
    }


def _joined(folder: str, path: str) -> str:
    if path.startswith("/"):
        return path
    parts = folder.split("/")
    for piece in path.split("/"):
        if piece == "..":
            parts.pop()
        else:
            parts.append(piece)
    return "/".join(parts)


def print_report(report: dict[str, Any]) -> None:
    small = {row["scenario"]: row for row in report["small"]["scenarios"]}
    large = {row["scenario"]: row for row in report.get("large", {}).get("scenarios", ())}
    print(f"{TOPICS} topics, {POSTS} posts, {MEMBERS} members; one unit = {report['small']['unit_ms']} ms")
    heads = {
        "scenario": -20,
        "median": 8,
        "p95": 8,
        "units": 7,
        "aim": 6,
        "queries": 9,
        "most": 6,
        "x10": 7,
        "ratio": 7,
    }
    print("".join(f"{head:{'<' if width < 0 else '>'}{abs(width)}}" for head, width in heads.items()))
    for name, row in small.items():
        aim, most = AIMS.get(name, ("", None))
        line = f"{name:<20}{row['median_ms']:>8}{row['p95_ms']:>8}{row['units']:>7}{aim:>6}"
        line += f"{row['queries']:>9}{most or '':>6}"
        if name in large:
            line += f"{large[name]['units']:>7}{large[name]['units'] / row['units']:>7.2f}"
        print(line)
    last_by_first = small["topic_deep"]["units"] / small["topic_first"]["units"]
    print(f"last page by first page of 1,000 posts: {last_by_first:.2f} (aim 1.1)")
    print(f"eight at once: {report['crowd']}")
    told = report["telling"]["median_ms"] / report["small"]["unit_ms"]
    print(
        f"reply_1000 but for the statement that tells them: {small['reply_1000']['units'] - told:.2f} units (aim 1.2)"
    )
    print(f"telling 1,000 (aim one insert, 25 ms): {report['telling']}")
    print(f"first visit of a topic (aim 130 kB): {report['first_visit']}")


if __name__ == "__main__":
    sys.exit(main())
