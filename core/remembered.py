"""What is costly to make is kept until something changes, in the memory of each process and in Redis behind it.

Everything is stored under the present version of its subject. A change draws a new version, so that what was made
before is never asked for again; it fades by itself. A process asks for the version at most once a second: that is
how long another process may still show what was true before. Kept values are shared: nobody may change them.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

KEPT_SECONDS = 300  # here and in Redis; the longest delay should a change ever fail to be told is twice that
VERSION_SECONDS = 1.0
MOST_IN_MEMORY = 32  # the largest value is a drawing of about 70 kB

T = TypeVar("T")


class Remembered:
    """The kept values of one subject; `under` names subjects whose changes count too.

    `shared` False keeps values in this process only, and only as long as `under` stays as it is: for what is asked
    for too seldom to be worth the way to Redis.
    """

    _all: "list[Remembered]" = []

    def __init__(self, name: str, *under: "Remembered", shared: bool = True) -> None:
        self._shared = shared
        self._versioned = (self, *under) if shared else under
        self._key = f"version:{name}"
        self._version, self._asked_at = "", float("-inf")
        self._values: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._lock = Lock()
        self._all.append(self)

    def forget(self) -> None:
        """Something changed. Called inside the transaction that changes it."""
        # At once for what this transaction still reads, and again when the change is there for everybody.
        self._new_version()
        transaction.on_commit(self._new_version)

    def remember(self, key: str, make: Callable[[], T]) -> T:
        """The kept value, or a new one. Two readers may make the same at the same time; that does no harm."""
        full_key = ":".join([*(subject.version() for subject in self._versioned), key])
        with self._lock:
            made_at, value = self._values.get(full_key, (float("-inf"), None))
        if time.monotonic() - made_at < KEPT_SECONDS:
            return value
        value = cache.get(full_key) if self._shared else None
        if value is None:
            value = make()
            if self._shared:
                cache.set(full_key, value, KEPT_SECONDS)
        with self._lock:
            self._values[full_key] = (time.monotonic(), value)
            while len(self._values) > MOST_IN_MEMORY:
                self._values.popitem(last=False)
        return value

    def version(self) -> str:
        now = time.monotonic()
        if now - self._asked_at > VERSION_SECONDS:
            self._version, self._asked_at = cache.get(self._key) or self._new_version(), now
        return self._version

    def _new_version(self) -> str:
        self._version, self._asked_at = uuid4().hex, time.monotonic()
        cache.set(self._key, self._version, None)
        return self._version

    @classmethod
    def empty_memory(cls) -> None:
        """As after a start of the process; for tests."""
        for subject in cls._all:
            subject._asked_at = float("-inf")
            subject._values.clear()
