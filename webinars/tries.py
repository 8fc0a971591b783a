"""How many wrong addresses one host may try: the answer tells whether somebody has an account here."""

from datetime import timedelta

from django.core.cache import cache

from accounts.models import User
from core.cache import COUNTED
from core.limits import within_limit

MOST_WRONG = 20
EACH = timedelta(hours=1)


def may_try(person: User) -> bool:
    return not cache.get(_key(person))


def note_wrong(person: User) -> None:
    """After MOST_WRONG of them even right addresses are not looked up for an hour: that would be an answer, too."""
    if not within_limit("wrong-addresses", str(person.pk), most=MOST_WRONG - 1, each=EACH):
        cache.set(_key(person), True, int(EACH.total_seconds()))


def _key(person: User) -> str:
    return f"{COUNTED}:too-many-wrong-addresses:{person.pk}"
