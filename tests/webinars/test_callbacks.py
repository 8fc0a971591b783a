"""What a room server tells us is believed only with its signature."""

import jwt
import pytest
from django.test import Client

from notifications.models import Notice
from tests.factories.webinars import SessionFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/rooms/bbb/recording/"
SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"


@pytest.fixture(autouse=True)
def _secret(settings) -> None:
    settings.BBB_URL, settings.BBB_SECRET = "https://bbb.example/bigbluebutton/", SECRET


def told(room_key: str, secret: str = SECRET) -> Client:
    signed = jwt.encode({"meeting_id": room_key, "record_id": "record-1"}, secret, "HS256")
    return Client(enforce_csrf_checks=True).post(ADDRESS, {"signed_parameters": signed})


def test_a_finished_recording_is_told_to_the_hosts_once(coach) -> None:
    session = SessionFactory(host=coach)

    answers = [told(session.room_key).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert list(Notice.objects.values_list("kind", "recipient")) == [("recording_ready", coach.pk)]


def test_a_room_we_do_not_know_makes_the_server_stop_asking(coach) -> None:
    SessionFactory(host=coach)

    assert told("another-room").status_code == 410
    assert not Notice.objects.exists()


@pytest.mark.parametrize("signed", ["", "nonsense", "a.b.c"])
def test_without_a_signature_nothing_happens(coach, signed: str) -> None:
    SessionFactory(host=coach)

    assert Client().post(ADDRESS, {"signed_parameters": signed}).status_code == 403
    assert not Notice.objects.exists()


def test_another_secret_is_no_signature(coach) -> None:
    session = SessionFactory(host=coach)

    assert told(session.room_key, "another-secret-of-32-characters-and-more").status_code == 403
    assert not Notice.objects.exists()
