from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from core.templatetags.clock import zone


@pytest.mark.parametrize(
    "language, place, month, name",
    [
        ("de", "Europe/Berlin", 1, "MEZ"),
        ("de", "Europe/Berlin", 7, "MESZ"),
        ("de", "Europe/Bucharest", 1, "OEZ"),
        ("en", "Europe/Bucharest", 7, "EEST"),
        ("en", "Asia/Tokyo", 7, "JST"),
    ],
)
def test_zones_have_the_readers_names(language: str, place: str, month: int, name: str) -> None:
    with translation.override(language), timezone.override(ZoneInfo(place)):
        assert zone(datetime(2027, month, 1, 12, tzinfo=UTC)) == name
