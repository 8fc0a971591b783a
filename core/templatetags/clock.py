"""`{{ moment|zone }}`: the name of the zone as people in the region say it, at that moment."""

from datetime import datetime

from django import template
from django.utils import timezone

from core.zone_words import zone_name

register = template.Library()


@register.filter
def zone(moment: datetime) -> str:
    """Winter or summer name in the reader's zone."""
    return zone_name(moment, timezone.get_current_timezone_name())
