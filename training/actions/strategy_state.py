"""Where a strategy is as a whole: always made anew of its sections, versions, measures and reviews."""

from training.choices import MeasureState, SectionState, StrategyState, VersionState
from training.models import Strategy, StrategySection


class LanguageTakenOut(Exception):
    """The strategy is not written in this language, or no longer."""


def locked(strategy: Strategy) -> Strategy:
    """Whoever changes anything of a strategy holds its row first, so that nobody waits crosswise."""
    rows = Strategy.objects.select_for_update(of=("self",)).select_related("partnership")
    return rows.get(pk=strategy.pk)


def written_in(strategy: Strategy, language: str) -> None:
    """Of the locked row. Raises LanguageTakenOut: a text is never put into another language instead."""
    if language not in strategy.languages:
        raise LanguageTakenOut


def refresh(strategy: Strategy) -> None:
    """Of the locked row."""
    state = state_of(strategy)
    if state != strategy.state:
        strategy.state = state
        strategy.save(update_fields=("state",))


def state_of(strategy: Strategy) -> StrategyState:
    if strategy.versions.filter(state=VersionState.WAITING).exists():
        return StrategyState.SENT
    if _is_revised(strategy):
        return StrategyState.REVISED
    if strategy.approved_at is None:
        return StrategyState.DRAFT
    if strategy.reviews.exclude(done_at=None).exists():
        return StrategyState.REVIEWED
    if strategy.measures.filter(state__in=(MeasureState.BEGUN, MeasureState.DONE)).exists():
        return StrategyState.CARRIED_OUT
    return StrategyState.APPROVED


def _is_revised(strategy: Strategy) -> bool:
    """A coach asks for it, or something that was approved has been changed since."""
    sections = StrategySection.objects.filter(strategy=strategy)
    if sections.filter(state=SectionState.RETURNED).exists():
        return True
    last = strategy.versions.filter(state=VersionState.APPROVED).last()
    return last is not None and sections.filter(code__in=last.approved, state=SectionState.OPEN).exists()
