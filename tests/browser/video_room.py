"""A room on another server: what a browser must reach although our pages send forms nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class VideoRoom(ThreadingHTTPServer):
    """Its address, and with which headers browsers came in."""

    def __init__(self) -> None:
        self.visits: list[dict[str, str]] = []
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def link(self) -> str:
        return f"{self.origin}/room?secret=1"


class _Answer(BaseHTTPRequestHandler):
    server: VideoRoom

    def do_GET(self) -> None:
        is_room = self.path.startswith("/room")
        if is_room:
            self.server.visits.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200 if is_room else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if is_room:
            self.wfile.write(b"<!doctype html><title>Room</title><h1>Room</h1>")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen of the tests."""


@contextmanager
def open_room() -> Iterator[VideoRoom]:
    room = VideoRoom()
    Thread(target=room.serve_forever, daemon=True).start()
    try:
        yield room
    finally:
        room.shutdown()
        room.server_close()
