"""What these tests ask again and again: who has which seat, who was told what, and acts at the same moment."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from notifications.models import Notice
from tests.factories.webinars import SessionFactory
from webinars import actions
from webinars.models import Registration, Session


def planned(now: datetime, *, days: float = 7, **facts: Any) -> Session:
    """A published session that many days after `now`."""
    session: Session = SessionFactory.create(starts_at=now + timedelta(days=days), **facts)
    return session


def ask_as_guest(session: Session, now: datetime, email: str = "guest@example.org", **facts: Any) -> None:
    values = {"name": "Guest", "language": "uk", "time_zone": "Europe/Kyiv", **facts}
    actions.register_guest(session=session, email=email, now=now, **values)


def told(kind: str) -> list[str]:
    """The addresses to which a kind of notice goes, in the order of telling."""
    rows = Notice.objects.filter(kind=kind).select_related("recipient").order_by("id")
    return [row.recipient.email if row.recipient else row.email for row in rows]


def all_told() -> list[str]:
    """The kinds of all notices, in the order of telling."""
    return list(Notice.objects.order_by("id").values_list("kind", flat=True))


def state_of(row: Registration) -> str:
    return Registration.objects.get(pk=row.pk).state


def states_in(session: Session) -> list[str]:
    """In the order of the numbers."""
    return list(session.registrations.order_by("number").values_list("state", flat=True))


def together(*acts: Callable[[], object]) -> list[object]:
    """What each gives, or the class of what it raises; all begin at the same moment, each with a connection."""
    gate = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            outcomes[place] = act()
        except Exception as problem:
            outcomes[place] = type(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
