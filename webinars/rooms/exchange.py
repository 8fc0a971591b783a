"""One question to a room server over HTTP: no redirect followed, little read, and a limit for the whole of it."""

import contextlib
import http.client
import ssl
from dataclasses import dataclass

from django.conf import settings

from core.outbound import connected, path_of
from webinars.rooms.base import RoomDown, RoomRefused, RoomSlow

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes


def get(address: str, *, most_bytes: int = MOST_BYTES) -> Answer:
    """The answer, also when it is a redirect or a refusal; `address` has been through `addresses.checked`.

    A timer ends the connection ROOM_TIMEOUT seconds after it stands (core.outbound).
    Errors come without their cause, which may name the address, and that carries what opens the room.
    """
    try:
        with connected(address, seconds=settings.ROOM_TIMEOUT) as (connection, is_late):
            try:
                answer = _ask(connection, address, most_bytes)
            except (OSError, http.client.HTTPException) as error:
                if is_late.is_set() or isinstance(error, TimeoutError):
                    raise RoomSlow("answer") from None
                raise
            # Cut off by the timer, an answer can look whole.
            if is_late.is_set():
                raise RoomSlow("answer")
            return answer
    except TimeoutError:
        raise RoomSlow("connection") from None
    except ssl.SSLCertVerificationError:
        raise RoomDown("certificate") from None
    except (OSError, http.client.HTTPException, UnicodeError):
        raise RoomDown("connection") from None


def _ask(connection: http.client.HTTPConnection, address: str, most_bytes: int) -> Answer:
    headers = {"Accept": "application/xml, text/xml, */*", "Connection": "close"}
    connection.request("GET", path_of(address), headers=headers)
    with contextlib.closing(connection.getresponse()) as response:
        if response.status >= 500:
            raise RoomDown(f"status-{response.status}")
        body = response.read(most_bytes + 1) if most_bytes else b""
        if len(body) > most_bytes:
            raise RoomRefused("too-large")
        return Answer(response.status, response.headers.get("Location", ""), body)
