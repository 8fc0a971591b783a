"""The way into a session's room, made anew for each visitor and each click; kept, shown and mailed nowhere.

And what the room has recorded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from webinars import rooms
from webinars.models import Session
from webinars.texts import text_in

log = structlog.get_logger(__name__)


def origin_of(session: Session) -> str:
    """Of the room's server, for the page's policy; empty while there is a problem, which the button will tell."""
    try:
        return rooms.provider(session.room).origin(_room(session))
    except rooms.RoomProblem:
        return ""


def way_in(session: Session, *, who: str, name: str, is_host: bool, now: datetime) -> str:
    """The address for this visitor. `who` tells visitors apart. Raises rooms.RoomProblem, which is in the log then."""
    language = get_language() or settings.LANGUAGE_CODE
    key = salted_hmac("webinars.doors", f"{session.pk}:{who}").hexdigest()[:24]
    visitor = rooms.Visitor(key=key, name=name, is_host=is_host, language=language)
    with _noted(session):
        return rooms.provider(session.room).join_url(_room(session), visitor, now=now)


def recordings_of(session: Session) -> list[rooms.Recording]:
    """What the room's server says can be watched, oldest first. Raises rooms.RoomProblem, which is in the log then."""
    with _noted(session):
        return rooms.provider(session.room).recordings(_room(session))


@contextmanager
def _noted(session: Session) -> Iterator[None]:
    try:
        yield
    except rooms.RoomProblem as problem:
        log.warning(
            "room_problem",
            session=session.pk,
            room=session.room,
            kind=type(problem).__name__,
            reason=problem.reason,
        )
        raise


def _room(session: Session) -> rooms.Room:
    language = next((code for code in session.languages if code in dict(settings.LANGUAGES)), "en")
    try:
        return rooms.Room(
            key=session.room_key,
            name=text_in(session, "title", language).words,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            link=session.room_link,
            language=language,
            is_recorded=session.is_recorded,
            recording_url=_recording_url(session),
        )
    except ValueError:
        # Sessions get a key when they are published; a row without was written past the actions.
        raise rooms.RoomNotSetUp("key") from None


def _recording_url(session: Session) -> str:
    """Where the server of a BigBlueButton room tells that a recording can be watched."""
    is_told = session.room == Session.RoomKind.BBB and session.is_recorded
    return settings.SITE_URL + reverse("webinars:bbb_recording") if is_told else ""
