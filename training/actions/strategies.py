"""Writing a strategy together: beginning, drafts, saving, sending to the coaches, the public summary."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from accounts.models import User
from core.conflicts import BaseVersion, changed_fields, check_version
from notifications.outbox import queue
from partnerships.models import Partnership
from training.actions.signs import note_work
from training.actions.strategy_state import locked, refresh, written_in
from training.choices import Section, SectionState, VersionState
from training.emails.strategies import SectionsSent
from training.models import SectionDraft, Strategy, StrategySection, StrategyVersion
from training.queries.strategies import content_now
from training.queries.team import coaches_for
from training.section_values import changed, in_language, is_ready

log = structlog.get_logger(__name__)

OPEN_STATES = (SectionState.OPEN, SectionState.RETURNED)


class IsSent(Exception):
    """The section lies with the coaches; whoever wants to go on takes it back first."""


class NothingToSend(Exception):
    """None of the chosen sections can be sent: with the coaches or approved already, or hardly anything in it."""


class NotWaiting(Exception):
    """The version was answered or taken back meanwhile."""


class NotApproved(Exception):
    """Nothing of a strategy becomes public before a coach has approved a version."""


@transaction.atomic
def begin_strategy(
    *, partnership: Partnership, languages: Collection[str], by: User, now: datetime
) -> Strategy:
    """With its eleven empty sections. Begun twice it is the same one."""
    row = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    known = Strategy.objects.filter(partnership=row).first()
    if known is not None:
        return known
    made = Strategy.objects.create(
        partnership=row, languages=list(languages), begun_by=by, begun_at=now, is_demo=row.is_demo
    )
    StrategySection.objects.bulk_create(StrategySection(strategy=made, code=code) for code in Section)
    log.info("strategy_begun", strategy=made.pk, by=by.pk)
    return made


@transaction.atomic
def set_languages(*, strategy: Strategy, languages: Collection[str], version: int) -> Strategy:
    """Texts in a language that is taken out are kept, and come back with it. Raises EditConflict."""
    row = locked(strategy)
    check_version(row, version)
    row.languages = list(languages)
    row.version += 1
    row.save(update_fields=("languages", "version"))
    return row


@transaction.atomic
def save_section(
    *,
    section: StrategySection,
    language: str,
    typed: Mapping[str, Any],
    base: BaseVersion,
    by: User,
    now: datetime,
) -> StrategySection:
    """Writes the fields this person has changed since `base`. What others have changed meanwhile stays.

    `typed` as `in_language` gives it. Raises EditConflict where both have changed the same field to something else,
    IsSent and LanguageTakenOut. An approved section is open again once something else stands in it.
    """
    strategy = locked(section.strategy)
    written_in(strategy, language)
    row = StrategySection.objects.select_for_update().get(pk=section.pk)
    if row.state == SectionState.SENT:
        raise IsSent
    code = Section(row.code)
    mine = changed_fields(in_language(code, row.values, language), typed, base)
    content = changed(code, row.values, mine, language)
    if content != row.values:
        row.values, row.changed_by, row.changed_at = content, by, now
        row.version += 1
        row.state = SectionState.OPEN if row.state == SectionState.APPROVED else row.state
        row.save()
        refresh(strategy)
        note_work(strategy, now=now)
    SectionDraft.objects.filter(person=by, section=row, language=language).delete()
    return row


@transaction.atomic
def keep_draft(
    *,
    section: StrategySection,
    language: str,
    typed: Mapping[str, str],
    base: str,
    by: User,
    now: datetime,
) -> None:
    """What is being typed, for its writer. `typed` as the browser sent it: it need not be valid yet."""
    SectionDraft.objects.update_or_create(
        person=by,
        section=section,
        language=language,
        defaults={"typed": dict(typed), "base": base, "changed_at": now},
    )


@transaction.atomic
def forget_draft(*, section: StrategySection, language: str, by: User) -> None:
    SectionDraft.objects.filter(person=by, section=section, language=language).delete()


@transaction.atomic
def send_sections(*, strategy: Strategy, codes: Collection[str], by: User, now: datetime) -> StrategyVersion:
    """Keeps the whole strategy as it is now as the next version, and asks the coaches about these sections.

    Raises NothingToSend.
    """
    row = locked(strategy)
    sections = list(StrategySection.objects.filter(strategy=row))
    chosen = [
        section
        for section in sections
        if section.code in codes
        and section.state in OPEN_STATES
        and is_ready(Section(section.code), section.values)
    ]
    if not chosen:
        raise NothingToSend
    version = StrategyVersion.objects.create(
        strategy=row,
        number=row.versions.count() + 1,
        content=content_now(row),
        sent=[code for code in Section.values if any(section.code == code for section in chosen)],
        sent_by=by,
        sent_at=now,
    )
    StrategySection.objects.filter(pk__in=[section.pk for section in chosen]).update(state=SectionState.SENT)
    refresh(row)
    note_work(row, now=now)
    queue(SectionsSent, to=coaches_for(row), about=version, now=now)
    log.info("sections_sent", strategy=row.pk, version=version.number, by=by.pk)
    return version


@transaction.atomic
def take_back(*, version: StrategyVersion, by: User) -> None:
    """Before a coach has answered. Its sections are open again. Raises NotWaiting."""
    strategy = locked(version.strategy)
    row = StrategyVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != VersionState.WAITING:
        raise NotWaiting
    row.state = VersionState.TAKEN_BACK
    row.save(update_fields=("state",))
    StrategySection.objects.filter(strategy=strategy, code__in=row.sent).update(state=SectionState.OPEN)
    refresh(strategy)
    log.info("version_taken_back", strategy=strategy.pk, version=row.number, by=by.pk)


@transaction.atomic
def publish_summary(
    *, strategy: Strategy, summary: Mapping[str, str], version: int, by: User, now: datetime
) -> Strategy:
    """Everybody reads it on the page of the partnership. Raises EditConflict, NotApproved.

    A text in a language that was taken out has no field in the form; it waits for its language to come back.
    """
    row = locked(strategy)
    check_version(row, version)
    if row.approved_at is None:
        raise NotApproved
    waiting = {language: text for language, text in row.summary.items() if language not in row.languages}
    row.summary = waiting | {language: text for language, text in summary.items() if text}
    row.published_at = row.published_at or now
    row.version += 1
    row.save(update_fields=("summary", "published_at", "version"))
    log.info("summary_published", strategy=row.pk, by=by.pk)
    return row


@transaction.atomic
def withdraw_summary(*, strategy: Strategy, by: User) -> None:
    """The text is kept for the team."""
    row = locked(strategy)
    row.published_at = None
    row.version += 1
    row.save(update_fields=("published_at", "version"))
    log.info("summary_withdrawn", strategy=row.pk, by=by.pk)
