"""Until when a coach would like to see sections again."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from training.choices import SectionState
from training.models import StrategySection

WITH_THE_TEAM = (SectionState.RETURNED, SectionState.OPEN)
"""A version that was sent and taken back leaves the section open; its day still counts."""


def due_of(section: StrategySection) -> date | None:
    """While the section lies with the team."""
    return section.due_on if section.state in WITH_THE_TEAM else None


def due_words(day: date | None, *, today: date) -> str:
    """For the team and for coaches; empty without a day."""
    if day is None:
        return ""
    words = _("Overdue: to be revised by %(day)s.") if day < today else _("To be revised by %(day)s.")
    return words % {"day": date_format(day, "DATE_FORMAT")}
