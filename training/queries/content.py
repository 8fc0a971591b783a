"""The content of sections in words: to be read, printed and compared."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES
from training.choices import Section
from training.section_texts import label_of, legend_of, option_label, words_of
from training.sections import Field, Kind, fields_of

LANGUAGE_NAMES = dict(PARTNER_LANGUAGES)
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Text:
    """`language` is empty for what is the same in all."""

    language: str
    text: str

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES.get(self.language, self.language)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    texts: list[Text]


@dataclass(frozen=True, slots=True)
class Block:
    """What belongs together: one question, or one place with its heading."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same: its words as (kind, text), kind "same", "gone" or "new". `pieces`: the same
    where it is in several languages, as (language, words)."""

    label: str
    language: str
    parts: list[tuple[str, str]]
    pieces: tuple[tuple[str, list[tuple[str, str]]], ...] = ()

    @property
    def runs(self) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
        return self.pieces or (("", self.parts),)

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES.get(self.language, "")


def blocks_of(section: Section, stored: Mapping[str, Any], languages: Iterable[str]) -> list[Block]:
    """What was filled in, in the order of the form, in these languages."""
    languages = list(languages)
    filled = [field for field in fields_of(section) if field.name in stored]
    made = []
    for (group, place), fields in groupby(filled, key=lambda field: (field.words[0], field.place)):
        heading = "" if place is None else legend_of(section, group, place)
        lines = [
            Line(str(words_of(section, *field.words)["label"]), _texts(section, field, stored, languages))
            for field in fields
        ]
        lines = [line for line in lines if line.texts]
        if lines:
            made.append(Block(heading, lines))
    return made


def _texts(section: Section, field: Field, stored: Mapping[str, Any], languages: list[str]) -> list[Text]:
    if field.is_shared:
        return [Text("", in_words(section, field, stored[field.name]))]
    texts = stored[field.name]
    return [Text(code, texts[code]) for code in languages if texts.get(code)]


def in_words(section: Section, field: Field, value: Any) -> str:
    """A shared value as it is read."""
    if value in (None, ""):
        return ""
    if field.kind == Kind.DATE:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if field.kind == Kind.CHOICE:
        return option_label(section, field, value)
    return localize(value) if field.kind == Kind.NUMBER else str(value)


def differences(
    section: Section, before: Mapping[str, Any], after: Mapping[str, Any], languages: Iterable[str]
) -> list[Difference]:
    """Every field, and every language of it, in which the two are not the same."""
    found = []
    for field in fields_of(section):
        label = label_of(section, field)
        for language in ("",) if field.is_shared else tuple(languages):
            old, new = (_plain(section, field, stored, language) for stored in (before, after))
            if old != new:
                found.append(Difference(label, language, word_by_word(old, new)))
    return found


def _plain(section: Section, field: Field, stored: Mapping[str, Any], language: str) -> str:
    value = stored.get(field.name)
    if field.is_shared:
        return in_words(section, field, value)
    return str((value or {}).get(language, ""))


def word_by_word(old: str, new: str) -> list[tuple[str, str]]:
    """What stayed, what went and what came, word by word."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    parts: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(("same", "".join(before[a:b])))
            continue
        if a < b:
            parts.append(("gone", "".join(before[a:b])))
        if c < d:
            parts.append(("new", "".join(after[c:d])))
    return parts


def measure_differences(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], owners: Mapping[int, str]
) -> list[Difference]:
    """The same for the measures of two versions, each in one sentence and in the languages it has."""
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    found = []
    for number in sorted(old.keys() | new.keys()):
        both = [measure_words(rows[number], owners) if number in rows else [] for rows in (old, new)]
        if both[0] != both[1]:
            pieces = _pieces(*both)
            parts = [part for _language, words in pieces for part in words]
            found.append(Difference(_("Measure"), "", parts, pieces))
    return found


def _pieces(old: list[Text], new: list[Text]) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    """Language by language; what is in none, the person and the day, comes last."""
    before, after = ({text.language: text.text for text in texts} for texts in (old, new))
    languages = sorted(dict.fromkeys([*before, *after]), key=lambda one: one == "")
    return tuple((one, word_by_word(before.get(one, ""), after.get(one, ""))) for one in languages)


def measure_sentence(row: Mapping[str, Any], owners: Mapping[int, str]) -> str:
    return "".join(text.text for text in measure_words(row, owners))


def measure_words(row: Mapping[str, Any], owners: Mapping[int, str]) -> list[Text]:
    """A measure in one sentence: its title in each language, then in the reader's own who and by when."""
    titles = [(code, text) for code, text in row["titles"].items() if text]
    day = date_format(date.fromisoformat(row["due_on"]), "DATE_FORMAT")
    who = owners.get(row["owner"], row["who"]) if row["owner"] else row["who"]
    rest = ", ".join(part for part in (who, _("by %(day)s") % {"day": day}) if part)
    said = [Text(code, text if at == 0 else f" / {text}") for at, (code, text) in enumerate(titles)]
    return [*said, Text("", f", {rest}" if said else rest)]
