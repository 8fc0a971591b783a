"""`{{ moment|zone }}`: the name of the zone as people in the region say it; `{{ moment|hour }}`: "17:00 (EEST)".

`{{ moment|clock_of:"Europe/Kyiv" }}`: "Kyiv, EEST", whose clock it is, for a time of day that is not the reader's.
"""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import time_format

from core.zone_words import city_of, zone_name

register = template.Library()


@register.filter
def zone(moment: datetime) -> str:
    """Winter or summer name in the reader's zone."""
    return zone_name(moment, timezone.get_current_timezone_name())


@register.filter
def hour(moment: datetime) -> str:
    """The time of day with the name of the reader's zone."""
    return f"{time_format(timezone.localtime(moment), 'TIME_FORMAT')} ({zone(moment)})"


@register.filter
def clock_of(moment: datetime, zone: str) -> str:
    return f"{city_of(zone)}, {zone_name(moment, zone)}"
