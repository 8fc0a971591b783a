"""What follows when the address of an account is confirmed. Upper apps register what they know of the address."""

from datetime import datetime
from typing import Protocol

from accounts.models import User


class Follower(Protocol):
    def __call__(self, *, person: User, email: str, now: datetime) -> object: ...


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """`email` is in lower case and certainly the person's."""
    _followers.append(follower)


def address_confirmed(*, person: User, email: str, now: datetime) -> None:
    for follower in _followers:
        follower(person=person, email=email.lower(), now=now)
