"""`make race`: everybody wants a seat at the same moment; writes var/race.json and ends 1 when a rule is broken.

Four processes with eight threads each, every thread with a connection of its own, wait for one word and then call the
actions of `webinars`. Own servers.

1. 500 people register on 100 seats, five times: 100 seats, 400 waiting, each told once. The order of `number` is
   compared with PostgreSQL's own record of when the transactions that wrote the rows were committed
   (`pg_xact_commit_timestamp(xmin)`, kept because the server is started with `track_commit_timestamp`).
2. Ten seats are cancelled in ten threads: exactly the first ten of the waiting list move up, each is told once, all
   others stay where they are.
3. Ten seats are cancelled while 50 people wait, 50 others join, hosts add people by hand, and the office raises the
   number of seats and tries to lower it below those taken, which must be refused.
4. The same with free seats, so that lowering succeeds when it is in time.
   In 2 to 4 a watcher asks for the number of seats and of those taken all the time, in one snapshot each, and a
   deferred trigger notes both at the end of every transaction: taken <= seats at every committed moment.
5. The first again with the lock off, to show what it is for. The counter of places is a second lock: its UPDATE holds
   the session's row, too, and its unique constraint refuses who read an old one. So it is shown twice: with
   the lock off alone (people are refused with an error), and with the counter replaced by a sequence, too
   (the session is oversold). Where nothing breaks in five tries, the machine is too calm to prove anything: ends 1.
"""

import json
import os
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from scripts import race_looks as looks
from scripts.race_crew import Crew, Task, crew_at_work, utc_now
from scripts.servers import CHECKOUT, Servers

RUNS, PEOPLE, SEATS = 5, 500, 100
TRIES_WITHOUT_LOCK = 5


def main() -> int:
    servers = Servers("race", options={"track_commit_timestamp": "on"})
    servers.start()
    folder = CHECKOUT / "var" / "race"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "vipad.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
    }
    try:
        _prepare()
        with crew_at_work() as crew:
            report = _all_races(crew)
    finally:
        servers.stop()
    report["passed"] = not report["violations"]
    (CHECKOUT / "var" / "race.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def _prepare() -> None:
    import django  # noqa: PLC0415 -- needs the settings chosen above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(looks.LEDGER)


def _all_races(crew: Crew) -> dict[str, Any]:
    from accounts.models import User  # noqa: PLC0415 -- as above
    from scripts.invented_sessions import make_people  # noqa: PLC0415 -- as above

    office = User.objects.create_user("office@example.org", display_name="Office")
    people, wrong = make_people(PEOPLE, stem="reader"), looks.Violations()
    runs = [_register_all(crew, office, people, wrong.of(f"run {number + 1}")) for number in range(RUNS)]
    last = runs[-1].pop("session")
    for run in runs:
        run.pop("session", None)
    report = {
        "registering": runs,
        "moving_up": _cancel_ten(crew, last, wrong.of("moving up")),
        "crowd_with_waiting_list": _crowd(
            crew, office, people, wrong.of("crowd, waiting list"), is_full=True
        ),
        "crowd_with_free_seats": _crowd(crew, office, people, wrong.of("crowd, free seats"), is_full=False),
        "without_lock": _without_lock(crew, office, people, "lock", wrong.of("without the lock")),
        "without_lock_and_counter": _without_lock(
            crew, office, people, "lock and counter", wrong.of("without lock and counter")
        ),
    }
    return {**report, "violations": wrong.found}


def _register_all(crew: Crew, office: Any, people: Sequence[Any], wrong: looks.Violations) -> dict[str, Any]:
    session = _session(office, SEATS)
    outcomes, seconds = crew.run([("register", session, person.pk) for person in people])
    states, in_order = looks.states(session), looks.by_commit(session)
    told = looks.told(session)
    wrong.expect("outcomes", dict(outcomes), {"done": PEOPLE})
    wrong.expect("states", states, {"seat": SEATS, "waiting": PEOPLE - SEATS})
    wrong.expect("numbers in the order of commits", in_order, sorted(in_order))
    wrong.expect("numbers without a gap", sorted(in_order), list(range(1, PEOPLE + 1)))
    wrong.expect("the first have the seats", looks.numbers(session, "seat"), list(range(1, SEATS + 1)))
    wrong.expect("mails", told, {"seat_confirmed": SEATS, "seat_waiting": PEOPLE - SEATS})
    return {"session": session, "states": states, "seconds": seconds, "order_of_commits": "as numbered"
            if in_order == sorted(in_order) else "another"}  # fmt: skip


def _cancel_ten(crew: Crew, session: int, wrong: looks.Violations) -> dict[str, Any]:
    """In the session everybody has just registered for."""
    rows = looks.rows(session)
    seated = [row for row in rows if row.state == "seat"]
    waiting = [row for row in rows if row.state == "waiting"]
    gone = seated[::10]
    with looks.watched(session, wrong) as watched:
        outcomes, seconds = crew.run([("cancel", row.pk, 0) for row in gone])
    after = {row.pk: (row.state, row.number) for row in looks.rows(session)}
    moved, stayed = waiting[: len(gone)], waiting[len(gone) :]
    wrong.expect("outcomes", dict(outcomes), {"done": len(gone)})
    wrong.expect(
        "the first move up", [after[row.pk] for row in moved], [("seat", row.number) for row in moved]
    )
    wrong.expect(
        "the others stay", [after[row.pk] for row in stayed], [("waiting", row.number) for row in stayed]
    )
    wrong.expect("who is told", sorted(looks.about("seat_given", session)), sorted(row.pk for row in moved))
    wrong.expect("who cancelled is told", looks.told(session)["registration_cancelled"], len(gone))
    return {"cancelled": len(gone), "moved_up": len(moved), "told": len(looks.about("seat_given", session)),
            "states": looks.states(session), "seconds": seconds, **watched}  # fmt: skip


def _crowd(
    crew: Crew, office: Any, people: Sequence[Any], wrong: looks.Violations, *, is_full: bool
) -> dict[str, Any]:
    """Full: 100 seats, 50 waiting; else 60 of 100 seats taken. Then everything at once."""
    session = _session(office, SEATS)
    before = people[:150] if is_full else people[:60]
    crew.run([("register", session, person.pk) for person in before])
    gone = [row for row in looks.rows(session) if row.state == "seat"][5::10][:10]
    others = people[200:250] if is_full else people[200:280]
    lowered, raised = (SEATS - 20, SEATS + 4) if is_full else (SEATS - 15, SEATS + 5)
    tasks: list[Task] = [("register", session, person.pk) for person in others]
    tasks += [("add", session, number) for number in range(10)]
    tasks = _mixed(tasks, [("seats", session, (lowered, raised)[turn % 2]) for turn in range(12)])
    # First in the list: each in a thread of its own, at the same moment.
    tasks = [("cancel", row.pk, 0) for row in gone] + tasks
    with looks.watched(session, wrong) as watched:
        outcomes, seconds = crew.run(tasks)
    refused = outcomes.pop("CapacityBelowTaken", 0)
    wrong.expect("outcomes beside refused lowering", dict(outcomes), {"done": len(tasks) - refused})
    if is_full:
        wrong.expect("lowering below those taken is refused", refused > 0, True)
    else:
        wrong.expect("lowering succeeds when it is in time", watched["lowest_seats"], lowered)
    seats = looks.seats_of(session)
    alive = sorted(row.number for row in looks.rows(session) if row.state in ("seat", "waiting", "offered"))
    wrong.expect("who has a seat", looks.numbers(session, "seat"), alive[:seats])
    given, had_waited = looks.about("seat_given", session), set(looks.about("seat_waiting", session))
    now_seated = {row.pk for row in looks.rows(session) if row.state == "seat"}
    wrong.expect("told once that a seat was given", sorted(given), sorted(now_seated & had_waited))
    return {"joined": len(others), "added_by_hand": 10, "cancelled": len(gone), "lowering_refused": refused,
            "moved_up": len(given), "seats_at_the_end": seats, "states": looks.states(session), "seconds": seconds,
            **watched}  # fmt: skip


def _without_lock(
    crew: Crew, office: Any, people: Sequence[Any], without: str, wrong: looks.Violations
) -> dict[str, Any]:
    tries, is_broken = 0, False
    while not is_broken and tries < TRIES_WITHOUT_LOCK:
        tries, session = tries + 1, _session(office, SEATS)
        outcomes, seconds = crew.run([("register", session, person.pk) for person in people], without=without)
        states = looks.states(session)
        is_broken = outcomes["done"] < PEOPLE if without == "lock" else states["seat"] > SEATS
    wrong.expect(f"something breaks in {TRIES_WITHOUT_LOCK} tries", is_broken, True)
    return {"tries": tries, "outcomes": dict(outcomes), "states": dict(states), "seconds": seconds}


def _mixed(tasks: list[Task], others: Sequence[Task]) -> list[Task]:
    """`others` spread evenly over the list."""
    step = max(len(tasks) // len(others), 1)
    mixed = list(tasks)
    for number, task in enumerate(others):
        mixed.insert(number * (step + 1), task)
    return mixed


def _session(office: Any, seats: int) -> int:
    from scripts.invented_sessions import make_session  # noqa: PLC0415 -- as above

    now = utc_now()
    session = make_session(by=office, starts_at=now + timedelta(days=30), now=now, capacity=seats)
    return int(session.pk)


if __name__ == "__main__":
    raise SystemExit(main())
