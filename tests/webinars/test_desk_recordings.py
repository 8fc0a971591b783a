"""The desk asks a BigBlueButton room what it has recorded."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.conftest import grant, signed_in
from tests.factories.webinars import SessionFactory
from tests.webinars.rooms.fakes import BBB_SECRET, FakeBBB, recording_xml
from webinars.choices import State
from webinars.models import Session

pytestmark = pytest.mark.django_db
KEY = "mzPGQ-8wkT"
FILM = "https://rooms.example/playback/presentation/2.3/one"
OFFER = "Ask the room for its recordings"


@pytest.fixture
def session(coach: User) -> Session:
    """Over since yesterday; New York's clock."""
    row: Session = SessionFactory(
        slug="here",
        host=coach,
        is_recorded=True,
        room="bbb",
        room_link="",
        room_key=KEY,
        zone="America/New_York",
        starts_at=timezone.now().replace(second=0, microsecond=0) - timedelta(days=1),
    )
    return row


@pytest.fixture
def host(coach: User) -> Client:
    return signed_in(coach, "en")


def look(client: Client, session: Session, **said: str) -> HttpResponse:
    return client.get(reverse("webinars:recording", args=[session.slug]), {"look": "1", **said})


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def address_in_form(answer: Any) -> str:
    return str(answer.context["form"]["url"].value())


def test_what_the_room_has_is_listed_on_the_sessions_clock(
    bbb: FakeBBB, host: Client, session: Session
) -> None:
    bbb.recordings = [recording_xml("one", KEY)]

    page = words(look(host, session))

    assert "Friday, 29 June 2018, 09:28 in New York (EDT)" in page
    assert "33 minutes" in page
    assert f'<a href="{FILM}" rel="noopener noreferrer">' in page
    assert f'href="?{urlencode({"look": "1", "url": FILM}).replace("&", "&amp;")}#id_url"' in page


def test_one_of_them_is_put_into_the_form(bbb: FakeBBB, host: Client, session: Session) -> None:
    bbb.recordings = [recording_xml("one", KEY), recording_xml("two", KEY, url=f"{FILM}?a=1&b=2")]

    answers = [look(host, session), look(host, session, url=f"{FILM}?a=1&b=2")]

    assert [address_in_form(answer) for answer in answers] == ["", f"{FILM}?a=1&b=2"]
    assert words(answers[1]).count("This address stands in the form below.") == 1
    assert Session.objects.get().recording_url == ""


def test_another_address_is_not_put_into_the_form(bbb: FakeBBB, host: Client, session: Session) -> None:
    bbb.recordings = [recording_xml("one", KEY)]

    answer = look(host, session, url="https://elsewhere.example/film")

    assert address_in_form(answer) == ""
    assert 'href="https://elsewhere.example' not in words(answer)


def test_the_published_address_stays_until_another_is_chosen(
    bbb: FakeBBB, host: Client, session: Session
) -> None:
    Session.objects.filter(pk=session.pk).update(recording_url="https://film.example.org/1")
    bbb.recordings = [recording_xml("one", KEY)]

    answers = [look(host, session), look(host, session, url=FILM)]

    assert [address_in_form(answer) for answer in answers] == ["https://film.example.org/1", FILM]


def test_an_address_others_could_listen_to_is_left_out(bbb: FakeBBB, host: Client, session: Session) -> None:
    bare = "http://rooms.example/bare"
    bbb.recordings = [recording_xml("bare", KEY, url=bare), recording_xml("one", KEY)]

    answer = look(host, session, url=bare)

    assert [f'href="{url}"' in words(answer) for url in (FILM, bare)] == [True, False]
    assert address_in_form(answer) == ""


def test_the_recordings_of_other_rooms_are_left_out(bbb: FakeBBB, host: Client, session: Session) -> None:
    bbb.recordings = [recording_xml("theirs", "another-room")]

    page = words(look(host, session))

    assert "The room has no recording to watch yet." in page
    assert "theirs" not in page


@pytest.mark.parametrize("length", ["0", "9" * 18])
def test_an_odd_length_is_no_error(bbb: FakeBBB, host: Client, session: Session, length: str) -> None:
    bbb.recordings = [recording_xml("one", KEY, length=length, endTime="")]

    answer = look(host, session)

    assert (answer.status_code, FILM in words(answer)) == (200, True)
    assert (" 0 minutes" in words(answer)) is False


def test_it_is_asked_only_when_somebody_wants_to_know(bbb: FakeBBB, host: Client, session: Session) -> None:
    bbb.recordings = [recording_xml("one", KEY)]
    address = reverse("webinars:recording", args=[session.slug])

    read = host.get(address)
    sent = host.post(f"{address}?look=1", {"url": "http://film.example.org/1", "transcript": "Hello."})

    assert [OFFER in words(read), OFFER in words(sent)] == [True, True]
    assert [FILM in words(read), FILM in words(sent), bbb.asked] == [False, False, []]
    assert address_in_form(sent) == "http://film.example.org/1"


@pytest.mark.parametrize(
    "facts",
    [
        {"room": "jitsi"},
        {"room": "link", "room_link": "https://room.example/secret"},
        {"room": ""},
        {"state": State.CANCELLED},
        {"ends_at": timezone.now() + timedelta(hours=1)},
    ],
)
def test_other_sessions_have_nothing_to_ask(
    bbb: FakeBBB, host: Client, session: Session, facts: dict[str, Any]
) -> None:
    bbb.recordings = [recording_xml("one", KEY)]
    Session.objects.filter(pk=session.pk).update(**facts)

    answer = look(host, session)

    assert (answer.status_code, OFFER in words(answer), FILM in words(answer)) == (200, False, False)
    assert bbb.asked == []


@pytest.mark.parametrize(
    ("mode", "advice"),
    [
        ("slow", "The video server does not answer."),
        ("drip", "The video server does not answer."),
        ("half", "The video server does not answer."),
        ("status_503", "The video server does not answer."),
        ("html", "Something is not set up well."),
        ("bomb", "Something is not set up well."),
        ("huge", "Something is not set up well."),
        ("redirect", "Something is not set up well."),
        ("talkative", "Something is not set up well."),
        ("checksum_error", "Something is not set up well."),
        ("status_404", "Something is not set up well."),
    ],
)
def test_a_room_in_trouble_leaves_the_page_as_it_is(
    bbb: FakeBBB, host: Client, session: Session, settings: Any, mode: str, advice: str
) -> None:
    # Only who waits for a slow server is in a hurry: a busy machine must not make the others slow.
    settings.ROOM_TIMEOUT = 0.3 if mode in ("slow", "drip", "half") else 5
    bbb.recordings, bbb.mode = [recording_xml("one", KEY)], mode

    answer = look(host, session, url=FILM)

    assert (answer.status_code, advice in words(answer), address_in_form(answer)) == (200, True, "")
    assert "Publish the recording" in words(answer)
    assert [
        secret for secret in (KEY, BBB_SECRET, "checksum", "elsewhere.example") if secret in words(answer)
    ] == []


def test_a_room_that_is_no_longer_set_up_is_no_error(no_rooms: None, host: Client, session: Session) -> None:
    answer = look(host, session)

    assert (answer.status_code, "Something is not set up well." in words(answer)) == (200, True)


def test_only_who_may_edit_asks(
    bbb: FakeBBB, session: Session, coach: User, partner: User, outsider: User
) -> None:
    bbb.recordings = [recording_xml("one", KEY)]
    User.objects.filter(pk=partner.pk).update(is_staff=True)
    grant(partner, "webinars.view_registration", "webinars.view_session")
    clients = [Client(), signed_in(outsider), signed_in(partner)]

    refused = [look(client, session, url=FILM).status_code for client in clients]
    before = list(bbb.asked)
    allowed = look(signed_in(coach), session).status_code

    assert (refused, before) == ([302, 404, 403], [])
    assert (allowed, len(bbb.asked)) == (200, 1)
