"""The shared glossary: a term in the languages of the region, written by members of groups, whichever they are in."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.languages import SPOKEN_LANGUAGES
from accounts.models import User
from core.conflicts import check_version
from core.folding import search_text, sort_key
from discussions.actions.groups import NotAllowed
from discussions.models import Term
from discussions.permissions import can_edit_glossary

SEEDS = Path(__file__).resolve().parent.parent / "data" / "glossary.json"
FIRST = ("de", "en")
"""A term stands in the list where its word in the first of these languages belongs."""


@transaction.atomic
def add_term(*, words: Mapping[str, str], note: str, by: User, now: datetime) -> Term:
    """Raises NotAllowed."""
    if not can_edit_glossary(by):
        raise NotAllowed
    term = Term(added_by=by, changed_by=by, changed_at=now)
    _fill(term, words, note)
    term.save()
    return term


@transaction.atomic
def edit_term(
    *, term: Term, words: Mapping[str, str], note: str, by: User, now: datetime, base_version: int
) -> Term:
    """Raises EditConflict, NotAllowed."""
    if not can_edit_glossary(by):
        raise NotAllowed
    row = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    check_version(row, base_version)
    _fill(row, words, note)
    row.changed_by, row.changed_at = by, now
    row.version += 1
    row.save()
    return row


@transaction.atomic
def load_glossary(*, now: datetime) -> int:
    """The terms that come with the software and are not there yet; gives their number. Never over what was changed."""
    seeds: list[dict[str, Any]] = json.loads(SEEDS.read_text("utf-8"))
    known = set(Term.objects.exclude(key=None).values_list("key", flat=True))
    terms = [Term(key=seed["key"], changed_at=now) for seed in seeds if seed["key"] not in known]
    by_key = {seed["key"]: seed for seed in seeds}
    for term in terms:
        seed = by_key[term.key]
        _fill(term, seed["words"], seed.get("note", ""))
    # Two that load at the same time: the second adds nothing.
    Term.objects.bulk_create(terms, ignore_conflicts=True)
    return len(terms)


def _fill(term: Term, words: Mapping[str, str], note: str) -> None:
    tidy = {code: " ".join(words.get(code, "").split()) for code, _name in SPOKEN_LANGUAGES}
    term.words = {code: word for code, word in tidy.items() if word}
    term.note = note
    found = list(term.words.values())
    term.search_text = search_text([*found, note])
    leading = next((term.words[code] for code in FIRST if code in term.words), found[0] if found else "")
    term.sort_key = sort_key(leading)
