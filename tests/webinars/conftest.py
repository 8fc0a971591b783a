"""Room servers of their own for each test that asks for one, and the browser that opens what they gave."""

import http.client
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.webinars.rooms import fakes


@pytest.fixture
def no_rooms(settings: Any) -> None:
    """As on a server where nobody has set up a room."""
    settings.ROOM_TIMEOUT = 5
    settings.BBB_URL = settings.BBB_SECRET = ""
    settings.BBB_CHECKSUM = "sha256"
    settings.JITSI_URL = settings.JITSI_APP_ID = settings.JITSI_SECRET = settings.JITSI_SUBJECT = ""
    settings.JITSI_AUDIENCE = "jitsi"


@pytest.fixture
def bbb(settings: Any, no_rooms: None) -> Iterator[fakes.FakeBBB]:
    with fakes.running(fakes.FakeBBB) as fake:
        settings.BBB_URL = fake.url
        settings.BBB_SECRET = fakes.BBB_SECRET
        yield fake


@pytest.fixture
def jitsi(settings: Any, no_rooms: None, now: datetime) -> Iterator[fakes.FakeJitsi]:
    with fakes.running(fakes.FakeJitsi) as fake:
        settings.JITSI_URL = fake.address
        settings.JITSI_APP_ID = "vipad"
        settings.JITSI_SECRET = fakes.JITSI_SECRET
        fake.now = now
        yield fake


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
