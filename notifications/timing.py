"""When a notice is due by mail. Pure functions of time; a day is the reader's own, and clock changes are its affair."""

import zoneinfo
from datetime import UTC, datetime, time, timedelta

from notifications.models import Pace

DIGEST_TIME = time(7)
MONDAY = 0


def mail_due(pace: str, *, since: datetime, wait: timedelta, zone: zoneinfo.ZoneInfo) -> datetime:
    """The moment from which a notice that is told since `since` goes out by mail.

    Nothing but the row, the reader's clock and the reader's choice decides, so it may be asked at any time again.
    """
    if pace == Pace.DAILY:
        return _morning_after(since, zone)
    if pace == Pace.WEEKLY:
        return _monday_after(since, zone)
    return since + wait


def _morning_after(since: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    local = since.astimezone(zone)
    day = local.date() if local.time() < DIGEST_TIME else local.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_TIME, zone).astimezone(UTC)


def _monday_after(since: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    local = since.astimezone(zone)
    days = (MONDAY - local.weekday()) % 7
    if days == 0 and local.time() >= DIGEST_TIME:
        days = 7
    return datetime.combine(local.date() + timedelta(days=days), DIGEST_TIME, zone).astimezone(UTC)
