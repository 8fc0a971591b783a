import factory
from django.utils import timezone

from directory.models import Region
from partnerships.models import Partnership, PartnershipSide
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
