"""A complete demo world in one call, for development only. All people and all demo partnerships are invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts import actions as account_actions
from accounts import texts
from accounts.models import SpokenLanguage, User
from directory.actions import report_entry
from directory.models import EntryReport, Municipality
from discussions.actions.glossary import load_glossary
from partnerships.demo import look_after_examples, make_examples
from partnerships.demo_chronicle import make_chronicle
from portal.actions import save_announcement
from portal.demo_groups import make_groups
from portal.demo_organisations import make_organisations
from portal.demo_sessions import make_sessions
from portal.demo_strategies import make_strategies
from portal.demo_training import make_training
from portal.models import Announcement
from portal.pages import load_pages
from portal.roles import load_roles

PASSWORD = "demo-vipad-2026"  # noqa: S105 -- of invented people, on a newcomer's own machine
ULM = "08421000"


class NotInProduction(Exception):
    """Invented people with a known password have no place there."""


@dataclass(frozen=True)
class Role:
    """An invented person; `spoken` maps languages to levels."""

    email: str
    name: str
    who: str
    language: str = "de"
    time_zone: str = "Europe/Berlin"
    spoken: tuple[tuple[str, str], ...] = (("de", "native"), ("en", "good"))
    is_office: bool = False


PEOPLE = (
    Role(
        "koordinatorin@example.org", "Karin Beispiel", "coordinator of partnerships in a town hall near Ulm"
    ),
    Role("vorsitz@example.org", "Ottmar Muster", "chair of a partnership association", spoken=()),
    Role(
        "partner@example.org",
        "Éva Példa",
        "international officer of a Hungarian town, reads English",
        language="en",
        time_zone="Europe/Budapest",
        spoken=(("hu", "native"), ("de", "good"), ("en", "good")),
    ),
    Role("verwaltung@example.org", "Verwaltung Demo", "office with all rights, /admin/", is_office=True),
    Role("coach@example.org", "Coach Demo", "coach of an operating organisation"),
)
ANNOUNCEMENT = {
    "de": "Dies ist eine Vorführung auf Ihrem eigenen Rechner. Personen und Einträge mit „Beispiel“ sind erfunden.",
    "en": "This is a demonstration on your own computer. People and entries marked “Example” are invented.",
}
REPORT = "Die Internetadresse des Rathauses hat sich geändert. Bitte prüfen Sie den Eintrag."


@transaction.atomic
def build(now: datetime) -> list[tuple[str, str, str]]:
    """Make what is not there yet; gives the sign-ins as (address, password, who). Raises NotInProduction."""
    if settings.PRODUCTION:
        raise NotInProduction
    load_pages(now=now)
    load_glossary(now=now)
    for role in PEOPLE:
        _person(role, now)
    make_examples(now=now)
    load_roles()
    addresses = [role.email for role in PEOPLE]
    people = {person.email: person for person in User.objects.filter(email__in=addresses)}
    make_organisations(people, now=now)
    coordinator = User.objects.get(email=PEOPLE[0].email)
    look_after_examples(person=coordinator, now=now)
    make_chronicle(slug="beispiel-1", by=coordinator, now=now)
    town = Municipality.objects.current().filter(ags=ULM).first()
    make_sessions(people, town=town, now=now)
    make_groups(people, now=now)
    make_strategies(people, now=now)
    make_training(people, town=town, now=now)
    _announcement(now)
    _report(now)
    return [(role.email, PASSWORD, role.who) for role in PEOPLE]


def _person(role: Role, now: datetime) -> None:
    if User.objects.filter(email=role.email).exists():
        return
    create = User.objects.create_superuser if role.is_office else User.objects.create_user
    person = create(
        role.email, PASSWORD, display_name=role.name, language=role.language, time_zone=role.time_zone
    )
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    SpokenLanguage.objects.bulk_create(
        SpokenLanguage(person=person, language=language, level=level) for language, level in role.spoken
    )
    account_actions.accept(
        person,
        text=texts.TERMS,
        version=texts.current_version(texts.TERMS),
        language=role.language,
        now=now,
    )


def _announcement(now: datetime) -> None:
    if not Announcement.objects.filter(text_de=ANNOUNCEMENT["de"]).exists():
        words = {f"text_{code}": text for code, text in ANNOUNCEMENT.items()}
        save_announcement(Announcement(starts_at=now - timedelta(minutes=1), **words))


def _report(now: datetime) -> None:
    """One report waits for an answer, so that the office has something to do."""
    town = Municipality.objects.current().filter(ags=ULM).first() or Municipality.objects.current().first()
    if town is None or EntryReport.objects.filter(text=REPORT).exists():
        return
    report_entry(
        subject=town, subject_name=town.name, text=REPORT, email="vorsitz@example.org", language="de", now=now
    )
