"""reliability.md I4: around both clock changes, in all 14 zones, page, mail, calendar file and sweep agree.

The hours are written out, not computed: Central European zones change at 01:00 UTC from 02:00 to 03:00 and back,
Eastern ones at the same moment from 03:00 to 04:00 and back.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from icalendar import Calendar

from accounts.languages import ZONES
from accounts.models import User
from core.wall_time import NoSuchTime
from notifications.delivery import deliver_due
from tests.factories.webinars import GuestFactory
from webinars import actions
from webinars.models import Session

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
EASTERN = {"Europe/Bucharest", "Europe/Sofia", "Europe/Chisinau", "Europe/Kyiv"}
CENTRAL = {code for code, _name in ZONES} - EASTERN
# (day, wall time): the moments in UTC; none, one or two. A dash is the day before.
CENTRAL_TABLE = {
    (SPRING, "01:30"): ["00:30"],
    (SPRING, "02:30"): [],
    (SPRING, "03:30"): ["01:30"],
    (AUTUMN, "01:30"): ["-23:30"],
    (AUTUMN, "02:30"): ["00:30", "01:30"],
    (AUTUMN, "03:30"): ["02:30"],
}
EASTERN_TABLE = {
    (SPRING, "01:30"): ["-23:30"],
    (SPRING, "02:30"): ["00:30"],
    (SPRING, "03:30"): [],
    (AUTUMN, "01:30"): ["-22:30"],
    (AUTUMN, "02:30"): ["-23:30"],
    (AUTUMN, "03:30"): ["00:30", "01:30"],
}
CASES = [
    (zone, day, wall, moments)
    for zones, table in ((CENTRAL, CENTRAL_TABLE), (EASTERN, EASTERN_TABLE))
    for zone in sorted(zones)
    for (day, wall), moments in table.items()
]


def moment(day: date, written: str) -> datetime:
    clock = time.fromisoformat(written.removeprefix("-"))
    found = datetime.combine(day, clock, UTC)
    return found - timedelta(days=1) if written.startswith("-") else found


def facts(zone: str, day: date, wall: str, **more: object) -> dict[str, object]:
    words = {
        "title_de": "Zeitumstellung",
        "title_en": "Clock change",
        "summary_de": "Probe.",
        "languages": ["en"],
    }
    room = {"format": "online", "room": "link", "room_link": "https://room.invalid/x"}
    clock = {"day": day, "begins": time.fromisoformat(wall), "minutes": 60, "zone": zone}
    return {**words, **room, **clock, **more}


def made(zone: str, day: date, wall: str, coach: User, *, second: bool | None = None) -> Session:
    before = datetime.combine(day, time(9), UTC) - timedelta(days=60)
    session = actions.create_session(
        facts=facts(zone, day, wall, is_second_hour=second),
        by=coach,
        now=before,
        plan=((1, "days"), (1, "hours")),
    )
    actions.publish_session(session=session, by=coach, now=before)
    GuestFactory(session=session, time_zone=zone, language="en", registered_at=before)
    return session


def reminders(session: Session) -> list[tuple[datetime, str, datetime]]:
    """Each reminder: when it was found, its text, and the start in its calendar file."""
    found = []
    now = session.starts_at - timedelta(hours=28)
    while now <= session.starts_at:
        mail.outbox.clear()
        actions.queue_due_reminders(now=now)
        deliver_due(now=now)
        for message in mail.outbox:
            [file] = [part for part in message.message().walk() if part.get_content_type() == "text/calendar"]
            [event] = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
            found.append((now, str(message.body), event.decoded("DTSTART").astimezone(UTC)))
        now += timedelta(hours=1)
    return found


def test_all_zones_of_the_region_are_in_the_table() -> None:
    assert len(CASES) == 14 * 6


@pytest.mark.parametrize(("zone", "day", "wall", "moments"), CASES)
def test_page_mail_file_and_sweep_agree(
    zone: str, day: date, wall: str, moments: list[str], coach: User
) -> None:
    if not moments:
        with pytest.raises(NoSuchTime):
            made(zone, day, wall, coach)
        assert not Session.objects.exists()
        return
    if len(moments) == 2:
        with pytest.raises(actions.TimeIsTwice):
            made(zone, day, wall, coach)
        assert not Session.objects.exists()

    for number, written in enumerate(moments):
        session = made(zone, day, wall, coach, second=bool(number) if len(moments) == 2 else None)
        start = moment(day, written)
        assert session.starts_at == start
        with time_machine.travel(start - timedelta(days=2), tick=False):
            page = Client(headers={"accept-language": "en"}).get(session.get_absolute_url()).content.decode()
            download = Client().get(f"{session.get_absolute_url()}session.ics").content
        [event] = Calendar.from_ical(download).walk("VEVENT")
        assert wall in page
        assert event.decoded("DTSTART").astimezone(UTC) == start
        told = reminders(session)
        assert told[-1][0] == start - timedelta(hours=1), "an hour is 60 minutes"
        assert all(wall in text and at == start for _found, text, at in told)
        assert len(told) == 2
        session.registrations.all().delete()
        session.delete()


@pytest.mark.parametrize(("zone", "day", "wall", "moments"), [case for case in CASES if case[3]])
def test_a_day_before_is_the_same_wall_time(
    zone: str, day: date, wall: str, moments: list[str], coach: User
) -> None:
    """The day before each change has all its hours, once: so the lead is at the wall time, 23 to 25 hours before."""
    is_eastern = zone in EASTERN
    offset = timedelta(hours=(2 if is_eastern else 1) if day == SPRING else (3 if is_eastern else 2))
    expected = datetime.combine(day - timedelta(days=1), time.fromisoformat(wall), UTC) - offset
    session = made(zone, day, wall, coach, second=True if len(moments) == 2 else None)

    due = actions.due_at(session, session.plan.get(unit="days"))

    assert due == expected
