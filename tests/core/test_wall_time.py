from datetime import UTC, datetime

import pytest

from accounts.languages import ZONES
from core.wall_time import NoSuchTime, days_before, is_twice, moment_of, moments_of, wall_of

CENTRAL = (
    "Europe/Berlin",
    "Europe/Vienna",
    "Europe/Prague",
    "Europe/Bratislava",
    "Europe/Budapest",
    "Europe/Ljubljana",
    "Europe/Zagreb",
    "Europe/Sarajevo",
    "Europe/Belgrade",
    "Europe/Podgorica",
)
EASTERN = ("Europe/Bucharest", "Europe/Sofia", "Europe/Chisinau", "Europe/Kyiv")

# Wall time and the UTC times it stands for, on the days the clocks change. All of them change at 01:00 UTC.
SPRING_CENTRAL = {"01:30": ["00:30"], "02:30": [], "03:30": ["01:30"], "04:30": ["02:30"]}
SPRING_EASTERN = {"01:30": ["-23:30"], "02:30": ["00:30"], "03:30": [], "04:30": ["01:30"]}
AUTUMN_CENTRAL = {"01:30": ["-23:30"], "02:30": ["00:30", "01:30"], "03:30": ["02:30"], "04:30": ["03:30"]}
AUTUMN_EASTERN = {"01:30": ["-22:30"], "02:30": ["-23:30"], "03:30": ["00:30", "01:30"], "04:30": ["02:30"]}
TABLE = [
    (zone, date, wall, moments)
    for zones, date, rows in (
        (CENTRAL, "2027-03-28", SPRING_CENTRAL),
        (EASTERN, "2027-03-28", SPRING_EASTERN),
        (CENTRAL, "2026-10-25", AUTUMN_CENTRAL),
        (EASTERN, "2026-10-25", AUTUMN_EASTERN),
    )
    for zone in zones
    for wall, moments in rows.items()
]
DAY_BEFORE = {"2027-03-28": "2027-03-27", "2026-10-25": "2026-10-24"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_table_holds_every_zone_of_the_region() -> None:
    assert {*CENTRAL, *EASTERN} == {zone for zone, _ in ZONES}


@pytest.mark.parametrize(("zone", "date", "wall", "moments"), TABLE)
def test_a_wall_time_stands_for_these_moments(zone: str, date: str, wall: str, moments: list[str]) -> None:
    expected = tuple(
        utc(f"{DAY_BEFORE[date]} {moment[1:]}" if moment[0] == "-" else f"{date} {moment}")
        for moment in moments
    )
    typed = datetime.fromisoformat(f"{date} {wall}")

    found = moments_of(typed, zone)

    assert found == expected
    assert [wall_of(moment, zone) for moment in found] == [typed] * len(expected)
    assert is_twice(typed, zone) is (len(expected) == 2)


@pytest.mark.parametrize("zone", CENTRAL + EASTERN)
@pytest.mark.parametrize(
    ("typed", "summer"),
    [("2027-07-15 10:00", True), ("2027-01-15 10:00", False), ("2026-11-01 10:00", False)],
)
def test_ten_o_clock_stays_ten_o_clock(zone: str, typed: str, summer: bool) -> None:
    wall = datetime.fromisoformat(typed)

    moment = moment_of(wall, zone)

    assert moment == wall.replace(hour=10 - (1 if zone in CENTRAL else 2) - summer, tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "typed", "before", "after"),
    [("Europe/Berlin", "02:30", "02:00", "03:00"), ("Europe/Berlin", "02:00", "02:00", "03:00")]
    + [("Europe/Prague", "02:59:59.999999", "02:00", "03:00")]
    + [(zone, "03:30", "03:00", "04:00") for zone in EASTERN],
)
def test_a_skipped_time_says_where_the_clocks_go(zone: str, typed: str, before: str, after: str) -> None:
    with pytest.raises(NoSuchTime) as caught:
        moment_of(datetime.fromisoformat(f"2027-03-28 {typed}"), zone)

    assert (caught.value.before, caught.value.after) == (
        datetime.fromisoformat(f"2027-03-28 {before}"),
        datetime.fromisoformat(f"2027-03-28 {after}"),
    )
    assert caught.value.first_moment_after == utc("2027-03-28 01:00")


def test_the_edges_of_a_gap_exist() -> None:
    found = [
        moments_of(datetime.fromisoformat(f"2027-03-28 {wall}"), "Europe/Berlin")
        for wall in ("01:59", "03:00")
    ]

    assert found == [(utc("2027-03-28 00:59"),), (utc("2027-03-28 01:00"),)]


def test_a_gap_of_half_an_hour_is_explained_too() -> None:
    with pytest.raises(NoSuchTime) as caught:
        moment_of(datetime(2027, 10, 3, 2, 15), "Australia/Lord_Howe")

    assert (caught.value.before, caught.value.after) == (
        datetime(2027, 10, 3, 2),
        datetime(2027, 10, 3, 2, 30),
    )


def test_a_person_chooses_the_first_or_the_second_of_two() -> None:
    typed = datetime(2026, 10, 25, 2, 30)

    chosen = [moment_of(typed, "Europe/Berlin", second=second) for second in (False, True)]

    assert chosen == [utc("2026-10-25 00:30"), utc("2026-10-25 01:30")]


def test_the_second_is_the_only_one_where_there_is_one() -> None:
    assert moment_of(datetime(2026, 10, 25, 3, 30), "Europe/Berlin", second=True) == utc("2026-10-25 02:30")


@pytest.mark.parametrize("fold", [0, 1])
def test_a_mark_left_on_the_wall_time_changes_nothing(fold: int) -> None:
    found = moments_of(datetime(2026, 10, 25, 2, 30, fold=fold), "Europe/Berlin")

    assert found == (utc("2026-10-25 00:30"), utc("2026-10-25 01:30"))


def test_moments_and_wall_times_are_not_mixed_up() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        moments_of(utc("2027-01-01 10:00"), "Europe/Berlin")
    with pytest.raises(ValueError, match="needs a zone"):
        wall_of(datetime(2027, 1, 1, 10), "Europe/Berlin")


@pytest.mark.parametrize(
    ("wall", "days", "expected"),
    [
        ("2027-03-28 10:00", 1, "2027-03-27 09:00"),  # 23 hours
        ("2027-03-28 10:00", 7, "2027-03-21 09:00"),
        ("2026-10-25 10:00", 1, "2026-10-24 08:00"),  # 25 hours
        ("2027-03-29 02:30", 1, "2027-03-28 01:00"),  # skipped: the first moment after the gap
        ("2026-10-26 02:30", 1, "2026-10-25 00:30"),  # twice: the first
        ("2027-06-10 10:00", 3, "2027-06-07 08:00"),
    ],
)
def test_days_before_keeps_the_wall_time(wall: str, days: int, expected: str) -> None:
    starts_at = moment_of(datetime.fromisoformat(wall), "Europe/Berlin")

    assert days_before(starts_at, "Europe/Berlin", days) == utc(expected)


def test_days_before_counts_in_the_zone_of_the_session() -> None:
    starts_at = utc("2027-03-28 22:30")  # already the 29th, 01:30, in Kyiv

    assert days_before(starts_at, "Europe/Kyiv", 1) == utc("2027-03-27 23:30")
