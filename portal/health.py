"""What /healthz tells a machine: does everything that must run, run?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from portal.queries import last_sweep, oldest_unsent_notice

SWEEP_MAY_REST = timedelta(minutes=10)
NOTICE_MAY_WAIT = timedelta(hours=8)  # the longest pause between two tries is six hours
REDIS_SECONDS = 0.5

# Before the first sweep ever, its age counts from the start of this process.
_started_at = timezone.now()


@dataclass(frozen=True)
class Health:
    database: bool
    redis: bool
    last_sweep_seconds: int | None
    oldest_unsent_notice_seconds: int | None

    @property
    def ok(self) -> bool:
        return (
            self.database
            and self.redis
            and (self.last_sweep_seconds or 0) <= SWEEP_MAY_REST.total_seconds()
            and (self.oldest_unsent_notice_seconds or 0) <= NOTICE_MAY_WAIT.total_seconds()
        )

    @property
    def details(self) -> dict[str, Any]:
        """For those who know the token; ages in seconds, None where nothing is known or nothing waits."""
        return {
            "database": self.database,
            "redis": self.redis,
            "last_sweep_seconds": self.last_sweep_seconds,
            "oldest_unsent_notice_seconds": self.oldest_unsent_notice_seconds,
            "tzdata": version("tzdata"),
        }


def health(*, now: datetime) -> Health:
    redis = _redis_answers()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        swept_at, due_at = last_sweep(), oldest_unsent_notice(now=now)
    except Error:
        return Health(False, redis, None, None)
    return Health(
        database=True,
        redis=redis,
        last_sweep_seconds=_seconds(now - (swept_at or _started_at)),
        oldest_unsent_notice_seconds=_seconds(now - due_at) if due_at else None,
    )


def _redis_answers() -> bool:
    """Asked directly: the cache itself forgives the loss of Redis."""
    client = Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()


def _seconds(age: timedelta) -> int:
    return max(0, round(age.total_seconds()))
