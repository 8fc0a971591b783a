"""What BigBlueButton says about recordings, and how much of it is believed."""

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from webinars.rooms import addresses
from webinars.rooms.base import Recording

# Best first. Others ("statistics", "notes") are no recordings to watch.
_FORMATS = ("video", "presentation", "screenshare", "podcast")
_KEY = re.compile(r"[A-Za-z0-9_-]{2,256}")


def read_recordings(answer: Element, room_key: str) -> tuple[list[str], list[Recording]]:
    """(keys of all on this page, the recordings of this room that people may watch).

    One that is unpublished, of another room or without an address to trust is left out; the others still come.
    """
    elements = answer.findall("recordings/recording")
    recordings = (_recording(element, room_key) for element in elements)
    return [_text(element, "recordID") for element in elements], [each for each in recordings if each]


def _recording(element: Element, room_key: str) -> Recording | None:
    key, url = _text(element, "recordID"), ""
    is_published = _text(element, "published") == "true" and _text(element, "state") in {"published", ""}
    if not (is_published and _KEY.fullmatch(key) and _text(element, "meetingID") == room_key):
        return None
    formats = {_text(each, "type"): each for each in element.findall("playback/format")}
    for kind in _FORMATS:
        if kind in formats and (url := _address(formats[kind])):
            break
    starts_at, ends_at = _moment(element, "startTime"), _moment(element, "endTime")
    if not url or starts_at is None:
        return None
    minutes = _number(formats[kind], "length")
    if not minutes and ends_at and ends_at > starts_at:
        minutes = round((ends_at - starts_at).total_seconds() / 60)
    return Recording(key=key, url=url, starts_at=starts_at, minutes=minutes)


def _address(playback: Element) -> str:
    try:
        return addresses.checked(_text(playback, "url"))
    except ValueError:
        return ""


def _moment(element: Element, tag: str) -> datetime | None:
    """Milliseconds since 1970; nine thousand years ahead is no date."""
    milliseconds = _number(element, tag)
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if 0 < milliseconds < 10**14 else None


def _number(element: Element, tag: str) -> int:
    text = _text(element, tag)
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0


def _text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()
