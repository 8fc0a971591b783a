"""When a notice is due by mail: on the reader's own clock, also where the clocks change."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest

from accounts.languages import ZONES
from notifications.models import Pace
from notifications.timing import mail_due

BERLIN, KYIV = zoneinfo.ZoneInfo("Europe/Berlin"), zoneinfo.ZoneInfo("Europe/Kyiv")
NO_WAIT = timedelta()


def due(pace, since, zone=BERLIN):
    return mail_due(pace, since=since, wait=NO_WAIT, zone=zone)


def at(day, hour, minute=0, month=3, year=2027):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_at_once_is_when_it_happened_or_after_the_time_it_waits_for_others():
    since = at(26, 9)

    assert due(Pace.NOW, since) == since
    assert mail_due(Pace.NOW, since=since, wait=timedelta(minutes=10), zone=BERLIN) == at(26, 9, 10)


@pytest.mark.parametrize(
    ("since", "morning"),
    [
        (at(26, 9), at(27, 6)),
        (at(26, 5, 59), at(26, 6)),
        (at(26, 6), at(27, 6)),  # what happens at seven is in tomorrow's: today's is on its way
        (at(26, 23, 30), at(27, 6)),
        (at(27, 9), at(28, 5)),  # the night in which the clocks change
    ],
)
def test_the_days_mail_goes_at_seven_on_the_readers_clock(since, morning):
    assert due(Pace.DAILY, since) == morning


@pytest.mark.parametrize(
    ("since", "monday"),
    [
        (at(26, 9), at(29, 5)),  # a Friday; on Sunday the clocks change
        (at(29, 4, 59), at(29, 5)),
        (at(29, 5), at(5, 5, month=4)),
        (at(24, 9, month=10, year=2026), at(26, 6, month=10, year=2026)),
    ],
)
def test_the_weeks_mail_goes_on_monday_at_seven(since, monday):
    assert due(Pace.WEEKLY, since) == monday


def test_further_east_it_is_morning_earlier():
    assert due(Pace.DAILY, at(26, 9), KYIV) == at(27, 5)


@pytest.mark.parametrize("name", [name for name, _ in ZONES])
@pytest.mark.parametrize(
    "days", [0, 1, 2, 212, 213, 214]
)  # around both nights of 2027 in which the clocks change
def test_it_is_seven_in_every_zone_on_every_day(name, days):
    zone = zoneinfo.ZoneInfo(name)
    since = at(26, 12) + timedelta(days=days)

    moments = [due(pace, since, zone).astimezone(zone) for pace in (Pace.DAILY, Pace.WEEKLY)]

    assert [(moment.hour, moment.minute) for moment in moments] == [(7, 0), (7, 0)]
    assert moments[0] - since.astimezone(zone) <= timedelta(hours=25)
    assert moments[1].weekday() == 0
