"""Days that people type and that become moments.

A browser sends "0001-01-01" for a year that was not typed to its end. In UTC that is a day before our era, which
PostgreSQL keeps and Python cannot read: every page that shows it would fail. Near the year 9999 it is the same.
"""

from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2100
FIRST_MOMENT = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
END = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
"""The first moment after the last one."""


def of_our_time(value: date | datetime) -> None:
    """A validator for fields of forms and models, of days, wall times and moments; for moments the year in UTC
    counts."""
    # Compared without turning it into UTC, which the first and the last day there are do not survive.
    if isinstance(value, datetime) and value.tzinfo is not None:
        is_within = FIRST_MOMENT <= value < END
    else:
        is_within = FIRST_YEAR <= value.year <= LAST_YEAR
    if not is_within:
        raise ValidationError(
            _("Please enter a day between %(first)s and %(last)s."),
            code="not_of_our_time",
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )
