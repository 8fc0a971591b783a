"""A day of reminders under trouble; part of `make chaos`, alone: `python -m scripts.chaos_reminders`.

20 sessions, 320 registrations of members and guests in 13 languages; reminders a day, six hours, an hour before. The
day passes 360 times as fast (scripts/chaos_fast_clock.py); two beats, four workers, one of them killed with -9 every
two seconds; at noon Valkey is emptied; the mail server refuses a fifth of the mails, and keeps a tenth without a word.
Meanwhile one session is moved, one cancelled, one made three hours before its start, and some people cancel.

What must have been sent is counted here from hours alone, not asked of the code under test. Each of these reminders has
exactly one row that says "sent", noted before the start, and one Message-ID; a copy may come only from a kill or a lost
answer. A sweep takes its time from its beginning, so a mail may leave some real seconds after a start: reported, and
bounded.
"""

import json
import os
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.chaos_nursery import Nursery
from scripts.chaos_parts import Mail, Sink, kill_one, ready, spawn, until
from scripts.servers import CHECKOUT, Servers

CLOCK = "scripts.chaos_fast_clock"
DAY = datetime(2027, 2, 10, tzinfo=UTC)
DAY_SECONDS = float(os.environ.get("CHAOS_DAY_SECONDS", "480"))
SPEED = 24 * 3600 / DAY_SECONDS
WORKERS, BEATS, BETWEEN_KILLS, SWEEP_EVERY = 4, 2, 2, 0.5
ANSWER_AFTER, REFUSED, LOST = 0.05, 0.2, 0.1
EACH = 8  # members, and as many guests, of each session
LEADS = {"1d": 24.0, "6h": 6.0, "1h": 1.0}
# Hours of the day. None has a reminder due in the first hour and a half: the backlog of the night goes out then.
STARTS = (3.0, 3.5, 4.0, 5.0, 8.0, 9.5, 11.0, 12.0, 13.5, 15.0, 16.0, 17.5, 19.0, 20.5, 22.0, 28.5, 29.5)
MOVED, MOVED_TO, MOVED_AT = 8.0, 12.0, 5.0
CANCELLED, CANCELLED_AT = 9.0, 4.5
MADE_FOR, MADE_AT = 13.0, 10.0
FEWER = (11.0, 15.0, 19.0)  # sessions from which two people cancel, three hours before
NOON, LATEST = 12.0, 27.0
MOST_SECONDS_AFTER_START = 10.0
Expected = set[tuple[int, str]]
"""Registration, and what makes the reminder a new one: "1h-1802347200"."""


def main() -> int:
    servers = Servers("chaos-reminders")
    servers.start()
    sink = Sink(answers_after=ANSWER_AFTER, refuses=REFUSED, loses=LOST)
    folder = CHECKOUT / "var" / "chaos-reminders"
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
        "CHAOS_DAY": str(DAY.timestamp()),
        "CHAOS_SPEED": str(SPEED),
        "CHAOS_BEGAN": str(time.time()),
    }
    children: list[Any] = []
    try:
        day = _prepare()
        began = time.time() + 20
        os.environ["CHAOS_BEGAN"] = str(began)  # until then, the evening before
        nursery = Nursery()
        children.append(nursery)
        workers = [nursery.worker(number) for number in range(WORKERS)]
        until(lambda: len(ready(workers)) == WORKERS)
        if time.time() > began:
            raise SystemExit("the workers took longer than 20 s to start")
        time.sleep(began - time.time())
        for number in range(BEATS):
            beat = ("beat", "--schedule", str(folder / f"beat{number}"), "--pidfile=")
            children.append(spawn(*beat, clock=CLOCK))
        report = _rage(day, workers, nursery)
        _wait_for_the_rest()
    finally:
        for child in children:
            child.kill()
    try:
        report |= _count(day, sink, report["kills"], began)
    finally:
        servers.stop()
    (CHECKOUT / "var" / "chaos_reminders.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


class Day:
    """The sessions, what happens to them at which hour, and what must have been sent in the end."""

    def __init__(self, office: Any, people: Sequence[Any]) -> None:
        self.office, self.people = office, people
        self.expected: Expected = set()
        self.steps: list[tuple[float, Callable[[datetime], None]]] = []
        self.told: Counter[str] = Counter()
        for start in STARTS:
            session = self._session(start, at=-48)
            self._expect(session, start, fewer_at=start - 3 if start in FEWER else None)
        self._will_be_moved(self._session(MOVED, at=-48))
        self._will_be_cancelled(self._session(CANCELLED, at=-48))
        self.steps.append((MADE_AT, self._make_one))
        self.steps.sort(key=lambda step: step[0])

    def _session(self, start: float, *, at: float) -> Any:
        from accounts.languages import PARTNER_LANGUAGES, ZONES  # noqa: PLC0415 -- as above
        from scripts.invented_sessions import make_session  # noqa: PLC0415 -- as above
        from webinars import actions  # noqa: PLC0415 -- as above
        from webinars.models import Registration  # noqa: PLC0415 -- as above

        now, plan = _hour(at), [(1, "days"), (6, "hours"), (1, "hours")]
        session = make_session(by=self.office, starts_at=_hour(start), now=now, plan=plan)
        for person in self.people[:EACH]:
            actions.register(session=session, by=person, now=now)
        for number in range(EACH):
            email = f"guest{session.pk}-{number}@example.org"
            actions.register_guest(
                session=session,
                name=f"Guest {number}",
                email=email,
                language=PARTNER_LANGUAGES[(session.pk + number) % len(PARTNER_LANGUAGES)][0],
                time_zone=ZONES[(session.pk + number) % len(ZONES)][0],
                now=now,
            )
            actions.confirm_guest(registration=Registration.objects.get(email=email), now=now)
        return session

    def _expect(self, session: Any, start: float, *, fewer_at: float | None = None) -> None:
        rows = list(session.registrations.order_by("number"))
        gone = rows[EACH - 1 : EACH + 1] if fewer_at else []
        for row in rows:
            self._expect_of(row, start, until=fewer_at if row in gone and fewer_at else LATEST)
        if fewer_at:
            self.steps.append((fewer_at, lambda now: _cancel(gone, now)))
            self.told["registration_cancelled"] += len(gone)

    def _expect_of(
        self, row: Any, start: float, *, until: float, since: float = 0.0, late: bool = True
    ) -> None:
        """Of the leads that were over when it began to count, the shortest, if `late`; then each in its hour."""
        over = [code for code, lead in LEADS.items() if start - lead <= since][-1:] if late else []
        due = [code for code, lead in LEADS.items() if since < start - lead < until]
        self.expected |= {(row.pk, f"{code}-{int(_hour(start).timestamp())}") for code in over + due}

    def _will_be_moved(self, session: Any) -> None:
        from webinars import actions  # noqa: PLC0415 -- as above

        for row in session.registrations.all():
            self._expect_of(row, MOVED, until=MOVED_AT)
            # Who was told of the new time is not reminded at once of what is due before that.
            self._expect_of(row, MOVED_TO, since=MOVED_AT, until=LATEST, late=False)

        def move(now: datetime) -> None:
            begins = (
                datetime.combine(session.day, session.begins) + timedelta(hours=MOVED_TO - MOVED)
            ).time()
            actions.move_session(
                session=session, day=session.day, begins=begins, minutes=60, by=self.office, now=now
            )

        self.steps.append((MOVED_AT, move))
        self.told["session_moved"] += 2 * EACH

    def _will_be_cancelled(self, session: Any) -> None:
        from webinars import actions  # noqa: PLC0415 -- as above

        for row in session.registrations.all():
            self._expect_of(row, CANCELLED, until=CANCELLED_AT)
        self.steps.append(
            (
                CANCELLED_AT,
                lambda now: _done(actions.cancel_session(session=session, by=self.office, now=now)),
            )
        )
        self.told["session_cancelled"] += 2 * EACH

    def _make_one(self, now: datetime) -> None:
        session = self._session(MADE_FOR, at=MADE_AT)
        for row in session.registrations.all():
            self._expect_of(row, MADE_FOR, since=MADE_AT, until=LATEST, late=False)
        self.told["seat_confirmed"] += 2 * EACH


def _prepare() -> Day:
    import django  # noqa: PLC0415 -- needs the settings chosen above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection, connections  # noqa: PLC0415 -- as above
    from redis import Redis  # noqa: PLC0415 -- only needed here

    from accounts.models import User  # noqa: PLC0415 -- as above
    from notifications.models import Notice  # noqa: PLC0415 -- as above
    from scripts.invented_sessions import make_people  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    office = User.objects.create_user("office@example.org", display_name="Office")
    day = Day(office, make_people(EACH, stem="member"))
    Notice.objects.all().delete()  # the confirmations went out two days ago
    Redis.from_url(os.environ["REDIS_URL"]).flushall()  # ticks of an earlier run
    connections.close_all()
    return day


def _rage(day: Day, workers: list[Any], nursery: Nursery) -> dict[str, Any]:
    from redis import Redis  # noqa: PLC0415 -- only needed here

    from scripts.chaos_fast_clock import fast_now  # noqa: PLC0415 -- reads the environment set above

    steps = [*day.steps, (NOON, lambda now: _done(Redis.from_url(os.environ["REDIS_URL"]).flushall()))]
    steps.sort(key=lambda step: step[0])
    kills, next_kill = 0, time.monotonic() + BETWEEN_KILLS
    while (now := fast_now()) < _hour(24):
        while steps and _hour(steps[0][0]) <= now:
            steps.pop(0)[1](now)
        if time.monotonic() >= next_kill:
            next_kill += BETWEEN_KILLS
            kills += kill_one(workers, nursery.worker)
        time.sleep(0.05)
    return {"kills": kills, "steps_left": len(steps)}


def _wait_for_the_rest() -> None:
    from scripts.chaos_fast_clock import fast_now  # noqa: PLC0415 -- as above

    while _notices().filter(state="waiting").exists() and fast_now() < _hour(LATEST):
        time.sleep(0.2)


def _count(day: Day, sink: Sink, kills: int, began: float) -> dict[str, Any]:
    from notifications.mails import message_id  # noqa: PLC0415 -- as above
    from notifications.outbox import once_of  # noqa: PLC0415 -- as above

    notices = list(_notices())
    reminders = [notice for notice in notices if notice.kind == "session_reminder"]
    sent = Counter((notice.about_id, once_of(notice)) for notice in reminders if notice.state == "sent")
    known = {message_id(notice): notice for notice in notices}
    mails = Counter(mail.message_id for mail in sink.kept)
    late = [
        notice for notice in reminders if notice.sent_at and notice.sent_at.timestamp() >= _start_of(notice)
    ]
    other = Counter(notice.kind for notice in notices if notice.kind in day.told and notice.state == "sent")
    report = {
        "reminders_expected": len(day.expected),
        "reminders_sent": sum(sent.values()),
        "missing": len(day.expected - set(sent)),
        "not_expected": len(set(sent) - day.expected),
        "sent_twice": sum(count - 1 for count in sent.values()),
        "noted_after_the_start": len(late),
        "failed": sum(notice.state == "failed" for notice in notices),
        "other_mails_sent": dict(other),
        "mails": len(sink.kept),
        "copies": len(sink.kept) - len(mails),
        "answers_lost": sink.lost,
        "refused": sink.refused,
        "unknown_message_ids": len(set(mails) - set(known)),
        "sent_without_a_mail": sum(known[name].state == "sent" and name not in mails for name in known),
        "most_copies_of_one": max(mails.values(), default=0),
        "most_real_seconds_after_start": _most_after_start(sink.kept, known, began),
    }
    nothing_of = (
        "missing",
        "not_expected",
        "sent_twice",
        "noted_after_the_start",
        "failed",
        "unknown_message_ids",
    )
    passed = not any(report[name] for name in (*nothing_of, "sent_without_a_mail"))
    passed &= report["copies"] <= kills + sink.lost and other == day.told
    passed &= report["most_real_seconds_after_start"] <= MOST_SECONDS_AFTER_START
    passed &= kills > 0 and sink.refused > 0 and sink.lost > 0 and len(day.expected) > 0
    if not passed:
        report["examples"] = [str(key) for key in sorted(day.expected ^ set(sent))[:20]]
        report["other_mails_expected"] = dict(day.told)
        report["not_sent"] = [
            f"{n.key} {n.state} tries {n.tries} {n.last_error}" for n in reminders if n.state != "sent"
        ]
        report["states"] = dict(Counter(f"{notice.kind} {notice.state}" for notice in notices))
    return report | {"passed": passed}


def _most_after_start(mails: Sequence[Mail], known: dict[str, Any], began: float) -> float:
    """Real seconds between a start and the last mail that still reminded of it; 0 when all came before."""
    seconds = [0.0]
    for mail in mails:
        notice = known.get(mail.message_id)
        if notice and notice.kind == "session_reminder":
            at = DAY.timestamp() + (mail.at - began) * SPEED
            seconds.append((at - _start_of(notice)) / SPEED)
    return round(max(seconds), 1)


def _start_of(notice: Any) -> float:
    from notifications.outbox import once_of  # noqa: PLC0415 -- as above

    return float(once_of(notice).partition("-")[2])


def _notices() -> Any:
    from notifications.models import Notice  # noqa: PLC0415 -- as above

    return Notice.objects.select_related("recipient")


def _cancel(rows: Sequence[Any], now: datetime) -> None:
    from webinars import actions  # noqa: PLC0415 -- as above

    for row in rows:
        actions.cancel_registration(registration=row, now=now)


def _hour(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def _done(_result: object) -> None:
    """Steps give nothing back."""


if __name__ == "__main__":
    raise SystemExit(main())
