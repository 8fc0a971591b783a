"""Which days and moments a form takes."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from core.typed_days import of_our_time

EARLIEST = timezone(timedelta(hours=14))


@pytest.mark.parametrize(
    "value",
    [
        date(2000, 1, 1),
        date(2100, 12, 31),
        datetime(2100, 12, 31, 23, 59),
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2100, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_a_day_of_our_time(value):
    of_our_time(value)


@pytest.mark.parametrize(
    "value",
    [
        date.min,
        date.max,
        date(1999, 12, 31),
        date(2101, 1, 1),
        datetime(2101, 1, 1),
        datetime(2101, 1, 1, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, tzinfo=UTC),
        # Neither has a moment in UTC.
        datetime.min.replace(tzinfo=EARLIEST),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
    ],
)
def test_a_day_that_was_not_meant(value):
    with pytest.raises(ValidationError) as refused:
        of_our_time(value)

    with override("en"):
        assert refused.value.messages == ["Please enter a day between 2000 and 2100."]
