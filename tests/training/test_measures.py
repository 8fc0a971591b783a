"""Measures fall due, and strategies are looked back at: each is told once, in time, to the right people."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from core.conflicts import BaseVersion, mark_of
from notifications.kinds import kind
from notifications.models import Notice
from partnerships.choices import Status
from tests.factories.strategies import strategy_of
from training.actions.measures import (
    MeasureFacts,
    add_measure,
    answer_review,
    ask_for_reviews,
    change_measure,
    remind_of_measures,
)
from training.choices import MeasureState, ReviewKind, StrategyState
from training.models import Measure, Strategy, StrategyReview

pytestmark = pytest.mark.django_db

APPROVED = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)
DAY = date(2027, 5, 10)


def at(day: date, hour: int = 10) -> datetime:
    """UTC; the office's clock is two hours ahead in summer."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def strategy(participant: User, partner: User) -> Strategy:
    row = strategy_of(participant, partner)
    row.approved_at = APPROVED
    row.save()
    return row


def measure(strategy: Strategy, owner: User | None, due_on: date = DAY, **more: Any) -> Measure:
    facts = MeasureFacts("Einladen", owner, more.pop("who", ""), due_on, more.pop("state", MeasureState.OPEN))
    return add_measure(strategy=strategy, facts=facts, language="de", by=owner, now=APPROVED)


def told(name: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind=name).select_related("recipient").order_by("pk")
    return [(row.key.split(":")[3], row.recipient.email) for row in rows if row.recipient]


class TestReminders:
    def test_a_week_before_and_the_day_after_once_each(self, strategy: Strategy, participant: User) -> None:
        measure(strategy, participant)
        day = DAY - timedelta(days=10)
        seen = []
        while day < DAY + timedelta(days=20):
            for hour in (5, 7, 12):
                before = len(told("measure_due"))
                remind_of_measures(now=at(day, hour))
                if len(told("measure_due")) > before:
                    seen.append((day, hour))
            day += timedelta(days=1)

        assert seen == [(date(2027, 5, 3), 7), (date(2027, 5, 11), 7)]
        assert told("measure_due") == [
            ("near-2027-05-10", participant.email),
            ("over-2027-05-10", participant.email),
        ]

    def test_without_an_owner_the_team(self, strategy: Strategy, participant: User, partner: User) -> None:
        measure(strategy, None, who="Jugendleitung")

        remind_of_measures(now=at(DAY))

        assert [email for _once, email in told("measure_due")] == [participant.email, partner.email]

    def test_an_owner_who_has_left_is_not_reminded(
        self, strategy: Strategy, participant: User, partner: User
    ) -> None:
        measure(strategy, participant)
        participant.side_contacts.update(ended_at=APPROVED)

        remind_of_measures(now=at(DAY))

        assert [email for _once, email in told("measure_due")] == [partner.email]

    @pytest.mark.parametrize("state", [MeasureState.DONE, MeasureState.DROPPED])
    def test_not_when_it_is_settled(self, strategy: Strategy, participant: User, state: MeasureState) -> None:
        measure(strategy, participant, state=state)

        remind_of_measures(now=at(DAY))

        assert told("measure_due") == []

    def test_settled_meanwhile_it_is_not_wanted(self, strategy: Strategy, participant: User) -> None:
        row = measure(strategy, participant)
        remind_of_measures(now=at(DAY))
        notice = Notice.objects.get(kind="measure_due")
        assert kind("measure_due").still_wanted(notice, now=at(DAY))

        facts = MeasureFacts("Einladen", participant, "", DAY, MeasureState.DONE)
        change_measure(measure=row, facts=facts, language="de", version=1, by=participant, now=at(DAY))

        notice = Notice.objects.get(kind="measure_due")
        assert not kind("measure_due").still_wanted(notice, now=at(DAY))

    def test_a_new_day_reminds_anew(self, strategy: Strategy, participant: User) -> None:
        row = measure(strategy, participant)
        remind_of_measures(now=at(DAY))
        later = DAY + timedelta(days=30)
        facts = MeasureFacts("Einladen", participant, "", later, MeasureState.OPEN)
        change_measure(measure=row, facts=facts, language="de", version=1, by=participant, now=at(DAY))

        remind_of_measures(now=at(later))

        assert [once for once, _email in told("measure_due")] == ["near-2027-05-10", "near-2027-06-09"]

    def test_nothing_before_the_approval(self, strategy: Strategy, participant: User) -> None:
        measure(strategy, participant)
        Strategy.objects.update(approved_at=None)

        remind_of_measures(now=at(DAY))

        assert told("measure_due") == []


class TestLookingBack:
    def test_a_hundred_days_after_the_approval_once(
        self, strategy: Strategy, participant: User, partner: User
    ) -> None:
        day = APPROVED.date() + timedelta(days=95)
        found = []
        while day < APPROVED.date() + timedelta(days=120):
            for hour in (3, 12):
                before = StrategyReview.objects.count()
                ask_for_reviews(now=at(day, hour))
                if StrategyReview.objects.count() > before:
                    found.append((day, hour))
            day += timedelta(days=1)

        assert found == [(date(2027, 7, 4), 12)]
        row = StrategyReview.objects.get()
        assert (row.kind, row.due_on) == (ReviewKind.HUNDRED_DAYS, date(2027, 7, 4))
        assert [email for _once, email in told("review_due")] == [participant.email, partner.email]

    def test_then_every_year(self, strategy: Strategy) -> None:
        for days in (100, 200, 464, 465, 600, 829, 830, 831):
            ask_for_reviews(now=APPROVED + timedelta(days=days))

        rows = StrategyReview.objects.values_list("kind", "due_on")
        assert list(rows) == [
            (ReviewKind.HUNDRED_DAYS, date(2027, 7, 4)),
            (ReviewKind.YEARLY, date(2028, 7, 3)),
            (ReviewKind.YEARLY, date(2029, 7, 3)),
        ]

    def test_not_of_what_has_ended_or_was_never_approved(self, strategy: Strategy) -> None:
        strategy.partnership.status = Status.ENDED
        strategy.partnership.save()
        ask_for_reviews(now=APPROVED + timedelta(days=110))
        assert not StrategyReview.objects.exists()

    def test_answered_it_is_reviewed(self, strategy: Strategy, participant: User) -> None:
        ask_for_reviews(now=APPROVED + timedelta(days=101))
        review = StrategyReview.objects.get()
        notice = Notice.objects.filter(kind="review_due").first()
        assert notice is not None
        assert kind("review_due").still_wanted(notice, now=APPROVED)

        said = {"good": "Viel", "hard": ""}
        base = BaseVersion(review.version)
        base.marks = dict.fromkeys(said, mark_of(""))
        answer_review(review=review, answers=said, language="de", base=base, by=participant, now=APPROVED)

        review.refresh_from_db()
        assert review.answers == {"de": {"good": "Viel"}}
        assert Strategy.objects.get().state == StrategyState.REVIEWED
        notice = Notice.objects.get(pk=notice.pk)
        assert not kind("review_due").still_wanted(notice, now=APPROVED)


def test_a_measure_begun_means_carrying_out(strategy: Strategy, participant: User) -> None:
    measure(strategy, participant, state=MeasureState.BEGUN)

    assert Strategy.objects.get().state == StrategyState.CARRIED_OUT
