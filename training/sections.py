"""What the eleven sections of a strategy ask: the same fields in every language, their words in section_texts.py.

A section is a flat list of named fields. Where something may be said several times (aims, tasks, dates) there is a
fixed number of places, `aim_1_what` … `aim_5_what`: so a draft, a conflict and a comparison speak of one field each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from training.choices import Section


class Kind(StrEnum):
    TEXT = "text"  # several lines, in each language of the strategy
    LINE = "line"  # one line, in each language
    NAME = "name"  # one line, the same in every language: people, tools, programmes
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


IN_EACH_LANGUAGE = frozenset({Kind.TEXT, Kind.LINE})
LONGEST_TEXT, LONGEST_LINE, LARGEST_NUMBER = 4000, 200, 10_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `options` are the codes of a choice."""

    name: str
    kind: Kind
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The same questions `number` times."""

    name: str
    number: int
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A question in its place. `words` leads to its texts: ("history",) or ("aim", "what")."""

    name: str
    kind: Kind
    words: tuple[str, ...]
    options: tuple[str, ...] = ()
    place: int | None = None

    @property
    def is_shared(self) -> bool:
        return self.kind not in IN_EACH_LANGUAGE


WHERE = ("here", "there", "both")
FORMAT = ("online", "onsite", "mixed")
FUNDING = ("idea", "asked", "granted")


def _text(name: str) -> Ask:
    return Ask(name, Kind.TEXT)


def _line(name: str) -> Ask:
    return Ask(name, Kind.LINE)


def _name(name: str) -> Ask:
    return Ask(name, Kind.NAME)


LAYOUT: dict[Section, tuple[Ask | Places, ...]] = {
    Section.STATE: (
        _text("history"),
        _text("actors"),
        _text("strengths"),
        _text("asleep"),
        Ask("last_contact", Kind.DATE),
        _text("today"),
    ),
    Section.PEOPLE: (
        Places(
            "group", 4, (_line("who"), Ask("where", Kind.CHOICE, WHERE), _text("wants"), _text("reached"))
        ),
    ),
    Section.AIMS: (
        Places("aim", 5, (_text("what"), _text("measured"), Ask("by", Kind.DATE))),
        _text("not_now"),
    ),
    Section.CHANNELS: (
        Places("channel", 5, (_name("tool"), _text("used_for"), _name("keeper"))),
        _text("why"),
    ),
    Section.ROLES: (
        Places(
            "role",
            6,
            (_line("task"), Ask("where", Kind.CHOICE, WHERE), _name("person"), _name("deputy")),
        ),
        _text("handover"),
    ),
    Section.CALENDAR: (
        Places(
            "date",
            8,
            (_line("what"), Ask("on", Kind.DATE), Ask("format", Kind.CHOICE, FORMAT), _name("host")),
        ),
        _text("rhythm"),
    ),
    Section.LANGUAGES: (_text("meetings"), _text("writing"), _text("translation"), _text("terms")),
    Section.RULES: (_text("accounts"), _text("pictures"), _text("data"), _text("tone")),
    Section.RESOURCES: (
        Ask("hours", Kind.NUMBER),
        Ask("money", Kind.NUMBER),
        _text("time"),
        _text("equipment"),
        _text("successors"),
    ),
    Section.FUNDING: (
        Places(
            "grant",
            4,
            (
                _line("what"),
                _name("programme"),
                Ask("euros", Kind.NUMBER),
                Ask("by", Kind.DATE),
                Ask("state", Kind.CHOICE, FUNDING),
            ),
        ),
        _text("own"),
    ),
    Section.MEASURES: (
        Places("figure", 5, (_line("what"), _name("now"), _name("aim"))),
        _text("hundred_days"),
        _text("looking_back"),
    ),
}

# Without one of these a section says too little to be read by a coach.
NEEDED: dict[Section, str] = {
    Section.STATE: "history",
    Section.PEOPLE: "group_1_who",
    Section.AIMS: "aim_1_what",
    Section.CHANNELS: "channel_1_tool",
    Section.ROLES: "role_1_task",
    Section.CALENDAR: "date_1_what",
    Section.LANGUAGES: "meetings",
    Section.RULES: "accounts",
    Section.RESOURCES: "time",
    Section.FUNDING: "own",
    Section.MEASURES: "hundred_days",
}


@cache
def fields_of(section: Section) -> tuple[Field, ...]:
    return tuple(_fields(section))


def _fields(section: Section) -> Iterator[Field]:
    for part in LAYOUT[section]:
        if isinstance(part, Ask):
            yield Field(part.name, part.kind, (part.name,), part.options)
            continue
        for place in range(1, part.number + 1):
            for ask in part.asks:
                name = f"{part.name}_{place}_{ask.name}"
                yield Field(name, ask.kind, (part.name, ask.name), ask.options, place)
