"""The content of a section: stored as JSON, shown and compared in one language at a time.

Stored is {field: {language: text}} for what each language has of its own, and {field: value} for what is the same in
all: a date as "2027-05-01", a number, a name, the code of a choice. What is empty is not stored.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.text import normalize_newlines

from training.choices import Section
from training.sections import NEEDED, Field, Kind, fields_of

Values = Mapping[str, Any]


def in_language(section: Section, stored: Values, language: str) -> dict[str, Any]:
    """What a form in this language shows: every field by name; dates as dates, None or "" where nothing is."""
    return {field.name: value_of(field, stored, language) for field in fields_of(section)}


def value_of(field: Field, stored: Values, language: str) -> Any:
    value = stored.get(field.name)
    if not field.is_shared:
        return value.get(language, "") if isinstance(value, dict) else ""
    if field.kind == Kind.DATE:
        return date.fromisoformat(value) if value else None
    if field.kind == Kind.NUMBER:
        return value
    return value or ""


def changed(section: Section, stored: Values, typed: Values, language: str) -> dict[str, Any]:
    """The stored content with these fields (as `in_language` gives them) put in."""
    content = {name: dict(value) if isinstance(value, dict) else value for name, value in stored.items()}
    for field in fields_of(section):
        if field.name in typed:
            _put(content, field, _plain(typed[field.name]), language)
    return content


def _put(content: dict[str, Any], field: Field, value: Any, language: str) -> None:
    if not field.is_shared:
        texts = {**content.get(field.name, {}), language: value}
        value = {code: text for code, text in texts.items() if text}
    if value in ("", None, {}):
        content.pop(field.name, None)
    else:
        content[field.name] = value


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return normalize_newlines(value).strip() if isinstance(value, str) else value


def is_ready(section: Section, stored: Values) -> bool:
    """Whether there is enough in it for a coach, in any language."""
    return bool(stored.get(NEEDED[section]))


def is_empty(stored: Values) -> bool:
    return not stored


def filled_places(section: Section, stored: Values) -> dict[str, int]:
    """By group of places, the last one in which something stands."""
    last: dict[str, int] = {}
    for field in fields_of(section):
        if field.place is not None and field.name in stored:
            last[field.words[0]] = max(last.get(field.words[0], 0), field.place)
    return last
