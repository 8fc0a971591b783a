"""Invented rows for the previews of mails. They are written inside a transaction that is rolled back."""

from datetime import datetime, time, timedelta
from typing import Any

from accounts.models import User
from core.links import new_nonce
from core.wall_time import moment_of
from notifications.examples import HOST
from notifications.kinds import Kind
from notifications.models import Notice
from notifications.outbox import Guest, queue
from webinars.choices import Format, LeadUnit, Seat, State
from webinars.models import Host, Registration, ReminderPlan, Session

ZONE = "Europe/Berlin"


def example_session(*, now: datetime, **facts: Any) -> Session:
    """A webinar in a week, led by an invented coach."""
    day = (now + timedelta(days=7)).date()
    starts_at = moment_of(datetime.combine(day, time(16)), ZONE)
    values: dict[str, Any] = {
        "slug": "preview-example",
        "state": State.PUBLISHED,
        "title_de": "Beispiel: Der erste Videoanruf mit unseren Partnern",
        "title_en": "Example: The first video call with our partners",
        "summary_de": "Wir proben gemeinsam einen Anruf über Grenzen hinweg.",
        "summary_en": "We practise a call across borders together.",
        "format": Format.ONLINE,
        "languages": ["en"],
        "day": day,
        "begins": time(16),
        "minutes": 60,
        "zone": ZONE,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=60),
        "room": Session.RoomKind.LINK,
        "room_link": "https://room.invalid/example",
        "capacity": 20,
        "published_at": now,
        "is_demo": True,
    }
    session = Session.objects.create(**{**values, **facts})
    ReminderPlan.objects.create(session=session, amount=1, unit=LeadUnit.DAYS)
    coach = User.objects.create_user(f"coach@{HOST}", display_name="Karin Beispiel")
    Host.objects.create(session=session, person=coach)
    return session


def example_registration(
    *,
    state: str,
    language: str,
    now: datetime,
    is_moved: bool = False,
    is_cancelled: bool = False,
    is_over: bool = False,
) -> Registration:
    facts: dict[str, Any] = {}
    if is_moved:
        start = example_start(now)
        facts = {"moved_at": now, "moved_from": start - timedelta(hours=1), "sequence": 1}
    if is_cancelled:
        facts = {"state": State.CANCELLED, "cancelled_at": now, "sequence": 1}
        facts |= {"cancel_reason_de": "Die Referentin ist krank.", "cancel_reason_en": "The speaker is ill."}
    if is_over:
        facts = {
            "starts_at": now - timedelta(hours=25),
            "ends_at": now - timedelta(hours=24),
            "recording_url": "https://room.invalid/recording",
            "transcript": "Example.",
            "recording_published_at": now,
        }
    session = example_session(now=now, **facts)
    return Registration.objects.create(
        session=session,
        name="Anna Beispiel",
        email=f"reader@{HOST}",
        language=language,
        time_zone="Europe/Kyiv",
        state=state,
        number=1,
        nonce=new_nonce(),
        registered_at=now,
        seated_at=now if state == Seat.SEAT else None,
        offer_expires_at=now + timedelta(hours=48) if state == Seat.OFFERED else None,
        attended_at=now if is_over else None,
    )


def example_start(now: datetime) -> datetime:
    return moment_of(datetime.combine((now + timedelta(days=7)).date(), time(16)), ZONE)


def notice_for(kind: Kind, row: Registration, *, now: datetime, once: str = "") -> Notice:
    """Queued as an action would."""
    guest = Guest(row.email, row.language, row.time_zone)
    queue(type(kind), to=[guest], about=row, once=once, now=now)
    return Notice.objects.get(kind=kind.name, about_id=row.pk)
