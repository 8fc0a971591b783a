"""A room, two visitors, and servers of their own for each test."""

import http.client
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.webinars.rooms import fakes
from webinars.rooms import Room, Visitor


@pytest.fixture(autouse=True)
def _settings(settings: Any) -> None:
    settings.ROOM_TIMEOUT = 5
    settings.BBB_URL = settings.BBB_SECRET = ""
    settings.BBB_CHECKSUM = "sha256"
    settings.JITSI_URL = settings.JITSI_APP_ID = settings.JITSI_SECRET = settings.JITSI_SUBJECT = ""
    settings.JITSI_AUDIENCE = "jitsi"


@pytest.fixture
def bbb(settings: Any) -> Iterator[fakes.FakeBBB]:
    with fakes.running(fakes.FakeBBB) as fake:
        settings.BBB_URL = fake.url
        settings.BBB_SECRET = fakes.BBB_SECRET
        yield fake


@pytest.fixture
def jitsi(settings: Any, now: datetime) -> Iterator[fakes.FakeJitsi]:
    with fakes.running(fakes.FakeJitsi) as fake:
        settings.JITSI_URL = fake.address
        settings.JITSI_APP_ID = "vipad"
        settings.JITSI_SECRET = fakes.JITSI_SECRET
        fake.now = now
        yield fake


@pytest.fixture
def room() -> Room:
    """An hour, from 09:10 UTC, ten minutes after `now`."""
    start = datetime(2027, 3, 26, 9, 10, tzinfo=UTC)
    return Room(key="mzPGQ-8wkT", name="Donau & Jugend", starts_at=start, ends_at=start + timedelta(hours=1))


@pytest.fixture
def guest() -> Visitor:
    return Visitor(key="r-17", name="Олена Щербаківська", is_host=False, language="uk")


@pytest.fixture
def host() -> Visitor:
    return Visitor(key="h-1", name="Győző Kiss", is_host=True, language="hu")


@pytest.fixture
def click() -> Callable[[str], tuple[int, str]]:
    """What a browser gets at the address: (status, where it is sent on to)."""

    def opened(address: str) -> tuple[int, str]:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, response.headers.get("Location", "")

    return opened
