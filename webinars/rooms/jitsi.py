"""Jitsi Meet with signed tokens (lib-jitsi-meet, doc/tokens.md): everybody needs one, and it opens one room."""

from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import jwt
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from webinars.rooms import addresses, exchange
from webinars.rooms.base import Provider, Room, RoomNotSetUp, RoomRefused, Visitor
from webinars.rooms.names import short_name

_CLOCKS_DIFFER = timedelta(seconds=60)
_AFTER_THE_END = timedelta(hours=2)
_AT_LEAST = timedelta(hours=1)


class Jitsi(Provider):
    name = "jitsi"
    title = _("Jitsi Meet")

    def is_set_up(self) -> bool:
        try:
            _server()
        except RoomNotSetUp:
            return False
        return True

    def origin(self, room: Room) -> str:
        return addresses.origin(_server())

    def join_url(self, room: Room, visitor: Visitor, *, now: datetime) -> str:
        """The browser goes to the server by itself, so a dead one would be a dead end: it is asked first."""
        server = _server()
        check_reachable(server)
        token = make_token(room, visitor, now=now)
        return f"{server}/{_room_name(room)}?{urlencode({'jwt': token})}"


def check_reachable(server: str) -> None:
    """Whether the server is there. A redirect on the same server is none of our business, one to another host is."""
    answer = exchange.get(f"{server}/", most_bytes=0)
    if 300 <= answer.status < 400 and not _stays(server, answer.location):
        raise RoomRefused("redirect")
    if answer.status >= 400:
        raise RoomRefused(f"status-{answer.status}")


def make_token(room: Room, visitor: Visitor, *, now: datetime) -> str:
    """All values of `user` are text: Jitsi fails on numbers and null. No e-mail address.

    Who is a host is asked for by one server as `moderator`, by another as `affiliation`; both say the same.
    """
    expires = max(room.ends_at + _AFTER_THE_END, now + _AT_LEAST)
    claims = {
        "aud": settings.JITSI_AUDIENCE,
        "iss": settings.JITSI_APP_ID,
        "sub": (settings.JITSI_SUBJECT or urlsplit(_server()).hostname or "").lower(),
        "room": _room_name(room),
        "nbf": int((now - _CLOCKS_DIFFER).timestamp()),
        "exp": int(expires.timestamp()),
        "context": {
            "user": {
                "id": visitor.key,
                "name": short_name(visitor.name),
                "moderator": "true" if visitor.is_host else "false",
                "affiliation": "owner" if visitor.is_host else "member",
            }
        },
    }
    return jwt.encode(claims, settings.JITSI_SECRET, algorithm="HS256")


def _room_name(room: Room) -> str:
    """Lower case, as XMPP makes of it: servers compare the claim with the name they keep, letter by letter."""
    return room.key.lower()


def _server() -> str:
    if not (settings.JITSI_URL and settings.JITSI_APP_ID and settings.JITSI_SECRET):
        raise RoomNotSetUp("settings")
    try:
        return addresses.server(settings.JITSI_URL)
    except ValueError:
        raise RoomNotSetUp("address") from None


def _stays(server: str, location: str) -> bool:
    if location.startswith("/") and not location.startswith("//"):
        return True
    try:
        return addresses.origin(location) == addresses.origin(server)
    except ValueError:
        return False
