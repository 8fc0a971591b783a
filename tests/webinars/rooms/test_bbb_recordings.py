"""Recordings of BigBlueButton, and its callback when one is ready."""

import traceback
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from tests.webinars.rooms.fakes import BBB_SECRET, FakeBBB, recording_xml
from webinars.rooms import Recording, Room, RoomNotSetUp, RoomRefused, provider
from webinars.rooms.bbb import read_recording_ready


def test_a_published_recording_is_found(bbb: FakeBBB, room: Room) -> None:
    bbb.recordings = [recording_xml("ffbfc4cc-1530278898111", room.key)]

    assert provider("bbb").recordings(room) == [
        Recording(
            key="ffbfc4cc-1530278898111",
            url="https://rooms.example/playback/presentation/2.3/ffbfc4cc-1530278898111",
            starts_at=datetime(2018, 6, 29, 13, 28, 18, 111000, tzinfo=UTC),
            minutes=33,
        )
    ]


def test_a_recording_without_length_is_as_long_as_the_meeting(bbb: FakeBBB, room: Room) -> None:
    bbb.recordings = [recording_xml("one", room.key, length="0")]

    assert [recording.minutes for recording in provider("bbb").recordings(room)] == [38]


@pytest.mark.parametrize("knows_pages, calls", [(True, 3), (False, 2)])
def test_all_pages_are_read_once(bbb: FakeBBB, room: Room, knows_pages: bool, calls: int) -> None:
    bbb.recordings = [recording_xml(f"r-{number:03}", room.key) for number in range(60)]
    bbb.knows_pages = knows_pages

    found = provider("bbb").recordings(room)

    assert [recording.key for recording in found] == [f"r-{number:03}" for number in range(60)]
    assert len(bbb.asked) == calls


@pytest.mark.parametrize(
    "changes",
    [
        {"published": "false", "state": "unpublished"},
        {"state": "deleted"},
        {"url": "javascript:alert(1)"},
        {"url": "https://user:word@rooms.example/"},
        {"url": ""},
        {"startTime": "9" * 18},
        {"startTime": "yesterday"},
    ],
)
def test_a_recording_that_cannot_be_shown_is_left_out(
    bbb: FakeBBB, room: Room, changes: dict[str, str]
) -> None:
    bbb.recordings = [recording_xml("bad", room.key, **changes), recording_xml("good", room.key)]

    assert [recording.key for recording in provider("bbb").recordings(room)] == ["good"]


def test_the_recording_of_another_room_is_left_out(bbb: FakeBBB, room: Room) -> None:
    bbb.recordings = [recording_xml("theirs", "another-room"), recording_xml("ours", room.key)]

    assert [recording.key for recording in provider("bbb").recordings(room)] == ["ours"]


def test_in_production_a_recording_without_encryption_is_left_out(
    settings: Any, bbb: FakeBBB, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webinars.rooms.bbb._server", lambda: bbb.url.rstrip("/"))
    settings.PRODUCTION = True
    bbb.recordings = [
        recording_xml("bare", room.key, url="http://rooms.example/a"),
        recording_xml("good", room.key),
    ]

    assert [recording.key for recording in provider("bbb").recordings(room)] == ["good"]


def test_a_lying_server_has_no_recordings(bbb: FakeBBB, room: Room) -> None:
    bbb.mode = "html"

    with pytest.raises(RoomRefused):
        provider("bbb").recordings(room)


def test_the_callback_for_a_recording_is_read(bbb: FakeBBB) -> None:
    signed = jwt.encode(
        {"meeting_id": "mzPGQ-8wkT", "record_id": "ffbfc4cc-15"}, BBB_SECRET, algorithm="HS256"
    )

    assert read_recording_ready(signed) == ("mzPGQ-8wkT", "ffbfc4cc-15")


CLAIMS = {"meeting_id": "mzPGQ-8wkT", "record_id": "ffbfc4cc-15"}


@pytest.mark.parametrize(
    "signed",
    [
        "",
        "ä.ö.ü",
        "a" * 100_000,
        jwt.encode(CLAIMS, "another-secret-of-thirty-two-letters", algorithm="HS256"),
        jwt.encode(CLAIMS, "", algorithm="none"),
        jwt.encode(CLAIMS, BBB_SECRET * 2, algorithm="HS512"),
        jwt.encode({"meeting_id": "mzPGQ-8wkT"}, BBB_SECRET, algorithm="HS256"),
        jwt.encode(CLAIMS | {"record_id": 12}, BBB_SECRET, algorithm="HS256"),
        jwt.encode(CLAIMS | {"meeting_id": "../x"}, BBB_SECRET, algorithm="HS256"),
    ],
)
def test_a_forged_callback_is_refused(bbb: FakeBBB, signed: str) -> None:
    with pytest.raises(RoomRefused) as caught:
        read_recording_ready(signed)

    assert BBB_SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_callback_to_a_server_without_secret_is_refused(settings: Any) -> None:
    """Without this, everybody could sign with the empty secret."""
    with pytest.raises(RoomNotSetUp):
        read_recording_ready("x.y.z")
