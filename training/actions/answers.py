"""What coaches answer, what both say about a section, and what coaches keep for themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import queue
from training.actions.signs import note_work
from training.actions.strategies import NotWaiting
from training.actions.strategy_state import locked, refresh
from training.choices import Section, SectionState, VersionState
from training.emails.strategies import SectionCommented, StrategyAnswered
from training.models import CoachNote, SectionComment, Strategy, StrategySection, StrategyVersion
from training.queries.team import coaches_for, team_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """To one section. What is to be revised has a comment; the form has made sure."""

    is_good: bool
    comment: str


class NotAllAnswered(Exception):
    """Each section that was sent gets an answer, and what is returned a reason."""


@transaction.atomic
def answer_version(
    *,
    version: StrategyVersion,
    answers: Mapping[str, Answer],
    by: User,
    now: datetime,
    due_on: date | None = None,
) -> StrategyVersion:
    """Approved if every section is good, else returned. The first one approved begins the hundred days.

    `due_on` is the day until which what is returned should come again. Raises NotWaiting, NotAllAnswered.
    """
    strategy = locked(version.strategy)
    row = StrategyVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != VersionState.WAITING:
        raise NotWaiting
    if any(code not in answers or not (answers[code].is_good or answers[code].comment) for code in row.sent):
        raise NotAllAnswered
    good = [code for code in row.sent if answers[code].is_good]
    returned = [code for code in row.sent if code not in good]
    sections = StrategySection.objects.filter(strategy=strategy)
    sections.filter(code__in=good).update(state=SectionState.APPROVED, due_on=None)
    sections.filter(code__in=returned).update(state=SectionState.RETURNED, due_on=due_on)
    row.state = VersionState.RETURNED if returned else VersionState.APPROVED
    row.approved = [code for code in Section.values if code in good or code in row.content["approved"]]
    row.decided_by, row.decided_at = by, now
    row.save()
    _keep_comments(strategy, row, answers, by=by, now=now)
    if strategy.approved_at is None and not returned:
        strategy.approved_at = now
    strategy.coach = strategy.coach or by
    strategy.save(update_fields=("approved_at", "coach"))
    refresh(strategy)
    queue(StrategyAnswered, to=team_of(strategy), about=row, now=now)
    log.info("version_answered", strategy=strategy.pk, version=row.number, state=row.state, by=by.pk)
    return row


def _keep_comments(
    strategy: Strategy, version: StrategyVersion, answers: Mapping[str, Answer], *, by: User, now: datetime
) -> None:
    SectionComment.objects.bulk_create(
        SectionComment(
            strategy=strategy,
            code=code,
            version=version,
            text=answers[code].comment,
            by_coach=True,
            author=by,
            written_at=now,
        )
        for code in version.sent
        if answers[code].comment
    )


@transaction.atomic
def comment(
    *, strategy: Strategy, section: Section, text: str, by: User, by_coach: bool, now: datetime
) -> SectionComment:
    """Tells the others: the team, and who coaches it."""
    said = SectionComment.objects.create(
        strategy=strategy, code=section, text=text, by_coach=by_coach, author=by, written_at=now
    )
    if not by_coach:
        note_work(strategy, now=now)
    coaches = [] if by_coach else coaches_for(strategy)
    readers = {person.pk: person for person in (*team_of(strategy), *coaches)}
    readers.pop(by.pk, None)
    queue(SectionCommented, to=readers.values(), about=said, now=now)
    return said


@transaction.atomic
def take_on(*, strategy: Strategy, by: User) -> None:
    """From now on this coach is asked first."""
    row = locked(strategy)
    row.coach = by
    row.save(update_fields=("coach",))


@transaction.atomic
def keep_note(*, strategy: Strategy, text: str, by: User, now: datetime) -> CoachNote:
    return CoachNote.objects.create(strategy=strategy, text=text, author=by, written_at=now)


@transaction.atomic
def delete_note(*, note: CoachNote) -> None:
    note.delete()
