"""Dates on somebody's desk: a seat to take, a door that is open, what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from portal.steps import Step
from webinars.choices import Seat, State
from webinars.facts import clock
from webinars.models import Registration, Session
from webinars.texts import text_in

MOST = 3
SOON = timedelta(days=14)


@dataclass(frozen=True)
class SessionSteps:
    urgent: list[Step]
    """Over by tomorrow: an offered seat, an open door."""
    coming: list[Step]
    """My sessions of the next two weeks, and those I lead."""


def session_steps(person: User, *, now: datetime) -> SessionSteps:
    rows = Registration.objects.visible_to(person).filter(person=person, session__state=State.PUBLISHED)
    soon = rows.filter(session__ends_at__gt=now, session__starts_at__lt=now + SOON)
    mine = list(soon.select_related("session").order_by("session__starts_at"))
    urgent = [step for row in mine if (step := _urgent(row, now))]
    seats = [row.session for row in mine if row.state == Seat.SEAT and not row.session.door_is_open(now)]
    coming = [
        _coming(session, _("You have a seat: %(when)s."), session.get_absolute_url())
        for session in seats[:MOST]
    ]
    return SessionSteps(urgent[:MOST], [*coming, *_led(person, now)])


def _urgent(row: Registration, now: datetime) -> Step | None:
    title = _title(row.session)
    if row.offer_is_open(now):
        return Step(
            _("A seat is offered to you: %(title)s") % {"title": title},
            _("Until %(until)s it is kept for you.") % {"until": _moment(row.offer_expires_at)},
            row.session.get_absolute_url(),
            _("Accept or decline"),
        )
    if row.state == Seat.SEAT and row.session.door_is_open(now):
        address = reverse("webinars:door", args=(row.session.slug,))
        return Step(title, _("The door to the room is open."), address, _("Go to the room"))
    return None


def _led(person: User, now: datetime) -> Iterator[Step]:
    led = Session.objects.filter(hosts__person=person, starts_at__lt=now + SOON).upcoming(now)
    for session in led.exclude(state=State.CANCELLED).order_by("starts_at")[:MOST]:
        yield _coming(session, _("You lead it: %(when)s."), reverse("webinars:desk", args=(session.slug,)))


def _coming(session: Session, words: str, url: str) -> Step:
    return Step(_title(session), words % {"when": _moment(session.starts_at)}, url, _("Open"))


def _moment(value: datetime | None) -> str:
    """On the reader's clock, which is named."""
    if value is None:
        return ""
    shown = clock(value, value, get_current_timezone_name())
    return _("%(weekday)s, %(day)s, %(begins)s in %(city)s (%(zone)s)") % {
        "weekday": shown.weekday,
        "day": shown.day,
        "begins": shown.begins,
        "city": shown.city,
        "zone": shown.zone,
    }


def _title(session: Session) -> str:
    return text_in(session, "title", get_language() or "de").words
