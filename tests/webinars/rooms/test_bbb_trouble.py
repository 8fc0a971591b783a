"""BigBlueButton servers that are away, slow, lying or wrongly set up."""

import time
import traceback
from datetime import datetime
from typing import Any

import pytest

from tests.webinars.rooms.fakes import BBB_SECRET, FakeBBB, closed_port
from webinars.rooms import Room, RoomDown, RoomNotSetUp, RoomProblem, RoomRefused, RoomSlow, Visitor, provider


@pytest.mark.parametrize(
    "mode, reason",
    [
        ("other_meeting", "other-meeting"),
        ("no_create_time", "create-time"),
        ("odd_create_time", "create-time"),
        ("html", "not-xml"),
        ("empty", "not-xml"),
        ("wrong_encoding", "not-xml"),
        ("bomb", "not-xml"),
        ("dtd", "not-xml"),
        ("other_xml", "not-an-answer"),
        ("no_code", "not-an-answer"),
        ("huge", "too-large"),
        ("redirect", "redirect"),
        ("checksum_error", "checksumError"),
        ("talkative", "failed"),
        ("status_404", "status-404"),
    ],
)
def test_a_lying_server_is_refused(
    bbb: FakeBBB, room: Room, guest: Visitor, now: datetime, mode: str, reason: str
) -> None:
    bbb.mode = mode

    with pytest.raises(RoomRefused) as caught:
        provider("bbb").join_url(room, guest, now=now)

    assert caught.value.reason == reason
    assert len(bbb.asked) == 1


def test_a_server_that_fails_is_down(bbb: FakeBBB, room: Room, guest: Visitor, now: datetime) -> None:
    bbb.mode = "status_503"

    with pytest.raises(RoomDown) as caught:
        provider("bbb").join_url(room, guest, now=now)

    assert caught.value.reason == "status-503"


def test_a_server_that_does_not_listen_is_down(
    settings: Any, bbb: FakeBBB, room: Room, guest: Visitor, now: datetime
) -> None:
    settings.BBB_URL = f"http://127.0.0.1:{closed_port()}/bigbluebutton"

    with pytest.raises(RoomDown) as caught:
        provider("bbb").join_url(room, guest, now=now)

    assert caught.value.reason == "connection"


def test_a_host_that_nobody_knows_is_down(
    settings: Any, bbb: FakeBBB, room: Room, guest: Visitor, now: datetime
) -> None:
    settings.BBB_URL = "https://räume.invalid/bigbluebutton"

    with pytest.raises(RoomDown):
        provider("bbb").join_url(room, guest, now=now)


def test_a_server_without_the_encryption_it_should_have_is_down(
    settings: Any, bbb: FakeBBB, room: Room, guest: Visitor, now: datetime
) -> None:
    settings.BBB_URL = bbb.url.replace("http:", "https:")

    with pytest.raises(RoomDown):
        provider("bbb").join_url(room, guest, now=now)

    assert bbb.asked == []


@pytest.mark.parametrize("mode", ["slow", "drip"])
def test_a_slow_server_is_given_up_in_time(
    settings: Any, bbb: FakeBBB, room: Room, guest: Visitor, now: datetime, mode: str
) -> None:
    settings.ROOM_TIMEOUT = 0.4
    bbb.mode = mode
    begun = time.monotonic()

    with pytest.raises(RoomSlow):
        provider("bbb").join_url(room, guest, now=now)

    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "mode", ["talkative", "checksum_error", "redirect", "html", "bomb", "other_meeting", "status_500", "slow"]
)
def test_no_problem_tells_a_secret(
    settings: Any, bbb: FakeBBB, room: Room, guest: Visitor, now: datetime, mode: str
) -> None:
    settings.ROOM_TIMEOUT = 0.4
    bbb.mode = mode

    with pytest.raises(RoomProblem) as caught:
        provider("bbb").join_url(room, guest, now=now)

    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    sent = bbb.asked[0][1]
    hidden = (BBB_SECRET, sent["checksum"], sent["moderatorPW"], room.key)
    assert [secret for secret in hidden if secret in told] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"BBB_URL": ""},
        {"BBB_SECRET": ""},
        {"BBB_CHECKSUM": "md5"},
        {"BBB_URL": "ftp://rooms.example/bigbluebutton"},
        {"BBB_URL": "https://rooms.example/bigbluebutton?x=1"},
        {"BBB_URL": "https://rooms.example;script-src *"},
    ],
)
def test_settings_that_are_missing_or_wrong(
    settings: Any,
    bbb: FakeBBB,
    room: Room,
    guest: Visitor,
    now: datetime,
    changes: dict[str, str],
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    with pytest.raises(RoomNotSetUp):
        provider("bbb").join_url(room, guest, now=now)

    assert (provider("bbb").is_set_up(), bbb.asked) == (False, [])
