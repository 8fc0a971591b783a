"""Who belongs to an organisation: asked, answered, changed, ended.

Every action locks the organisation first, so that two never decide about the same people at once.
"""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from directory.actions.operating import withdraw_operating_roles
from directory.actions.organisations import give_up, lock_organisation
from directory.emails import (
    MembershipAnswered,
    MembershipEnded,
    MembershipRequested,
    MembershipRoleChanged,
    OrganisationWithoutCoordinator,
)
from directory.models import Membership, Organisation
from directory.queries import (
    is_last_coordinator,
    membership_of,
    people_who_answer_for,
    people_who_look_after_organisations,
)
from notifications.outbox import queue

log = structlog.get_logger(__name__)


class AlreadyMember(Exception):
    """The person belongs to the organisation."""


class RequestIsOver(Exception):
    """Somebody has answered, or the person has withdrawn it."""


class NotAMember(Exception):
    """The membership has ended meanwhile."""


class LastCoordinator(Exception):
    """Nobody else could answer for the organisation: first somebody has to follow."""


@transaction.atomic
def ask_to_join(*, organisation: Organisation, by: User, note: str, now: datetime) -> Membership:
    """Asked twice it stays the first request. Raises AlreadyMember."""
    organisation = lock_organisation(organisation)
    membership = membership_of(by, organisation)
    if membership is None:
        membership = Membership.objects.create(person=by, organisation=organisation, note=note, asked_at=now)
        queue(MembershipRequested, to=people_who_answer_for(organisation), about=membership, now=now)
        log.info("membership_requested", membership=membership.pk, by=by.pk)
    elif membership.state == Membership.State.ACTIVE:
        raise AlreadyMember
    return membership


@transaction.atomic
def withdraw_request(*, membership: Membership, by: User, now: datetime) -> Membership:
    """Raises RequestIsOver."""
    row = _locked(membership)
    if row.state != Membership.State.REQUESTED:
        raise RequestIsOver
    row.state, row.until = Membership.State.ENDED, now
    row.save()
    log.info("membership_request_withdrawn", membership=row.pk, by=by.pk)
    return row


@transaction.atomic
def answer_request(*, membership: Membership, by: User, accepts: bool, now: datetime) -> Membership:
    """The person is told. Raises RequestIsOver."""
    row = _locked(membership)
    if row.state != Membership.State.REQUESTED:
        raise RequestIsOver
    row.decided_by = by
    if accepts:
        row.state, row.since = Membership.State.ACTIVE, now
    else:
        row.state, row.until = Membership.State.DECLINED, now
    row.save()
    queue(MembershipAnswered, to=[row.person], about=row, now=now)
    log.info("membership_answered", membership=row.pk, by=by.pk, accepted=accepts)
    return row


@transaction.atomic
def change_role(*, membership: Membership, by: User, role: str, now: datetime) -> Membership:
    """Raises NotAMember, or LastCoordinator when nobody would be coordinator any longer."""
    row = _locked_active(membership)
    if row.role == role:
        return row
    if is_last_coordinator(row):
        raise LastCoordinator
    return _give_role(row, by=by, role=role, now=now)


def _give_role(row: Membership, *, by: User, role: str, now: datetime) -> Membership:
    row.role, row.decided_by = role, by
    row.save()
    if by.pk != row.person_id:
        queue(MembershipRoleChanged, to=[row.person], about=row, now=now, once=now.isoformat())
    log.info("membership_role_changed", membership=row.pk, by=by.pk, role=role)
    return row


@transaction.atomic
def end_membership(
    *, membership: Membership, by: User, now: datetime, successor: Membership | None = None
) -> Membership:
    """The person leaves, or is taken out. `successor`, of the same organisation, becomes coordinator.

    Raises NotAMember, or LastCoordinator when nobody would be coordinator any longer.
    """
    row = _locked_active(membership)
    if successor is not None:
        _hand_over(row, successor, by=by, now=now)
    elif is_last_coordinator(row):
        raise LastCoordinator
    _end(row, by=by, now=now)
    return row


def _hand_over(row: Membership, successor: Membership, *, by: User, now: datetime) -> None:
    following = Membership.objects.active().select_related("person").filter(pk=successor.pk).first()
    if following is None or following.organisation_id != row.organisation_id or following.pk == row.pk:
        raise NotAMember
    if following.role != Membership.Role.COORDINATOR:
        _give_role(following, by=by, role=Membership.Role.COORDINATOR, now=now)


def _end(row: Membership, *, by: User, now: datetime) -> None:
    row.state, row.until, row.decided_by = Membership.State.ENDED, now, by
    row.save()
    if by.pk != row.person_id:
        queue(MembershipEnded, to=[row.person], about=row, now=now)
    if row.organisation.operating:
        withdraw_operating_roles(person=row.person, by=by)
    log.info("membership_ended", membership=row.pk, by=by.pk)


@transaction.atomic
def close_organisation(*, organisation: Organisation, by: User, now: datetime) -> Organisation:
    """Its last coordinator gives it up knowingly: all memberships, requests and invitations end with it."""
    organisation = lock_organisation(organisation)
    rows = Membership.objects.current().filter(organisation=organisation)
    for row in rows.select_related("person", "organisation").order_by("pk"):
        if row.state == Membership.State.ACTIVE:
            _end(row, by=by, now=now)
        else:
            answer_request(membership=row, by=by, accepts=False, now=now)
    organisation.invitations.open(now).update(revoked_at=now, email="")
    give_up(organisation, by=by, now=now)
    return organisation


def forget_memberships_of(person: User, *, now: datetime) -> None:
    """Before a person is erased: the office hears of organisations that nobody coordinates then."""
    for row in person.memberships.active().select_related("organisation").order_by("pk"):
        organisation = lock_organisation(row.organisation)
        if is_last_coordinator(row):
            queue(
                OrganisationWithoutCoordinator,
                to=people_who_look_after_organisations().exclude(pk=person.pk),
                about=organisation,
                now=now,
                once=now.isoformat(),
            )


def _locked(membership: Membership) -> Membership:
    lock_organisation(membership.organisation)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    return rows.get(pk=membership.pk)


def _locked_active(membership: Membership) -> Membership:
    row = _locked(membership)
    if row.state != Membership.State.ACTIVE:
        raise NotAMember
    return row
