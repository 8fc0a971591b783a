"""What hosts see of their session: who comes, in figures and by name. Never an address."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES, ZONES
from core.folding import fold
from directory.models import Country
from webinars.choices import ALIVE, Seat
from webinars.models import Feedback, HostMail, Needs, Registration, RegistrationQuerySet, Session
from webinars.public_holidays import holidays_on

FEWEST_ANSWERS = 3
"""Of fewer one could guess who gave which."""
MARKS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class DeskRow:
    pk: int
    name: str
    organisation: str
    state: str
    word: str
    kind: str
    """Of the badge."""
    number: int
    language: str
    since: datetime
    attended_at: datetime | None
    needs: Sequence[tuple[str, str]]

    @property
    def has_seat(self) -> bool:
        return self.state == Seat.SEAT

    @property
    def is_alive(self) -> bool:
        """Whether there is something to cancel."""
        return self.state in ALIVE


@dataclass(frozen=True)
class Figures:
    seats: int
    offered: int
    waiting: int
    cancelled: int
    asked: int
    attended: int
    capacity: int | None

    @property
    def free(self) -> int | None:
        """None where there is no limit; never below zero, though a host may have lowered it."""
        return None if self.capacity is None else max(self.capacity - self.seats - self.offered, 0)

    def of(self, state: str) -> int:
        numbers = {
            Seat.SEAT: self.seats,
            Seat.OFFERED: self.offered,
            Seat.WAITING: self.waiting,
            Seat.CANCELLED: self.cancelled,
            Seat.ASKED: self.asked,
        }
        return numbers[Seat(state)]


@dataclass(frozen=True)
class Share:
    """One line of a small table: how many have a seat, and how many were there."""

    word: str
    seats: int
    attended: int


@dataclass(frozen=True)
class Question:
    """Of the feedback: the average, and how often each mark was given, the best first."""

    word: str
    average: float
    marks: Sequence[tuple[int, int]]


_KINDS = {Seat.SEAT: "success", Seat.OFFERED: "info", Seat.WAITING: "warning"}


def registrations_of(session: Session, reader: object, *, state: str = "") -> RegistrationQuerySet:
    rows = Registration.objects.visible_to(reader).filter(session=session)
    rows = rows.filter(state=state) if state else rows
    return rows.select_related("person", "organisation").order_by("number")


def figures(session: Session, reader: object) -> Figures:
    counts = _rows(session, reader).aggregate(
        seats=Count("pk", filter=Q(state=Seat.SEAT)),
        offered=Count("pk", filter=Q(state=Seat.OFFERED)),
        waiting=Count("pk", filter=Q(state=Seat.WAITING)),
        cancelled=Count("pk", filter=Q(state=Seat.CANCELLED)),
        asked=Count("pk", filter=Q(state=Seat.ASKED)),
        attended=Count("pk", filter=Q(attended_at__isnull=False)),
    )
    return Figures(**counts, capacity=session.capacity)


def shares_by_country(session: Session, reader: object) -> list[Share]:
    """By the country of whose clock a reader lives: nobody is asked for more."""
    words = {code: str(word) for code, word in ZONES}
    rows = _shares(_rows(session, reader).annotate(by=Coalesce("person__time_zone", "time_zone")))
    return [Share(words.get(zone, zone) or _not_given(), seats, came) for zone, seats, came in rows]


def shares_by_organisation(session: Session, reader: object) -> list[Share]:
    rows = _shares(_rows(session, reader).annotate(by=F("organisation__name")))
    return [Share(name or _not_given(), seats, came) for name, seats, came in rows]


def desk_rows(
    rows: Iterable[Registration], session: Session, reader: object, *, with_needs: bool
) -> list[DeskRow]:
    needs = _needs_of(session, reader) if with_needs else {}
    languages = dict(PARTNER_LANGUAGES)
    return [
        DeskRow(
            pk=row.pk,
            name=row.shown_name,
            organisation=row.organisation.name if row.organisation else "",
            state=row.state,
            word=row.get_state_display(),
            kind=_KINDS.get(Seat(row.state), "neutral"),
            number=row.number,
            language=languages.get(row.person.language if row.person else row.language, ""),
            since=row.registered_at,
            attended_at=row.attended_at,
            needs=needs.get(row.pk, ()),
        )
        for row in rows
    ]


def by_name(rows: Iterable[DeskRow], text: str = "") -> list[DeskRow]:
    """As people look for a name on a list; "Gyor" finds "Győr"."""
    found = [row for row in rows if fold(text) in fold(row.name)] if fold(text) else list(rows)
    return sorted(found, key=lambda row: (fold(row.name), row.number))


def export_headings() -> list[str]:
    return [
        _("Name"),
        _("Organisation"),
        pgettext("registration", "State"),
        _("Language"),
        _("Country"),
        _("Registered on"),
        pgettext("attendance", "Attended"),
    ]


def export_rows(session: Session, reader: object) -> Iterator[list[str]]:
    words = {code: str(word) for code, word in ZONES}
    languages = dict(PARTNER_LANGUAGES)
    for row in registrations_of(session, reader):
        zone = row.person.time_zone if row.person else row.time_zone
        language = row.person.language if row.person else row.language
        yield [
            row.shown_name,
            row.organisation.name if row.organisation else "",
            str(row.get_state_display()),
            languages.get(language, ""),
            words.get(zone, ""),
            _day(row.registered_at),
            _day(row.attended_at) if row.attended_at else "",
        ]


def mails_of(session: Session) -> QuerySet[HostMail]:
    return session.mails.select_related("sent_by")


def words_of_states(states: Iterable[str]) -> str:
    words = dict(Seat.choices)
    return ", ".join(str(words.get(state, state)) for state in states)


def word_for_all() -> str:
    return pgettext("registrations", "All")


def holiday_words(days: Iterable[date], countries: Sequence[str]) -> dict[date, list[str]]:
    """Public holidays of the invited countries on these days: a hint for who plans."""
    language = get_language() or "de"
    found = {day: holidays_on(day, countries, language=language) for day in days}
    codes = {one.country for holidays in found.values() for one in holidays}
    names = {country.pk: country.name for country in Country.objects.filter(pk__in=codes)} if codes else {}
    return {
        day: [f"{names.get(one.country, one.country)}: {one.name}" for one in holidays]
        for day, holidays in found.items()
    }


def holidays_of(session: Session, day: date | None = None) -> list[str]:
    """On the day of the session, or on another one it may be moved to."""
    day = day or session.day
    return holiday_words([day], session.countries)[day]


# --- feedback


def feedback_questions(session: Session) -> list[Question]:
    """Empty below FEWEST_ANSWERS."""
    names = {
        "useful": _("How useful was the session?"),
        "understandable": _("How well could you follow?"),
        "technology": _("How well did the technology work?"),
    }
    asked: dict[str, Any] = {f"{name}_average": Avg(name) for name in names}
    for name in names:
        asked |= {f"{name}_{mark}": Count("pk", filter=Q(**{name: mark})) for mark in MARKS}
    found = session.feedback.aggregate(number=Count("pk"), **asked)
    if found["number"] < FEWEST_ANSWERS:
        return []
    return [
        Question(
            word,
            float(found[f"{name}_average"]),
            [(mark, found[f"{name}_{mark}"]) for mark in reversed(MARKS)],
        )
        for name, word in names.items()
    ]


def feedback_texts(session: Session) -> list[str]:
    """In the order of the alphabet: the order in which they came would tell who wrote them."""
    return sorted(session.feedback.exclude(text="").values_list("text", flat=True))


def feedback_headings() -> list[str]:
    return [_("useful"), _("understandable"), _("technology"), _("what should be different")]


def feedback_rows(session: Session) -> Iterator[list[Any]]:
    rows: QuerySet[Feedback] = session.feedback.order_by("useful", "understandable", "technology", "text")
    for row in rows:
        yield [row.useful, row.understandable, row.technology, row.text]


# --- helpers


def _rows(session: Session, reader: object) -> RegistrationQuerySet:
    return Registration.objects.visible_to(reader).filter(session=session).order_by()


def _shares(rows: Any) -> list[tuple[str, int, int]]:
    """Of who has a seat; most first."""
    grouped = (
        rows.filter(state=Seat.SEAT)
        .values_list("by")
        .annotate(seats=Count("pk"), came=Count("pk", filter=Q(attended_at__isnull=False)))
    )
    return sorted(grouped, key=lambda row: (-row[1], row[0] or ""))


def _needs_of(session: Session, reader: object) -> dict[int, list[tuple[str, str]]]:
    """By registration. What was left empty is left out."""
    found = {}
    for row in Needs.objects.visible_to(reader).filter(registration__session=session):
        said = [
            (_("Food and drink"), row.diet),
            (_("Accessibility"), row.accessibility),
            (_("Interpretation"), row.interpretation),
        ]
        found[row.registration_id] = [(word, text) for word, text in said if text]
    return found


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


def _not_given() -> str:
    return pgettext("organisation or country", "not given")
