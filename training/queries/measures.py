"""Measures as a page shows them, and texts that are there in some of the languages only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from accounts.languages import PARTNER_LANGUAGES
from accounts.models import User
from training.choices import MeasureState
from training.models import Measure, Strategy
from training.queries.team import team_of

LANGUAGE_NAMES = dict(PARTNER_LANGUAGES)


@dataclass(frozen=True, slots=True)
class Told:
    """A text with its language; `is_other` when it is not the one that was asked for."""

    text: str
    language: str
    is_other: bool

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES.get(self.language, self.language)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    measure: Measure
    title: Told
    who: str
    is_late: bool
    is_mine: bool


def title_in(titles: Mapping[str, str], languages: Iterable[str], wanted: str = "") -> Told:
    """In the wanted language (without one, the reader's), else in the first there is."""
    wanted = wanted or (get_language() or "de")
    for code in (wanted, *languages, *titles):
        if titles.get(code):
            return Told(titles[code], code, code != wanted)
    return Told("", wanted, is_other=False)


def measures_of(strategy: Strategy, person: User, *, today: date) -> list[MeasureRow]:
    """What is to be done first, then what is settled. One query."""
    rows = strategy.measures.select_related("owner")
    shown = [
        MeasureRow(
            measure=row,
            title=title_in(row.titles, strategy.languages),
            who=row.owner.shown_name if row.owner else row.who,
            is_late=row.state in (MeasureState.OPEN, MeasureState.BEGUN) and row.due_on < today,
            is_mine=row.owner_id == person.pk,
        )
        for row in rows
    ]
    settled = (MeasureState.DONE, MeasureState.DROPPED)
    return sorted(shown, key=lambda one: one.measure.state in settled)


def owners_of(strategy: Strategy) -> list[tuple[int, str]]:
    return [(person.pk, person.shown_name) for person in team_of(strategy)]
