"""Who belongs to a group: invited, asking, leaving, removed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from core.links import new_nonce
from discussions.actions.groups import NotAllowed, locked
from discussions.choices import LEADING, Belonging, Role
from discussions.emails.people import (
    GroupInvited,
    GroupJoinAnswered,
    GroupJoinAsked,
    GroupMailInvited,
    GroupRemoved,
)
from discussions.models import Group, Invitation, Membership
from notifications.outbox import Guest, queue

log = structlog.get_logger(__name__)

INVITATION_LASTS = timedelta(days=30)


class NotOpen(Exception):
    """The invitation is answered, over, withdrawn, or the person may not join."""


class LastLeader(Exception):
    """Somebody must lead the group: another one first."""


@transaction.atomic
def invite(
    *,
    group: Group,
    emails: Sequence[str],
    language: str,
    by: User,
    now: datetime,
    role: str = Role.MEMBER,
) -> int:
    """Ask people to join: those with an account in the list of notices and by mail, others by mail with a link.

    Who belongs to the group or is invited already is passed over, and so is who is banned. The number of people asked.
    """
    row = locked(group)
    asked = 0
    for email in dict.fromkeys(email.strip().lower() for email in emails):
        person = _account_of(email)
        is_new = (
            _invite_member(row, person, role, by, now)
            if person
            else _invite_mail(row, email, language, role, by, now)
        )
        asked += is_new
    log.info("group_invited", group=row.pk, number=asked, by=by.pk)
    return asked


@transaction.atomic
def invite_people(
    *, group: Group, people: Iterable[User], by: User, now: datetime, role: str = Role.MEMBER
) -> int:
    """As `invite`, for accounts one knows already. The number of people asked."""
    row = locked(group)
    asked = [_invite_member(row, person, role, by, now) for person in people]
    log.info("group_invited", group=row.pk, number=sum(asked), by=by.pk)
    return sum(asked)


def _invite_member(group: Group, person: User, role: str, by: User, now: datetime) -> bool:
    row = Membership.objects.filter(group=group, person=person).first()
    if row and row.state in (Belonging.ACTIVE, Belonging.INVITED, Belonging.BANNED):
        return False
    row = row or Membership(group=group, person=person)
    row.state, row.role, row.invited_by, row.asked_at, row.ended_at = Belonging.INVITED, role, by, now, None
    row.save()
    queue(GroupInvited, to=[person], about=row, once=f"{now:%Y%m%d%H%M}", now=now)
    return True


def _invite_mail(group: Group, email: str, language: str, role: str, by: User, now: datetime) -> bool:
    open_ = Invitation.objects.filter(group=group, accepted_at=None, withdrawn_at=None)
    known = open_.filter(email__iexact=email).first()
    if known and known.expires_at > now:
        return False
    if known:
        known.withdrawn_at, known.email = now, ""
        known.save()
    invitation = Invitation.objects.create(
        group=group,
        email=email,
        language=language,
        role=role,
        nonce=new_nonce(),
        invited_by=by,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    queue(GroupMailInvited, to=[Guest(email, language)], about=invitation, now=now)
    return True


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_at is None and row.withdrawn_at is None:
        row.withdrawn_at, row.email = now, ""
        row.save()


@transaction.atomic
def withdraw_asked(*, membership: Membership, by: User, now: datetime) -> None:
    """Somebody with an account is invited no longer. Who has said yes meanwhile stays."""
    locked(membership.group)
    rows = Membership.objects.filter(pk=membership.pk, state=Belonging.INVITED)
    rows.update(state=Belonging.REMOVED, ended_at=now, role=Role.MEMBER)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime) -> Membership:
    """Whoever has the link and an account; once. Raises NotOpen."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("group").get(pk=invitation.pk)
    if row.accepted_at or row.withdrawn_at or row.expires_at < now or row.nonce != invitation.nonce:
        raise NotOpen
    membership = _join(row.group, by, row.role, now)
    row.accepted_at, row.email = now, ""
    row.save()
    return membership


@transaction.atomic
def accept_membership(*, group: Group, by: User, now: datetime) -> Membership:
    """Who was invited with an account says yes; whoever wants to join an open group needs no invitation, unless it
    takes requests: then its leaders decide (`ask_to_join`).

    Raises NotOpen.
    """
    group = locked(group)
    row = Membership.objects.filter(group=group, person=by).first()
    if row and row.state == Belonging.ACTIVE:
        return row
    is_invited = row is not None and row.state == Belonging.INVITED
    if not is_invited and (group.access != Group.Access.OPEN or group.takes_requests):
        raise NotOpen
    return _join(group, by, row.role if row and is_invited else Role.MEMBER, now)


@transaction.atomic
def decline_membership(*, group: Group, by: User, now: datetime) -> None:
    rows = Membership.objects.filter(group=group, person=by, state__in=(Belonging.INVITED, Belonging.ASKED))
    rows.delete()


@transaction.atomic
def ask_to_join(*, group: Group, by: User, note: str, now: datetime) -> Membership:
    """Where an open group takes requests: of a closed one nobody outside knows. Its leaders are told.

    Raises NotOpen.
    """
    group = locked(group)
    row = Membership.objects.filter(group=group, person=by).first()
    if not _takes_requests(group) or (row and row.state in (Belonging.ACTIVE, Belonging.BANNED)):
        raise NotOpen
    if row and row.state in (Belonging.ASKED, Belonging.INVITED):
        return row
    row = row or Membership(group=group, person=by)
    row.state, row.role, row.note, row.asked_at, row.ended_at = Belonging.ASKED, Role.MEMBER, note, now, None
    row.save()
    queue(GroupJoinAsked, to=leaders_of(group), about=row, once=f"{now:%Y%m%d%H%M}", now=now)
    return row


@transaction.atomic
def answer_request(*, membership: Membership, accept: bool, by: User, now: datetime) -> None:
    """Answered twice the first answer stays."""
    row = Membership.objects.select_for_update(of=("self",)).select_related("group").get(pk=membership.pk)
    if row.state != Belonging.ASKED:
        return
    if accept:
        row = _join(row.group, row.person, Role.MEMBER, now)
    else:
        row.state, row.ended_at = Belonging.REMOVED, now
        row.save()
    queue(GroupJoinAnswered, to=[row.person], about=row, once=f"{now:%Y%m%d%H%M}", now=now)


@transaction.atomic
def leave(*, group: Group, by: User, now: datetime) -> None:
    """What was written stays; nothing more is read or told. Raises LastLeader."""
    group = locked(group)
    row = Membership.objects.active().filter(group=group, person=by).first()
    if row is not None:
        _end(row, Belonging.LEFT, now)


@transaction.atomic
def remove(*, membership: Membership, by: User, now: datetime, reason: str = "", ban: bool = False) -> None:
    """From this moment on the person reads nothing more; banned it cannot come back. It is told why, and then no more.

    Raises LastLeader.
    """
    locked(membership.group)
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.state in (Belonging.LEFT, Belonging.REMOVED) and not ban:
        return
    belonged, row.note = row.state == Belonging.ACTIVE, reason
    _end(row, Belonging.BANNED if ban else Belonging.REMOVED, now)
    if belonged or ban:
        queue(GroupRemoved, to=[row.person], about=row, once=f"{now:%Y%m%d%H%M}", now=now)
    log.info("group_member_removed", group=row.group_id, person=row.person_id, by=by.pk, banned=ban)


@transaction.atomic
def lift_ban(*, membership: Membership, by: User, now: datetime) -> None:
    """The person may be invited again."""
    Membership.objects.filter(pk=membership.pk, state=Belonging.BANNED).update(state=Belonging.REMOVED)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User, now: datetime) -> None:
    """Raises LastLeader."""
    locked(membership.group)
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.state != Belonging.ACTIVE:
        raise NotAllowed
    if role not in LEADING:
        _check_not_the_last(row)
    row.role = role
    row.save()


@transaction.atomic
def follow_all(*, group: Group, by: User, on: bool) -> None:
    Membership.objects.active().filter(group=group, person=by).update(follows_all=on)


def _takes_requests(group: Group) -> bool:
    return group.takes_requests and group.access == Group.Access.OPEN


@transaction.atomic
def add_member(*, group: Group, person: User, now: datetime) -> Membership | None:
    """For who comes by another way than an invitation: a course one takes part in. None where that cannot be: the
    group is archived, or the person was removed or banned from it."""
    held = Group.objects.select_for_update().get(pk=group.pk)
    known = Membership.objects.filter(group=held, person=person).first()
    if held.is_archived or (known and known.state in (Belonging.REMOVED, Belonging.BANNED)):
        return None
    return _join(held, person, Role.MEMBER, now)


def leaders_of(group: Group) -> list[User]:
    leading = Membership.objects.leading().filter(group=group)
    return list(User.objects.filter(pk__in=leading.values("person"), is_active=True))


def _join(group: Group, person: User, role: str, now: datetime) -> Membership:
    row = Membership.objects.select_for_update().filter(group=group, person=person).first()
    if row and row.state == Belonging.BANNED:
        raise NotOpen
    row = row or Membership(group=group, person=person, asked_at=now)
    if row.state != Belonging.ACTIVE:
        row.state, row.role, row.since, row.ended_at, row.follows_all = (
            Belonging.ACTIVE,
            role,
            now,
            None,
            True,
        )
        row.save()
        log.info("group_joined", group=group.pk, person=person.pk)
    return row


def _end(row: Membership, state: str, now: datetime) -> None:
    if row.state == Belonging.ACTIVE:
        _check_not_the_last(row)
    row.state, row.ended_at, row.role = state, now, Role.MEMBER
    row.save()


def _check_not_the_last(row: Membership) -> None:
    """While others are there somebody must lead; the last of all may go."""
    if row.role not in LEADING:
        return
    others = Membership.objects.active().filter(group=row.group_id).exclude(pk=row.pk)
    if others.exists() and not others.filter(role__in=LEADING).exists():
        raise LastLeader


def _account_of(email: str) -> User | None:
    """Of whom the address certainly is."""
    people = User.objects.filter(email__iexact=email, is_active=True)
    return people.filter(emailaddress__verified=True, emailaddress__email__iexact=email).first()
