"""The history of an entry in words: who changed what, from what to what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES, SPOKEN_LANGUAGES
from directory.models import Organisation
from partnerships.models import Actor, Change, ChangeQuerySet, ChronicleEntry, Partnership
from partnerships.names import kind_name, status_name
from partnerships.queries.lists import Labels


@dataclass(frozen=True, slots=True)
class Line:
    """One column that was changed. `before` is empty where nothing stood."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    what: str
    who: str
    at: datetime
    lines: list[Line]
    note: str


def changes_of(changes: ChangeQuerySet) -> ChangeQuerySet:
    """With everything a row of the history names."""
    return changes.select_related("person", "side__municipality", "side__region")


def history_rows(changes: Sequence[Change], words: Labels) -> list[HistoryRow]:
    return [
        HistoryRow(
            what=capfirst(str(change.get_what_display())),
            who=who(change),
            at=change.at,
            lines=lines_of(change, words),
            note=change.note,
        )
        for change in changes
    ]


def who(change: Change) -> str:
    """A person, "the office", a side that answered by a link, or the clock."""
    if change.is_office:
        name = change.person.shown_name if change.person else ""
        return _("the office (%(name)s)") % {"name": name} if name else _("the office")
    if change.person:
        return change.person.shown_name
    if change.side:
        return _("the side %(name)s") % {"name": change.side.name}
    # An erased person leaves no name behind; only the yearly question is asked by the clock.
    return _("automatically") if change.what == Change.What.ASKED else _("Former member")


def lines_of(change: Change, words: Labels) -> list[Line]:
    """Columns in the order they were written; what is new, then what is gone."""
    names = list(dict.fromkeys((*change.after, *change.before)))
    lines = [
        Line(
            label_of(name),
            in_words(name, change.before.get(name), words),
            in_words(name, change.after.get(name), words),
        )
        for name in names
    ]
    return [line for line in lines if line.before or line.after]


def label_of(name: str) -> str:
    labels = {"sides": _("who belongs to it"), "topics": _("topics"), "shape": _("shape")}
    if name in labels:
        return labels[name]
    column, _underscore, language = name.rpartition("_")
    if column in ("aims", "end_reason"):
        said = {"aims": _("aims"), "end_reason": _("reason of the end")}[column]
        return f"{said} ({get_language_info(language)['name_translated']})"
    of, _underscore, rest = name.partition("_")
    model, field = (_OTHER_MODELS[of], rest) if of in _OTHER_MODELS else (Partnership, name)
    try:
        return str(getattr(model._meta.get_field(field), "verbose_name", field))
    except FieldDoesNotExist:
        return name


def in_words(name: str, value: Any, words: Labels) -> str:
    if value in (None, "", []):
        return pgettext("kind of partnership", "not documented") if name == "kind" and value == "" else ""
    return _WORDS.get(name, _plain)(value, words)


def _plain(value: Any, words: Labels) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(value: Any, words: Labels) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return str(value)


def _languages(value: Any, words: Labels) -> str:
    spoken = {code: str(name) for code, name in SPOKEN_LANGUAGES}
    return ", ".join(spoken.get(code, code) for code in value)


def _choice(name: Callable[[str], str]) -> Callable[[Any, Labels], str]:
    def words_of(value: Any, words: Labels) -> str:
        try:
            return name(value)
        except ValueError:
            return str(value)

    return words_of


_WORDS: Mapping[str, Callable[[Any, Labels], str]] = {
    "kind": _choice(kind_name),
    "status": _choice(status_name),
    "shape": _choice(lambda value: str(Partnership.Shape(value).label)),
    "topics": lambda value, words: ", ".join(words.topics.get(code, code) for code in value),
    "languages": _languages,
    "sides": lambda value, words: " – ".join(value),
    "signed_on": _day,
    "council_decided_on": _day,
    "verified_on": _day,
    "entry_kind": _choice(lambda value: str(ChronicleEntry.Kind(value).label)),
    "entry_on": _day,
    "entry_until": _day,
    "entry_language": lambda value, words: dict(PARTNER_LANGUAGES).get(value, value),
    "actor_type": _choice(lambda value: str(Organisation.Type(value).label)),
}
_OTHER_MODELS: Mapping[str, type[Model]] = {"entry": ChronicleEntry, "actor": Actor}
"""What the names of their columns begin with in the history, see actions/chronicle.py."""
