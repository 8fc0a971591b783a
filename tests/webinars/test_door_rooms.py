"""The doors with real servers of rooms behind them: who gets in as what, and what a broken room does to a visitor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from tests.webinars.rooms.fakes import BBB_SECRET, JITSI_SECRET, FakeBBB, FakeJitsi, closed_port
from webinars.choices import AttendedHow, Seat
from webinars.links import door_path
from webinars.models import Registration, Session

pytestmark = pytest.mark.django_db
KEY = "mzPGQ-8wkT"
"""The one the lies of the fakes are about."""
DOOR = "/sessions/talk/door/"
Click = Callable[[str], tuple[int, str]]


@dataclass
class Visit:
    client: Client
    address: str
    registration: Registration

    def page(self) -> HttpResponse:
        return self.client.get(self.address)

    def press(self, **said: str) -> HttpResponse:
        return self.client.post(self.address, said)


@pytest.fixture
def session(coach: User) -> Session:
    """In ten minutes: the door is open."""
    row: Session = SessionFactory(
        slug="talk",
        host=coach,
        room="bbb",
        room_link="",
        room_key=KEY,
        starts_at=timezone.now() + timedelta(minutes=10),
    )
    return row


@pytest.fixture
def in_jitsi(session: Session, jitsi: FakeJitsi) -> FakeJitsi:
    Session.objects.filter(pk=session.pk).update(room="jitsi")
    jitsi.now = timezone.now()
    return jitsi


@pytest.fixture(params=["member", "guest"])
def visit(request: pytest.FixtureRequest, session: Session, partner: User) -> Visit:
    """Somebody with a seat, at each of the two doors."""
    if request.param == "member":
        row = RegistrationFactory(session=session, person=partner)
        return Visit(signed_in(partner, "en"), DOOR, row)
    row = GuestFactory(session=session, name="Олена Щербаківська")
    return Visit(Client(), door_path(row, "en"), row)


@pytest.fixture(params=["member", "guest"])
def leading(request: pytest.FixtureRequest, session: Session, coach: User) -> Visit:
    """The host, who has a seat and the mail about it, too."""
    row = RegistrationFactory(session=session, person=coach)
    if request.param == "member":
        return Visit(signed_in(coach, "en"), DOOR, row)
    return Visit(Client(), door_path(row, "en"), row)


def form_action(answer: HttpResponse) -> str:
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    return policy["form-action"]


def fate_of(registration: Registration) -> tuple[str, str]:
    registration.refresh_from_db()
    return registration.state, registration.attended_how


def told(answer: HttpResponse, *secrets: str) -> list[str]:
    """Which of these the visitor was told, in the page or in its headers."""
    everything = f"{answer.content.decode()}{answer.headers!r}"
    return [secret for secret in secrets if secret in everything]


class TestBigBlueButton:
    def test_a_participant_is_a_viewer(self, bbb: FakeBBB, visit: Visit, click: Click) -> None:
        answer = visit.press()

        opened = click(answer["Location"])
        joined = [(one["role"], one["meetingID"], one["fullName"]) for one in bbb.joined]
        assert (answer.status_code, opened[0]) == (303, 302)
        assert joined == [("VIEWER", KEY, visit.registration.shown_name)]

    def test_a_host_is_a_moderator(self, bbb: FakeBBB, leading: Visit, click: Click) -> None:
        answer = leading.press()

        opened = click(answer["Location"])
        assert (answer.status_code, opened[0]) == (303, 302)
        assert [one["role"] for one in bbb.joined] == ["MODERATOR"]

    def test_a_host_without_a_seat_is_a_moderator(
        self, bbb: FakeBBB, session: Session, coach: User, click: Click
    ) -> None:
        answer = signed_in(coach).post(DOOR)

        click(answer["Location"])
        assert [(one["role"], one["fullName"]) for one in bbb.joined] == [("MODERATOR", "Coach A")]

    def test_a_viewer_makes_no_moderator_of_the_way_in(
        self, bbb: FakeBBB, visit: Visit, click: Click
    ) -> None:
        way_in = visit.press()["Location"]

        click(way_in.replace("role=VIEWER", "role=MODERATOR"))

        assert ("role=VIEWER" in way_in, bbb.joined) == (True, [])

    def test_everybody_comes_into_the_same_room_as_somebody_else(
        self, bbb: FakeBBB, session: Session, partner: User, coach: User, click: Click
    ) -> None:
        RegistrationFactory(session=session, person=partner)
        guests = [GuestFactory(session=session) for _number in range(2)]
        presses = [signed_in(partner).post(DOOR), signed_in(coach).post(DOOR)]
        presses += [Client().post(door_path(guest)) for guest in guests]

        for answer in presses:
            click(answer["Location"])

        assert list(bbb.meetings) == [KEY]
        assert len({one["userID"] for one in bbb.joined}) == 4

    def test_a_session_that_is_recorded_tells_the_room_so(
        self, bbb: FakeBBB, session: Session, visit: Visit
    ) -> None:
        Session.objects.filter(pk=session.pk).update(is_recorded=True)

        answer = visit.press(consent="on")

        meeting = bbb.meetings[KEY]
        assert (answer.status_code, meeting["record"]) == (303, "true")
        assert meeting["meta_bbb-recording-ready-url"] == f"{configured.SITE_URL}/rooms/bbb/recording/"

    def test_without_consent_the_room_is_not_asked(
        self, bbb: FakeBBB, session: Session, visit: Visit
    ) -> None:
        Session.objects.filter(pk=session.pk).update(is_recorded=True)

        answer = visit.press()

        assert (answer.status_code, bbb.asked) == (422, [])

    def test_only_this_page_may_lead_there_and_asks_nothing(
        self, bbb: FakeBBB, session: Session, visit: Visit
    ) -> None:
        door, other = visit.page(), visit.client.get("/sessions/talk/")

        assert [form_action(door), form_action(other)] == [f"'self' {bbb.address}", "'self'"]
        assert told(door, KEY, BBB_SECRET, "checksum", "/api/join") == []
        assert bbb.asked == []


class TestJitsi:
    def test_a_participant_is_no_moderator(self, in_jitsi: FakeJitsi, visit: Visit, click: Click) -> None:
        answer = visit.press()

        opened = click(answer["Location"])
        people = [claims["context"]["user"] for claims in in_jitsi.opened]
        assert (answer.status_code, opened[0]) == (303, 200)
        assert [(one["name"], one["moderator"], one["affiliation"]) for one in people] == [
            (visit.registration.shown_name, "false", "member")
        ]

    def test_a_host_is_a_moderator(self, in_jitsi: FakeJitsi, leading: Visit, click: Click) -> None:
        answer = leading.press()

        opened = click(answer["Location"])
        people = [claims["context"]["user"] for claims in in_jitsi.opened]
        assert (answer.status_code, opened[0]) == (303, 200)
        assert [(one["moderator"], one["affiliation"]) for one in people] == [("true", "owner")]

    def test_only_this_page_may_lead_there_and_asks_nothing(
        self, in_jitsi: FakeJitsi, session: Session, visit: Visit
    ) -> None:
        door, other = visit.page(), visit.client.get("/sessions/talk/")

        assert [form_action(door), form_action(other)] == [f"'self' {in_jitsi.address}", "'self'"]
        assert told(door, KEY, KEY.lower(), JITSI_SECRET, "jwt") == []
        assert in_jitsi.asked == []


LATER = "The video server does not answer. Please wait two minutes"
HOSTS = "Something is not set up well."
DOWN_OR_SLOW = [("slow", LATER), ("drip", LATER), ("status_500", LATER), ("status_503", LATER)]
BBB_TROUBLES = [
    *DOWN_OR_SLOW,
    ("half", LATER),
    *[
        (lie, HOSTS)
        for lie in (
            "html",
            "other_xml",
            "no_code",
            "empty",
            "wrong_encoding",
            "bomb",
            "dtd",
            "huge",
            "redirect",
            "redirect_here",
            "checksum_error",
            "talkative",
            "other_meeting",
            "no_create_time",
            "odd_create_time",
            "status_401",
            "status_404",
        )
    ],
]
JITSI_TROUBLES = [*DOWN_OR_SLOW, ("redirect", HOSTS), ("status_404", HOSTS)]


class TestTrouble:
    @pytest.fixture(autouse=True)
    def _in_a_hurry(self, no_rooms: None, settings: Any, request: pytest.FixtureRequest) -> None:
        """Only with slow servers: a busy machine must not make the others slow."""
        call = getattr(request.node, "callspec", None)
        is_slow = call is not None and call.params.get("mode") in ("slow", "drip", "half")
        settings.ROOM_TIMEOUT = 0.3 if is_slow else 5

    @pytest.mark.parametrize(("mode", "advice"), BBB_TROUBLES)
    def test_bigbluebutton_in_trouble_costs_a_visitor_nothing(
        self, bbb: FakeBBB, visit: Visit, click: Click, settings: Any, mode: str, advice: str
    ) -> None:
        bbb.mode = mode

        answer = visit.press()
        fate = fate_of(visit.registration)
        bbb.mode, settings.ROOM_TIMEOUT = "", 5
        again = visit.press()

        assert (answer.status_code, advice in answer.content.decode()) == (503, True)
        assert "Enter the room" in answer.content.decode()
        assert form_action(answer) == f"'self' {bbb.address}"
        assert told(answer, KEY, BBB_SECRET, "checksum", "/api/", "elsewhere.example") == []
        assert fate == fate_of(visit.registration) == (Seat.SEAT, AttendedHow.JOINED)
        assert (again.status_code, click(again["Location"])[0], len(bbb.joined)) == (303, 302, 1)

    @pytest.mark.parametrize(("mode", "advice"), JITSI_TROUBLES)
    def test_jitsi_in_trouble_costs_a_visitor_nothing(
        self, in_jitsi: FakeJitsi, visit: Visit, click: Click, settings: Any, mode: str, advice: str
    ) -> None:
        in_jitsi.mode = mode

        answer = visit.press()
        fate = fate_of(visit.registration)
        in_jitsi.mode, settings.ROOM_TIMEOUT = "", 5
        again = visit.press()

        assert (answer.status_code, advice in answer.content.decode()) == (503, True)
        assert "Enter the room" in answer.content.decode()
        assert form_action(answer) == f"'self' {in_jitsi.address}"
        assert told(answer, KEY, KEY.lower(), JITSI_SECRET, "jwt", "elsewhere.example") == []
        assert fate == fate_of(visit.registration) == (Seat.SEAT, AttendedHow.JOINED)
        assert (again.status_code, click(again["Location"])[0], len(in_jitsi.opened)) == (303, 200, 1)

    @pytest.mark.parametrize("room", ["bbb", "jitsi"])
    def test_a_server_nobody_listens_at_is_waited_for(
        self, bbb: FakeBBB, jitsi: FakeJitsi, session: Session, visit: Visit, settings: Any, room: str
    ) -> None:
        address = f"http://127.0.0.1:{closed_port()}"
        settings.BBB_URL, settings.JITSI_URL = f"{address}/bigbluebutton/", address
        Session.objects.filter(pk=session.pk).update(room=room)

        answer = visit.press()
        fate = fate_of(visit.registration)
        settings.BBB_URL, settings.JITSI_URL = bbb.url, jitsi.address
        again = visit.press()

        assert (answer.status_code, LATER in answer.content.decode()) == (503, True)
        assert told(answer, KEY, KEY.lower(), BBB_SECRET, JITSI_SECRET, "checksum", "jwt") == []
        assert (fate, again.status_code) == ((Seat.SEAT, AttendedHow.JOINED), 303)

    @pytest.mark.parametrize("room", ["bbb", "jitsi"])
    def test_a_room_that_is_no_longer_set_up_opens_no_way_to_anywhere(
        self, session: Session, visit: Visit, room: str
    ) -> None:
        Session.objects.filter(pk=session.pk).update(room=room)

        page, answer = visit.page(), visit.press()

        assert (page.status_code, answer.status_code) == (200, 503)
        assert HOSTS in answer.content.decode()
        assert [form_action(page), form_action(answer)] == ["'self'", "'self'"]
        assert fate_of(visit.registration) == (Seat.SEAT, AttendedHow.JOINED)

    def test_a_host_is_told_what_hosts_can_do(self, bbb: FakeBBB, session: Session, coach: User) -> None:
        bbb.mode = "checksum_error"

        answer = signed_in(coach, "en").post(DOOR)

        assert answer.status_code == 503
        assert "please look at the room in the session" in answer.content.decode()
        assert told(answer, KEY, BBB_SECRET, "checksum") == []
