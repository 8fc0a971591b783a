import sys
import threading
import time

import pytest
from django.core.cache import cache
from django.db import transaction

from core.remembered import KEPT_SECONDS, MOST_IN_MEMORY, VERSION_SECONDS, Remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> list[str]:
    return []


def test_a_value_is_made_once(made: list[str]) -> None:
    towns = Remembered("towns")

    values = [towns.remember("map", lambda: made.append("x") or "drawing") for _ in range(3)]

    assert (values, made) == (["drawing"] * 3, ["x"])


def test_another_process_finds_it_in_redis(made: list[str]) -> None:
    Remembered("towns").remember("map", lambda: "drawing")

    assert Remembered("towns").remember("map", lambda: "made again") == "drawing"


def test_a_change_is_seen_at_once_here_and_within_a_second_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    here, elsewhere = Remembered("towns"), Remembered("towns")
    here.remember("map", lambda: "before")
    elsewhere.remember("map", lambda: "before")

    here.forget()

    assert here.remember("map", lambda: "after") == "after"
    assert elsewhere.remember("map", lambda: "after") == "before"
    elsewhere._asked_at -= VERSION_SECONDS + 1
    assert elsewhere.remember("map", lambda: "made again") == "after"


def test_what_stands_on_a_changed_subject_is_forgotten() -> None:
    towns = Remembered("towns")
    partnerships = Remembered("partnerships", towns)
    partnerships.remember("map", lambda: "before")

    towns.forget()

    assert partnerships.remember("map", lambda: "after") == "after"


@pytest.mark.django_db(transaction=True)
def test_what_was_made_during_the_transaction_does_not_outlive_it() -> None:
    towns = Remembered("towns")

    with transaction.atomic():
        towns.forget()
        towns.remember("map", lambda: "read too early")

    assert towns.remember("map", lambda: "after") == "after"


def test_memory_is_bounded() -> None:
    towns = Remembered("towns")

    for number in range(MOST_IN_MEMORY + 10):
        towns.remember(str(number), lambda: "drawing")

    assert len(towns._values) == MOST_IN_MEMORY


def test_without_redis_values_are_still_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "get", lambda *args, **kwargs: None)
    monkeypatch.setattr(cache, "set", lambda *args, **kwargs: None)

    assert Remembered("towns").remember("map", lambda: "drawing") == "drawing"


def test_what_is_not_shared_stays_in_its_process() -> None:
    here, elsewhere = Remembered("searches", shared=False), Remembered("searches", shared=False)
    here.remember("ulm", lambda: "found here")

    assert here.remember("ulm", lambda: "made again") == "found here"
    assert elsewhere.remember("ulm", lambda: "found there") == "found there"


def test_a_value_has_an_age_even_if_a_change_was_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = Remembered("towns", shared=False)
    towns.remember("map", lambda: "before")
    here = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: here + KEPT_SECONDS + 1)

    assert towns.remember("map", lambda: "after") == "after"


def test_threads_do_not_stumble_over_each_other() -> None:
    towns, errors = Remembered("towns", shared=False), []

    def read(first: int) -> None:
        try:
            for number in range(first, first + 3000):
                assert towns.remember(str(number % 200), lambda number=number: number % 200) == number % 200
        except Exception as error:
            errors.append(error)

    readers = [threading.Thread(target=read, args=(first,)) for first in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    finally:
        sys.setswitchinterval(interval)

    assert errors == []
