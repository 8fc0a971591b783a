"""Room servers that behave like the real ones, over HTTP on this machine, and some that misbehave."""

import hashlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from xml.sax.saxutils import escape

import jwt

BBB_SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
JITSI_SECRET = "a-secret-of-more-than-thirty-two-letters"
HUGE = 10_000_000
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]><response><returncode>&a9;</returncode></response>"
)


class FakeServer:
    """`mode` says how it misbehaves; "" is well. `asked` are the (path, values) of all calls, in order."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.mode = ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stopping = threading.Event()

    def answer(self, path: str, query: str) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError


class FakeBBB(FakeServer):
    """Checks the checksum, keeps meetings, and takes the second `create` of one only with the same passwords."""

    secret = BBB_SECRET

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.url = f"{self.address}/bigbluebutton/"
        self.meetings: dict[str, dict[str, str]] = {}
        self.joined: list[dict[str, str]] = []
        self.recordings: list[str] = []
        self.knows_pages = True

    def answer(self, path: str, query: str) -> tuple[int, dict[str, str], bytes]:
        call = path.removeprefix("/bigbluebutton/api/")
        values = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
        if self._checksum(call, query) != values.pop("checksum", ""):
            return _xml(_failed("checksumError"))
        if call == "create":
            return _xml(self._create(values))
        if call == "join":
            return self._join(values)
        if call == "getRecordings":
            return _xml(self._get_recordings(values))
        return _xml(_failed("unsupportedRequest"))

    def _checksum(self, call: str, query: str) -> str:
        given = query.rpartition("checksum=")[2]
        digest = {40: hashlib.sha1, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}.get(
            len(given)
        )
        signed = f"{call}{query.rpartition('&checksum=')[0]}{self.secret}"
        return digest(signed.encode()).hexdigest() if digest else "-"

    def _create(self, values: dict[str, str]) -> str:
        if not 2 <= len(values["name"].encode("utf-16-le")) // 2 <= 64 or not values["meetingID"].isascii():
            return _failed("validationError")
        known = self.meetings.get(values["meetingID"])
        if known and (known["attendeePW"], known["moderatorPW"]) != (
            values.get("attendeePW"),
            values.get("moderatorPW"),
        ):
            return _failed("idNotUnique")
        if known is None:
            known = values | {"createTime": str(1531155809613 + len(self.meetings))}
            self.meetings[values["meetingID"]] = known
        shown = {"meetingID": known["meetingID"], "createTime": known["createTime"]}
        return _success(shown | {"messageKey": "duplicateWarning" if known is not values else ""})

    def _join(self, values: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        meeting = self.meetings.get(values["meetingID"])
        if meeting is None:
            return _xml(_failed("invalidMeetingIdentifier"))
        if values["role"] not in {"MODERATOR", "VIEWER"} or not values["fullName"].strip():
            return _xml(_failed("validationError"))
        if values["createTime"] != meeting["createTime"]:
            return _xml(_failed("mismatchCreateTimeParam"))
        self.joined.append(values)
        return 302, {"Location": "/html5client/join?sessionToken=abc"}, b""

    def _get_recordings(self, values: dict[str, str]) -> str:
        start, limit = int(values["offset"]), int(values["limit"])
        page = self.recordings[start : start + limit] if self.knows_pages else self.recordings
        return _response(f"<returncode>SUCCESS</returncode><recordings>{''.join(page)}</recordings>")


class FakeJitsi(FakeServer):
    """Verifies the token when a room is opened, as its prosody does: audience, issuer, domain, room, time."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.subject = "127.0.0.1"
        self.now: datetime | None = None
        self.opened: list[dict[str, Any]] = []

    def answer(self, path: str, query: str) -> tuple[int, dict[str, str], bytes]:
        if path == "/":
            return 200, {"Content-Type": "text/html"}, b"<!doctype html><title>Jitsi Meet</title>"
        try:
            claims = self._read(dict(parse_qsl(query))["jwt"])
        except (KeyError, jwt.InvalidTokenError):
            return 401, {}, b""
        assert self.now is not None
        is_valid = claims["nbf"] <= self.now.timestamp() < claims["exp"]
        if not (is_valid and claims["room"] == path[1:].lower() and claims["sub"] == self.subject):
            return 403, {}, b""
        if not all(isinstance(value, str) for value in claims["context"]["user"].values()):
            return 500, {}, b""
        self.opened.append(claims)
        return 200, {}, b"<!doctype html><title>Room</title>"

    def _read(self, token: str) -> dict[str, Any]:
        times: Any = {"verify_exp": False, "verify_nbf": False}
        return jwt.decode(
            token, JITSI_SECRET, algorithms=["HS256"], audience="jitsi", issuer="vipad", options=times
        )


@contextmanager
def running(kind: type[FakeServer], context: ssl.SSLContext | None = None) -> Iterator[Any]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.fake = fake = kind(server.server_port)  # type: ignore[attr-defined]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        fake.address = fake.address.replace("http:", "https:")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """Nobody listens there: it was free a moment ago."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.server_close()
    return server.server_port


def recording_xml(key: str, room_key: str, **changes: str) -> str:
    """As in BigBlueButton's documentation, with two formats."""
    values = {
        "published": "true",
        "state": "published",
        "startTime": "1530278898111",
        "endTime": "1530281194326",
        "url": f"https://rooms.example/playback/presentation/2.3/{quote(key)}",
        "length": "33",
    } | changes
    return (
        f"<recording><recordID>{key}</recordID><meetingID>{room_key}</meetingID><name>Raum &amp; Zeit</name>"
        f"<published>{values['published']}</published><state>{values['state']}</state>"
        f"<startTime>{values['startTime']}</startTime><endTime>{values['endTime']}</endTime><playback>"
        f"<format><type>statistics</type><url>https://rooms.example/statistics/{key}</url></format>"
        f"<format><type>presentation</type><url>\n{escape(values['url'])}\n</url>"
        f"<length>{values['length']}</length></format></playback></recording>"
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are a part of these tests, and no news for the terminal."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        fake: FakeServer = self.server.fake  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        fake.asked.append((parts.path, dict(parse_qsl(parts.query))))
        if fake.mode == "slow":
            fake.stopping.wait(10)
            return
        if fake.mode == "drip":
            self._drip(fake, b"HTTP/1.0 200 OK\r\nX-Slow: ")
            return
        if fake.mode == "half":
            self._drip(fake, b"HTTP/1.0 200 OK\r\n\r\n<response><returncode>SUCCESS</returncode></response>")
            return
        misbehaved = _misbehaved(fake.mode)
        status, headers, body = misbehaved or fake.answer(parts.path, parts.query)
        self._send(status, headers, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def _drip(self, fake: FakeServer, begin: bytes) -> None:
        """A byte in time for every read, for eight seconds: only a limit for the whole ends it sooner."""
        try:
            self.wfile.write(begin)
            for _ in range(160):
                if fake.stopping.wait(0.05):
                    return
                self.wfile.write(b" ")
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _misbehaved(mode: str) -> tuple[int, dict[str, str], bytes] | None:
    if mode.startswith("status_"):
        return int(mode.removeprefix("status_")), {}, b""
    return {
        "html": _xml("<html><body>Welcome<br>to nginx</body></html>"),
        "other_xml": _xml("<rss><returncode>SUCCESS</returncode></rss>"),
        "no_code": _xml(_response("<meetingID>x</meetingID>")),
        "empty": _xml(""),
        "wrong_encoding": _xml("<?xml version='1.0' encoding='klingon'?><response/>"),
        "bomb": _xml(_BOMB),
        "dtd": _xml(
            '<!DOCTYPE response SYSTEM "https://elsewhere.example/x.dtd">'
            + _success({"meetingID": "mzPGQ-8wkT", "createTime": "1531155809613"})
        ),
        "huge": (200, {"Content-Type": "text/xml"}, b"<response>" + b" " * HUGE),
        "redirect": (302, {"Location": "https://elsewhere.example/bigbluebutton/api/create"}, b""),
        "redirect_here": (302, {"Location": "/welcome"}, b""),
        "checksum_error": _xml(_failed("checksumError")),
        "talkative": _xml(_failed(f"the secret is {BBB_SECRET}")),
        "other_meeting": _xml(_success({"meetingID": "another", "createTime": "1531155809613"})),
        "no_create_time": _xml(_success({"meetingID": "mzPGQ-8wkT"})),
        "odd_create_time": _xml(_success({"meetingID": "mzPGQ-8wkT", "createTime": "12&role=MODERATOR"})),
    }.get(mode)


def _xml(text: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/xml;charset=utf-8"}, text.encode()


def _response(inside: str) -> str:
    return f"<response>{inside}</response>"


def _success(values: dict[str, str]) -> str:
    inside = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in values.items())
    return _response(f"<returncode>SUCCESS</returncode>{inside}")


def _failed(key: str) -> str:
    return _response(f"<returncode>FAILED</returncode><messageKey>{key}</messageKey><message>No.</message>")
