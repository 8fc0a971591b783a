"""The sessions of one person: registered for, and led."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from webinars.choices import ALIVE, Seat, State
from webinars.facts import Facts, facts_of
from webinars.models import CalendarFeed, Host, Registration, RegistrationQuerySet, Session, SessionQuerySet
from webinars.permissions import feedback_is_open
from webinars.queries.states import own_in_words

PAST_SHOWN = 50
FEED_REACHES_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Own:
    """One line of "My sessions"."""

    session: Session
    facts: Facts
    state: str
    """How it stands with the session, where it does not simply take place."""
    seat: str
    is_host: bool
    door_is_open: bool
    offer_is_open: bool
    may_give_feedback: bool


@dataclass(frozen=True, slots=True)
class OwnSessions:
    upcoming: list[Own]
    past: list[Own]


def own_sessions(person: User, *, now: datetime) -> OwnSessions:
    """Five queries, however many there are."""
    hosted = set(Host.objects.filter(person=person).values_list("session", flat=True))
    registrations = {row.session_id: row for row in registrations_of(person)}
    rows = Session.objects.visible_to(person).filter(pk__in=hosted | set(registrations))
    read = rows.select_related("organisation", "municipality").prefetch_related("hosts__person")
    upcoming = [_own(one, registrations.get(one.pk), hosted, now) for one in read.upcoming(now)]
    past = read.past(now).order_by("-starts_at", "-pk")[:PAST_SHOWN]
    return OwnSessions(upcoming, [_own(one, registrations.get(one.pk), hosted, now) for one in past])


def registrations_of(person: User) -> RegistrationQuerySet:
    return Registration.objects.visible_to(person).filter(person=person, state__in=ALIVE)


def feed_of(person: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person).first()


def for_feed(person: User, *, now: datetime) -> tuple[RegistrationQuerySet, SessionQuerySet]:
    """What a person's calendar shows: registrations with a seat, and sessions the person leads."""
    since = now - FEED_REACHES_BACK
    seats = registrations_of(person).filter(
        state=Seat.SEAT, session__ends_at__gt=since, session__in=Session.objects.visible_to(person)
    )
    seats = seats.select_related("session__organisation", "session__municipality", "person")
    hosted = Session.objects.visible_to(person).exclude(state=State.DRAFT).filter(ends_at__gt=since)
    hosted = hosted.filter(hosts__person=person).exclude(pk__in=seats.values("session"))
    return (
        seats.prefetch_related("session__hosts__person").order_by("session__starts_at"),
        hosted.select_related("organisation", "municipality").prefetch_related("hosts__person"),
    )


def _own(session: Session, registration: Registration | None, hosted: set[int], now: datetime) -> Own:
    state = session.shown_state(now)
    if registration:
        # Read with the session already.
        registration.session = session
    return Own(
        session=session,
        facts=facts_of(session),
        state="" if state == state.PLANNED else str(state.label),
        seat=own_in_words(registration.state) if registration else "",
        is_host=session.pk in hosted,
        door_is_open=session.door_is_open(now)
        and (session.pk in hosted or (registration is not None and registration.state == Seat.SEAT)),
        offer_is_open=registration is not None and registration.offer_is_open(now),
        may_give_feedback=registration is not None
        and registration.feedback_at is None
        and feedback_is_open(registration, now=now),
    )
