from datetime import datetime, timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts.models import User
from core.links import new_nonce
from core.wall_time import moments_of, wall_of
from tests.factories.accounts import UserFactory
from webinars.choices import Format, RoomKind, Seat, State
from webinars.models import Host, Registration, Session


class SessionFactory(factory.django.DjangoModelFactory):
    """A published webinar for everybody, in a week; the wall time follows from `starts_at` and `zone`.

    `host=person` names who leads it; without, nobody does.
    """

    class Meta:
        model = Session
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"session-{number}")
    state = State.PUBLISHED
    title_de = factory.Sequence(lambda number: f"Termin {number}")
    title_en = factory.Sequence(lambda number: f"Session {number}")
    summary_de = "Wir proben gemeinsam einen Anruf über Grenzen hinweg."
    summary_en = "We practise a call across borders together."
    format = Format.ONLINE
    languages = factory.LazyFunction(lambda: ["en"])
    zone = "Europe/Berlin"
    minutes = 60
    starts_at = factory.LazyFunction(lambda: _full_minute(timezone.now() + timedelta(days=7)))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(minutes=session.minutes))
    day = factory.LazyAttribute(lambda session: wall_of(session.starts_at, session.zone).date())
    begins = factory.LazyAttribute(lambda session: wall_of(session.starts_at, session.zone).time())
    is_second_hour = factory.LazyAttribute(lambda session: _is_second_hour(session.starts_at, session.zone))
    room = RoomKind.LINK
    room_link = "https://room.invalid/secret"
    room_key = factory.LazyFunction(new_nonce)
    capacity = 20
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def host(self, create: bool, extracted: User | None, **kwargs: object) -> None:
        if extracted:
            HostFactory(session=self, person=extracted)


class HostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Host

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(UserFactory)
    position = factory.LazyAttribute(lambda host: host.session.hosts.count())


class RegistrationFactory(factory.django.DjangoModelFactory):
    """A member with a seat. The number is drawn from the session's counter, as actions do."""

    class Meta:
        model = Registration

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(UserFactory)
    state = Seat.SEAT
    number = factory.LazyAttribute(lambda row: _next_number(row.session))
    nonce = factory.LazyFunction(new_nonce)
    registered_at = factory.LazyFunction(timezone.now)
    seated_at = factory.LazyAttribute(lambda row: row.registered_at if row.state == Seat.SEAT else None)
    offer_expires_at = factory.LazyAttribute(
        lambda row: row.registered_at + timedelta(hours=48) if row.state == Seat.OFFERED else None
    )
    cancelled_at = factory.LazyAttribute(
        lambda row: row.registered_at if row.state == Seat.CANCELLED else None
    )


class GuestFactory(RegistrationFactory):
    """Somebody without account, in Ukraine, with a seat."""

    person = None
    name = factory.Sequence(lambda number: f"Guest {number}")
    email = factory.Sequence(lambda number: f"guest{number}@example.org")
    language = "uk"
    time_zone = "Europe/Kyiv"


def _full_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _is_second_hour(starts_at: datetime, zone: str) -> bool:
    moments = moments_of(wall_of(starts_at, zone), zone)
    return len(moments) == 2 and moments[-1] == starts_at


def _next_number(session: Any) -> int:
    number: int = session.next_number
    session.next_number = number + 1
    Session.objects.filter(pk=session.pk).update(next_number=number + 1)
    return number
