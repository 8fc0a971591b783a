"""Until when a coach would like to see sections again: asked, told, shown, and gone with the approval."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.delivery import deliver_due
from notifications.kinds import kind
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.strategies import make_coach, strategy_of, write
from training.actions import answers, strategies
from training.actions.answers import Answer
from training.choices import SectionState
from training.models import Strategy, StrategySection, StrategyVersion

pytestmark = pytest.mark.django_db

AT = "/partnerships/team/strategy/"
KEY = "7330000a-0000-4000-8000-00000000000"
GOOD, BACK = Answer(is_good=True, comment=""), Answer(is_good=False, comment="Wie viele?")


@pytest.fixture
def strategy(participant: User) -> Strategy:
    row = strategy_of(participant, slug="team")
    write(row, "S1", participant, history="Seit 1986.")
    write(row, "S3", participant, aim_1_what="Mehr Jugend")
    return row


@pytest.fixture
def version(strategy: Strategy, participant: User) -> StrategyVersion:
    now = timezone.now()
    return strategies.send_sections(strategy=strategy, codes=["S1", "S3"], by=participant, now=now)


@pytest.fixture
def writer(participant: User) -> Client:
    return signed_in(participant, "en")


@pytest.fixture
def coaching(coach: User) -> Client:
    return signed_in(make_coach(coach), "en")


def english(day: date | None) -> str:
    assert day
    return f"{day.day} {day:%B %Y}"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def given(days: int | None) -> dict[str, str]:
    """S1 is good, S3 comes back, to be seen again in so many days."""
    day = "" if days is None else (timezone.localdate() + timedelta(days=days)).isoformat()
    said = {"decision_S1": "good", "decision_S3": "back", "comment_S3": "Wie viele?"}
    return {**said, "due_on": day, "key": f"{KEY}1"}


def returned(version: StrategyVersion, coach: User, days: int | None) -> date | None:
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    said = {"S1": GOOD, "S3": BACK}
    coach = make_coach(coach)
    answers.answer_version(version=version, answers=said, due_on=day, by=coach, now=timezone.now())
    return day


def days_of(strategy: Strategy) -> dict[str, date]:
    rows = StrategySection.objects.filter(strategy=strategy).exclude(due_on=None)
    return dict(rows.values_list("code", "due_on"))


@pytest.mark.parametrize("days", [None, 0, 14, 365])
def test_the_day_goes_to_what_is_returned(
    coaching: Client, strategy: Strategy, version: StrategyVersion, days: int | None
) -> None:
    assert 'name="due_on"' in text(coaching, f"{AT}versions/1/")

    assert coaching.post(f"{AT}versions/1/", given(days)).status_code == 302

    expected = {} if days is None else {"S3": timezone.localdate() + timedelta(days=days)}
    assert days_of(strategy) == expected


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_gone_or_far_away_is_refused(
    coaching: Client, strategy: Strategy, version: StrategyVersion, days: int
) -> None:
    answer = coaching.post(f"{AT}versions/1/", given(days))

    assert answer.status_code == 422
    assert "Please enter a day from today on, at most a year ahead." in answer.content.decode()
    version.refresh_from_db()
    assert version.state == "waiting"


def test_the_team_reads_it_everywhere(
    writer: Client, coaching: Client, strategy: Strategy, version: StrategyVersion, coach: User
) -> None:
    day = returned(version, coach, 14)
    words = f"To be revised by {english(day)}."

    assert text(writer, AT).count(words) == 1
    assert words in text(writer, f"{AT}s3/")
    assert "revised by" not in text(writer, f"{AT}s1/")
    assert words in text(writer, "/desk/")
    assert words in text(coaching, f"{AT}s3/")
    assert words in text(coaching, "/coaching/strategies/")


def test_over_due_is_said_in_words(
    writer: Client, coaching: Client, strategy: Strategy, version: StrategyVersion, coach: User
) -> None:
    returned(version, coach, 0)
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "Overdue" not in text(writer, AT)
    StrategySection.objects.filter(code="S3").update(due_on=yesterday)
    words = f"Overdue: to be revised by {english(yesterday)}."

    for client, place in (
        (writer, AT),
        (writer, f"{AT}s3/"),
        (writer, "/desk/"),
        (coaching, "/coaching/strategies/"),
    ):
        assert words in text(client, place), place


def test_not_while_it_lies_with_the_coaches_and_gone_when_it_is_good(
    writer: Client, strategy: Strategy, version: StrategyVersion, coach: User, participant: User
) -> None:
    returned(version, coach, 14)
    now = timezone.now()
    second = strategies.send_sections(strategy=strategy, codes=["S3"], by=participant, now=now)
    assert "revised by" not in text(writer, AT)
    strategies.take_back(version=second, by=participant)
    assert "To be revised by" in text(writer, AT)

    third = strategies.send_sections(strategy=strategy, codes=["S3"], by=participant, now=now)
    answers.answer_version(version=third, answers={"S3": GOOD}, by=coach, now=now)

    assert days_of(strategy) == {}
    assert strategy.sections.get(code="S3").state == SectionState.APPROVED


def test_returned_again_without_a_day_the_old_one_is_gone(
    strategy: Strategy, version: StrategyVersion, coach: User, participant: User
) -> None:
    returned(version, coach, 14)
    now = timezone.now()
    second = strategies.send_sections(strategy=strategy, codes=["S3"], by=participant, now=now)

    answers.answer_version(version=second, answers={"S3": BACK}, by=coach, now=now)

    assert days_of(strategy) == {}


@pytest.mark.parametrize("days", [None, 14])
def test_the_mail_names_the_day(version: StrategyVersion, coach: User, days: int | None) -> None:
    day = returned(version, coach, days)
    notice = Notice.objects.get(kind="strategy_answered")

    context: dict[str, Any] = kind("strategy_answered").context(notice)

    assert context["due_on"] == day
    User.objects.update(language="en")
    deliver_due(now=timezone.now() + timedelta(minutes=1))
    sent = next(one for one in mail.outbox if "Answer about your strategy" in one.subject)
    words = "Please revise:" if day is None else f"Please revise by {english(day)}:"
    assert words in str(sent.body)
    assert words in str(sent.alternatives[0][0])


def test_what_the_team_changes_itself_is_called_so(
    coaching: Client, strategy: Strategy, version: StrategyVersion, coach: User, participant: User
) -> None:
    """Nobody has returned anything."""
    said = {"S1": GOOD, "S3": GOOD}
    answers.answer_version(version=version, answers=said, by=make_coach(coach), now=timezone.now())
    write(strategy, "S3", participant, timezone.now(), aim_1_what="Viel mehr Jugend")

    html = text(coaching, "/coaching/strategies/")

    assert "Approved sections are being changed." in html
    assert "Sections are to be revised." not in html


def test_what_a_coach_has_returned_is_called_so(
    coaching: Client, version: StrategyVersion, coach: User
) -> None:
    returned(version, coach, None)

    assert "Sections are to be revised." in text(coaching, "/coaching/strategies/")
