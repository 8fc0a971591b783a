"""What is told about a group as such."""

from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from discussions.emails.examples import example_group, example_reader
from discussions.models import Entry, Group
from discussions.permissions import active_membership
from notifications.examples import queued
from notifications.kinds import Kind
from notifications.models import Notice


class DeletionAnnounced(Kind):
    """To every member, two weeks before. `once` is the day."""

    name = "group_deletion_announced"
    title = _("a group of yours will be deleted")
    is_private = True
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        group = notice.about
        if not isinstance(group, Group) or group.delete_at is None or notice.recipient is None:
            return False
        return active_membership(notice.recipient, group) is not None

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"group": cast(Group, notice.about)}

    def path(self, notice: Notice) -> str:
        return cast(Group, notice.about).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        group.delete_at = now
        group.save()
        reader = example_reader(group, language=language, now=now).person
        return queued(DeletionAnnounced, to=reader, about=group, now=now)


class LookedInto(Kind):
    """To every member: somebody of the office has gone into the closed group, and why."""

    name = "group_looked_into"
    title = _("the office has looked into a closed group of yours")
    is_private = True
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        entry = notice.about
        if not isinstance(entry, Entry) or notice.recipient is None:
            return False
        return active_membership(notice.recipient, entry.group) is not None

    def context(self, notice: Notice) -> dict[str, Any]:
        entry = cast(Entry, notice.about)
        return {"entry": entry, "group": entry.group, "who": entry.person.shown_name if entry.person else ""}

    def path(self, notice: Notice) -> str:
        return cast(Entry, notice.about).group.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        reader = example_reader(group, language=language, now=now).person
        person = group.memberships.exclude(person=reader).get().person
        entry = Entry.objects.create(
            group=group, person=person, reason="Beispiel: ein gemeldeter Beitrag", at=now
        )
        return queued(LookedInto, to=reader, about=entry, now=now)
