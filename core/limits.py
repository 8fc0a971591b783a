"""How often something may be done by one visitor. Counted in the cache; while Redis is away, in PostgreSQL."""

from datetime import timedelta

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from core.cache import COUNTED


def within_limit(what: str, who: str, *, most: int, each: timedelta) -> bool:
    """Count one more try of `who`; False when there were more than `most` since the first one, `each` ago.

    `who` (say, a network address) is kept only as a keyed digest, and only for the length of `each`.
    """
    digest = salted_hmac("core.limits", who).hexdigest()
    key = f"{COUNTED}:limit:{what}:{int(each.total_seconds())}:{digest}"
    cache.add(key, 0, int(each.total_seconds()))
    try:
        return int(cache.incr(key)) <= most
    except ValueError:
        # The count ran out, or Redis went, between the two lines.
        cache.set(key, 1, int(each.total_seconds()))
        return most >= 1
