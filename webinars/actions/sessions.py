"""The life of a session: created, changed, published, moved, cancelled, copied."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils.text import slugify

from accounts.models import User
from core.conflicts import check_version
from core.folding import fold
from core.links import new_nonce
from core.wall_time import NoSuchTime, days_before, is_twice, moment_of
from notifications.outbox import queue_each
from webinars import session_cache
from webinars.actions.people import readers_among
from webinars.actions.seats import fill_seats, locked
from webinars.choices import LeadUnit, Seat, State
from webinars.emails.invitations import SessionInvited
from webinars.emails.registrations import SessionCancelled, SessionChanged, SessionMoved
from webinars.models import Host, Invitation, ReminderPlan, Session
from webinars.texts import LANGUAGES, text_in

log = structlog.get_logger(__name__)

Facts = Mapping[str, Any]
"""Values by the names of the model's fields, texts with their language: "title_de". `topics` may be among them."""
DEFAULT_PLAN = ((7, LeadUnit.DAYS), (1, LeadUnit.DAYS), (1, LeadUnit.HOURS))
WALL_TIME = ("day", "begins", "minutes", "zone", "is_second_hour")
COPIED_NOT = (
    "id", "slug", "state", "starts_at", "ends_at", "day", "published_at", "moved_at", "moved_from", "cancelled_at",
    "cancel_reason", "cancel_reason_de", "cancel_reason_en", "sequence", "next_number", "recording_url", "transcript",
    "recording_published_at", "thanked_at", "room_key", "version", "created_by", "created_at", "changed_at",
    "opens_at", "closes_at", "is_second_hour",
)  # fmt: skip


class TimeIsTwice(ValueError):
    """Clocks are put back over this time: which of the two is meant must be said."""


class CapacityBelowTaken(Exception):
    """More people have a seat than there would be seats. Nobody is thrown out: it must be said on purpose."""

    def __init__(self, taken: int) -> None:
        self.taken = taken


class NotReady(Exception):
    """What is missing before a session can be published: names of fields."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = missing
        super().__init__(", ".join(missing))


class NotPlanned(Exception):
    """Only a published session that has not begun can be moved or cancelled."""


class InThePast(Exception):
    """A session is not moved to where it would be over: nobody could come."""


@transaction.atomic
def create_session(
    *,
    facts: Facts,
    by: User,
    now: datetime,
    hosts: Iterable[User] = (),
    plan: Iterable[tuple[int, str]] = DEFAULT_PLAN,
) -> Session:
    """A draft, led by `hosts`, or by who creates it. Raises NoSuchTime or TimeIsTwice."""
    session = Session(created_by=by, room_key=new_nonce())
    topics = _set(session, facts)
    _check_which_hour(session, facts)
    _set_moments(session)
    session.slug = _free_slug(session)
    session.save()
    session.topics.set(topics or [])
    set_hosts(session=session, hosts=list(hosts) or [by], by=by)
    for amount, unit in plan:
        ReminderPlan.objects.create(session=session, amount=amount, unit=unit)
    log.info("session_created", session=session.pk, by=by.pk)
    return session


@transaction.atomic
def edit_session(
    *,
    session: Session,
    facts: Facts,
    by: User,
    now: datetime,
    base_version: int | None = None,
    allow_over: bool = False,
) -> Session:
    """Change what is given. A changed time or place of a published session is told to everybody, once.

    Raises EditConflict, CapacityBelowTaken (unless `allow_over`), NoSuchTime, TimeIsTwice, InThePast.
    """
    row = locked(session)
    if base_version is not None:
        check_version(row, base_version)
    before, had_end, wall = row.starts_at, row.ends_at, (row.day, row.begins, row.zone)
    was_at = _place(row)
    topics = _set(row, facts)
    _check_capacity(row, allow_over=allow_over)
    if (row.day, row.begins, row.zone) != wall:
        _check_which_hour(row, facts)
    if any(name in facts for name in WALL_TIME):
        _set_moments(row)
    is_moved = row.state == State.PUBLISHED and (row.starts_at, row.ends_at) != (before, had_end)
    is_elsewhere = row.state == State.PUBLISHED and now < row.starts_at and _place(row) != was_at
    if is_moved:
        _note_move(row, before, now=now)
    elif is_elsewhere:
        row.sequence += 1
    row.version += 1
    row.save()
    if topics is not None:
        row.topics.set(topics)
    if is_moved:
        _tell_of_move(row, now=now)
    elif is_elsewhere:
        _tell_all(SessionChanged, row, now=now)
    fill_seats(row, now=now)
    session_cache.forget()
    log.info("session_changed", session=row.pk, by=by.pk, moved=is_moved)
    return row


@transaction.atomic
def move_session(
    *,
    session: Session,
    day: date,
    begins: time,
    minutes: int,
    by: User,
    now: datetime,
    is_second_hour: bool | None = None,
) -> Session:
    """To another time of the same zone. Everybody with a seat or on the list is told once, and reminded anew.

    Raises NotPlanned, NoSuchTime, TimeIsTwice, InThePast.
    """
    row = locked(session)
    if row.state != State.PUBLISHED or row.starts_at <= now:
        raise NotPlanned
    facts: dict[str, Any] = {
        "day": day,
        "begins": begins,
        "minutes": minutes,
        "is_second_hour": is_second_hour,
    }
    return edit_session(session=row, facts=facts, by=by, now=now)


@transaction.atomic
def publish_session(*, session: Session, by: User, now: datetime) -> Session:
    """From now on it is found, and takes registrations. Published twice it is published. Raises NotReady."""
    row = locked(session)
    if row.state != State.DRAFT:
        return row
    missing = missing_for_publication(row, now=now)
    if missing:
        raise NotReady(missing)
    row.state, row.published_at = State.PUBLISHED, now
    row.version += 1
    row.save()
    _tell_invited(row.invitations.select_related("person"), now=now)
    session_cache.forget()
    log.info("session_published", session=row.pk, by=by.pk)
    return row


def missing_for_publication(session: Session, *, now: datetime) -> list[str]:
    """Names of fields that must be filled first."""
    wanted = ["title_de", "summary_de", "languages"]
    wanted += ["room"] if session.is_online else []
    wanted += ["room_link"] if session.room == Session.RoomKind.LINK else []
    wanted += ["place_de"] if session.is_onsite else []
    missing = [name for name in wanted if not getattr(session, name)]
    return [*missing, "day"] if session.starts_at <= now else missing


@transaction.atomic
def cancel_session(
    *, session: Session, by: User, now: datetime, reason_de: str = "", reason_en: str = ""
) -> Session:
    """Everybody is told once; reminders that are outstanding drop themselves. Cancelled twice it is cancelled.

    Raises NotPlanned for a draft, and after the end.
    """
    row = locked(session)
    if row.state == State.CANCELLED:
        return row
    if row.state != State.PUBLISHED or row.ends_at <= now:
        raise NotPlanned
    row.state, row.cancelled_at = State.CANCELLED, now
    _set(row, {"cancel_reason_de": reason_de, "cancel_reason_en": reason_en})
    row.sequence += 1
    row.version += 1
    row.save()
    _tell_all(SessionCancelled, row, now=now)
    session_cache.forget()
    log.info("session_cancelled", session=row.pk, by=by.pk)
    return row


@transaction.atomic
def copy_session(*, session: Session, day: date, by: User, now: datetime) -> Session:
    """A draft with the same content, hosts and reminders on another day, at the same wall time; nobody is registered.

    An hour that comes twice there is the first of the two. Raises NoSuchTime.
    """
    names = [field.attname for field in Session._meta.concrete_fields]
    copy = Session(**{name: getattr(session, name) for name in names if name not in COPIED_NOT})
    copy.day, copy.created_by, copy.room_key = day, by, new_nonce()
    _set_moments(copy)
    # The window keeps its distance to the start, in days: nine o'clock stays nine o'clock.
    for name in ("opens_at", "closes_at"):
        moment, days = getattr(session, name), (session.day - day).days
        setattr(copy, name, moment and days_before(moment, session.zone, days))
    copy.slug = _free_slug(copy)
    copy.save()
    copy.topics.set(session.topics.all())
    for host in session.hosts.all():
        Host.objects.create(session=copy, person_id=host.person_id, position=host.position)
    for lead in session.plan.all():
        words = {f"text_{code}": getattr(lead, f"text_{code}") for code in LANGUAGES}
        ReminderPlan.objects.create(session=copy, amount=lead.amount, unit=lead.unit, **words)
    log.info("session_copied", session=session.pk, copy=copy.pk, by=by.pk)
    return copy


@transaction.atomic
def copy_series(*, session: Session, days: Iterable[date], by: User, now: datetime) -> list[Session]:
    """One copy a day, all or none."""
    return [copy_session(session=session, day=day, by=by, now=now) for day in days]


@transaction.atomic
def delete_draft(*, session: Session, by: User) -> None:
    """What was published is cancelled, not deleted: people have it in their calendars. Raises NotPlanned."""
    row = locked(session)
    if row.state != State.DRAFT:
        raise NotPlanned
    row.delete()
    session_cache.forget()
    log.info("session_deleted", session=session.pk, by=by.pk)


@transaction.atomic
def set_hosts(*, session: Session, hosts: Sequence[User], by: User) -> None:
    """These, in this order, and no others."""
    session.hosts.exclude(person__in=hosts).delete()
    for position, person in enumerate(hosts):
        Host.objects.update_or_create(session=session, person=person, defaults={"position": position})


@transaction.atomic
def set_plan(*, session: Session, plan: Sequence[Mapping[str, Any]], by: User) -> None:
    """Leads with `amount`, `unit`, and words of their own (`text_de`, `text_en`); no others."""
    kept = []
    for lead in plan:
        words = {name: lead.get(name, "") for name in ("text_de", "text_en")}
        row, _is_new = ReminderPlan.objects.update_or_create(
            session=session, amount=lead["amount"], unit=lead["unit"], defaults=words
        )
        kept.append(row.pk)
    session.plan.exclude(pk__in=kept).delete()


@transaction.atomic
def invite(*, session: Session, people: Iterable[User], by: User, now: datetime) -> None:
    """They see a session for invited people, and may register. Told at once, or when the session is published."""
    row = locked(session)
    known = set(row.invitations.values_list("person_id", flat=True))
    new = [person for person in dict.fromkeys(people) if person.pk not in known]
    made = Invitation.objects.bulk_create(
        Invitation(session=row, person=person, invited_at=now) for person in new
    )
    if row.state == State.PUBLISHED:
        _tell_invited(made, now=now)


def refresh_moments(*, now: datetime) -> int:
    """After new rules of a zone: the wall time people were told wins. The number of sessions whose moment changed."""
    return sum(_refresh(session) for session in Session.objects.filter(starts_at__gt=now))


@transaction.atomic
def _refresh(session: Session) -> bool:
    session = locked(session)
    before = session.starts_at
    try:
        _set_moments(session)
    except NoSuchTime:
        # A host must say when it is; until then it stays where it was.
        log.warning("session_at_no_such_time", session=session.pk)
        return False
    if session.starts_at == before:
        return False
    session.sequence += 1
    session.save(update_fields=("starts_at", "ends_at", "is_second_hour", "sequence"))
    return True


def _set(session: Session, facts: Facts) -> Iterable[Any] | None:
    """The topics, which are set after the row is saved; None where none are given."""
    for name, value in facts.items():
        if name != "topics" and not (name == "is_second_hour" and value is None):
            setattr(session, name, value)
    return facts.get("topics")


def _check_which_hour(session: Session, facts: Facts) -> None:
    wall = datetime.combine(session.day, session.begins)
    if facts.get("is_second_hour") is None and is_twice(wall, session.zone):
        raise TimeIsTwice


def _set_moments(session: Session) -> None:
    wall = datetime.combine(session.day, session.begins)
    if not is_twice(wall, session.zone):
        session.is_second_hour = False
    session.starts_at = moment_of(wall, session.zone, second=session.is_second_hour)
    session.ends_at = session.starts_at + timedelta(minutes=session.minutes)


def _place(session: Session) -> tuple[Any, ...]:
    """Where people go. Another room behind the same door is no other place."""
    places = [getattr(session, f"place_{code}") or "" for code in LANGUAGES]
    return (session.format, *places, session.address, session.municipality_id)


def _note_move(session: Session, before: datetime, *, now: datetime) -> None:
    if session.starts_at <= now and session.starts_at != before:
        raise InThePast
    session.moved_at, session.moved_from = now, before
    session.sequence += 1


def _tell_of_move(session: Session, *, now: datetime) -> None:
    # An offer is for a seat one can still take.
    session.registrations.filter(state=Seat.OFFERED, offer_expires_at__gt=session.starts_at).update(
        offer_expires_at=session.starts_at
    )
    _tell_all(SessionMoved, session, now=now)


def _tell_all(kind: type[SessionMoved | SessionCancelled], session: Session, *, now: datetime) -> None:
    rows = session.registrations.alive().select_related("person")
    queue_each(kind, readers_among(rows), now=now, once=str(session.sequence))


def _tell_invited(invitations: Iterable[Invitation], *, now: datetime) -> None:
    queue_each(SessionInvited, [(row.person, row) for row in invitations], now=now)


def _check_capacity(session: Session, *, allow_over: bool) -> None:
    if session.capacity is None or allow_over:
        return
    known = Session.objects.get(pk=session.pk).capacity
    taken = session.registrations.taken().count()
    if session.capacity < taken and session.capacity != known:
        raise CapacityBelowTaken(taken)


def _free_slug(session: Session) -> str:
    """From title and day: addresses are read out on the telephone."""
    title = text_in(session, "title", "en").words
    stem = f"{slugify(fold(title))[:90].strip('-') or 'session'}-{session.day:%Y-%m-%d}"
    with connection.cursor() as cursor:
        # Two who copy the same session at the same moment take turns.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"session {stem}"])
    slug, number = stem, 1
    while Session.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug
