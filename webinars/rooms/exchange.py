"""One question to a room server over HTTP: no redirect followed, little read, and a limit for the whole of it."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from webinars.rooms.base import RoomDown, RoomRefused, RoomSlow

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes


def get(address: str, *, most_bytes: int = MOST_BYTES) -> Answer:
    """The answer, also when it is a redirect or a refusal; `address` has been through `addresses.checked`.

    A limit for each read would let a server that sends a byte now and then hold our worker for hours; so a timer ends
    the connection ROOM_TIMEOUT seconds after it stands. Making it has the same limit for each address of the host.
    Errors come without their cause, which may name the address, and that carries what opens the room.
    """
    try:
        with _connected(address) as (connection, is_late):
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
    parts = urlsplit(address)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection.request(
        "GET", path, headers={"Accept": "application/xml, text/xml, */*", "Connection": "close"}
    )
    with contextlib.closing(connection.getresponse()) as response:
        if response.status >= 500:
            raise RoomDown(f"status-{response.status}")
        body = response.read(most_bytes + 1) if most_bytes else b""
        if len(body) > most_bytes:
            raise RoomRefused("too-large")
        return Answer(response.status, response.headers.get("Location", ""), body)


@contextlib.contextmanager
def _connected(address: str) -> Iterator[tuple[http.client.HTTPConnection, threading.Event]]:
    """The timer has a handle of its own, because TLS takes the socket over; shutting down works through any handle."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    seconds = settings.ROOM_TIMEOUT
    kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    with (
        socket.create_connection((host, port), timeout=seconds) as raw,
        raw.dup() as handle,
        contextlib.closing(kind(host, port, timeout=seconds)) as connection,
    ):
        is_late = threading.Event()
        timer = threading.Timer(seconds, _end, (handle, is_late))
        timer.daemon = True
        timer.start()
        try:
            connection.sock = _secured(raw, host, is_late) if is_secure else raw
            yield connection, is_late
        finally:
            timer.cancel()


def _secured(raw: socket.socket, host: str, is_late: threading.Event) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except OSError:
        if is_late.is_set():
            raise RoomSlow("connection") from None
        raise


def _end(handle: socket.socket, is_late: threading.Event) -> None:
    is_late.set()
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
