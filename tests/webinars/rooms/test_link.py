"""Plain links, and what is common to all providers."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.webinars.rooms.fakes import FakeBBB, FakeJitsi
from webinars.rooms import PROVIDERS, Room, RoomNotSetUp, RoomRefused, Visitor, choices_set_up, provider


@pytest.mark.parametrize(
    "link, opened, origin",
    [
        ("https://meet.example/abc?pwd=1#x", "https://meet.example/abc?pwd=1#x", "https://meet.example"),
        (
            "https://Räume.example:8443/ü",
            "https://xn--rume-loa.example:8443/%C3%BC",
            "https://xn--rume-loa.example:8443",
        ),
        ("https://зустріч.example", "https://xn--g1asced1a8h.example", "https://xn--g1asced1a8h.example"),
        ("http://localhost:8000/room", "http://localhost:8000/room", "http://localhost:8000"),
    ],
)
def test_a_link_leads_to_the_room(
    room: Room, guest: Visitor, now: datetime, link: str, opened: str, origin: str
) -> None:
    linked = replace(room, link=link)

    found = provider("link").join_url(linked, guest, now=now), provider("link").origin(linked)

    assert found == (opened, origin)


BAD = [
    "",
    "meet.example/abc",
    "https://",
    "https:///abc",
    "javascript:alert(1)",
    "ftp://meet.example/",
    "//meet.example/abc",
    "https://good.example@evil.example/",
    "https://good.example\\@evil.example/",
    "https://meet.example/a b",
    "https://meet.example/\nX-Header: 1",
    "https://meet.example;script-src",
    "https://meet.example,evil.example",
    "https://'none'/",
    "https://*/",
    "https://meet.example:port/",
    "https://[::1/",
    "https://a..b/",
    "https://" + "a" * 64 + ".example/",
]


@pytest.mark.parametrize("link", BAD)
def test_a_link_that_is_no_web_address_leads_nowhere(
    room: Room, guest: Visitor, now: datetime, link: str
) -> None:
    with pytest.raises(RoomNotSetUp):
        provider("link").join_url(replace(room, link=link), guest, now=now)


@pytest.mark.parametrize("link", BAD)
def test_a_link_that_is_no_web_address_has_no_origin(room: Room, link: str) -> None:
    with pytest.raises(RoomNotSetUp):
        provider("link").origin(replace(room, link=link))


def test_in_production_a_link_is_encrypted(settings: Any, room: Room, guest: Visitor, now: datetime) -> None:
    settings.PRODUCTION = True
    bare, encrypted = (replace(room, link=f"{scheme}://meet.example/a") for scheme in ("http", "https"))

    assert provider("link").join_url(encrypted, guest, now=now) == "https://meet.example/a"
    with pytest.raises(RoomNotSetUp):
        provider("link").join_url(bare, guest, now=now)


def test_a_link_has_no_recordings(room: Room) -> None:
    assert provider("link").recordings(room) == []


def test_without_settings_only_links_can_be_chosen() -> None:
    assert [code for code, _ in choices_set_up()] == ["link"]


def test_servers_that_are_set_up_can_be_chosen(bbb: FakeBBB, jitsi: FakeJitsi) -> None:
    assert [code for code, _ in choices_set_up()] == ["link", "bbb", "jitsi"]


def test_the_code_of_a_provider_is_its_name() -> None:
    assert {code: each.name for code, each in PROVIDERS.items()} == {
        "link": "link", "bbb": "bbb", "jitsi": "jitsi"
    }  # fmt: skip


def test_a_provider_that_is_gone_is_a_problem_to_show() -> None:
    with pytest.raises(RoomNotSetUp):
        provider("zoom")


@pytest.mark.parametrize("key", ["", "a", "a b", "a/../b", "ü-ü", "a?jwt=", "a\n", "x" * 201])
def test_a_key_that_would_change_the_address_is_refused(room: Room, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        replace(room, key=key)


def test_a_reason_is_a_code_and_never_a_text() -> None:
    problem = RoomRefused("the secret is 12345")

    assert (problem.reason, str(problem)) == ("unknown", "RoomRefused: unknown")
