import time

import pytest
from django.core.cache import caches

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
