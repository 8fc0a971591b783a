"""A room and two visitors."""

from datetime import UTC, datetime, timedelta

import pytest

from webinars.rooms import Room, Visitor


@pytest.fixture(autouse=True)
def _settings(no_rooms: None) -> None:
    pass


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
