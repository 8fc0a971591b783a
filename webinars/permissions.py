"""Who may do what with a session and the people who come."""

from datetime import datetime, timedelta
from typing import Any

from directory.operating import OperatingRole
from webinars import choices
from webinars.models import Host, Invitation, Registration, Session

FEEDBACK_LASTS = timedelta(days=14)
LEADS = (OperatingRole.COACH, OperatingRole.COURSE_LEAD, OperatingRole.ADMINISTRATOR)


def can_view(person: object, session: Session) -> bool:
    """The same question as `Session.objects.visible_to(person)`."""
    if _is_office(person, "view_session") or is_host(person, session):
        return True
    if session.state == choices.State.DRAFT:
        return False
    if session.audience == choices.Audience.EVERYBODY:
        return True
    if not getattr(person, "is_authenticated", False):
        return False
    return session.audience == choices.Audience.MEMBERS or _is_expected(person, session)


def can_create(person: Any) -> bool:
    """Coaches and those who run courses lead sessions of their own; so does the office."""
    if not getattr(person, "is_authenticated", False):
        return False
    return _is_office(person, "add_session") or person.groups.filter(name__in=LEADS).exists()


def can_edit(person: object, session: Session) -> bool:
    """Its hosts, and those of the office who make sessions; editors change texts, in the admin only."""
    return is_host(person, session) or _is_office(person, "add_session")


def can_see_people(person: object, session: Session) -> bool:
    """The desk: names, needs, attendance."""
    return is_host(person, session) or _is_office(person, "view_registration")


def can_see_needs(person: object, session: Session) -> bool:
    """Food and accessibility are for those who prepare the session, not for the office as such."""
    return is_host(person, session)


def may_register(person: object, session: Session, *, now: datetime) -> bool:
    """Whether the window is open for this reader; seats are another question."""
    if not session.takes_registrations(now) or not can_view(person, session):
        return False
    if session.audience == choices.Audience.INVITED:
        return _is_expected(person, session)
    is_member = bool(getattr(person, "is_authenticated", False))
    return is_member or session.audience == choices.Audience.EVERYBODY


def can_enter(person: object, session: Session, *, now: datetime) -> bool:
    """Through the door to the room: hosts and people with a seat, from a quarter of an hour before."""
    if not session.door_is_open(now):
        return False
    number = getattr(person, "pk", None)
    if number is None:
        return False
    seats = Registration.objects.seated().filter(session=session, person=number)
    return is_host(person, session) or seats.exists()


def feedback_is_open(registration: Registration, *, now: datetime) -> bool:
    """Whether who had this seat may still answer: from the end of the session on."""
    session = registration.session
    is_time = session.ends_at <= now < session.ends_at + FEEDBACK_LASTS
    return is_time and session.state == choices.State.PUBLISHED and registration.state == choices.Seat.SEAT


def is_host(person: object, session: Session) -> bool:
    number = getattr(person, "pk", None)
    return number is not None and Host.objects.filter(session=session, person=number).exists()


def _is_expected(person: object, session: Session) -> bool:
    number = getattr(person, "pk", None)
    invited = Invitation.objects.filter(session=session, person=number)
    registered = Registration.objects.alive().filter(session=session, person=number)
    return invited.exists() or registered.exists()


def _is_office(person: Any, right: str) -> bool:
    return bool(getattr(person, "is_staff", False) and person.has_perm(f"webinars.{right}"))
