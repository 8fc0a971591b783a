import socket
import time

import pytest
from django.core.cache import caches

import core.cache
from core.cache import ForgivingRedisCache

AWAY = "unix:///nowhere/at/all?db=0"


@pytest.fixture
def away() -> ForgivingRedisCache:
    """The cache of a machine whose Redis is gone."""
    options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    return ForgivingRedisCache(AWAY, {"OPTIONS": options, "KEY_PREFIX": "away"})


def test_without_redis_everything_is_a_miss(away: ForgivingRedisCache) -> None:
    away.set("page", "drawing")

    assert (away.get("page", "missing"), away.add("page", 1), away.delete("page")) == ("missing", True, False)
    assert (away.get_many(["page"]), away.set_many({"page": 1}), away.incr("page")) == ({}, ["page"], 1)


def test_a_lost_redis_costs_less_than_its_limit(away: ForgivingRedisCache) -> None:
    started = time.monotonic()

    away.get("page")

    assert time.monotonic() - started < 0.4


def test_a_redis_that_hangs_costs_a_page_one_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        cache = ForgivingRedisCache(address, {"OPTIONS": options})
        started = time.monotonic()

        answers = [cache.get(f"part-{number}", "missing") for number in range(50)]

    assert answers == ["missing"] * 50
    assert time.monotonic() - started < 1


def test_a_redis_that_is_back_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = caches["default"]
    cache.set("page", "drawing")
    monkeypatch.setitem(core.cache._away_until, cache.address, time.monotonic() + 0.1)

    assert cache.get("page") is None
    time.sleep(0.15)
    assert cache.get("page") == "drawing"


@pytest.mark.django_db
def test_without_redis_sign_in_attempts_are_counted_in_postgresql(away: ForgivingRedisCache) -> None:
    away.set("allauth:rl:login", [1.0], 60)

    assert away.get("allauth:rl:login") == [1.0]
    assert caches["database"].get("allauth:rl:login") == [1.0]
    assert (away.add("allauth:rl:login", 2), away.delete("allauth:rl:login")) == (False, True)


def test_with_redis_values_come_back() -> None:
    cache = caches["default"]
    cache.set("page", "drawing")

    assert (cache.get("page"), cache.get_many(["page"]), cache.add("page", 1)) == (
        "drawing",
        {"page": "drawing"},
        False,
    )
