from datetime import UTC, datetime

import factory
from django.utils import timezone

from core.folding import search_text, sort_key
from directory.models import (
    Claim,
    Country,
    Membership,
    Municipality,
    MunicipalityName,
    Organisation,
    Region,
    Topic,
)
from tests.factories.accounts import UserFactory

COUNTRY_NAMES = {
    "DE": ("Deutschland", "Germany"),
    "HU": ("Ungarn", "Hungary"),
    "RO": ("Rumänien", "Romania"),
    "BG": ("Bulgarien", "Bulgaria"),
    "RS": ("Serbien", "Serbia"),
}


class CountryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Country
        django_get_or_create = ("code",)

    code = "DE"
    name_de = factory.LazyAttribute(lambda country: COUNTRY_NAMES[country.code][0])
    name_en = factory.LazyAttribute(lambda country: COUNTRY_NAMES[country.code][1])
    membership = "member"
    time_zone = "Europe/Berlin"


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region

    code = factory.Sequence(lambda number: f"DE-{number:05}")
    country = factory.SubFactory(CountryFactory)
    kind = Region.Kind.RURAL_DISTRICT
    name = factory.Sequence(lambda number: f"District {number}")
    search_text = factory.LazyAttribute(lambda region: search_text([region.name]))


class MunicipalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Municipality

    country = factory.SubFactory(CountryFactory)
    name = factory.Sequence(lambda number: f"Town {number}")
    slug = factory.Sequence(lambda number: f"town-{number}")
    search_text = factory.LazyAttribute(
        lambda town: search_text([town.name, town.german_name, town.local_script_name])
    )
    sort_key = factory.LazyAttribute(lambda town: sort_key(town.name))
    german_name = ""
    local_script_name = ""


class MunicipalityNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MunicipalityName

    municipality = factory.SubFactory(MunicipalityFactory)
    text = factory.Sequence(lambda number: f"Other name {number}")


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic
        django_get_or_create = ("code",)

    code = "youth"
    name_de = "Jugend & Schule"
    name_en = "Youth and school"


class ClaimFactory(factory.django.DjangoModelFactory):
    """Somebody wants to speak for a new town; `accepted=True` makes it so."""

    class Meta:
        model = Claim

    class Params:
        accepted = factory.Trait(state=Claim.State.ACCEPTED, decided_at=factory.SelfAttribute("made_at"))

    municipality = factory.SubFactory(MunicipalityFactory)
    person = factory.SubFactory(UserFactory)
    nonce = "0" * 32
    made_at = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A published one without people; MembershipFactory(organisation=…) gives it some."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda number: f"Verein {number}")
    slug = factory.Sequence(lambda number: f"verein-{number}")
    type = Organisation.Type.ASSOCIATION
    published_at = factory.LazyFunction(timezone.now)
    search_text = factory.LazyAttribute(lambda organisation: search_text([organisation.name]))
    sort_key = factory.LazyAttribute(lambda organisation: sort_key(organisation.name))


class MembershipFactory(factory.django.DjangoModelFactory):
    """An active member."""

    class Meta:
        model = Membership

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Membership.Role.MEMBER
    state = Membership.State.ACTIVE
    asked_at = factory.LazyFunction(timezone.now)
    since = factory.SelfAttribute("asked_at")
