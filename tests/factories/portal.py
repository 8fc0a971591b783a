import factory
from django.utils import timezone

from portal.models import Announcement, Page


class PageFactory(factory.django.DjangoModelFactory):
    """A help page in both languages, without versions; `actions.save_page` makes those."""

    class Meta:
        model = Page

    slug = factory.Sequence(lambda number: f"page-{number}")
    kind = Page.Kind.HELP
    title_de = "Überschrift"
    title_en = "Heading"
    body_de = "Ein Satz."
    body_en = "A sentence."


class AnnouncementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Announcement

    text_de = "Heute Wartung"
    text_en = "Maintenance today"
    starts_at = factory.LazyFunction(timezone.now)
