"""The glossary as a list, and those of its terms that stand in a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet

from accounts.names import name_for
from core.folding import fold
from core.pagination import page_of
from discussions.models import Term
from discussions.queries.languages import NAMES

PER_PAGE = 50
MOST_TERMS = 15
"""Beside a text to be translated."""
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Word:
    language: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """`first` is the word the term stands under, `others` are those in the other languages."""

    number: int
    first: Word
    others: list[Word]
    note: str
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True, slots=True)
class Known:
    """A term in a text: its word there, and in the language of the translation if somebody has entered it."""

    word: str
    language: str
    target: str
    note: str


def terms_page(typed: str, number: str | None, reader: Any) -> Page[Any]:
    """Two queries."""
    found = _found(typed)
    page = page_of(found.select_related("changed_by"), number, total=found.count(), per_page=PER_PAGE)
    page.object_list = [_row(term, reader) for term in page.object_list]
    return page


def terms_in(text: str, *, source: str, target: str) -> list[Known]:
    """Terms whose word begins a word of the text: "Partnerstadt" stands in "Partnerstädten", not in "Stadt".

    Without a known `source` the words of all languages but the target's are looked for. One query.
    """
    folded = f" {fold(text)} "
    found = []
    for words, note in Term.objects.values_list("words", "note"):
        here = _standing_in(folded, words, source, target)
        if here is not None:
            found.append(Known(words[here], here, words.get(target, ""), note))
    return found[:MOST_TERMS]


def _standing_in(folded: str, words: Mapping[str, str], source: str, target: str) -> str | None:
    for code in [source] if source else [code for code in words if code != target]:
        for one in words.get(code, "").split("/"):
            stem = fold(one)
            if len(stem) >= _SHORTEST and f" {stem}" in folded:
                return code
    return None


def _found(typed: str) -> QuerySet[Term]:
    """Words that begin as each of the typed ones, in any language."""
    terms = Term.objects.all()
    for word in fold(typed).split():
        terms = terms.filter(search_text__regex=rf"[| ]{word}")
    return terms


def _row(term: Term, reader: Any) -> Row:
    words = [Word(code, str(name), term.words[code]) for code, name in NAMES.items() if term.words.get(code)]
    return Row(
        number=term.pk,
        first=words[0] if words else Word("", "", str(term)),
        others=words[1:],
        note=term.note,
        changed_at=term.changed_at,
        changed_by=name_for(reader, term.changed_by) if term.changed_by else "",
    )
