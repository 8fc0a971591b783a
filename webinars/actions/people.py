"""Who stands behind a registration: a member, or a guest who may be the same person."""

from collections.abc import Iterable

from accounts.models import User
from notifications.outbox import Guest, Reader
from webinars.choices import Seat
from webinars.models import Needs, Registration, Session

_ORDER = [Seat.SEAT, Seat.OFFERED, Seat.WAITING, Seat.ASKED, Seat.CANCELLED]


def reader_of(row: Registration) -> Reader:
    return row.person or Guest(row.email, row.language, row.time_zone)


def readers_among(rows: Iterable[Registration]) -> list[tuple[Reader, Registration]]:
    """Rows of people who were erased or forgotten stay for the count; nobody is there to be told."""
    return [(reader_of(row), row) for row in rows if row.person_id or row.email]


def account_of(email: str) -> User | None:
    """Of whom the address certainly is: an account nobody has confirmed is deleted with all that hangs on it."""
    people = User.objects.filter(email__iexact=email, is_active=True)
    return people.filter(emailaddress__verified=True, emailaddress__email__iexact=email).first()


def guest_row(session: Session, email: str) -> Registration | None:
    return session.registrations.filter(person=None, email__iexact=email).first() if email else None


def unite(guest: Registration, own: Registration | None, person: User) -> Registration:
    """Two rows of one person in one session: the better one stays, as the person's. `session` is locked."""
    keeps_own = own is not None and _rank(own) <= _rank(guest)
    kept, other = (own, guest) if own and keeps_own else (guest, own)
    if other:
        if not Needs.objects.filter(registration=kept).exists():
            Needs.objects.filter(registration=other).update(registration=kept)
        other.delete()
    if kept is guest:
        guest.person, guest.name, guest.email, guest.language, guest.time_zone = person, "", "", "", ""
        guest.save()
    return kept


def _rank(row: Registration) -> tuple[int, bool, int]:
    """The better one is the smaller one: a certificate is lost with a row that says who was there."""
    return _ORDER.index(Seat(row.state)), row.attended_at is None, row.number
