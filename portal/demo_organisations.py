"""Invented organisations of the demo world: the two that run ViPaD, and clubs of invented towns."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from directory.actions import FACTS, ask_to_join, grant_operating_role, save_organisation
from directory.models import Membership, Municipality, Organisation
from directory.operating import OperatingRole

_NOTHING: dict[str, Any] = {
    "legal_form": "",
    "is_non_profit": None,
    "languages": [],
    "website": "",
    "description_de": "",
    "description_en": "",
    "phone": "",
    "phone_visibility": "nobody",
    "postal_address": "",
    "postal_address_visibility": "nobody",
}
ORGANISATIONS: tuple[dict[str, Any], ...] = (
    {
        "slug": "haus-beispiel-a",
        "name": "Haus der Nachbarschaft (Beispiel)",
        "type": Organisation.Type.FOUNDATION,
        "operating": Organisation.Operating.A,
        "description_de": "Erfundene Organisation A, die ViPaD in dieser Vorführung betreibt.",
        "description_en": "Invented organisation A, which runs ViPaD in this demonstration.",
    },
    {
        "slug": "akademie-beispiel-b",
        "name": "Akademie am Fluss (Beispiel)",
        "type": Organisation.Type.ADULT_EDUCATION,
        "operating": Organisation.Operating.B,
        "description_de": "Erfundene Organisation B, die ViPaD in dieser Vorführung betreibt.",
        "description_en": "Invented organisation B, which runs ViPaD in this demonstration.",
    },
    {
        "slug": "partnerschaftsverein-beispiel",
        "name": "Partnerschaftsverein Musterstadt (Beispiel)",
        "type": Organisation.Type.TWINNING,
        "seat": "musterstadt-beispiel",
        "legal_form": "e. V.",
        "is_non_profit": True,
        "languages": ["de", "hu", "en"],
        "description_de": "Wir pflegen seit 1992 die Partnerschaft mit Mintafalva: im Sommer Jugend, im Advent Musik.",
        "description_en": "We have kept the partnership with Mintafalva since 1992: youth in summer, music in Advent.",
        "phone": "+49 7000 000000",
        "phone_visibility": "members",
    },
    {
        "slug": "mintafalva-onkentes-tuzoltok",
        "name": "Mintafalva Önkéntes Tűzoltók (Beispiel)",
        "type": Organisation.Type.FIRE_BRIGADE,
        "seat": "mintafalva-beispiel",
        "languages": ["hu", "de"],
        "waits": True,
    },
)
# Slug, address of the person, role in it.
PEOPLE = (
    ("haus-beispiel-a", "coach@example.org", Membership.Role.COORDINATOR),
    ("akademie-beispiel-b", "verwaltung@example.org", Membership.Role.COORDINATOR),
    ("partnerschaftsverein-beispiel", "koordinatorin@example.org", Membership.Role.COORDINATOR),
    ("partnerschaftsverein-beispiel", "vorsitz@example.org", Membership.Role.DEPUTY),
    ("mintafalva-onkentes-tuzoltok", "partner@example.org", Membership.Role.COORDINATOR),
)
ASKS = ("partnerschaftsverein-beispiel", "partner@example.org")
NOTE = "Ich betreue die Partnerschaft auf der Seite von Mintafalva und möchte Termine mit Ihnen abstimmen."


def make_organisations(people: Mapping[str, User], *, now: datetime) -> None:
    """Make the examples that are not there yet. `people` by address; the towns of partnerships.demo are there."""
    office = people["verwaltung@example.org"]
    made = [row["slug"] for row in ORGANISATIONS if _organisation(row, office, now)]
    for slug, email, role in PEOPLE:
        if slug in made:
            _member(slug, people[email], role, now)
    if ASKS[0] in made:
        organisation = Organisation.objects.get(slug=ASKS[0])
        ask_to_join(organisation=organisation, by=people[ASKS[1]], note=NOTE, now=now)
    if "haus-beispiel-a" in made:
        house = Organisation.objects.get(slug="haus-beispiel-a")
        coach = people["coach@example.org"]
        grant_operating_role(person=coach, organisation=house, role=OperatingRole.COACH, by=office)


def _organisation(row: Mapping[str, Any], office: User, now: datetime) -> bool:
    """Whether it was made now."""
    if Organisation.objects.filter(slug=row["slug"]).exists():
        return False
    facts = {**_NOTHING, **row, "seat": Municipality.objects.filter(slug=row.get("seat", "")).first()}
    organisation = Organisation(
        **{name: facts[name] for name in FACTS},
        slug=row["slug"],
        operating=row.get("operating", Organisation.Operating.NO),
        published_at=None if row.get("waits") else now,
        is_demo=True,
    )
    save_organisation(organisation=organisation, by=office)
    return True


def _member(slug: str, person: User, role: str, now: datetime) -> None:
    Membership.objects.create(
        person=person,
        organisation=Organisation.objects.get(slug=slug),
        role=role,
        state=Membership.State.ACTIVE,
        asked_at=now - timedelta(days=30),
        since=now - timedelta(days=30),
    )
