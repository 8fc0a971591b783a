"""Calendar files to save, and calendars to subscribe to."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars.actions import edit_session, end_feed, new_feed
from webinars.choices import Audience, Seat, State
from webinars.links import feed_url, seat_path
from webinars.models import CalendarFeed, Session

pytestmark = pytest.mark.django_db
SECRET = "https://room.example/secret"


def titles(answer: Any) -> list[str]:
    calendar = Calendar.from_ical(answer.content)
    return sorted(str(event["SUMMARY"]) for event in calendar.walk("VEVENT"))


def uid_of(answer: Any) -> str:
    return str(Calendar.from_ical(answer.content).walk("VEVENT")[0]["UID"])


def stamp_of(answer: Any) -> Any:
    return Calendar.from_ical(answer.content).walk("VEVENT")[0]["DTSTAMP"].dt


def own_address(person: User) -> str:
    return feed_url(new_feed(person=person, now=timezone.now())).removeprefix("https://vipad.example")


class TestOneFile:
    def test_is_for_who_sees_the_session(self, client: Client, outsider: User) -> None:
        SessionFactory(slug="public", title_de="Öffentlich", room_link=SECRET)
        SessionFactory(slug="members", audience=Audience.MEMBERS)
        SessionFactory(slug="draft", state=State.DRAFT)

        addresses = [f"/sessions/{slug}/session.ics" for slug in ("public", "members", "draft")]
        visitor = [client.get(address) for address in addresses]
        member = [signed_in(outsider).get(address) for address in addresses]

        assert [answer.status_code for answer in visitor] == [200, 404, 404]
        assert [answer.status_code for answer in member] == [200, 200, 404]
        assert titles(signed_in(outsider).get(addresses[0])) == ["Öffentlich"]
        assert visitor[0]["Content-Type"] == "text/calendar; charset=utf-8"
        assert b"METHOD:PUBLISH" in visitor[0].content
        assert b"room.example" not in visitor[0].content

    def test_by_the_link_of_a_registration_it_names_nobody(self, client: Client) -> None:
        row = GuestFactory(session=SessionFactory(title_en="Talk", room_link=SECRET), language="en")

        answer = client.get(f"{seat_path(row)}session.ics")

        assert titles(answer) == ["Talk"]
        assert b"room.example" not in answer.content
        assert b"ATTENDEE" not in answer.content
        assert answer["Cache-Control"] == "private, no-store"

    def test_who_has_a_seat_saves_the_entry_of_the_mails(self, client: Client, outsider: User) -> None:
        session = SessionFactory(slug="talk")
        guest, member = GuestFactory(session=session), RegistrationFactory(session=session, person=outsider)
        waits = GuestFactory(session=session, state=Seat.WAITING)

        saved = [
            client.get(f"{seat_path(guest)}session.ics"),
            signed_in(outsider).get("/sessions/talk/session.ics"),
            client.get(f"{seat_path(waits)}session.ics"),
            client.get("/sessions/talk/session.ics"),
        ]

        names = [uid_of(answer).partition("@")[0] for answer in saved]
        public = f"session-{session.pk}"
        assert names == [f"registration-{guest.pk}", f"registration-{member.pk}", public, public]

    def test_a_changed_place_has_a_later_stamp(self, client: Client, coach: User) -> None:
        session = SessionFactory(slug="talk", format="onsite", place_de="Saal")
        Session.objects.filter(pk=session.pk).update(
            created_at=session.created_at - timedelta(days=9),
            changed_at=session.created_at - timedelta(days=9),
        )
        before = stamp_of(client.get("/sessions/talk/session.ics"))

        edit_session(session=session, facts={"place_de": "Turm"}, by=coach, now=timezone.now())

        assert stamp_of(client.get("/sessions/talk/session.ics")) > before


class TestThePublicFeed:
    def test_holds_what_everybody_finds(self, client: Client, outsider: User) -> None:
        SessionFactory(title_en="Public", room_link=SECRET)
        SessionFactory(title_en="Members", audience=Audience.MEMBERS)
        SessionFactory(title_en="Draft", state=State.DRAFT)
        SessionFactory(title_en="Over", starts_at=timezone.now() - timedelta(days=3))

        answers = [
            client.get("/sessions/feed.ics?lang=en"),
            signed_in(outsider, "en").get("/sessions/feed.ics"),
        ]

        assert [titles(answer) for answer in answers] == [["Public"], ["Public"]]
        assert b"room.example" not in answers[0].content
        assert answers[0]["Cache-Control"] == "public, max-age=3600"

    def test_invented_examples_stay_out_of_production(self, client: Client, settings: Any) -> None:
        SessionFactory(title_en="Example", is_demo=True)
        settings.SHOW_DEMO = False

        assert titles(client.get("/sessions/feed.ics?lang=en")) == []

    @pytest.mark.parametrize("rows", [1, 5])
    def test_needs_few_queries(
        self, client: Client, coach: User, rows: int, django_assert_num_queries: Any
    ) -> None:
        for _number in range(rows):
            SessionFactory(host=coach)

        with django_assert_num_queries(3):
            client.get("/sessions/feed.ics")


class TestOwnFeed:
    def test_holds_seats_and_led_sessions_only(self, client: Client, outsider: User, partner: User) -> None:
        for title, state in (("Seat", Seat.SEAT), ("Waiting", Seat.WAITING), ("Gone", Seat.CANCELLED)):
            RegistrationFactory(session=SessionFactory(title_en=title), person=outsider, state=state)
        SessionFactory(title_en="Led", host=outsider, room_link=SECRET)
        RegistrationFactory(session=SessionFactory(title_en="Of somebody else"), person=partner)

        answer = client.get(own_address(outsider))

        assert titles(answer) == ["Led", "Seat"]
        assert b"room.example" not in answer.content
        assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-store", "no-referrer")

    def test_follows_a_move(self, client: Client, outsider: User) -> None:
        session = SessionFactory()
        RegistrationFactory(session=session, person=outsider)
        address = own_address(outsider)
        Session.objects.filter(pk=session.pk).update(sequence=3)

        assert b"SEQUENCE:3" in client.get(address).content

    def test_a_replaced_or_ended_address_leads_nowhere(self, client: Client, outsider: User) -> None:
        first = own_address(outsider)
        second = own_address(outsider)
        answers = [client.get(first).status_code, client.get(second).status_code]
        end_feed(person=outsider)

        assert [*answers, client.get(second).status_code] == [404, 200, 404]
        assert client.get("/sessions/feed/1-abcdefghijkl.ics").status_code == 404

    def test_is_made_and_ended_on_the_own_page(self, outsider: User) -> None:
        client = signed_in(outsider, "en")

        before = client.get("/sessions/mine/").content.decode()
        client.post("/sessions/mine/feed/", {"key": str(uuid4())})
        shown = client.get("/sessions/mine/").content.decode()
        address = feed_url(CalendarFeed.objects.get())
        client.post("/sessions/mine/feed/", {"key": str(uuid4()), "end": "1"})

        assert "/sessions/feed/" not in before
        assert f'readonly value="{address}"' in shown
        assert CalendarFeed.objects.count() == 0

    def test_made_twice_by_one_form_it_is_one_address(self, outsider: User) -> None:
        client, form = signed_in(outsider), {"key": str(uuid4())}

        client.post("/sessions/mine/feed/", form)
        first = feed_url(CalendarFeed.objects.get())
        client.post("/sessions/mine/feed/", form)

        assert feed_url(CalendarFeed.objects.get()) == first

    def test_reading_the_address_of_the_form_makes_none(self, outsider: User) -> None:
        answer = signed_in(outsider).get("/sessions/mine/feed/")

        assert (answer.status_code, CalendarFeed.objects.count()) == (405, 0)
