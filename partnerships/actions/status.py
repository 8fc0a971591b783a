"""Whether a partnership is in preparation, alive, asleep or over: which way leads where. And who may see it."""

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from notifications.outbox import queue
from partnerships.actions.entries import write_state
from partnerships.actions.history import columns_of, differing, note_change, tell_other_sides
from partnerships.emails import PartnershipPublished
from partnerships.models import Change, Partnership, PartnershipSide, SideContact
from partnerships.permissions import acts_as_office

log = structlog.get_logger(__name__)

Status = Partnership.Status

WAYS: dict[str, tuple[str, ...]] = {
    Status.UNKNOWN: (Status.PREPARATION, Status.ACTIVE, Status.DORMANT, Status.ENDED),
    Status.PREPARATION: (Status.ACTIVE, Status.ENDED),
    Status.ACTIVE: (Status.DORMANT, Status.ENDED),
    Status.DORMANT: (Status.ACTIVE, Status.ENDED),
    Status.ENDED: (Status.ACTIVE,),  # renewed, with the year of it
}
"""Where the sides may go from each status. The office may go anywhere."""


class NoSuchWay(Exception):
    """From the present status this one is not reached."""


class YearAndReasonNeeded(Exception):
    """An end has a year and a reason, a renewal a year."""


def ways_from(status: str, *, is_office: bool) -> list[str]:
    every = [code for code in Status.values if code != status]
    return every if is_office else [code for code in every if code in WAYS[status]]


@transaction.atomic
def set_status(
    *,
    partnership: Partnership,
    status: str,
    reason: str = "",
    year: int | None = None,
    by: User,
    now: datetime,
) -> Partnership:
    """`year` is that of the end or of the renewal; `reason` is in the language the person reads.

    Raises NoSuchWay, YearAndReasonNeeded. Setting the status that is there already changes nothing.
    """
    partnership = Partnership.objects.select_for_update().get(pk=partnership.pk)
    is_office = acts_as_office(by, partnership)
    if status == partnership.status:
        return partnership
    if status not in ways_from(partnership.status, is_office=is_office):
        raise NoSuchWay
    changes = _what_follows(partnership, status, reason=reason.strip(), year=year)
    _change_state(partnership, changes, by=by, is_office=is_office, now=now)
    log.info("partnership_status", partnership=partnership.pk, status=status, by=by.pk)
    return partnership


@transaction.atomic
def end(*, partnership: Partnership, year: int | None = None, by: User | None = None, now: datetime) -> None:
    """The office notes that it ended in `year`, or in a year nobody knows."""
    changes = {"status": Status.ENDED, "ended_year": year or partnership.ended_year}
    _change_state(partnership, changes, by=by, is_office=True, now=now)
    log.info("partnership_ended", partnership=partnership.pk, by=by.pk if by else None)


@transaction.atomic
def publish(
    *,
    partnership: Partnership,
    now: datetime,
    by: User | None = None,
    side: PartnershipSide | None = None,
    is_office: bool = False,
) -> None:
    """Everybody sees it from now on; who entered it is told, unless they did it themselves."""
    if partnership.published_at is not None:
        return
    partnership.published_at = now
    write_state(partnership, "published_at")
    note_change(
        partnership=partnership, what=Change.What.PUBLISHED, now=now, by=by, side=side, is_office=is_office
    )
    queue(PartnershipPublished, to=_people_of(partnership, but=by), about=partnership, now=now)
    log.info("partnership_published", partnership=partnership.pk, by=by.pk if by else None)


@transaction.atomic
def unpublish(
    *, partnership: Partnership, now: datetime, by: User | None = None, is_office: bool = False
) -> None:
    if partnership.published_at is None:
        return
    partnership.published_at = None
    write_state(partnership, "published_at")
    note_change(partnership=partnership, what=Change.What.UNPUBLISHED, now=now, by=by, is_office=is_office)
    log.info("partnership_unpublished", partnership=partnership.pk, by=by.pk if by else None)


def _what_follows(partnership: Partnership, status: str, *, reason: str, year: int | None) -> dict[str, Any]:
    languages = settings.MODELTRANSLATION_LANGUAGES
    reasons = {f"end_reason_{code}": "" for code in languages}
    if status == Status.ENDED:
        if not reason or year is None:
            raise YearAndReasonNeeded
        here = get_language() or settings.LANGUAGE_CODE
        spoken = here if here in languages else settings.LANGUAGE_CODE
        return {"status": status, "ended_year": year, **reasons, f"end_reason_{spoken}": reason}
    if partnership.status != Status.ENDED:
        return {"status": status}
    if status == Status.ACTIVE and year is None:
        raise YearAndReasonNeeded
    # What was said of the end stays in the history.
    renewed = {"renewed_year": year} if status == Status.ACTIVE else {}
    return {"status": status, "ended_year": None, **reasons, **renewed}


def _change_state(
    partnership: Partnership, changes: dict[str, Any], *, by: User | None, is_office: bool, now: datetime
) -> None:
    before, after = differing(columns_of(partnership, changes), changes)
    if not after:
        return
    for name, value in changes.items():
        setattr(partnership, name, value)
    partnership.version += 1
    write_state(partnership, *changes, "version")
    change = note_change(
        partnership=partnership,
        what=Change.What.STATUS,
        now=now,
        by=by,
        is_office=is_office,
        before=before,
        after=after,
    )
    tell_other_sides(change=change, now=now)


def _people_of(partnership: Partnership, *, but: User | None) -> list[User]:
    """Who entered it, and who looks after a side and has an account."""
    contacts = SideContact.objects.current().filter(side__partnership=partnership).exclude(person=None)
    people = {contact.person for contact in contacts.select_related("person")} | {partnership.registered_by}
    return [person for person in people if person is not None and person != but]
