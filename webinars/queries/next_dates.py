"""The next sessions, for the start page: kept until a session changes, so it costs no query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from webinars import session_cache
from webinars.facts import Clock, clock, is_same_clock
from webinars.models import Session
from webinars.texts import Text, text_in

SHOWN = 3
KEPT = 12
"""More than are shown: they pass while they are kept."""


@dataclass(frozen=True, slots=True)
class NextDate:
    url: str
    title: Text
    format: str
    clock: Clock
    """The reader's."""
    their_clock: Clock | None
    """The session's, where it shows another time."""


def next_dates(*, language: str, now: datetime) -> list[NextDate]:
    """On the active clock. Sessions that have begun are gone."""
    kept = session_cache.remember("next", lambda: _read(now))
    own = timezone.get_current_timezone_name()
    return [_row(session, language, own) for session in kept if session.starts_at > now][:SHOWN]


def _read(now: datetime) -> Sequence[Session]:
    rows = Session.objects.listed(demo=settings.SHOW_DEMO).filter(state=Session.State.PUBLISHED)
    needed = ("slug", "title_de", "title_en", "format", "starts_at", "ends_at", "zone")
    return list(rows.upcoming(now).order_by("starts_at", "id").only(*needed)[:KEPT])


def _row(session: Session, language: str, own: str) -> NextDate:
    times = session.starts_at, session.ends_at
    same = is_same_clock(session.starts_at, session.zone, own)
    return NextDate(
        url=session.get_absolute_url(),
        title=text_in(session, "title", language),
        format=session.get_format_display(),
        clock=clock(*times, own),
        their_clock=None if same else clock(*times, session.zone),
    )
