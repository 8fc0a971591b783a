"""The page before the room: for whom it opens, when, and that nothing tells the room's address."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import rooms
from webinars.choices import Format, Seat, State
from webinars.links import door_path
from webinars.models import Registration, Session

pytestmark = pytest.mark.django_db
SECRET = "https://room.example/secret"
DOOR = "/sessions/talk/door/"


@pytest.fixture
def session(coach: User) -> Session:
    """In ten minutes: the door is open."""
    row: Session = SessionFactory(
        slug="talk",
        title_en="Talk",
        host=coach,
        room_link=SECRET,
        room_key="0123456789abcdef",
        starts_at=timezone.now() + timedelta(minutes=10),
    )
    return row


@pytest.fixture
def seated(session: Session, partner: User) -> Registration:
    row: Registration = RegistrationFactory(session=session, person=partner)
    return row


def moved(session: Session, **facts: Any) -> None:
    Session.objects.filter(pk=session.pk).update(**facts)


def form_action(answer: Any) -> str:
    policy: dict[str, str] = dict(
        part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; ")
    )
    return policy["form-action"]


class TestForWhom:
    def test_a_seat_or_leading_it(
        self, session: Session, seated: Registration, partner: User, coach: User, outsider: User
    ) -> None:
        answers = [signed_in(person).get(DOOR).status_code for person in (partner, coach, outsider)]

        assert answers == [200, 200, 404]

    @pytest.mark.parametrize("state", [Seat.WAITING, Seat.OFFERED, Seat.CANCELLED])
    def test_not_for_who_has_none(self, session: Session, outsider: User, state: Seat) -> None:
        RegistrationFactory(session=session, person=outsider, state=state)
        guest = GuestFactory(session=session, state=state)
        client = signed_in(outsider)

        answers = [client.get(DOOR), client.post(DOOR), Client().post(door_path(guest, "en"))]

        assert [answer.status_code for answer in answers] == [404, 404, 409]
        assert "Enter the room" not in answers[2].content.decode()
        assert list(Registration.objects.filter(attended_at__isnull=False)) == []

    def test_a_visitor_signs_in_first(self, session: Session, client: Client) -> None:
        assert client.post(DOOR)["Location"] == f"/accounts/login/?next={DOOR}"

    def test_a_session_on_site_has_none(self, session: Session, seated: Registration, partner: User) -> None:
        moved(session, format=Format.ONSITE)

        assert signed_in(partner).get(DOOR).status_code == 404


class TestEntering:
    @pytest.mark.parametrize("who", ["member", "guest"])
    def test_the_button_leads_to_the_room_and_notes_it(
        self, session: Session, seated: Registration, partner: User, who: str
    ) -> None:
        row = seated if who == "member" else GuestFactory(session=session)
        client, address = (signed_in(partner), DOOR) if who == "member" else (Client(), door_path(row))

        answer = client.post(address)

        row.refresh_from_db()
        assert (answer.status_code, answer["Location"]) == (303, SECRET)
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "private, no-store")
        assert (row.attended_at is not None, row.attended_how) == (True, "joined")

    def test_a_host_enters_without_a_registration(self, session: Session, coach: User) -> None:
        answer = signed_in(coach).post(DOOR)

        assert (answer.status_code, Registration.objects.count()) == (303, 0)

    def test_reading_the_page_changes_nothing_and_tells_no_address(
        self, session: Session, seated: Registration, partner: User
    ) -> None:
        guest = GuestFactory(session=session)

        answers = [signed_in(partner, "en").get(DOOR), Client().get(door_path(guest, "en"))]

        pages = [answer.content.decode() for answer in answers]
        assert ["Enter the room" in page for page in pages] == [True, True]
        assert ["room.example" in page for page in pages] == [False, False]
        assert Registration.objects.filter(attended_at__isnull=False).count() == 0

    def test_the_page_alone_lets_the_form_lead_there(
        self, session: Session, seated: Registration, partner: User
    ) -> None:
        client, guest = signed_in(partner), GuestFactory(session=session)

        pages = [client.get(DOOR), Client().get(door_path(guest)), client.get("/sessions/talk/")]

        assert [form_action(page) for page in pages] == [
            "'self' https://room.example",
            "'self' https://room.example",
            "'self'",
        ]

    def test_a_recorded_session_asks_for_consent(
        self, session: Session, seated: Registration, partner: User
    ) -> None:
        moved(session, is_recorded=True)
        guest = GuestFactory(session=session)
        members, guests = signed_in(partner, "en"), Client()

        refused = [members.post(DOOR), guests.post(door_path(guest))]
        noted = Registration.objects.filter(attended_at__isnull=False).count()
        entered = [members.post(DOOR, {"consent": "on"}), guests.post(door_path(guest), {"consent": "on"})]

        assert [answer.status_code for answer in refused] == [422, 422]
        assert noted == 0
        assert [answer.status_code for answer in entered] == [303, 303]


class TestWhenItIsClosed:
    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            (
                {
                    "starts_at": timezone.now() + timedelta(hours=2),
                    "ends_at": timezone.now() + timedelta(hours=3),
                },
                "The page to enter opens on",
            ),
            ({"state": State.CANCELLED}, "This session was cancelled."),
            (
                {
                    "starts_at": timezone.now() - timedelta(hours=4),
                    "ends_at": timezone.now() - timedelta(hours=3),
                },
                "The session is over.",
            ),
        ],
    )
    @pytest.mark.parametrize("who", ["member", "guest"])
    def test_nobody_gets_in_and_the_page_says_why(
        self,
        session: Session,
        seated: Registration,
        partner: User,
        facts: dict[str, Any],
        said: str,
        who: str,
    ) -> None:
        moved(session, **facts)
        row = GuestFactory(session=session)
        client, address = (
            (signed_in(partner, "en"), DOOR) if who == "member" else (Client(), door_path(row, "en"))
        )

        page, answer = client.get(address), client.post(address)

        assert said in page.content.decode()
        assert "Enter the room" not in page.content.decode()
        assert (answer.status_code, form_action(page)) == (409, "'self'")
        assert "room.example" not in page.content.decode() + answer.content.decode()
        assert Registration.objects.filter(attended_at__isnull=False).count() == 0

    def test_it_says_when_on_the_readers_clock(
        self, session: Session, seated: Registration, partner: User
    ) -> None:
        begins = datetime(2031, 3, 28, 15, 0, tzinfo=UTC)
        moved(session, starts_at=begins, ends_at=begins + timedelta(hours=1))

        page = signed_in(partner, "en").get(DOOR).content.decode()

        assert "opens on Friday, 28 March 2031 at 16:45 (Bucharest, EET)" in page


class TestTrouble:
    @pytest.mark.parametrize(
        ("problem", "advice"),
        [
            (rooms.RoomDown("connection"), "Please wait two minutes"),
            (rooms.RoomSlow("timeout"), "Please wait two minutes"),
            (rooms.RoomRefused("claims"), "Something is not set up well"),
            (rooms.RoomNotSetUp("settings"), "Something is not set up well"),
        ],
    )
    @pytest.mark.parametrize("who", ["member", "guest", "host"])
    def test_a_page_says_what_to_do_and_nothing_is_lost(
        self,
        session: Session,
        seated: Registration,
        partner: User,
        coach: User,
        monkeypatch: pytest.MonkeyPatch,
        problem: rooms.RoomProblem,
        advice: str,
        who: str,
    ) -> None:
        def fail(*args: Any, **kwargs: Any) -> str:
            raise problem

        monkeypatch.setattr(rooms.PROVIDERS["link"], "join_url", fail)
        row = GuestFactory(session=session)
        client, address = {
            "member": (signed_in(partner, "en"), DOOR),
            "host": (signed_in(coach, "en"), DOOR),
            "guest": (Client(), door_path(row, "en")),
        }[who]

        answer = client.post(address)

        assert answer.status_code == 503
        assert advice in answer.content.decode()
        assert "Enter the room" in answer.content.decode()
        assert sorted(Registration.objects.values_list("state", flat=True)) == ["seat", "seat"]

    @pytest.mark.parametrize(
        "facts", [{"room_key": ""}, {"room_link": "javascript:alert(1)"}, {"room": "gone"}]
    )
    def test_a_room_that_is_set_up_wrongly_is_no_error_of_the_page(
        self, session: Session, seated: Registration, partner: User, facts: dict[str, str]
    ) -> None:
        moved(session, **facts)
        client = signed_in(partner)

        answers = [client.get(DOOR), client.post(DOOR)]

        assert [answer.status_code for answer in answers] == [200, 503]


class TestTheCheck:
    def test_may_ask_for_the_microphone_here_alone(self, session: Session, client: Client) -> None:
        here, elsewhere = client.get("/sessions/check/"), client.get("/sessions/talk/")

        assert "microphone=(self)" in here["Permissions-Policy"]
        assert "microphone=()" in elsewhere["Permissions-Policy"]
