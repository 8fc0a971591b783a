"""The strategy on the page of its partnership."""

from dataclasses import dataclass
from typing import Any

from partnerships.models import Partnership
from training.coaching import is_coach
from training.models import Strategy


@dataclass(frozen=True, slots=True)
class Seen:
    """`strategy` may be named only to who `reads` it, but for its published summary."""

    strategy: Strategy | None
    reads: bool
    may_begin: bool


def strategy_seen(partnership: Partnership, person: Any) -> Seen:
    """One query for visitors, three for members: the same whether or not there is a strategy."""
    row = Strategy.objects.filter(partnership=partnership).first()
    writes = coaches = False
    if person.is_authenticated:
        writes = Partnership.objects.spoken_for_by(person).filter(pk=partnership.pk).exists()
        coaches = is_coach(person)
    return Seen(row, reads=row is not None and (writes or coaches), may_begin=row is None and writes)
