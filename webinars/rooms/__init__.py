"""Rooms for online sessions: one provider per kind of server, chosen per session, set up by environment."""

from django.utils.functional import Promise

from webinars.rooms.base import (
    Provider,
    Recording,
    Room,
    RoomDown,
    RoomNotSetUp,
    RoomProblem,
    RoomRefused,
    RoomSlow,
    Visitor,
)
from webinars.rooms.bbb import BigBlueButton
from webinars.rooms.jitsi import Jitsi
from webinars.rooms.link import Link

PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in (Link(), BigBlueButton(), Jitsi())}

__all__ = [
    "PROVIDERS",
    "Provider",
    "Recording",
    "Room",
    "RoomDown",
    "RoomNotSetUp",
    "RoomProblem",
    "RoomRefused",
    "RoomSlow",
    "Visitor",
    "choices_set_up",
    "provider",
]


def provider(code: str) -> Provider:
    """A session may have kept the code of a provider that is gone: a problem to show, not an error."""
    try:
        return PROVIDERS[code]
    except KeyError:
        raise RoomNotSetUp("provider") from None


def choices_set_up() -> list[tuple[str, Promise]]:
    """For the form of a session: only what works on this server."""
    return [(code, each.title) for code, each in PROVIDERS.items() if each.is_set_up()]
