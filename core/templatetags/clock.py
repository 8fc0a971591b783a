"""`{{ moment|zone }}`: the name of the zone as people in the region say it, at that moment."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import pgettext_lazy

register = template.Library()

_NAMES = {
    "CET": pgettext_lazy("time zone", "CET"),
    "CEST": pgettext_lazy("time zone", "CEST"),
    "EET": pgettext_lazy("time zone", "EET"),
    "EEST": pgettext_lazy("time zone", "EEST"),
    "UTC": pgettext_lazy("time zone", "UTC"),
}


@register.filter
def zone(moment: datetime) -> str:
    """Winter or summer name in the reader's zone."""
    name = timezone.localtime(moment).tzname() or ""
    return str(_NAMES[name]) if name in _NAMES else name
