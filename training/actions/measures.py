"""Measures, their reminders, and looking back at what came of the strategy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import User
from core.conflicts import BaseVersion, changed_fields, check_version
from notifications.outbox import queue
from partnerships.choices import Status
from training.actions.signs import note_work
from training.actions.strategy_state import locked, refresh, written_in
from training.choices import MeasureState, ReviewKind
from training.emails.measures import MeasureDue, ReviewDue
from training.models import Measure, Strategy, StrategyReview
from training.queries.team import team_of

SETTLED = (MeasureState.DONE, MeasureState.DROPPED)
AHEAD = timedelta(days=7)
STILL_TOLD = timedelta(days=7)
"""How late a reminder may be after a standstill; later it would be a reproach."""
HUNDRED_DAYS, A_YEAR = timedelta(days=100), timedelta(days=365)
AT = time(8)
"""On the clock of the office: nobody is reminded at night."""


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """`title` in one language; empty where the words of another one are enough."""

    title: str
    owner: User | None
    who: str
    due_on: date
    state: MeasureState


@transaction.atomic
def add_measure(
    *, strategy: Strategy, facts: MeasureFacts, language: str, by: User, now: datetime
) -> Measure:
    """Raises LanguageTakenOut."""
    held = locked(strategy)
    written_in(held, language)
    row = Measure(strategy=held, written_at=now)
    _write(row, facts, language, now)
    refresh(held)
    note_work(held, now=now)
    return row


@transaction.atomic
def change_measure(
    *, measure: Measure, facts: MeasureFacts, language: str, version: int, by: User, now: datetime
) -> Measure:
    """The title in this language; those in others stay. Raises EditConflict, LanguageTakenOut."""
    held = locked(measure.strategy)
    written_in(held, language)
    row = Measure.objects.select_for_update().get(pk=measure.pk)
    check_version(row, version)
    row.version += 1
    _write(row, facts, language, now)
    refresh(held)
    note_work(held, now=now)
    return row


def _write(row: Measure, facts: MeasureFacts, language: str, now: datetime) -> None:
    titles = {**row.titles, language: facts.title}
    row.titles = {code: text for code, text in titles.items() if text}
    row.owner, row.who, row.due_on = facts.owner, facts.who if facts.owner is None else "", facts.due_on
    if facts.state in SETTLED:
        row.settled_on = row.settled_on or timezone.localdate(now)
    else:
        row.settled_on = None
    row.state = facts.state
    row.save()


def remind_of_measures(*, now: datetime) -> None:
    """A week before its day, and once it is over. Found anew each time; the key of the notice makes it once."""
    today = _office_day(now)
    if today is None:
        return
    near = Q(due_on__range=(today, today + AHEAD))
    over = Q(due_on__range=(today - STILL_TOLD, today - timedelta(days=1)))
    for row in Measure.objects.running().filter(near | over).select_related("strategy__partnership", "owner"):
        team = team_of(row.strategy)
        to = [row.owner] if row.owner is not None and row.owner in team else team
        what = "over" if row.due_on < today else "near"
        queue(MeasureDue, to=to, about=row, now=now, once=f"{what}-{row.due_on}")


def ask_for_reviews(*, now: datetime) -> None:
    """A hundred days after the first approval, then each year. The row and its mails are written together, once."""
    today = _office_day(now)
    if today is None:
        return
    approved = Strategy.objects.exclude(approved_at=None).exclude(partnership__status=Status.ENDED)
    # One that was never asked about, or whose last time is a year ago.
    asked = approved.annotate(last=Max("reviews__due_on"))
    first = asked.filter(last=None, approved_at__lte=now - HUNDRED_DAYS)
    again = asked.filter(last__lte=today - A_YEAR)
    for strategy in (*first, *again):
        ask_for_review(strategy=strategy, now=now)


@transaction.atomic
def ask_for_review(*, strategy: Strategy, now: datetime) -> None:
    """The first one is the 100-day check, each later one a yearly review."""
    held = locked(strategy)
    if held.reviews.exists():
        kind, due_on = ReviewKind.YEARLY, timezone.localdate(now)
    else:
        kind, due_on = ReviewKind.HUNDRED_DAYS, timezone.localdate(held.approved_at) + HUNDRED_DAYS
    # Another sweep may have asked while this one waited.
    if held.reviews.filter(due_on__gt=due_on - A_YEAR).exists():
        return
    row = StrategyReview.objects.create(strategy=held, kind=kind, due_on=due_on)
    queue(ReviewDue, to=team_of(held), about=row, now=now)


def _office_day(now: datetime) -> date | None:
    """None in the early morning: then it is still the day before."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return local.date() if local.time() >= AT else None


@transaction.atomic
def answer_review(
    *,
    review: StrategyReview,
    answers: Mapping[str, str],
    language: str,
    base: BaseVersion,
    by: User,
    now: datetime,
) -> StrategyReview:
    """In one language, what this person has changed since `base`; all else stays.

    Raises EditConflict where both have changed the same answer, and LanguageTakenOut.
    """
    held = locked(review.strategy)
    written_in(held, language)
    row = StrategyReview.objects.select_for_update().get(pk=review.pk)
    before = row.answers.get(language, {})
    mine = changed_fields({name: before.get(name, "") for name in answers}, answers, base)
    texts = {**before, **mine}
    row.answers = {**row.answers, language: {name: text for name, text in texts.items() if text}}
    row.version += 1
    row.done_by, row.done_at = row.done_by or by, row.done_at or now
    row.save()
    refresh(held)
    note_work(held, now=now)
    return row
