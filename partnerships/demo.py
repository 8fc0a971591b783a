"""Invented partnerships of invented towns, for trying things out. Never in production, figures or exports."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.models import User
from directory.actions import save_municipality
from directory.models import Municipality, Topic
from partnerships.actions import register
from partnerships.demo_files import add_example_files
from partnerships.models import Partnership, PartnershipSide, SideContact


class NotInProduction(Exception):
    """Invented entries have no place among real ones."""


# Address, name, German name, country, latitude, longitude, inhabitants. They lie where there is no town.
TOWNS = (
    ("musterstadt-beispiel", "Musterstadt an der Donau (Beispiel)", "", "DE", 48.35, 9.85, 12_400),
    ("beispielhausen-beispiel", "Beispielhausen (Beispiel)", "", "DE", 48.95, 9.60, 4_100),
    ("mintafalva-beispiel", "Mintafalva (Beispiel)", "Musterdorf (Beispiel)", "HU", 46.55, 19.55, 8_900),
    ("exempleni-beispiel", "Exempleni (Beispiel)", "", "RO", 44.75, 25.20, 15_300),
    ("primerovac-beispiel", "Primerovac (Beispiel)", "", "RS", 45.35, 20.35, 6_700),
)
# Towns by their place in TOWNS, facts, topics.
PARTNERSHIPS: tuple[tuple[tuple[int, ...], dict[str, Any], tuple[str, ...]], ...] = (
    (
        (0, 2),
        {
            "kind": Partnership.Kind.PARTNERSHIP,
            "status": Partnership.Status.ACTIVE,
            "signed_year": 1992,
            "languages": ["de", "hu"],
            "aims_de": "Jugendbegegnung in jedem Sommer und ein gemeinsames Konzert im Advent.",
            "aims_en": "A youth meeting every summer and a joint concert in Advent.",
        },
        ("youth", "culture"),
    ),
    (
        (1, 3),
        {
            "kind": Partnership.Kind.FRIENDSHIP,
            "status": Partnership.Status.DORMANT,
            "first_contact_year": 2004,
            "aims_de": "Austausch der Feuerwehren. Seit dem Ausscheiden der Ansprechpersonen ruht er.",
        },
        ("volunteering",),
    ),
    (
        (0, 3, 4),
        {
            "kind": Partnership.Kind.PROJECT,
            "shape": Partnership.Shape.TRIANGULAR,
            "status": Partnership.Status.PREPARATION,
            "languages": ["en"],
            "aims_en": "Three towns plan a cycle route together.",
        },
        ("tourism", "environment"),
    ),
    (
        (0, 4),
        {
            "kind": Partnership.Kind.PARTNERSHIP,
            "status": Partnership.Status.ACTIVE,
            "signed_year": 2011,
            "languages": ["de", "sr"],
            "aims_de": "Praktika in beiden Rathäusern und ein Austausch der Büchereien.",
        },
        ("administration",),
    ),
    (
        (1, 2),
        {
            "kind": Partnership.Kind.PARTNERSHIP,
            "status": Partnership.Status.ACTIVE,
            "signed_year": 1998,
            "languages": ["de", "hu"],
            "aims_de": "Die Musikvereine besuchen sich seit mehr als 25 Jahren.",
        },
        ("culture",),
    ),
    (
        (1, 4),
        {
            "kind": Partnership.Kind.FRIENDSHIP,
            "status": Partnership.Status.ACTIVE,
            "first_contact_year": 2015,
            "languages": ["de", "en"],
            "aims_en": "Volunteers of both towns help each other in emergencies.",
        },
        ("volunteering",),
    ),
)


@transaction.atomic
def make_examples(*, now: datetime) -> int:
    """Make the examples that are not there yet; how many. Raises NotInProduction."""
    if settings.PRODUCTION:
        raise NotInProduction
    towns = [_town(*town) for town in TOWNS]
    topics = {topic.code: topic for topic in Topic.objects.all()}
    made = 0
    for number, (numbers, facts, codes) in enumerate(PARTNERSHIPS, start=1):
        slug = f"beispiel-{number}"
        if Partnership.objects.filter(slug=slug).exists():
            continue
        register(
            sides=[towns[place] for place in numbers],
            facts=facts,
            topics=[topics[code] for code in codes if code in topics],
            slug=slug,
            is_demo=True,
            publish_at=now,
        )
        made += 1
    return made


@transaction.atomic
def look_after_examples(*, person: User, now: datetime) -> None:
    """The invented coordinator looks after the first town's side of its partnerships."""
    look_after_town(number=0, person=person, now=now)
    add_example_files(partnership=Partnership.objects.get(slug="beispiel-1"), person=person, now=now)


@transaction.atomic
def look_after_town(*, number: int, person: User, now: datetime) -> None:
    """Of all its partnerships the side of this town, by its place in TOWNS."""
    sides = PartnershipSide.objects.filter(municipality__slug=TOWNS[number][0])
    for side in sides.exclude(contacts__person=person):
        SideContact.objects.create(side=side, person=person, since=now)


def _town(
    slug: str, name: str, german_name: str, country: str, latitude: float, longitude: float, population: int
) -> Municipality:
    known = Municipality.objects.filter(slug=slug).first()
    if known is not None:
        return known
    with translation.override(settings.LANGUAGE_CODE):
        town = Municipality(
            slug=slug,
            name=name,
            german_name=german_name,
            country_id=country,
            kind=Municipality.Kind.TOWN,
            latitude=latitude,
            longitude=longitude,
            population=population,
            ags="",
            source="ViPaD",
            is_demo=True,
            description_de="Diese Stadt gibt es nicht. Sie zeigt nur, wie ein Eintrag aussieht.",
            description_en="This town does not exist. It only shows what an entry looks like.",
        )
        return save_municipality(municipality=town)
