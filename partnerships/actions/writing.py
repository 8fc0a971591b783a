"""A partnership entered by its own people, and changed by them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from accounts.models import User
from core.conflicts import check_version
from directory.actions import save_municipality
from directory.models import Country, Municipality, Region, Topic
from notifications.outbox import queue
from partnerships.actions.answers import invite_side
from partnerships.actions.documents import take_over_documents
from partnerships.actions.drafts import DraftIsClosed
from partnerships.actions.entries import register, save_partnership
from partnerships.actions.history import columns_of, differing, note_change, tell_other_sides
from partnerships.emails import PartnershipWaits, PlaceAdded
from partnerships.models import Change, Partnership, PartnershipDraft, SideContact
from partnerships.permissions import acts_as_office, publishes_at_once
from partnerships.queries import people_who_edit_places, people_who_publish
from partnerships.queries.drafts import DraftEntry, entry_of, open_steps
from partnerships.queries.parties import Party

log = structlog.get_logger(__name__)

MEMBER = "ViPaD (member)"
"""The source of a place that somebody has entered because it was missing."""


class DraftIncomplete(Exception):
    """Steps of the form that still want something: `steps`."""

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__(", ".join(steps))
        self.steps = steps


@transaction.atomic
def register_partnership(*, draft: PartnershipDraft, by: User, now: datetime) -> Partnership:
    """Make an entry of what was filled in, ask the other sides, tell the office when it has to look first.

    A draft becomes one entry, however often this is called. Raises DraftIsClosed, DraftIncomplete, SamePairExists.
    """
    found = PartnershipDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None:
        raise DraftIsClosed
    if found.registered_as is not None:
        return found.registered_as
    entry = entry_of(found)
    if missing := open_steps(entry, by):
        raise DraftIncomplete(missing)
    is_public = publishes_at_once(by, entry.parties)
    partnership = register(
        sides=entry.parties,
        facts={**entry.facts, "registered_by": by, "confirmation": Partnership.Confirmation.ONE_SIDED},
        topics=entry.topics,
        is_demo=entry.is_demo,
        publish_at=now if is_public else None,
    )
    _note_registration(partnership, entry, by=by, now=now)
    _settle_sides(partnership, entry, by=by, now=now)
    take_over_documents(draft=found, partnership=partnership)
    if not is_public:
        queue(PartnershipWaits, to=people_who_publish(), about=partnership, now=now)
    found.data, found.registered_as, found.changed_at = {}, partnership, now
    found.save(update_fields=("data", "registered_as", "changed_at"))
    log.info("partnership_registered", partnership=partnership.pk, by=by.pk, published=is_public)
    return partnership


@transaction.atomic
def edit_partnership(
    *,
    partnership: Partnership,
    changes: Mapping[str, Any],
    topics: Iterable[Topic] | None = None,
    sides: Sequence[Party] | None = None,
    by: User,
    base_version: int,
    is_office: bool | None = None,
    now: datetime,
) -> Partnership:
    """Change columns, topics, sides; None leaves topics and sides as they are. Nothing changed is nothing written.

    `base_version` is the one the form was made from. Raises EditConflict, SamePairExists and what `check_sides` does.
    """
    partnership = Partnership.objects.select_for_update().get(pk=partnership.pk)
    check_version(partnership, base_version)
    present = [side.party for side in partnership.sides.select_related("municipality", "region")]
    wanted = present if sides is None else list(sides)
    codes = partnership.topic_codes if topics is None else codes_in_order(topics)
    before, after = differing(
        {**columns_of(partnership, changes), "topics": partnership.topic_codes, "sides": _names(present)},
        {**changes, "topics": codes, "sides": _names(wanted)},
    )
    if not after:
        return partnership
    for name, value in changes.items():
        setattr(partnership, name, value)
    save_partnership(partnership=partnership, sides=wanted, topics=topics)
    change = note_change(
        partnership=partnership,
        what=Change.What.EDITED,
        now=now,
        by=by,
        is_office=acts_as_office(by, partnership) if is_office is None else is_office,
        before=before,
        after=after,
    )
    tell_other_sides(change=change, now=now)
    log.info("partnership_edited", partnership=partnership.pk, by=by.pk, columns=sorted(after))
    return partnership


@transaction.atomic
def add_place(*, name: str, country: Country, region: Region | None, by: User, now: datetime) -> Municipality:
    """A place the directory lacks. Nobody speaks for it; the office is asked to look at it."""
    place = Municipality(
        name=name, country=country, region=region, kind=Municipality.Kind.PLACE, source=MEMBER
    )
    save_municipality(municipality=place, by=by)
    queue(PlaceAdded, to=people_who_edit_places(), about=place, now=now)
    return place


def codes_in_order(topics: Iterable[Topic]) -> list[str]:
    return [topic.code for topic in sorted(topics, key=lambda topic: (topic.position, topic.pk))]


def _names(parties: Iterable[Party]) -> list[str]:
    return [party.name for party in parties]


def _note_registration(partnership: Partnership, entry: DraftEntry, *, by: User, now: datetime) -> None:
    said = {"sides": _names(entry.parties), **entry.facts, "topics": partnership.topic_codes}
    _before, after = differing({}, said)
    note_change(partnership=partnership, what=Change.What.REGISTERED, now=now, by=by, after=after)


def _settle_sides(partnership: Partnership, entry: DraftEntry, *, by: User, now: datetime) -> None:
    """The writer looks after the own side and has said that everything is right; the others are asked."""
    ours, *others = partnership.sides.order_by("position")
    ours.confirmed_at = now
    ours.save(update_fields=("confirmed_at",))
    SideContact.objects.create(side=ours, person=by, role=entry.role, since=now)
    for side, code in zip(others, entry.others, strict=True):
        contact = entry.contact_of(code)
        if contact is not None:
            invite_side(
                side=side,
                email=contact.email,
                name=contact.name,
                language=contact.language,
                by=by,
                now=now,
            )
