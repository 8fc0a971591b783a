"""Once a year every side is asked whether its entry is still right; silence is shown, never punished."""

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from core.months import months_later
from directory.models import Claim
from notifications.outbox import Guest, queue
from partnerships.actions.answers import ask
from partnerships.actions.history import note_change
from partnerships.emails.answers import SideInvitationReminder, StillRight, StillRightReminder
from partnerships.emails.freshness import AnniversaryAhead, DormancySuggested, SilentSide
from partnerships.models import Change, Partnership, PartnershipSide, SideInvitation
from partnerships.queries.readers import contacts_of, office_readers, people_of, speakers_of

log = structlog.get_logger(__name__)

ASKED_AFTER_MONTHS = 12
REMINDED_AFTER_MONTHS = (13, 14)
"""Since the side last said that the entry is right."""
BETWEEN_MAILS = timedelta(days=14)
"""After a long standstill of the clock nobody gets everything at once."""
ONE_DAY = timedelta(days=1)
INVITATION_REMINDED_AFTER = timedelta(days=14)
ANNIVERSARY_MONTHS = (18, 12, 6)
SILENT_MONTHS = 24


class NobodyToAsk(Exception):
    """Nobody looks after the side or speaks for its municipality, or its entry is not public or has ended."""


def ask_whether_still_right(*, now: datetime) -> int:
    """Ask, or remind, every side whose time has come. Gives how many sides. Runs any number of times."""
    year_ago = months_later(now, -ASKED_AFTER_MONTHS)
    sides = _sides(heard_before=year_ago).filter(reminders__lt=len(REMINDED_AFTER_MONTHS))
    somebody = Q(contacts__ended_at=None, contacts__isnull=False) | Q(
        municipality__claims__state=Claim.State.ACCEPTED
    )
    numbers: list[int] = list(sides.filter(somebody).order_by("pk").values_list("pk", flat=True).distinct())
    return sum(_ask_side(number, now=now) for number in numbers)


@transaction.atomic
def _ask_side(number: int, *, now: datetime) -> bool:
    side = (
        _sides(heard_before=now).select_for_update(of=("self",), skip_locked=True).filter(pk=number).first()
    )
    if side is None or not _is_due(side, now=now):
        return False
    kind = StillRightReminder if side.asked_at else StillRight
    if side.asked_at:
        side.reminders += 1
    side.asked_at = now
    side.save(update_fields=("asked_at", "reminders"))
    for question, reader in _questions(side, now=now):
        queue(kind, to=[reader], about=question, once=f"{question.nonce[:8]}:{now:%Y-%m-%d}", now=now)
    if side.reminders == len(REMINDED_AFTER_MONTHS):
        queue(SilentSide, to=office_readers(), about=side, once=f"{now:%Y-%m}", now=now)
    return True


@transaction.atomic
def ask_side_again(*, side: PartnershipSide, by: User, now: datetime) -> int:
    """The office asks a side once more, out of turn; one reminder follows, then it is on the office's list again.

    Once a day at most; pressed twice it asks once. The number of people asked; raises NobodyToAsk.
    """
    row = _sides(heard_before=now).select_for_update(of=("self",)).filter(pk=side.pk).first()
    if row is None:
        raise NobodyToAsk
    side = row
    if side.asked_at is not None and now - side.asked_at < ONE_DAY:
        return 0
    questions = _questions(side, now=now)
    if not questions:
        raise NobodyToAsk
    side.asked_at, side.reminders = now, len(REMINDED_AFTER_MONTHS) - 1
    side.save(update_fields=("asked_at", "reminders"))
    for question, reader in questions:
        queue(StillRight, to=[reader], about=question, once=f"{question.nonce[:8]}:{now:%Y-%m-%d}", now=now)
    note_change(
        partnership=side.partnership, what=Change.What.ASKED, now=now, by=by, side=side, is_office=True
    )
    return len(questions)


def _is_due(side: PartnershipSide, *, now: datetime) -> bool:
    heard_at = side.heard_at  # type: ignore[attr-defined]  # annotated by _sides
    steps = (ASKED_AFTER_MONTHS, *REMINDED_AFTER_MONTHS)
    step = side.reminders + 1 if side.asked_at else 0
    if step >= len(steps) or (side.asked_at and now - side.asked_at < BETWEEN_MAILS):
        return False
    return bool(months_later(heard_at, steps[step]) <= now)


def _questions(side: PartnershipSide, *, now: datetime) -> list[tuple[SideInvitation, User | Guest]]:
    """One link for each contact; without any, for who speaks for the municipality."""
    asked: list[tuple[SideInvitation, User | Guest]] = []
    yearly = SideInvitation.Purpose.YEARLY
    for contact in contacts_of(side):
        person = contact.person
        language = person.language if person else contact.language
        question = _open(side, contact.pk, now=now) or ask(
            side=side,
            purpose=yearly,
            contact=contact,
            email=contact.email,
            language=language,
            by=None,
            now=now,
        )
        asked.append((question, person or Guest(contact.email, contact.language)))
    if not asked:
        for person in speakers_of(side):
            question = ask(side=side, purpose=yearly, language=person.language, by=None, now=now)
            asked.append((question, person))
    return asked


def _open(side: PartnershipSide, contact: int, *, now: datetime) -> SideInvitation | None:
    """A reminder leads to the link of the question: the first mail stays good, as long as its link does."""
    open_ones = SideInvitation.objects.filter(
        side=side,
        purpose=SideInvitation.Purpose.YEARLY,
        answered_at=None,
        revoked_at=None,
        expires_at__gt=now,
        contact=contact,
    )
    return open_ones.first()


def _sides(*, heard_before: datetime) -> QuerySet[PartnershipSide]:
    """Those that are asked: of published entries that have not ended. `heard_at` is when they last spoke."""
    heard_at = Coalesce(F("confirmed_at"), F("partnership__created_at"))
    rows: QuerySet[PartnershipSide] = PartnershipSide.objects.annotate(heard_at=heard_at)
    return (
        rows.filter(Q(heard_at__lte=heard_before))
        .exclude(partnership__published_at=None)
        .exclude(partnership__status=Partnership.Status.ENDED)
    )


def remind_invited(*, now: datetime) -> int:
    """Two weeks after an invitation without an answer, once. Gives how many were queued or were before."""
    waiting = SideInvitation.objects.filter(
        purpose=SideInvitation.Purpose.CONFIRM,
        answered_at=None,
        revoked_at=None,
        sent_at__lte=now - INVITATION_REMINDED_AFTER,
        # Whoever was asked long ago, before this ran, is left in peace.
        sent_at__gt=now - 2 * INVITATION_REMINDED_AFTER,
        expires_at__gt=now,
    ).exclude(email="")
    for question in waiting:
        reader = Guest(question.email, question.language)
        queue(SideInvitationReminder, to=[reader], about=question, once=question.nonce[:8], now=now)
    return len(waiting)


# Anniversaries


def tell_anniversaries(*, now: datetime) -> int:
    """18, 12 and 6 months ahead, to who looks after a side with an account. Gives how many entries were due."""
    signed = (
        Partnership.objects.published()
        .exclude(status=Partnership.Status.ENDED)
        .filter(Q(signed_on__isnull=False) | Q(signed_year__isnull=False))
    )
    told = 0
    for partnership in signed.filter(
        Q(sides__contacts__person__isnull=False) | Q(sides__municipality__claims__state=Claim.State.ACCEPTED)
    ).distinct():
        due = anniversary_due(partnership, today=now.date())
        if due is None:
            continue
        _day, years, lead = due
        people = {person.pk: person for side in partnership.sides.all() for person in people_of(side)}
        queue(AnniversaryAhead, to=people.values(), about=partnership, once=f"{years}-{lead}", now=now)
        told += 1
    return told


def anniversary_due(partnership: Partnership, *, today: date) -> tuple[date, int, int] | None:
    """(day, years, months ahead) of the shortest lead that is reached; None when none is near.

    Where only the year is known, the day is the first of its January.
    """
    began = partnership.signed_on or date(partnership.signed_year or 0, 1, 1)
    for years in range(5, today.year - began.year + 3):
        day = months_later(began, 12 * years)
        if not is_celebrated(years) or day <= today:
            continue
        reached = [lead for lead in ANNIVERSARY_MONTHS if months_later(day, -lead) <= today]
        if reached:
            return day, years, min(reached)
    return None


def is_celebrated(years: int) -> bool:
    """Every five years up to 25, then every ten, and each quarter of a century."""
    return years % 5 == 0 and (years <= 25 or years % 10 == 0 or years % 25 == 0)


# Silence


def suggest_dormancy(*, now: datetime) -> int:
    """Nothing heard, written or changed for two years: ask the people whether it sleeps. Never set by us."""
    before = months_later(now, -SILENT_MONTHS)
    silent = (
        Partnership.objects.published()
        .filter(status=Partnership.Status.ACTIVE, changed_at__lt=before, created_at__lt=before)
        .exclude(sides__confirmed_at__gte=before)
        .exclude(changes__at__gte=before)
        .exclude(chronicle__on__gte=before.date())
        .filter(sides__contacts__person__isnull=False)
        .distinct()
    )
    for partnership in silent:
        people = {person.pk: person for side in partnership.sides.all() for person in people_of(side)}
        queue(DormancySuggested, to=people.values(), about=partnership, once=f"{now:%Y}", now=now)
    return len(silent)


# Forgetting


@transaction.atomic
def forget_invited(*, now: datetime) -> int:
    """Addresses of questions that are answered or have expired. Gives how many."""
    kept = SideInvitation.objects.exclude(email="")
    old = kept.filter(Q(answered_at__isnull=False) | Q(expires_at__lt=now))
    return old.update(email="", name="")
