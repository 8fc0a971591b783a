"""A connection to a server we do not run, with a limit for the whole of it.

A limit for each read would let a server that sends a byte now and then hold our worker for hours; so a timer ends the
connection some seconds after it stands. Making it has the same limit for each address of the host.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


@contextlib.contextmanager
def connected(
    address: str, *, seconds: float
) -> Iterator[tuple[http.client.HTTPConnection, threading.Event]]:
    """The connection, and an event that is set when the timer has ended it: an answer cut off can look whole.

    The timer has a handle of its own, because TLS takes the socket over; shutting down works through any handle.
    Raises OSError, and TimeoutError where it was too slow.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
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


def path_of(address: str) -> str:
    """What stands behind the host."""
    parts = urlsplit(address)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _secured(raw: socket.socket, host: str, is_late: threading.Event) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except OSError:
        if is_late.is_set():
            raise TimeoutError from None
        raise


def _end(handle: socket.socket, is_late: threading.Event) -> None:
    is_late.set()
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
