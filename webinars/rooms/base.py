"""What every provider of rooms offers, in plain values: nothing here knows a model."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise

_KEY = re.compile(r"[A-Za-z0-9-]{2,200}")
_REASON = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True)
class Room:
    """`key` opens the room on the server, so it must not be guessable. The two addresses are ours, for callbacks."""

    key: str
    name: str
    starts_at: datetime
    ends_at: datetime
    link: str = ""
    language: str = "de"
    is_recorded: bool = False
    ended_url: str = ""
    recording_url: str = ""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError("The key of a room has other characters than letters, digits and dashes.")


@dataclass(frozen=True)
class Visitor:
    """`key` is seen by the server and by hosts in its lists: no address and no number of a row."""

    key: str
    name: str
    is_host: bool
    language: str


@dataclass(frozen=True)
class Recording:
    key: str
    url: str
    starts_at: datetime
    minutes: int


class RoomProblem(Exception):
    """Why nobody gets in. `reason` is a code for logs; secrets, addresses and words of the server are never in it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason if _REASON.fullmatch(reason) else "unknown"
        super().__init__(f"{type(self).__name__}: {self.reason}")


class RoomNotSetUp(RoomProblem):
    """Settings or the session's link are missing or wrong."""


class RoomDown(RoomProblem):
    """No connection, or the server says that it cannot work."""


class RoomSlow(RoomProblem):
    """The server did not answer in ROOM_TIMEOUT seconds."""


class RoomRefused(RoomProblem):
    """The server said no, or what it said cannot be believed."""


class Provider(ABC):
    name: ClassVar[str]
    title: ClassVar[Promise]

    @abstractmethod
    def is_set_up(self) -> bool:
        """Whether a session may choose this provider on this server."""

    @abstractmethod
    def origin(self, room: Room) -> str:
        """scheme://host[:port], safe to stand in the page's Content-Security-Policy."""

    @abstractmethod
    def join_url(self, room: Room, visitor: Visitor, *, now: datetime) -> str:
        """The way in for this visitor and this click; never kept, mailed or shown. May ask the server first."""

    def recordings(self, room: Room) -> list[Recording]:
        """Published recordings, oldest first."""
        return []
