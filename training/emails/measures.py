"""What falls due in a strategy that was approved."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice
from training.choices import MeasureState, ReviewKind
from training.emails.strategies import example_strategy, may_read
from training.models import Measure, StrategyReview
from training.queries.measures import title_in


class MeasureDue(Kind):
    """A week before the day, and on the day after it."""

    name = "measure_due"
    title = _("a measure of your strategy is due")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        if not isinstance(row, Measure) or not may_read(notice, row.strategy):
            return False
        return row.state in (MeasureState.OPEN, MeasureState.BEGUN)

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(Measure, notice.about)
        return {
            "partnership": str(row.strategy),
            "measure": title_in(row.titles, row.strategy.languages).text,
            "day": row.due_on,
            "is_over": row.due_on < timezone.localdate(),
        }

    def path(self, notice: Notice) -> str:
        return cast(Measure, notice.about).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        row = Measure.objects.create(
            strategy=example_strategy(now=now),
            titles={"de": "Erster Videoabend", "en": "First video evening"},
            due_on=timezone.localdate(now) + timedelta(days=7),
            written_at=now,
        )
        return queued(MeasureDue, to=invented_person(language), about=row, now=now)


class ReviewDue(Kind):
    """The hundred days, and the year."""

    name = "review_due"
    title = _("it is time to look back at your strategy")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        if not isinstance(row, StrategyReview) or not may_read(notice, row.strategy):
            return False
        return row.done_at is None

    def context(self, notice: Notice) -> dict[str, Any]:
        row = cast(StrategyReview, notice.about)
        measures = list(row.strategy.measures.all())
        return {
            "partnership": str(row.strategy),
            "is_hundred_days": row.kind == ReviewKind.HUNDRED_DAYS,
            "measures": len(measures),
            "done": sum(one.state == MeasureState.DONE for one in measures),
        }

    def path(self, notice: Notice) -> str:
        return cast(StrategyReview, notice.about).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        row = StrategyReview.objects.create(
            strategy=example_strategy(now=now),
            kind=ReviewKind.HUNDRED_DAYS,
            due_on=timezone.localdate(now),
        )
        return queued(ReviewDue, to=invented_person(language), about=row, now=now)
