from datetime import date

import factory
from django.utils import timezone

from directory.models import Region
from partnerships.models import Actor, ChronicleEntry, Partnership, PartnershipSide
from tests.factories.directory import MunicipalityFactory


class PartnershipFactory(factory.django.DjangoModelFactory):
    """A published partnership of two new towns; `towns=[a, b]` names them, municipalities or regions."""

    class Meta:
        model = Partnership
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"partnership-{number}")
    kind = Partnership.Kind.PARTNERSHIP
    status = Partnership.Status.ACTIVE
    published_at = factory.LazyFunction(timezone.now)
    sides_key = factory.Sequence(lambda number: f"unset {number}")

    @factory.post_generation
    def topics(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        self.topics.set(extracted or [])

    @factory.post_generation
    def towns(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        from partnerships.actions import refresh_search

        for position, town in enumerate(extracted or [MunicipalityFactory(), MunicipalityFactory()]):
            name = "region" if isinstance(town, Region) else "municipality"
            PartnershipSide.objects.create(partnership=self, position=position, **{name: town})
        refresh_search(self)


class ChronicleEntryFactory(factory.django.DjangoModelFactory):
    """A meeting everybody may read about, of a published partnership."""

    class Meta:
        model = ChronicleEntry

    partnership = factory.SubFactory(PartnershipFactory)
    kind = ChronicleEntry.Kind.MEETING
    on = date(2019, 5, 24)
    title = factory.Sequence(lambda number: f"Meeting {number}")
    language = "en"
    is_public = True
    written_at = factory.LazyFunction(timezone.now)


class ActorFactory(factory.django.DjangoModelFactory):
    """A club of the first side."""

    class Meta:
        model = Actor

    partnership = factory.SubFactory(PartnershipFactory)
    side = factory.LazyAttribute(lambda actor: actor.partnership.sides.all()[0])
    name = factory.Sequence(lambda number: f"Club {number}")
    type = "association"
