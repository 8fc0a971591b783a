from datetime import timedelta

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisGone

from core.limits import within_limit

HOUR = timedelta(hours=1)


def test_so_many_and_no_more():
    answers = [within_limit("report", "10.0.0.1", most=3, each=HOUR) for _ in range(5)]

    assert answers == [True, True, True, False, False]


def test_visitors_and_things_are_counted_apart():
    for _ in range(2):
        within_limit("report", "10.0.0.1", most=1, each=HOUR)

    assert within_limit("report", "10.0.0.2", most=1, each=HOUR) is True
    assert within_limit("search", "10.0.0.1", most=1, each=HOUR) is True


def test_the_address_itself_is_not_kept(monkeypatch):
    keys = []
    monkeypatch.setattr(cache, "add", lambda key, *rest: keys.append(key))

    within_limit("report", "10.0.0.1", most=1, each=HOUR)

    assert len(keys) == 1
    assert "10.0.0.1" not in keys[0]


def test_a_count_that_ran_out_in_between_starts_anew(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *rest: True)  # and nothing is stored

    assert within_limit("report", "10.0.0.1", most=1, each=HOUR) is True
    assert within_limit("report", "10.0.0.1", most=1, each=HOUR) is False


@pytest.mark.django_db
def test_without_redis_postgresql_counts(monkeypatch):
    def gone(*args, **kwargs):
        raise RedisGone

    monkeypatch.setattr(cache._class, "add", gone, raising=False)
    monkeypatch.setattr(cache._class, "incr", gone, raising=False)

    answers = [within_limit("report", "10.0.0.1", most=2, each=HOUR) for _ in range(3)]

    assert answers == [True, True, False]
