"""The cache is a convenience: without Redis everything is a miss, and limits are counted in PostgreSQL."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# allauth counts sign-in attempts under these keys; without a count there would be no limit.
COUNTED = "allauth"

LEFT_ALONE_FOR = 2.0  # seconds
_away_until: dict[str, float] = {}  # by address, on this process's monotonic clock


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that survives the loss of Redis: answers as if the key were not there.

    A page asks many times: after one question without an answer the next ones are not even asked for a moment, or a
    Redis that hangs would cost each of them its timeout.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.address = str(server)

    def clear(self) -> None:
        """Only by hand and in tests. Asks whether it is back."""
        _away_until.pop(self.address, None)
        super().clear()

    def _or_else(self, key: str, do: Callable[[], Any], fallback: Callable[[], Any], missing: Any) -> Any:
        if time.monotonic() >= _away_until.get(self.address, 0):
            try:
                return do()
            except (RedisError, OSError) as error:
                _away_until[self.address] = time.monotonic() + LEFT_ALONE_FOR
                log.warning("cache_away", error=type(error).__name__)
        return fallback() if key.startswith(COUNTED) else missing

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._or_else(
            key,
            lambda: super(ForgivingRedisCache, self).get(key, default, version),
            lambda: caches["database"].get(key, default, version),
            default,
        )

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        self._or_else(
            key,
            lambda: super(ForgivingRedisCache, self).set(key, value, *args, **kwargs),
            lambda: caches["database"].set(key, value, *args, **kwargs),
            None,
        )

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._or_else(
            key,
            lambda: super(ForgivingRedisCache, self).add(key, value, *args, **kwargs),
            lambda: caches["database"].add(key, value, *args, **kwargs),
            True,
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._or_else(
            key,
            lambda: super(ForgivingRedisCache, self).delete(key, version),
            lambda: caches["database"].delete(key, version),
            False,
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._or_else(
            key,
            lambda: super(ForgivingRedisCache, self).incr(key, delta, version),
            lambda: caches["database"].incr(key, delta, version),
            delta,
        )

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        keys = list(keys)
        return self._or_else("", lambda: super(ForgivingRedisCache, self).get_many(keys, version), dict, {})

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[str]:
        return self._or_else(
            "", lambda: super(ForgivingRedisCache, self).set_many(data, *args, **kwargs), list, list(data)
        )
