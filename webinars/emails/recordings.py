"""What hosts are told by the room."""

from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice
from webinars.emails.examples import example_session
from webinars.models import Session
from webinars.permissions import can_edit
from webinars.texts import text_in


class RecordingReady(Kind):
    """To the hosts: look at it, add the transcript, publish it. `once` is the key of the recording."""

    name = "recording_ready"
    title = _("the recording of a session of yours is ready")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        session = notice.about
        is_open = isinstance(session, Session) and session.recording_published_at is None
        return is_open and can_edit(notice.recipient, cast(Session, session))

    def context(self, notice: Notice) -> dict[str, Any]:
        session, reader = cast(Session, notice.about), notice.recipient
        return {"session": session, "title": text_in(session, "title", reader.language if reader else "de")}

    def path(self, notice: Notice) -> str:
        return reverse("webinars:recording", args=[cast(Session, notice.about).slug])

    def example(self, *, language: str, now: datetime) -> Notice:
        session = example_session(now=now)
        reader = invented_person(language)
        session.hosts.create(person=reader)
        return queued(RecordingReady, to=reader, about=session, now=now)
