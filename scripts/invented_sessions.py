"""Sessions and people for the race, the chaos and the bench: invented, and made by the actions that make all others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.languages import PARTNER_LANGUAGES, ZONES
from accounts.models import User
from core.links import new_nonce
from webinars import actions
from webinars.choices import Format, MovingUp, RoomKind, Seat
from webinars.models import Registration, Session

ZONE = "Europe/Berlin"


def make_people(number: int, *, stem: str) -> list[User]:
    """Half of them read German, half English; from all zones of the region."""
    return User.objects.bulk_create(
        User(
            email=f"{stem}{one}@example.org",
            display_name=f"Reader {one}",
            language=("de", "en")[one % 2],
            time_zone=ZONES[one % len(ZONES)][0],
        )
        for one in range(number)
    )


def make_session(
    *,
    by: User,
    starts_at: datetime,
    now: datetime,
    capacity: int | None = None,
    moving_up: str = MovingUp.AT_ONCE,
    plan: Sequence[tuple[int, str]] = actions.DEFAULT_PLAN,
) -> Session:
    """Published, online, for everybody. `starts_at` is cut to the minute."""
    local = starts_at.astimezone(ZoneInfo(ZONE))
    facts: dict[str, Any] = {
        "title_de": f"Ein Anruf über die Grenze, {local:%H:%M}",
        "title_en": f"A call across the border, {local:%H:%M}",
        "summary_de": "Wir proben gemeinsam einen Anruf über Grenzen hinweg.",
        "summary_en": "We practise a call across borders together.",
        "format": Format.ONLINE,
        "room": RoomKind.LINK,
        "room_link": "https://room.invalid/secret",
        "languages": ["en"],
        "day": local.date(),
        "begins": local.time().replace(second=0, microsecond=0),
        "minutes": 60,
        "zone": ZONE,
        "capacity": capacity,
        "moving_up": moving_up,
    }
    session = actions.create_session(facts=facts, by=by, now=now, plan=plan)
    return actions.publish_session(session=session, by=by, now=now)


def seat_many(session: Session, *, guests: int, members: Sequence[User] = (), now: datetime) -> None:
    """Thousands in one statement: registrations as the actions leave them, without their mails."""
    first = session.next_number
    rows = [Registration(session=session, person=person) for person in members]
    rows += [
        Registration(
            session=session,
            name=f"Guest {number}",
            email=f"guest{session.pk}-{number}@example.org",
            language=PARTNER_LANGUAGES[number % len(PARTNER_LANGUAGES)][0],
            time_zone=ZONES[number % len(ZONES)][0],
        )
        for number in range(guests)
    ]
    for number, row in enumerate(rows, first):
        row.number, row.nonce, row.state = number, new_nonce(), Seat.SEAT
        row.registered_at = row.seated_at = now
    Registration.objects.bulk_create(rows)
    Session.objects.filter(pk=session.pk).update(next_number=first + len(rows))
