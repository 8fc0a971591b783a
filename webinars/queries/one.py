"""One session with all that its page shows, and what the reader may do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from core.qr import qr_svg
from directory.models import Membership, Organisation
from webinars.choices import TAKEN, Audience, MaterialAccess, Seat, ShownState
from webinars.facts import Clock, Facts, clock, facts_of
from webinars.links import entrance_token
from webinars.models import (
    Certificate,
    Material,
    MaterialQuerySet,
    Needs,
    Registration,
    Session,
    SessionQuerySet,
)
from webinars.permissions import can_edit, can_see_people, feedback_is_open, may_register
from webinars.queries.states import Seats, seats_in_words

_KINDS = {
    ShownState.DRAFT: "warning",
    ShownState.PLANNED: "success",
    ShownState.MOVED: "warning",
    ShownState.RUNNING: "info",
    ShownState.CANCELLED: "danger",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a session says to one reader."""

    facts: Facts
    state: str
    state_kind: str
    seats: str
    topics: list[str]
    is_full: bool
    """Who registers now waits."""
    has_begun: bool
    is_for_members: bool
    """A visitor could register with an account."""
    own: Registration | None
    is_host: bool
    may_register: bool
    may_ask_as_guest: bool
    """A visitor who could register without an account."""
    sees_desk: bool
    door_opens: Clock | None
    """When, for who has a seat; None where there is no door."""
    door_is_open: bool
    door_is_over: bool
    materials: list[Material]
    shows_recording: bool
    may_give_feedback: bool
    may_have_certificate: bool
    check_in_code: str
    """An SVG; empty where nobody checks in."""


def session_rows(rows: SessionQuerySet) -> SessionQuerySet:
    """With what `facts_of` reads."""
    return rows.select_related("organisation", "municipality").prefetch_related("hosts__person")


def page_of(session: Session, person: Any, *, now: datetime) -> Page:
    """The caller knows that the reader may see it."""
    own = own_registration(session, person)
    is_host = any(host.person_id == person.pk for host in session.hosts.all()) if person.pk else False
    state, seats = session.shown_state(now), seats_of(session)
    may = may_register(person, session, now=now) and not own
    has_seat = is_host or (own is not None and own.state == Seat.SEAT)
    return Page(
        facts=facts_of(session),
        state=str(state.label),
        state_kind=_KINDS.get(state, "neutral"),
        seats=seats_in_words(seats, now) if state in _BEFORE else "",
        topics=[topic.name for topic in session.topics.all()],
        is_full=seats.free == 0,
        has_begun=now >= session.starts_at,
        is_for_members=not person.is_authenticated
        and session.audience == Audience.MEMBERS
        and session.takes_registrations(now),
        own=own,
        is_host=is_host,
        may_register=may and person.is_authenticated,
        may_ask_as_guest=may and not person.is_authenticated,
        sees_desk=bool(person.is_authenticated)
        and (can_edit(person, session) or can_see_people(person, session)),
        door_opens=door_clock(session) if has_seat and session.is_online and state in _BEFORE else None,
        door_is_open=has_seat and session.door_is_open(now),
        door_is_over=now >= session.ends_at,
        materials=list(materials_seen_by(session, person)),
        shows_recording=shows_recording(session, has_seat=has_seat),
        may_give_feedback=own is not None and own.feedback_at is None and feedback_is_open(own, now=now),
        may_have_certificate=may_have_certificate(own, now=now),
        check_in_code=check_in_code(own, now=now),
    )


_BEFORE = (ShownState.PLANNED, ShownState.MOVED, ShownState.RUNNING)


def own_registration(session: Session, person: Any) -> Registration | None:
    """Alive, or None."""
    if not person.is_authenticated:
        return None
    rows = Registration.objects.visible_to(person).alive().filter(session=session, person=person)
    row = rows.select_related("organisation").first()
    if row:
        row.session = session
    return row


def seats_of(session: Session) -> Seats:
    states = list(
        session.registrations.filter(state__in=(*TAKEN, Seat.WAITING)).values_list("state", flat=True)
        if session.capacity is not None
        else ()
    )
    return Seats(
        state=session.state,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        opens_at=session.opens_at,
        closes_at=session.closes_at,
        capacity=session.capacity,
        taken=sum(state in TAKEN for state in states),
        are_waiting=Seat.WAITING in states,
    )


def materials_seen_by(session: Session, person: object) -> MaterialQuerySet:
    return Material.objects.visible_to(person).filter(session=session)


def shows_recording(session: Session, *, has_seat: bool) -> bool:
    """Of a public session everybody's; of the others for who had a seat."""
    if session.recording_published_at is None:
        return False
    return has_seat or session.audience == Audience.EVERYBODY


def may_have_certificate(registration: Registration | None, *, now: datetime) -> bool:
    if registration is None or registration.attended_at is None:
        return False
    return registration.session.state == Session.State.PUBLISHED and now >= registration.session.ends_at


def check_in_code(registration: Registration | None, *, now: datetime) -> str:
    """For who comes to a place: the hosts' phones open the page that ticks this registration."""
    if registration is None or registration.state != Seat.SEAT:
        return ""
    session = registration.session
    if not session.is_onsite or session.state != Session.State.PUBLISHED or now >= session.ends_at:
        return ""
    address = reverse("webinars:scan", args=[session.slug, entrance_token(registration)])
    return mark_safe(qr_svg(settings.SITE_URL + address, title=_("Your code for the entrance")))  # noqa: S308 -- our own SVG


def door_clock(session: Session) -> Clock:
    """When the door opens, on the reader's clock, which is the active one."""
    opens = session.door_opens_at()
    return clock(opens, opens, timezone.get_current_timezone_name())


def organisations_of(person: User) -> list[Organisation]:
    """Those the person belongs to: for no other one may register."""
    rows = Membership.objects.visible_to(person).active().filter(person=person).select_related("organisation")
    return [row.organisation for row in rows.order_by("organisation__sort_key")]


def needs_of(registration: Registration) -> Needs | None:
    return Needs.objects.filter(registration=registration).first()


def certificate_of(registration: Registration) -> Certificate | None:
    return Certificate.objects.filter(registration=registration).first()


def materials_of_seat(registration: Registration) -> MaterialQuerySet:
    """By the link of a registration, without an account: for who has a seat, what is for people with one."""
    access = [MaterialAccess.EVERYBODY]
    if registration.state == Seat.SEAT:
        access.append(MaterialAccess.REGISTERED)
    return Material.objects.filter(session=registration.session, access__in=access)
