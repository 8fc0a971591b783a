"""How often a reader wants mails, and whether at all."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.addresses import address_digest
from notifications.choices import DIGESTS, EVERYTHING, chosen_by
from notifications.links import MailLink
from notifications.models import MailStop, Notice, Pace, Preference

log = structlog.get_logger(__name__)


@transaction.atomic
def choose_paces(person: User, paces: Mapping[tuple[str, str], str], *, now: datetime) -> None:
    """`paces` gives the pace by (kind, scope), both empty for everything; "" takes a choice back.

    Choices it does not name stay. What waits already follows the new choice with the next sweep.
    """
    for (kind, scope), pace in paces.items():
        if pace:
            Preference.objects.update_or_create(
                person=person, kind=kind, scope=scope, defaults={"pace": Pace(pace)}
            )
        else:
            Preference.objects.filter(person=person, kind=kind, scope=scope).delete()
    _ask_again_what_waits(person, now)
    log.info("mails_chosen", person=person.pk)


def _ask_again_what_waits(person: User, now: datetime) -> None:
    """What is being sent at this moment is locked for as long as the mail server takes; no page waits for it."""
    waiting = Notice.objects.filter(recipient=person, state=Notice.State.WAITING, tries=0)
    free = waiting.filter(bell_at__lte=now, due_at__gt=now).select_for_update(skip_locked=True)
    Notice.objects.filter(pk__in=[notice.pk for notice in free]).update(due_at=now)


@transaction.atomic
def end_mails(link: MailLink, *, now: datetime) -> None:
    """By the link of a mail, signed out. A person finds what this mail told in the list only, from now on.

    A reader without account gets no mail of ours any more.
    """
    if link.person is None:
        MailStop.objects.get_or_create(
            address=link.address, defaults={"reason": MailStop.Reason.UNSUBSCRIBED, "stopped_at": now}
        )
        log.info("mails_stopped", person=None, reason=MailStop.Reason.UNSUBSCRIBED)
    else:
        choose_paces(link.person, dict.fromkeys(_choices_behind(link), Pace.BELL), now=now)


def _choices_behind(link: MailLink) -> list[tuple[str, str]]:
    """Of a digest: everything that fills digests."""
    if link.scope:
        return [("", link.scope)]
    if link.kind:
        return [(link.kind, "")]
    assert link.person is not None  # noqa: S101 -- end_mails has asked
    return [EVERYTHING, *(key for key, pace in chosen_by(link.person).items() if pace in DIGESTS)]


@transaction.atomic
def resume_mails(link: MailLink) -> None:
    """A reader without account wants our mails again. It does not bring back a mailbox that was gone."""
    MailStop.objects.filter(address=link.address, reason=MailStop.Reason.UNSUBSCRIBED).delete()
    log.info("mails_resumed", person=None)


@transaction.atomic
def mailbox_works_again(person: User, *, by: User) -> None:
    """Mails to this person's address came back. Now they arrive again, says the person."""
    MailStop.objects.filter(address=address_digest(person.email)).delete()
    log.info("mails_resumed", person=person.pk, by=by.pk)


@transaction.atomic
def lift_stop(stop: MailStop, *, by: User) -> None:
    """By the office, for somebody who asked for it."""
    stop.delete()
    log.info("mails_resumed", person=stop.person_id, by=by.pk)
