"""What is told about who belongs to a group."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.links import make_token, new_nonce
from discussions.choices import Belonging
from discussions.emails.examples import example_group, example_reader
from discussions.models import Invitation, Membership
from discussions.permissions import can_lead
from notifications.examples import HOST, queued
from notifications.kinds import Audience, Kind
from notifications.models import Notice
from notifications.outbox import Guest

INVITATION = "group-invitation"


def invitation_path(invitation: Invitation) -> str:
    token = make_token(INVITATION, invitation.pk, invitation.nonce)
    return reverse("discussions:invitation", args=[token]) + f"?lang={invitation.language}"


class GroupInvited(Kind):
    """To somebody with an account."""

    name = "group_invited"
    title = _("you are invited to a group")
    is_private = True
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, Membership) and row.state == Belonging.INVITED

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Membership, notice.about)
        return {"group": row.group, "sender": row.invited_by.shown_name if row.invited_by else ""}

    def path(self, notice: Notice) -> str:
        return reverse("discussions:join", args=[cast(Membership, notice.about).group.slug])

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        row = example_reader(group, language=language, now=now, state=Belonging.INVITED)
        row.invited_by = group.memberships.exclude(pk=row.pk).get().person
        row.save()
        return queued(GroupInvited, to=row.person, about=row, now=now)


class GroupMailInvited(Kind):
    """To an address without an account, in one of 13 languages."""

    name = "group_mail_invited"
    title = _("somebody without an account is invited to a group")
    is_private = True
    audience = Audience.PARTNER
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        is_open = isinstance(row, Invitation) and row.accepted_at is None and row.withdrawn_at is None
        return is_open and cast(Invitation, row).expires_at > now

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Invitation, notice.about)
        return {
            "group": row.group,
            "sender": row.invited_by.shown_name if row.invited_by else "",
            "valid_until": row.expires_at,
        }

    def path(self, notice: Notice) -> str:
        return invitation_path(cast(Invitation, notice.about))

    def reply_to(self, notice: Notice) -> str:
        sender = cast(Invitation, notice.about).invited_by
        return sender.email if sender and sender.is_active else ""

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        invitation = Invitation.objects.create(
            group=group,
            email=f"reader@{HOST}",
            language=language,
            nonce=new_nonce(),
            invited_by=group.memberships.get().person,
            invited_at=now,
            expires_at=now + timedelta(days=30),
        )
        return queued(GroupMailInvited, to=Guest(invitation.email, language), about=invitation, now=now)


class GroupJoinAsked(Kind):
    """To who leads the group."""

    name = "group_join_asked"
    title = _("somebody wants to join a group you lead")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        is_open = isinstance(row, Membership) and row.state == Belonging.ASKED
        return is_open and can_lead(notice.recipient, cast(Membership, row).group)

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Membership, notice.about)
        return {"group": row.group, "who": row.person.shown_name, "note": row.note}

    def path(self, notice: Notice) -> str:
        return reverse("discussions:people", args=[cast(Membership, notice.about).group.slug])

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        asking = example_reader(group, language=language, now=now, state=Belonging.ASKED)
        asking.note = "Beispiel: Ich arbeite im Partnerschaftsverein mit."
        asking.save()
        leader = group.memberships.exclude(pk=asking.pk).get().person
        leader.language = language
        leader.save()
        return queued(GroupJoinAsked, to=leader, about=asking, now=now)


class GroupJoinAnswered(Kind):
    """To who asked."""

    name = "group_join_answered"
    title = _("your wish to join a group was answered")
    is_private = True
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, Membership) and row.state in (Belonging.ACTIVE, Belonging.REMOVED)

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Membership, notice.about)
        return {"group": row.group, "is_accepted": row.state == Belonging.ACTIVE}

    def path(self, notice: Notice) -> str:
        row = cast(Membership, notice.about)
        return row.group.get_absolute_url() if row.state == Belonging.ACTIVE else reverse("discussions:list")

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        row = example_reader(group, language=language, now=now)
        return queued(GroupJoinAnswered, to=row.person, about=row, now=now)


class GroupRemoved(Kind):
    """To who no longer belongs to it, and why: the last thing they hear of the group."""

    name = "group_removed"
    title = _("you were removed from a group")
    is_private = True
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, Membership) and row.state in (Belonging.REMOVED, Belonging.BANNED)

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Membership, notice.about)
        return {"group": row.group, "why": row.note, "is_banned": row.state == Belonging.BANNED}

    def path(self, notice: Notice) -> str:
        return reverse("discussions:list")

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        row = example_reader(group, language=language, now=now, state=Belonging.BANNED)
        row.note = "Beispiel: wiederholte Werbung"
        row.save()
        return queued(GroupRemoved, to=row.person, about=row, now=now)
