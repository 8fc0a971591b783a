"""BigBlueButton, against a server that checks checksums, and against bad ones."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.webinars.rooms.fakes import BBB_SECRET, FakeBBB
from webinars.rooms import Room, Visitor, provider
from webinars.rooms.bbb import call_url, checksum

VECTOR = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444"
Click = Callable[[str], tuple[int, str]]


def values_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, strict_parsing=True))


@pytest.mark.parametrize(
    "algorithm, expected",
    [
        ("sha1", "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"),
        ("sha256", "da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e"),
    ],
)
def test_the_documented_call_gets_the_documented_checksum(
    settings: Any, algorithm: str, expected: str
) -> None:
    settings.BBB_SECRET = BBB_SECRET
    settings.BBB_CHECKSUM = algorithm

    assert checksum("create", VECTOR) == expected


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_a_guest_gets_in_as_viewer_under_every_checksum(
    settings: Any,
    bbb: FakeBBB,
    room: Room,
    guest: Visitor,
    now: datetime,
    click: Click,
    algorithm: str,
) -> None:
    settings.BBB_CHECKSUM = algorithm

    answer = click(provider("bbb").join_url(room, guest, now=now))

    assert answer == (302, "/html5client/join?sessionToken=abc")
    assert bbb.joined == [
        {
            "fullName": "Олена Щербаківська",
            "meetingID": "mzPGQ-8wkT",
            "role": "VIEWER",
            "userID": "r-17",
            "createTime": "1531155809613",
            "userdata-bbb_override_default_locale": "uk",
        }
    ]


def test_a_host_gets_in_as_moderator(
    bbb: FakeBBB, room: Room, host: Visitor, now: datetime, click: Click
) -> None:
    click(provider("bbb").join_url(room, host, now=now))

    assert [joined["role"] for joined in bbb.joined] == ["MODERATOR"]


def test_the_room_is_made_before_every_join_and_stays_the_same(
    bbb: FakeBBB, room: Room, host: Visitor, guest: Visitor, now: datetime, click: Click
) -> None:
    links = [provider("bbb").join_url(room, visitor, now=now) for visitor in (host, guest, guest)]

    assert [click(link)[0] for link in links] == [302, 302, 302]
    assert [path.rpartition("/")[2] for path, _ in bbb.asked] == ["create"] * 3 + ["join"] * 3
    assert list(bbb.meetings) == ["mzPGQ-8wkT"]


def test_a_room_that_the_server_forgot_is_made_again_and_the_old_link_is_void(
    bbb: FakeBBB, room: Room, guest: Visitor, now: datetime, click: Click
) -> None:
    old = provider("bbb").join_url(room, guest, now=now)
    bbb.meetings = {"someone-elses": {}}

    new = provider("bbb").join_url(room, guest, now=now)

    assert (click(old)[0], click(new)[0]) == (200, 302)
    assert len(bbb.joined) == 1


def test_a_link_changed_by_hand_is_refused(
    bbb: FakeBBB, room: Room, guest: Visitor, now: datetime, click: Click
) -> None:
    link = provider("bbb").join_url(room, guest, now=now)

    assert click(link.replace("VIEWER", "MODERATOR"))[0] == 200
    assert bbb.joined == []


def test_what_the_room_is_made_with(bbb: FakeBBB, room: Room, guest: Visitor, now: datetime) -> None:
    recorded = replace(
        room,
        is_recorded=True,
        ended_url="https://vipad.example/rooms/ended/a_b?c=d&e=f",
        recording_url="https://vipad.example/rooms/recording/",
    )

    provider("bbb").join_url(recorded, guest, now=now)

    made = bbb.meetings["mzPGQ-8wkT"]
    passwords = {made.pop("attendeePW"), made.pop("moderatorPW")}
    assert [len(password) for password in passwords] == [32, 32]
    assert made == {
        "name": "Donau & Jugend",
        "meetingID": "mzPGQ-8wkT",
        "record": "true",
        "meta_endCallbackUrl": "https://vipad.example/rooms/ended/a_b?c=d&e=f",
        "meta_bbb-recording-ready-url": "https://vipad.example/rooms/recording/",
        "createTime": "1531155809613",
    }


def test_nothing_is_recorded_unless_the_session_says_so(
    bbb: FakeBBB, room: Room, guest: Visitor, now: datetime
) -> None:
    provider("bbb").join_url(room, guest, now=now)

    made = bbb.meetings["mzPGQ-8wkT"]
    assert made["record"] == "false"
    assert [name for name in made if name.startswith("meta")] == []


@pytest.mark.parametrize(
    "name, shown",
    [
        ("Дунав и младежта " * 20, ("Дунав и младежта " * 20)[:64].strip()),
        ("First line\r\nSecond\x00 line\u2028end", "First line Second line end"),
        ("\U0001f30a" * 60, "\U0001f30a" * 32),
        ("\u202eevil\u200b name", "evil name"),
        ("Donau\u00adraum", "Donauraum"),
        ("D", "D ViPaD"),
        ("\n", "ViPaD"),
        ("a&b=c+d%20#?", "a&b=c+d%20#?"),
    ],
)
def test_names_are_one_line_of_2_to_64_characters(
    bbb: FakeBBB, room: Room, guest: Visitor, now: datetime, click: Click, name: str, shown: str
) -> None:
    link = provider("bbb").join_url(replace(room, name=name), replace(guest, name=name), now=now)

    assert click(link)[0] == 302
    assert (bbb.meetings["mzPGQ-8wkT"]["name"], bbb.joined[0]["fullName"]) == (shown, shown)


@pytest.mark.parametrize("language, expected", [("sr-latn", "sr"), ("bs", None), ("de", "de")])
def test_only_languages_it_has_are_asked_for(
    bbb: FakeBBB, room: Room, guest: Visitor, now: datetime, language: str, expected: str | None
) -> None:
    link = provider("bbb").join_url(room, replace(guest, language=language), now=now)

    assert values_of(link).get("userdata-bbb_override_default_locale") == expected


@pytest.mark.parametrize("end", ["", "/", "/api", "/api/"])
def test_the_address_may_be_written_in_several_ways(settings: Any, end: str) -> None:
    settings.BBB_URL = f"https://Räume.example/bigbluebutton{end}"
    settings.BBB_SECRET = BBB_SECRET

    assert call_url("join", {"a": "ü"}).startswith(
        "https://xn--rume-loa.example/bigbluebutton/api/join?a=%C3%BC&checksum="
    )


def test_the_origin_is_the_servers(settings: Any, room: Room) -> None:
    settings.BBB_URL = "https://räume.example:8443/bigbluebutton/"
    settings.BBB_SECRET = BBB_SECRET

    assert provider("bbb").origin(room) == "https://xn--rume-loa.example:8443"
