"""What the database says during and after a race of `make race`."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

LEDGER = """
CREATE TABLE race_ledger (at bigserial, session bigint, seats int, taken int);
CREATE FUNCTION race_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint := CASE TG_TABLE_NAME WHEN 'webinars_session' THEN (to_jsonb(NEW)->>'id')::bigint
                              ELSE (to_jsonb(NEW)->>'session_id')::bigint END;
BEGIN
  INSERT INTO race_ledger (session, seats, taken) SELECT id, capacity, (
    SELECT count(*) FROM webinars_registration WHERE session_id = which AND state IN ('seat', 'offered')
  ) FROM webinars_session WHERE id = which;
  RETURN NULL;
END $$;
CREATE SEQUENCE race_numbers START 1000000;
"""
TABLES = ("webinars_session", "webinars_registration")
NOTE = (
    "CREATE CONSTRAINT TRIGGER race_note AFTER INSERT OR UPDATE ON {} "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION race_note()"
)


class Violations:
    """What was found wrong, said with where it was."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._where = ""

    def of(self, where: str) -> "Violations":
        part = Violations()
        part.found, part._where = self.found, where
        return part

    def expect(self, what: str, is_: object, should_be: object) -> None:
        if is_ != should_be:
            self.found.append(f"{self._where}: {what}: {is_}, not {should_be}")


@contextmanager
def watched(session: int, wrong: Violations) -> Iterator[dict[str, Any]]:
    """Fills the dictionary with what was seen, when it ends."""
    from django.db import connection  # noqa: PLC0415 -- as above

    seen: list[tuple[int, int]] = []
    over, result = threading.Event(), dict[str, Any]()
    _query("TRUNCATE race_ledger")
    for table in TABLES:
        _query(NOTE.format(table))

    def watch() -> None:
        try:
            while not over.is_set():
                # One statement sees one snapshot of what is committed, whatever the level of isolation.
                seen.extend(_query(_TAKEN, session))
        finally:
            connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield result
    finally:
        over.set()
        watcher.join()
        for table in TABLES:
            _query(f"DROP TRIGGER race_note ON {table}")
    noted = _query("SELECT seats, taken FROM race_ledger WHERE session = %s", session)
    wrong.expect("looks that saw too many", [pair for pair in seen if pair[1] > pair[0]], [])
    wrong.expect("commits that left too many", [pair for pair in noted if pair[1] > pair[0]], [])
    wrong.expect("the watcher looked", len(seen) > 0 and len(noted) > 0, True)
    result |= {"looks": len(seen), "commits_noted": len(noted), "lowest_seats": min(pair[0] for pair in noted),
               "most_taken": max(pair[1] for pair in noted)}  # fmt: skip


_TAKEN = (
    "SELECT capacity, (SELECT count(*) FROM webinars_registration r WHERE r.session_id = s.id "
    "AND r.state IN ('seat', 'offered')) FROM webinars_session s WHERE id = %s"
)


def by_commit(session: int) -> list[int]:
    """Numbers in the order in which PostgreSQL committed the transactions that wrote the rows."""
    rows = _query(
        "SELECT number FROM webinars_registration WHERE session_id = %s "
        "ORDER BY pg_xact_commit_timestamp(xmin), number",
        session,
    )
    return [number for (number,) in rows]


def _query(statement: str, *values: object) -> list[Any]:
    from django.db import connection  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def rows(session: int) -> list[Any]:
    from webinars.models import Registration  # noqa: PLC0415 -- as above

    return list(Registration.objects.filter(session=session).order_by("number"))


def states(session: int) -> dict[str, int]:
    return Counter(row.state for row in rows(session))


def numbers(session: int, state: str) -> list[int]:
    return [row.number for row in rows(session) if row.state == state]


def seats_of(session: int) -> int:
    from webinars.models import Session  # noqa: PLC0415 -- as above

    return int(Session.objects.values_list("capacity", flat=True).get(pk=session) or 0)


def _notices(session: int) -> Iterable[Any]:
    from notifications.models import Notice  # noqa: PLC0415 -- as above

    numbers = [row.pk for row in rows(session)]
    return Notice.objects.filter(about_type__model="registration", about_id__in=numbers)


def told(session: int) -> Counter[str]:
    return Counter(notice.kind for notice in _notices(session))


def about(kind: str, session: int) -> list[int]:
    """Registrations that were told, each as often as it was."""
    return [notice.about_id for notice in _notices(session) if notice.kind == kind]
