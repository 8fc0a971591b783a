"""The code a participant shows at the entrance: it leads a host's phone to the page that ticks this registration."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.qr import qr_svg
from tests.conftest import signed_in
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars.choices import Format, Seat
from webinars.links import entrance_token, seat_token
from webinars.models import Registration

pytestmark = pytest.mark.django_db


def code_of(registration: Registration) -> str:
    address = f"https://vipad.example/sessions/meeting/desk/scan/{entrance_token(registration)}/"
    return qr_svg(address, title="Your code for the entrance")


def onsite(**facts: object):
    return SessionFactory(**{"slug": "meeting", "format": Format.ONSITE, **facts})


def test_a_member_with_a_seat_finds_it_on_the_page_of_the_session(participant) -> None:
    registration = RegistrationFactory(session=onsite(), person=participant)

    page = signed_in(participant, "en").get("/sessions/meeting/").content.decode()

    assert code_of(registration) in page


def test_a_guest_finds_it_behind_the_link_and_it_leads_a_host_to_the_tick(coach) -> None:
    guest = GuestFactory(session=onsite(host=coach), language="en")

    page = Client().get(f"/seat/{seat_token(guest)}/").content.decode()
    scanned = signed_in(coach, "en").get(f"/sessions/meeting/desk/scan/{entrance_token(guest)}/")

    assert code_of(guest) in page
    assert guest.name in scanned.content.decode()


@pytest.mark.parametrize("state", [Seat.WAITING, Seat.OFFERED])
def test_who_has_no_seat_has_no_code(participant, state: str) -> None:
    RegistrationFactory(session=onsite(), person=participant, state=state)

    assert "qr-code" not in signed_in(participant).get("/sessions/meeting/").content.decode()


@pytest.mark.parametrize(
    "facts", [{"format": Format.ONLINE}, {"starts_at": timezone.now() - timedelta(hours=9)}]
)
def test_online_and_afterwards_there_is_none(participant, facts: dict[str, object]) -> None:
    RegistrationFactory(session=onsite(**facts), person=participant)

    assert "qr-code" not in signed_in(participant).get("/sessions/meeting/").content.decode()


def test_the_code_opens_nothing_else() -> None:
    guest = GuestFactory(session=onsite())

    assert Client().get(f"/seat/{entrance_token(guest)}/").status_code == 404
