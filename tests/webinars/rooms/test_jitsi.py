"""Jitsi, against a server that verifies tokens, and against bad ones."""

import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest

from tests.webinars.rooms.fakes import JITSI_SECRET, FakeJitsi, closed_port
from webinars.rooms import Room, RoomDown, RoomNotSetUp, RoomProblem, RoomRefused, RoomSlow, Visitor, provider
from webinars.rooms.jitsi import make_token

Click = Callable[[str], tuple[int, str]]


def test_a_guest_gets_in(jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime, click: Click) -> None:
    answer = click(provider("jitsi").join_url(room, guest, now=now))

    assert answer == (200, "")
    assert jitsi.opened == [
        {
            "aud": "jitsi",
            "iss": "vipad",
            "sub": "127.0.0.1",
            "room": "mzpgq-8wkt",
            "nbf": int(now.timestamp()) - 60,
            "exp": int((room.ends_at + timedelta(hours=2)).timestamp()),
            "context": {
                "user": {
                    "id": "r-17",
                    "name": "Олена Щербаківська",
                    "moderator": "false",
                    "affiliation": "member",
                }
            },
        }
    ]


def test_a_host_gets_in_as_moderator(
    jitsi: FakeJitsi, room: Room, host: Visitor, now: datetime, click: Click
) -> None:
    click(provider("jitsi").join_url(room, host, now=now))

    user = jitsi.opened[0]["context"]["user"]
    assert (user["moderator"], user["affiliation"]) == ("true", "owner")


def test_a_token_opens_no_other_room(
    jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime, click: Click
) -> None:
    link = provider("jitsi").join_url(room, guest, now=now)

    assert (click(link)[0], click(link.replace("/mzpgq-8wkt?", "/another?"))[0]) == (200, 403)


def test_a_room_cannot_be_opened_without_token(
    jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime, click: Click
) -> None:
    link = provider("jitsi").join_url(room, guest, now=now)

    assert click(link.partition("?")[0])[0] == 401


@pytest.mark.parametrize(
    "after, status",
    [
        (timedelta(minutes=-2), 403),
        (timedelta(seconds=-30), 200),
        (timedelta(hours=3), 200),
        (timedelta(hours=3, minutes=11), 403),
    ],
)
def test_a_token_holds_from_now_until_two_hours_after_the_end(
    jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime, click: Click, after: timedelta, status: int
) -> None:
    link = provider("jitsi").join_url(room, guest, now=now)

    jitsi.now = now + after

    assert click(link)[0] == status


def test_long_after_the_end_a_token_still_holds_for_an_hour(
    jitsi: FakeJitsi, room: Room, guest: Visitor
) -> None:
    now = room.ends_at + timedelta(hours=5)

    token = make_token(room, guest, now=now)

    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] == int((now + timedelta(hours=1)).timestamp())


@pytest.mark.parametrize(
    "name, shown",
    [("Győző\nKiss", "Győző Kiss"), ("Щ" * 200, "Щ" * 64), ("", "ViPaD")],
)
def test_names_are_one_short_line(
    jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime, click: Click, name: str, shown: str
) -> None:
    click(provider("jitsi").join_url(room, replace(guest, name=name), now=now))

    assert jitsi.opened[0]["context"]["user"]["name"] == shown


def test_audience_and_subject_can_be_set(
    settings: Any, jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime
) -> None:
    settings.JITSI_AUDIENCE = "meetings"
    settings.JITSI_SUBJECT = "Stadt-Ulm"

    claims = jwt.decode(make_token(room, guest, now=now), options={"verify_signature": False})

    assert (claims["aud"], claims["sub"]) == ("meetings", "stadt-ulm")


def test_a_host_name_with_umlauts_and_a_path(
    settings: Any,
    jitsi: FakeJitsi,
    room: Room,
    guest: Visitor,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.JITSI_URL = "https://Räume.example/ulm/"
    monkeypatch.setattr("webinars.rooms.jitsi.check_reachable", lambda server: None)

    link = provider("jitsi").join_url(room, guest, now=now)

    token = dict(parse_qsl(urlsplit(link).query))["jwt"]
    assert link.startswith("https://xn--rume-loa.example/ulm/mzpgq-8wkt?jwt=")
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == "xn--rume-loa.example"
    assert provider("jitsi").origin(room) == "https://xn--rume-loa.example"


def test_a_server_that_shows_its_own_welcome_page_is_there(
    jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime
) -> None:
    jitsi.mode = "redirect_here"

    link = provider("jitsi").join_url(room, guest, now=now)

    assert link.startswith(f"{jitsi.address}/mzpgq-8wkt?jwt=")


def test_the_server_is_asked_without_the_token(
    jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime
) -> None:
    provider("jitsi").join_url(room, guest, now=now)

    assert jitsi.asked == [("/", {})]


@pytest.mark.parametrize(
    "mode, problem, reason",
    [
        ("redirect", RoomRefused, "redirect"),
        ("status_404", RoomRefused, "status-404"),
        ("status_502", RoomDown, "status-502"),
        ("slow", RoomSlow, "answer"),
        ("drip", RoomSlow, "answer"),
    ],
)
def test_a_bad_server_is_found_out_before_the_visitor_is_sent_there(
    settings: Any,
    jitsi: FakeJitsi,
    room: Room,
    guest: Visitor,
    now: datetime,
    mode: str,
    problem: type[RoomProblem],
    reason: str,
) -> None:
    settings.ROOM_TIMEOUT = 0.4 if problem is RoomSlow else 5
    jitsi.mode = mode
    begun = time.monotonic()

    with pytest.raises(problem) as caught:
        provider("jitsi").join_url(room, guest, now=now)

    told = "".join(traceback.format_exception(caught.value))
    assert caught.value.reason == reason
    assert time.monotonic() - begun < 4
    assert [secret for secret in (JITSI_SECRET, room.key) if secret in told] == []


def test_a_server_that_does_not_listen_is_down(
    settings: Any, jitsi: FakeJitsi, room: Room, guest: Visitor, now: datetime
) -> None:
    settings.JITSI_URL = f"http://127.0.0.1:{closed_port()}"

    with pytest.raises(RoomDown):
        provider("jitsi").join_url(room, guest, now=now)


@pytest.mark.parametrize(
    "changes",
    [
        {"JITSI_URL": ""},
        {"JITSI_APP_ID": ""},
        {"JITSI_SECRET": ""},
        {"JITSI_URL": "meet.example"},
        {"JITSI_URL": "https://meet.example/#config"},
    ],
)
def test_settings_that_are_missing_or_wrong(
    settings: Any,
    jitsi: FakeJitsi,
    room: Room,
    guest: Visitor,
    now: datetime,
    changes: dict[str, str],
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    with pytest.raises(RoomNotSetUp):
        provider("jitsi").join_url(room, guest, now=now)

    assert (provider("jitsi").is_set_up(), jitsi.asked) == (False, [])
