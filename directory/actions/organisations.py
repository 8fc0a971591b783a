"""Organisations made, changed, published and given up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from core.conflicts import check_version
from core.folding import fold, search_text, sort_key
from directory.emails import OrganisationGivenUp, OrganisationPublished, OrganisationWaits
from directory.merging import Place
from directory.models import Membership, Municipality, Organisation
from directory.permissions import speaks_for
from directory.queries import people_who_lead, people_who_look_after_organisations, same_organisations
from notifications.outbox import queue

log = structlog.get_logger(__name__)

FACTS = (
    "name",
    "type",
    "legal_form",
    "is_non_profit",
    "seat",
    "languages",
    "website",
    "description_de",
    "description_en",
    "phone",
    "phone_visibility",
    "postal_address",
    "postal_address_visibility",
)
"""What a coordinator may say about an organisation."""

# Other pages have these addresses.
_TAKEN = frozenset({"new", "mine", "invitation", "export", "suggest"})


class SameName(Exception):
    """There are organisations of this name in this place already, which the person may see."""

    def __init__(self, found: list[Organisation]) -> None:
        super().__init__()
        self.found = found


@transaction.atomic
def create_organisation(
    *, by: User, facts: Mapping[str, Any], now: datetime, even_if_same: bool = False
) -> Organisation:
    """`by` becomes its coordinator. Public at once if `by` speaks for its seat, else when the office publishes it.

    Raises SameName, unless `even_if_same` says that it is another one.
    """
    seat: Municipality | None = facts["seat"]
    _wait_in_line(by, seat)
    if not even_if_same:
        found = same_organisations(facts["name"], seat, by)
        if found:
            raise SameName(found)
    is_vouched_for = seat is not None and speaks_for(by, seat)
    organisation = Organisation(
        **{name: facts[name] for name in FACTS}, published_at=now if is_vouched_for else None
    )
    save_organisation(organisation=organisation, by=by)
    Membership.objects.create(
        person=by,
        organisation=organisation,
        role=Membership.Role.COORDINATOR,
        state=Membership.State.ACTIVE,
        asked_at=now,
        since=now,
    )
    if not is_vouched_for:
        queue(OrganisationWaits, to=people_who_look_after_organisations(), about=organisation, now=now)
    log.info("organisation_created", organisation=organisation.pk, by=by.pk, published=is_vouched_for)
    return organisation


def _wait_in_line(by: User, seat: Municipality | None) -> None:
    """Two who create the same organisation at once come one after the other, so that the second is warned."""
    if seat is None:
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
    else:
        Municipality.objects.select_for_update(no_key=True).get(pk=seat.pk)


@transaction.atomic
def edit_organisation(
    *, organisation: Organisation, by: User, facts: Mapping[str, Any], base_version: int
) -> Organisation:
    """Raises EditConflict when somebody else has saved it since `base_version`."""
    row = lock_organisation(organisation)
    check_version(row, base_version)
    for name in FACTS:
        setattr(row, name, facts[name])
    return save_organisation(organisation=row, by=by)


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: User) -> Organisation:
    """Save it, new or changed, with what follows from its names."""
    organisation.search_text = _search_text(organisation)
    organisation.sort_key = sort_key(organisation.name)
    if organisation.pk:
        organisation.version += 1
        organisation.save()
    else:
        _save_under_a_free_address(organisation)
    log.info("organisation_saved", organisation=organisation.pk, by=by.pk)
    return organisation


def _search_text(organisation: Organisation) -> str:
    """Its own name first, then those of its seat: who types "Ulm" looks for clubs in Ulm, too."""
    seat = organisation.seat
    of_seat = (seat.name, seat.german_name, seat.local_script_name) if seat else ()
    return search_text(name for name in (organisation.name, *of_seat) if name)


def _save_under_a_free_address(organisation: Organisation, *, tries: int = 5) -> None:
    """Two that want the same address at once meet at the unique column; the second takes the next one."""
    is_given = bool(organisation.slug)
    organisation.slug = organisation.slug or _free_slug(organisation)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        if is_given or tries == 1:
            raise
        organisation.slug = ""
        _save_under_a_free_address(organisation, tries=tries - 1)


def _free_slug(organisation: Organisation) -> str:
    """musikverein; where that is taken, with the seat and then a number: musikverein-ulm, musikverein-ulm-2."""
    stem = slugify(fold(organisation.name))[:70].strip("-") or "organisation"
    seat = slugify(fold(organisation.seat.name))[:20].strip("-") if organisation.seat else ""
    with_seat = "-".join(filter(None, (stem, seat)))
    rows: Any = Organisation.objects.filter(slug__startswith=stem)
    taken = {*rows.values_list("slug", flat=True), *_TAKEN}
    candidates = (stem, with_seat, *(f"{with_seat}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def lock_organisation(organisation: Organisation) -> Organisation:
    """Whatever changes an organisation or its people takes this lock first."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


@transaction.atomic
def publish_organisation(*, organisation: Organisation, by: User, now: datetime) -> bool:
    """By the office. Tells those who lead it; says whether that changed anything."""
    row = lock_organisation(organisation)
    if row.published_at is not None:
        return False
    row.published_at, row.ended_at = now, None
    row.save(update_fields=("published_at", "ended_at", "changed_at"))
    others = people_who_lead(row).exclude(pk=by.pk)
    queue(OrganisationPublished, to=others, about=row, now=now, once=now.isoformat())
    log.info("organisation_published", organisation=row.pk, by=by.pk)
    return True


@transaction.atomic
def withdraw_organisation(*, organisation: Organisation, by: User) -> bool:
    """By the office: only its members and the office see it again. Says whether that changed anything."""
    row = lock_organisation(organisation)
    if row.published_at is None:
        return False
    row.published_at = None
    row.save(update_fields=("published_at", "changed_at"))
    log.info("organisation_withdrawn", organisation=row.pk, by=by.pk)
    return True


def give_up(organisation: Organisation, *, by: User, now: datetime) -> None:
    """Its people are gone: no longer public. The row stays for what refers to it; the office is told.

    Called with the organisation locked, by `memberships.close_organisation`.
    """
    organisation.published_at, organisation.ended_at = None, now
    organisation.save(update_fields=("published_at", "ended_at", "changed_at"))
    queue(
        OrganisationGivenUp,
        to=people_who_look_after_organisations(),
        about=organisation,
        now=now,
        once=now.isoformat(),
    )
    log.info("organisation_given_up", organisation=organisation.pk, by=by.pk)


@transaction.atomic
def refresh_organisations_of(place: Place) -> None:
    """Its seat has got other names, or became another place."""
    if not isinstance(place, Municipality):
        return
    for organisation in Organisation.objects.filter(seat=place).select_related("seat"):
        text = _search_text(organisation)
        if text != organisation.search_text:
            organisation.search_text = text
            organisation.save(update_fields=("search_text",))
