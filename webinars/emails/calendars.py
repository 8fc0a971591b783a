"""Calendar files of sessions. Their links lead to our pages; the address of a room is in none of them."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.calendar import Entry, Method, calendar_file
from webinars.choices import State
from webinars.facts import Facts, facts_of
from webinars.links import door_path, seat_path
from webinars.models import Registration, Session


def invitation_file(registration: Registration, *, method: Method, language: str, email: str) -> bytes:
    """For the mail to one reader: one UID for the registration's whole life, a SEQUENCE that only grows."""
    session = registration.session
    facts = facts_of(session, language=language)
    find = door_path if session.is_online and method == "REQUEST" else seat_path
    return calendar_file(
        [
            _entry(
                session,
                facts,
                uid=f"registration-{registration.pk}@{_host()}",
                sequence=registration.sequence,
                url=settings.SITE_URL + find(registration, language),
                language=language,
                attendee=(registration.shown_name, email),
                told_at=(registration.registered_at, registration.cancelled_at),
                is_cancelled=method == "CANCEL",
            )
        ],
        method=method,
    )


def session_file(session: Session, *, language: str) -> bytes:
    """One session for everybody, to save or to import."""
    return calendar_file([_public_entry(session, language)], method="PUBLISH")


def seat_file(registration: Registration, *, language: str) -> bytes:
    """To save by who has a seat: under the UID of the mails, so that the session stands in the calendar once."""
    return calendar_file([_own_entry(registration, language)], method="PUBLISH")


def public_feed(sessions: Iterable[Session], *, language: str) -> bytes:
    entries = [_public_entry(session, language) for session in sessions]
    return calendar_file(entries, method="PUBLISH", name=_("ViPaD: sessions"))


def own_feed(registrations: Iterable[Registration], hosted: Iterable[Session], *, language: str) -> bytes:
    """Sessions a person has a seat in, under the UID of the mails so that they stand in the calendar once; and those
    the person leads."""
    entries = [_own_entry(row, language) for row in registrations]
    entries += [_public_entry(session, language) for session in hosted]
    return calendar_file(entries, method="PUBLISH", name=_("ViPaD: my sessions"))


def _own_entry(registration: Registration, language: str) -> Entry:
    session = registration.session
    return _entry(
        session,
        facts_of(session, language=language),
        uid=f"registration-{registration.pk}@{_host()}",
        sequence=registration.sequence,
        url=settings.SITE_URL + session.get_absolute_url(),
        language=language,
        told_at=(registration.registered_at, registration.cancelled_at),
    )


def _public_entry(session: Session, language: str) -> Entry:
    return _entry(
        session,
        facts_of(session, language=language),
        uid=f"session-{session.pk}@{_host()}",
        sequence=session.sequence,
        url=settings.SITE_URL + session.get_absolute_url(),
        language=language,
    )


def _entry(
    session: Session,
    facts: Facts,
    *,
    uid: str,
    sequence: int,
    url: str,
    language: str,
    attendee: tuple[str, str] = ("", ""),
    told_at: tuple[datetime | None, ...] = (),
    is_cancelled: bool = False,
) -> Entry:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    parts = [facts.summary.words, facts.directions.words if facts.is_onsite else "", url]
    return Entry(
        uid=uid,
        sequence=sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        title=facts.title.words,
        text="\n\n".join(part for part in parts if part),
        place=", ".join(part for part in (facts.place.words, facts.address, facts.town) if part)
        if facts.is_onsite
        else _("Online"),
        url=url,
        organiser_name=facts.organiser or name or "ViPaD",
        organiser_email=address,
        language=language,
        # Also of a change nobody was told of, say another hall: at the same SEQUENCE the later stamp wins.
        changed_at=max(filter(None, (session.changed_at, session.moved_at, session.cancelled_at, *told_at))),
        attendee_name=attendee[0],
        attendee_email=attendee[1],
        is_cancelled=is_cancelled or session.state == State.CANCELLED,
    )


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "vipad"
