"""BigBlueButton (its docs/development/api.md): signed calls, a room made before every click, recordings."""

import hashlib
import hmac
import re
from datetime import datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

import jwt
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from webinars.rooms import addresses, exchange
from webinars.rooms.base import Provider, Recording, Room, RoomNotSetUp, RoomRefused, Visitor
from webinars.rooms.bbb_recordings import read_recordings
from webinars.rooms.names import short_name

CHECKSUMS = ("sha256", "sha512", "sha384", "sha1")
PAGE = 25
MOST_PAGES = 20
_ID = re.compile(r"[A-Za-z0-9_-]{2,256}")
_MESSAGE_KEY = re.compile(r"[A-Za-z]{1,50}")
# Its client is translated into these of ours; for others it should go by the browser.
_LANGUAGES = {"de", "en", "bg", "cs", "hr", "hu", "ro", "sk", "sl", "sr", "uk"}


class BigBlueButton(Provider):
    name = "bbb"
    title = _("BigBlueButton")

    def is_set_up(self) -> bool:
        try:
            _server()
        except RoomNotSetUp:
            return False
        return True

    def origin(self, room: Room) -> str:
        return addresses.origin(_server())

    def join_url(self, room: Room, visitor: Visitor, *, now: datetime) -> str:
        """The server forgets empty rooms, so the room is made first, each time; `createTime` voids old links."""
        create_time = _create(room)
        values = {
            "fullName": short_name(visitor.name),
            "meetingID": room.key,
            "role": "MODERATOR" if visitor.is_host else "VIEWER",
            "userID": visitor.key,
            "createTime": create_time,
        }
        language = visitor.language.partition("-")[0]
        if language in _LANGUAGES:
            values["userdata-bbb_override_default_locale"] = language
        return call_url("join", values)

    def recordings(self, room: Room) -> list[Recording]:
        """Page by page. Servers before 2.6 know no pages and send everything each time: nothing new ends it."""
        found: dict[str, Recording] = {}
        seen: set[str] = set()
        for page in range(MOST_PAGES):
            keys, recordings = read_recordings(_recordings_page(room, page), room.key)
            found |= {recording.key: recording for recording in recordings}
            if len(keys) < PAGE or seen.issuperset(keys):
                break
            seen |= set(keys)
        return sorted(found.values(), key=lambda recording: (recording.starts_at, recording.key))


def checksum(call: str, query: str) -> str:
    digest = hashlib.new(settings.BBB_CHECKSUM)
    digest.update(f"{call}{query}{settings.BBB_SECRET}".encode())
    return digest.hexdigest()


def call_url(call: str, values: dict[str, str]) -> str:
    """The checksum is over the text of the query, so it is written once and only the checksum is added."""
    query = urlencode(values)
    return f"{_server()}/api/{call}?{query}&checksum={checksum(call, query)}"


def read_recording_ready(signed_parameters: str) -> tuple[str, str]:
    """(key of the room, key of the recording) out of the server's callback, which it signed with our secret."""
    _server()
    try:
        claims = jwt.decode(signed_parameters[:10_000], settings.BBB_SECRET, algorithms=["HS256"])
    except (jwt.InvalidTokenError, UnicodeError):
        raise RoomRefused("signature") from None
    meeting_id, record_id = claims.get("meeting_id"), claims.get("record_id")
    if not (isinstance(meeting_id, str) and isinstance(record_id, str)):
        raise RoomRefused("claims")
    if not (_ID.fullmatch(meeting_id) and _ID.fullmatch(record_id)):
        raise RoomRefused("claims")
    return meeting_id, record_id


def _create(room: Room) -> str:
    """`createTime` of the room, made now or standing already.

    The two passwords let nobody in by themselves (we sign roles), but servers older than 2.7 take a second call for the
    same room only with the same ones (their issue 16690); so they are drawn from the secret and not left out.
    """
    values = {
        "name": short_name(room.name),
        "meetingID": room.key,
        "record": "true" if room.is_recorded else "false",
        "attendeePW": _password(room, "attendee"),
        "moderatorPW": _password(room, "moderator"),
    }
    if room.ended_url:
        values["meta_endCallbackUrl"] = room.ended_url
    if room.recording_url:
        values["meta_bbb-recording-ready-url"] = room.recording_url
    answer = _call("create", values)
    create_time = (answer.findtext("createTime") or "").strip()
    if (answer.findtext("meetingID") or "").strip() != room.key:
        raise RoomRefused("other-meeting")
    if not re.fullmatch(r"[0-9]{1,18}", create_time):
        raise RoomRefused("create-time")
    return create_time


def _recordings_page(room: Room, page: int) -> Element:
    values = {"meetingID": room.key, "state": "published", "offset": str(page * PAGE), "limit": str(PAGE)}
    return _call("getRecordings", values)


def _call(call: str, values: dict[str, str]) -> Element:
    answer = exchange.get(call_url(call, values))
    if 300 <= answer.status < 400:
        raise RoomRefused("redirect")
    if answer.status != 200:
        raise RoomRefused(f"status-{answer.status}")
    try:
        root: Element = fromstring(answer.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise RoomRefused("not-xml") from None
    code = (root.findtext("returncode") or "").strip()
    if root.tag != "response" or code not in {"SUCCESS", "FAILED"}:
        raise RoomRefused("not-an-answer")
    if code == "FAILED":
        key = (root.findtext("messageKey") or "").strip()
        raise RoomRefused(key if _MESSAGE_KEY.fullmatch(key) else "failed")
    return root


def _password(room: Room, role: str) -> str:
    return hmac.new(settings.BBB_SECRET.encode(), f"{role}:{room.key}".encode(), "sha256").hexdigest()[:32]


def _server() -> str:
    """Up to and without /api: `bbb-conf --secret` prints the address with a slash at its end, some add the rest."""
    if not (settings.BBB_URL and settings.BBB_SECRET):
        raise RoomNotSetUp("settings")
    if settings.BBB_CHECKSUM not in CHECKSUMS:
        raise RoomNotSetUp("checksum")
    try:
        return addresses.server(settings.BBB_URL).removesuffix("/api")
    except ValueError:
        raise RoomNotSetUp("address") from None
