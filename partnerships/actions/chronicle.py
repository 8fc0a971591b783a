"""The chronicle of a partnership: what happened, and who takes part. Every change leaves a line in the history."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import structlog
from django.db import IntegrityError, models, transaction

from accounts.models import User
from core.conflicts import check_version
from partnerships import register_cache
from partnerships.actions.documents import forget_documents
from partnerships.actions.history import differing, note_change
from partnerships.models import Actor, Change, ChronicleEntry, Document, Partnership
from partnerships.permissions import acts_as_office

log = structlog.get_logger(__name__)

Row = TypeVar("Row", ChronicleEntry, Actor)

MOST_ENTRIES = 1000
MOST_ACTORS = 300
"""Of one partnership; more is a mistake or a misuse."""
OF_ENTRY = (
    "kind", "title", "on", "until", "is_year_only", "place", "participants", "text", "language", "is_public",
)  # fmt: skip
OF_ACTOR = ("side", "name", "type", "organisation", "since_year", "until_year")


class TooManyEntries(Exception):
    """The chronicle has MOST_ENTRIES."""


class TooManyActors(Exception):
    """The partnership has MOST_ACTORS."""


class ActorIsThere(Exception):
    """This side has an actor of this name already."""


@transaction.atomic
def add_entry(
    *, partnership: Partnership, facts: Mapping[str, Any], by: User, now: datetime
) -> ChronicleEntry:
    """`facts`: values of the entry's own columns. Raises TooManyEntries."""
    if partnership.chronicle.count() >= MOST_ENTRIES:
        raise TooManyEntries
    entry = ChronicleEntry.objects.create(partnership=partnership, written_by=by, written_at=now, **facts)
    _note(entry, "entry", by=by, now=now, after=_said(entry, OF_ENTRY))
    log.info("chronicle_entry_added", entry=entry.pk, by=by.pk)
    return entry


@transaction.atomic
def edit_entry(
    *, entry: ChronicleEntry, facts: Mapping[str, Any], by: User, base_version: int, now: datetime
) -> ChronicleEntry:
    """Raises EditConflict; ChronicleEntry.DoesNotExist when somebody has deleted it meanwhile."""
    row = ChronicleEntry.objects.select_for_update().get(pk=entry.pk)
    return _edit(row, "entry", OF_ENTRY, facts, by=by, base_version=base_version, now=now)


@transaction.atomic
def delete_entry(*, entry: ChronicleEntry, by: User, now: datetime) -> None:
    """For good, with its photos. Of two who delete it at once only the first leaves a line in the history."""
    row = ChronicleEntry.objects.select_for_update().filter(pk=entry.pk).first()
    if row is None:
        return
    # The text may be why it goes: the history keeps what it was, not every word of it.
    names = [name for name in OF_ENTRY if name != "text"]
    _note(row, "entry", by=by, now=now, before=_said(row, names))
    forget_documents(Document.objects.filter(entry=row))
    row.delete()
    log.info("chronicle_entry_deleted", entry=entry.pk, by=by.pk)


@transaction.atomic
def add_actor(*, partnership: Partnership, facts: Mapping[str, Any], by: User, now: datetime) -> Actor:
    """Raises TooManyActors, ActorIsThere."""
    if partnership.actors.count() >= MOST_ACTORS:
        raise TooManyActors
    try:
        with transaction.atomic():
            actor = Actor.objects.create(partnership=partnership, **facts)
    except IntegrityError:
        raise ActorIsThere from None
    _note(actor, "actor", by=by, now=now, after=_said(actor, OF_ACTOR))
    log.info("actor_added", actor=actor.pk, by=by.pk)
    return actor


@transaction.atomic
def edit_actor(
    *, actor: Actor, facts: Mapping[str, Any], by: User, base_version: int, now: datetime
) -> Actor:
    """Raises EditConflict, ActorIsThere; Actor.DoesNotExist when somebody has deleted it meanwhile."""
    row = Actor.objects.select_for_update().get(pk=actor.pk)
    try:
        with transaction.atomic():
            return _edit(row, "actor", OF_ACTOR, facts, by=by, base_version=base_version, now=now)
    except IntegrityError:
        raise ActorIsThere from None


@transaction.atomic
def delete_actor(*, actor: Actor, by: User, now: datetime) -> None:
    """Of two who delete it at once only the first leaves a line in the history."""
    row = Actor.objects.select_for_update().filter(pk=actor.pk).first()
    if row is None:
        return
    _note(row, "actor", by=by, now=now, before=_said(row, OF_ACTOR))
    row.delete()
    log.info("actor_deleted", actor=actor.pk, by=by.pk)


def _edit(
    row: Row,
    what: str,
    names: Iterable[str],
    facts: Mapping[str, Any],
    *,
    by: User,
    base_version: int,
    now: datetime,
) -> Row:
    """`row` is locked and fresh."""
    check_version(row, base_version)
    then = _said(row, names)
    for name, value in facts.items():
        setattr(row, name, value)
    before, after = differing(then, _said(row, names))
    if not after:
        return row
    row.version += 1
    row.save(update_fields=(*facts, "version"))
    _note(row, what, by=by, now=now, before=before, after=after)
    log.info("chronicle_edited", what=what, row=row.pk, by=by.pk)
    return row


def _said(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """What the history keeps of it: other rows by their names."""
    values = {name: getattr(row, name) for name in names}
    return {name: str(value) if isinstance(value, models.Model) else value for name, value in values.items()}


def _note(
    row: ChronicleEntry | Actor,
    what: str,
    *,
    by: User,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The history tells columns of an entry, an actor and a partnership apart by what stands before their names."""
    old, new = differing(before or {}, after or dict.fromkeys(before or {}, ""))
    note_change(
        partnership=row.partnership,
        what=Change.What.CHRONICLE,
        now=now,
        by=by,
        is_office=acts_as_office(by, row.partnership),
        before={f"{what}_{name}": value for name, value in old.items()},
        after={f"{what}_{name}": value for name, value in new.items()},
        note=str(row),
    )
    register_cache.forget()
