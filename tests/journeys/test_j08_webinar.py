"""J8, a webinar across zones: made on the pages, told by mail on two clocks, over the clock change, moved, joined.

The clock is moved; the time is passed in, and never taken from the database. Every mail is one that was sent.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from icalendar import Calendar

from accounts.models import User
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import signed_in
from webinars import actions
from webinars.models import Registration, Session

pytestmark = pytest.mark.django_db

ROOM = "https://meet.example.org/secret-room-4711"
GUEST = "councillor@chernivtsi.example"
KEY = re.compile(r'name="key" value="([0-9a-f-]+)"')
SEAT = re.compile(r"https://vipad\.example(/seat/[^\s?]+/)\?lang=uk")
FIRST_OF_MARCH = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class World:
    """The moved clock, and what the sweeps have sent on it."""

    def __init__(self, travel: Any) -> None:
        self.travel = travel
        self.told: list[tuple[str, str, datetime]] = []

    def go_to(self, moment: datetime) -> None:
        self.travel.move_to(moment, tick=False)

    def sweep(self) -> list[EmailMultiAlternatives]:
        """What beat starts each minute, twice, as two beats would."""
        now = datetime.now(UTC)
        mail.outbox.clear()
        for _ in range(2):
            actions.expire_offers(now=now)
            actions.queue_due_reminders(now=now)
            actions.thank_participants(now=now)
            deliver_due(now=now)
        return list(mail.outbox)  # type: ignore[arg-type]

    def run(self, since: datetime, until: datetime, step: timedelta = timedelta(minutes=30)) -> None:
        moment = since
        while moment <= until:
            self.go_to(moment)
            for message in self.sweep():
                self.told.append((message.to[0], str(message.subject), moment))
            moment += step


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(FIRST_OF_MARCH, tick=False) as travel:
        yield World(travel)


@pytest.fixture
def host(coach: User) -> Client:
    coach.groups.add(Group.objects.get_or_create(name="coach")[0])
    return signed_in(coach, "en")


@pytest.fixture
def session(world: World, host: Client) -> Session:
    """The coach makes the webinar on the pages and publishes it."""
    data = {
        "title_de": "Fördermittel in 60 Minuten",
        "title_en": "Funding in 60 minutes",
        "summary_de": "Kleine Förderprogramme für den ersten Besuch.",
        "summary_en": "Small grants for a first visit.",
        "format": "online",
        "languages": ["en"],
        "level": "everybody",
        "day": "2027-03-30",
        "begins": "16:00",
        "minutes": "60",
        "zone": "Europe/Berlin",
        "room": "link",
        "room_link": ROOM,
        "audience": "everybody",
        "capacity": "20",
        "moving_up": "offer",
        "lead-TOTAL_FORMS": "3",
        "lead-INITIAL_FORMS": "0",
        "lead-0-amount": "7",
        "lead-0-unit": "days",
        "lead-1-amount": "1",
        "lead-1-unit": "days",
        "lead-2-amount": "1",
        "lead-2-unit": "hours",
        "key": str(uuid4()),
    }
    made = host.post("/sessions/new/", data)
    assert made.status_code == 302, made.content.decode()
    session = Session.objects.get()
    published = press(host, f"/sessions/{session.slug}/desk/publish/")
    assert published.status_code == 302
    session.refresh_from_db()
    return session


def press(client: Client, address: str, **data: str) -> Any:
    """Open the page, take its key, press its button."""
    key = KEY.search(client.get(address).content.decode())
    assert key, address
    return client.post(address, {"key": key[1], **data})


def register_guest(session: Session, world: World) -> tuple[str, EmailMultiAlternatives]:
    """The councillor asks for a seat in Ukrainian and confirms it: (path of the seat, the mail that tells so)."""
    guest = Client()
    address = f"/sessions/{session.slug}/guest/?lang=uk"
    asked = press(guest, address, name="Oksana Pryklad", email=GUEST, language="uk", time_zone="Europe/Kyiv")
    assert asked.status_code == 302, asked.content.decode()
    [question] = world.sweep()
    link = SEAT.search(str(question.body))
    assert link
    confirmed = press(guest, f"{link[1]}?lang=uk", confirm="")
    assert confirmed.status_code == 302
    [told] = world.sweep()
    return link[1], told


def calendar_of(message: EmailMultiAlternatives) -> tuple[str, Any]:
    """(METHOD, the event) of a mail; the alternative and the attachment say the same."""
    parts: list[Message] = list(message.message().walk())
    [alternative] = [part for part in parts if part.get_content_type() == "text/calendar"]
    [attached] = [part for part in parts if part.get_content_type() == "application/ics"]
    content = alternative.get_payload(decode=True)
    calendar = Calendar.from_ical(content)
    assert alternative.get_param("method") == str(calendar["METHOD"])
    assert attached.get_payload(decode=True).splitlines() == content.splitlines()  # type: ignore[union-attr]
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def whole(message: EmailMultiAlternatives) -> str:
    """Every part as it can be read."""
    parts = [part for part in message.message().walk() if not part.is_multipart()]
    return "\n".join(part.get_payload(decode=True).decode() for part in parts)  # type: ignore[union-attr]


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type]


def test_both_clocks_stand_in_the_confirmation_in_the_guests_language(session: Session, world: World) -> None:
    _seat, told = register_guest(session, world)

    method, event = calendar_of(told)
    assert told.extra_headers["Content-Language"] == "uk"
    assert "16:00" in told.body
    assert "17:00" in told.body
    assert method == "REQUEST"
    assert int(event["SEQUENCE"]) == 0
    assert event.decoded("DTSTART") == utc(2027, 3, 30, 14, 0)
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert ROOM not in whole(told)


def test_reminders_come_on_the_wall_time_of_the_session_each_once(session: Session, world: World) -> None:
    register_guest(session, world)

    world.run(utc(2027, 3, 22, 0, 0), utc(2027, 3, 30, 15, 0))

    assert [moment for _to, _subject, moment in world.told] == [
        utc(2027, 3, 23, 15, 0),  # 16:00 in Berlin, winter time
        utc(2027, 3, 29, 14, 0),  # 16:00 in Berlin, summer time
        utc(2027, 3, 30, 13, 0),  # 60 minutes before
    ]
    assert {to for to, _subject, _moment in world.told} == {GUEST}


def test_a_move_by_an_hour_is_told_once_with_sequence_1_and_reminds_anew(
    session: Session, world: World, host: Client
) -> None:
    _seat, told = register_guest(session, world)
    world.run(utc(2027, 3, 22, 0, 0), utc(2027, 3, 24, 0, 0))
    world.go_to(utc(2027, 3, 24, 9, 0))

    moving = {"day": "2027-03-30", "begins": "17:00", "minutes": "60"}
    address = f"/sessions/{session.slug}/desk/move/"
    moving["key"] = str(uuid4())
    looked = host.post(address, {**moving, "step": "look"})
    moved = host.post(address, {**moving, "step": "move"})
    session.refresh_from_db()
    [change] = world.sweep()

    assert (looked.status_code, moved.status_code) == (200, 302)
    assert session.starts_at == utc(2027, 3, 30, 15, 0)
    method, event = calendar_of(change)
    assert (method, int(event["SEQUENCE"])) == ("REQUEST", 1)
    assert str(event["UID"]) == str(calendar_of(told)[1]["UID"])
    assert event.decoded("DTSTART") == utc(2027, 3, 30, 15, 0)
    assert "17:00" in change.body
    assert "18:00" in change.body
    world.told.clear()
    world.run(utc(2027, 3, 24, 9, 30), utc(2027, 3, 30, 16, 0))
    assert [moment for _to, _subject, moment in world.told] == [
        utc(2027, 3, 29, 15, 0),
        utc(2027, 3, 30, 14, 0),
    ]


def test_whoever_cancels_by_the_link_is_told_so_and_nothing_else(session: Session, world: World) -> None:
    seat, told = register_guest(session, world)
    world.go_to(utc(2027, 3, 20, 9, 0))

    cancelled = press(Client(), f"{seat}?way=cancel&lang=uk")
    [answer] = world.sweep()
    world.run(utc(2027, 3, 20, 10, 0), utc(2027, 4, 2, 12, 0), timedelta(hours=1))

    method, event = calendar_of(answer)
    assert cancelled.status_code == 302
    assert (method, str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert str(event["UID"]) == str(calendar_of(told)[1]["UID"])
    assert int(event["SEQUENCE"]) == 1
    assert world.told == []


def test_the_door_opens_a_quarter_of_an_hour_before_and_its_button_leads_to_the_room(
    session: Session, world: World
) -> None:
    seat, _told = register_guest(session, world)
    guest, door = Client(), f"{seat}door/?lang=uk"
    world.go_to(utc(2027, 3, 30, 13, 44))
    early = guest.get(door)
    world.go_to(utc(2027, 3, 30, 13, 45))
    page = guest.get(door)
    before = Registration.objects.get().attended_at

    entered = guest.post(door)

    assert "<form" not in early.content.decode()
    assert ROOM not in early.content.decode() + page.content.decode()
    assert before is None, "looking changes nothing"
    assert (entered.status_code, entered["Location"]) == (303, ROOM)
    assert "https://meet.example.org" in page["Content-Security-Policy"]
    assert "meet.example.org" not in early["Content-Security-Policy"]
    assert Registration.objects.get().attended_at == utc(2027, 3, 30, 13, 45)


def test_an_unregistered_reader_never_sees_the_room(session: Session, world: World, outsider: User) -> None:
    register_guest(session, world)
    world.go_to(utc(2027, 3, 30, 13, 50))
    pages = [
        f"/sessions/{session.slug}/",
        "/sessions/",
        "/sessions/month/?month=2027-03",
        "/sessions/feed.ics",
    ]
    pages += [
        f"/sessions/{session.slug}/session.ics",
        f"/sessions/{session.slug}/guest/",
        "/",
        "/search/?q=funding",
    ]

    for reader in (Client(), signed_in(outsider)):
        for page in pages:
            answer = reader.get(page)
            assert answer.status_code == 200, page
            assert ROOM not in answer.content.decode(), page
    assert signed_in(outsider).get(f"/sessions/{session.slug}/door/").status_code == 404
    assert Client().get(f"/sessions/{session.slug}/door/").status_code == 302


def test_the_day_after_the_guest_is_thanked_and_answers_four_questions(
    session: Session, world: World
) -> None:
    seat, _told = register_guest(session, world)
    world.go_to(utc(2027, 3, 30, 13, 50))
    Client().post(f"{seat}door/?lang=uk")
    world.run(utc(2027, 3, 30, 15, 0), utc(2027, 4, 2, 15, 0), timedelta(hours=1))

    answers = {"useful": "5", "understandable": "4", "technology": "3", "text": "Дякую"}
    given = press(Client(), f"{seat}feedback/?lang=uk", **answers)

    assert [moment for _to, _subject, moment in world.told] == [utc(2027, 3, 31, 11, 0)]
    assert given.status_code == 302
    assert session.feedback.get().useful == 5


def test_no_mail_of_the_whole_journey_names_the_room_or_comes_twice(session: Session, world: World) -> None:
    register_guest(session, world)

    world.run(utc(2027, 3, 22, 0, 0), utc(2027, 4, 1, 0, 0))

    assert len(set(world.told)) == len(world.told) == 4
    assert Notice.objects.exclude(state="sent").count() == 0


@pytest.mark.parametrize("minutes", [7, 61, 600])
def test_a_clock_that_stood_still_tells_late_but_before_the_start(
    session: Session, world: World, minutes: int
) -> None:
    register_guest(session, world)
    # Stands from just before the day's reminder.
    world.go_to(utc(2027, 3, 29, 14, 0) + timedelta(minutes=minutes))

    late = world.sweep()
    again = world.sweep()

    assert [message.to[0] for message in late] == [GUEST]
    assert again == []
