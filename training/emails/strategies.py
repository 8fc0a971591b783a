"""Between a team and its coaches. The office's mail log shows that something was told, not what."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.models import Notice
from partnerships.emails.examples import example_partnership
from training.choices import Section, SectionState, VersionState
from training.coaching import is_coach
from training.models import SectionComment, Strategy, StrategySection, StrategyVersion


def may_read(notice: Notice, strategy: Strategy) -> bool:
    """Still of the team, or still a coach."""
    reader = notice.recipient
    return reader is not None and Strategy.objects.visible_to(reader).filter(pk=strategy.pk).exists()


def section_names(codes: list[str]) -> list[str]:
    """In their order, with their numbers."""
    return [f"{code[1:]}. {Section(code).label}" for code in Section.values if code in codes]


class SectionsSent(Kind):
    name = "sections_sent"
    title = _("sections of a strategy wait for your answer")
    is_private = True

    def reaches(self, person: Any) -> bool:
        return is_coach(person)

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return (
            isinstance(row, StrategyVersion)
            and row.state == VersionState.WAITING
            and is_coach(notice.recipient)
        )

    def context(self, notice: Notice) -> dict[str, Any]:
        version = cast(StrategyVersion, notice.about)
        return {
            "partnership": str(version.strategy),
            "sections": section_names(version.sent),
            "sender": version.sent_by.shown_name if version.sent_by else "",
        }

    def path(self, notice: Notice) -> str:
        return cast(StrategyVersion, notice.about).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        version = example_version(now=now)
        return queued(SectionsSent, to=invented_person(language), about=version, now=now)


class StrategyAnswered(Kind):
    """With the comments: our people live in their mailbox."""

    name = "strategy_answered"
    title = _("a coach has answered about your strategy")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, StrategyVersion) and may_read(notice, row.strategy)

    def context(self, notice: Notice) -> dict[str, Any]:
        version = cast(StrategyVersion, notice.about)
        comments = {row.code: row.text for row in version.comments.all()}
        is_approved = version.state == VersionState.APPROVED
        good = [code for code in version.sent if code in version.approved]
        returned = [code for code in version.sent if code not in good]
        return {
            "partnership": str(version.strategy),
            "number": version.number,
            "is_approved": is_approved,
            "good": section_names(good),
            "returned": section_names(returned),
            "due_on": _due_on(version.strategy, returned),
            "comments": [
                (name, comments[code])
                for code, name in zip(version.sent, section_names(version.sent), strict=True)
                if code in comments
            ],
            "coach": version.decided_by.shown_name if version.decided_by else "",
        }

    def path(self, notice: Notice) -> str:
        return cast(StrategyVersion, notice.about).strategy.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        version = example_version(now=now)
        text = "Bis wann genau? / By when exactly?"
        SectionComment.objects.create(
            strategy=version.strategy, code=Section.AIMS, version=version, text=text, by_coach=True,
            written_at=now,
        )  # fmt: skip
        version.strategy.sections.filter(code=Section.AIMS).update(
            state=SectionState.RETURNED, due_on=now.date() + timedelta(days=14)
        )
        version.state, version.approved, version.decided_at = VersionState.RETURNED, [Section.STATE], now
        version.decided_by = invented_person("de")
        version.save()
        return queued(StrategyAnswered, to=invented_person(language), about=version, now=now)


class SectionCommented(Kind):
    name = "section_commented"
    title = _("somebody has commented on a section of a strategy")
    is_private = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, SectionComment) and may_read(notice, row.strategy)

    def context(self, notice: Notice) -> dict[str, Any]:
        said = cast(SectionComment, notice.about)
        return {
            "partnership": str(said.strategy),
            "section": section_names([said.code])[0],
            "text": said.text,
            "author": said.author.shown_name if said.author else "",
        }

    def path(self, notice: Notice) -> str:
        return cast(SectionComment, notice.about).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        said = SectionComment.objects.create(
            strategy=example_strategy(now=now),
            code=Section.AIMS,
            text="Das klingt gut. / That sounds good.",
            author=invented_person("de"),
            written_at=now,
        )
        return queued(SectionCommented, to=invented_person(language), about=said, now=now)


def _due_on(strategy: Strategy, codes: list[str]) -> date | None:
    """One day for all that came back with an answer."""
    rows = strategy.sections.filter(code__in=codes, state=SectionState.RETURNED).exclude(due_on=None)
    return rows.values_list("due_on", flat=True).order_by("due_on").first()


def example_strategy(*, now: datetime) -> Strategy:
    """Of an invented partnership; only inside `Kind.example`."""
    partnership = example_partnership(now=now)
    return Strategy.objects.create(
        partnership=partnership,
        languages=["de", "en"],
        begun_at=now - timedelta(days=120),
        approved_at=now - timedelta(days=100),
        is_demo=True,
    )


def example_version(*, now: datetime) -> StrategyVersion:
    strategy = example_strategy(now=now)
    StrategySection.objects.bulk_create(StrategySection(strategy=strategy, code=code) for code in Section)
    content = {"languages": ["de"], "sections": {}, "approved": [], "measures": []}
    sent = [Section.STATE, Section.AIMS]
    return StrategyVersion.objects.create(
        strategy=strategy, number=1, content=content, sent=sent, sent_by=invented_person("de"), sent_at=now
    )
