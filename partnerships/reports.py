"""A partnership may be reported as wrong, too."""

from django.conf import settings

from directory import reports
from partnerships.models import Partnership


def listed_partnership(slug: str) -> Partnership | None:
    return Partnership.objects.listed(demo=settings.SHOW_DEMO).filter(slug=slug).first()


reports.register("partnership", get=listed_partnership)
