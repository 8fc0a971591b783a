from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Consent, User
from directory.models import EntryReport
from partnerships.models import Partnership
from portal import demo
from portal.models import Announcement, Page
from tests.factories.directory import CountryFactory, MunicipalityFactory


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def directory(db) -> None:
    """As much of the directory as the examples need."""
    for code, name in (("DE", "Germany"), ("HU", "Hungary"), ("RO", "Romania"), ("RS", "Serbia")):
        CountryFactory(code=code, name_de=name, name_en=name)
    MunicipalityFactory(name="Ulm", slug="ulm", ags=demo.ULM)


def counts() -> list[int]:
    return [model.objects.count() for model in (User, Consent, EntryReport, Partnership, Announcement, Page)]


def test_the_demo_world_is_made_once(directory, now):
    first = demo.build(now)
    made = counts()

    second = demo.build(now)

    assert first == second
    assert counts() == made
    assert made[0] == 5
    assert made[2] == 1
    assert EntryReport.objects.get().subject_name == "Ulm"


def test_every_demo_person_can_sign_in(directory, now):
    for email, password, _ in demo.build(now):
        person = authenticate(username=email, password=password)

        assert person.emailaddress_set.get().verified is True
        assert person.consents.get().version == 1


def test_all_demo_partnerships_are_marked(directory, now):
    demo.build(now)

    assert Partnership.objects.filter(is_demo=False).count() == 0
    assert Partnership.objects.filter(is_demo=True).count() > 0


def test_the_demo_chronicle_is_made_once_and_keeps_one_entry_to_the_sides(directory, now):
    demo.build(now)
    demo.build(now)

    there = Partnership.objects.get(slug="beispiel-1")
    assert list(there.chronicle.values_list("on__year", "is_public")) == [
        (1992, True),
        (1998, True),
        (2022, False),
        (2025, True),
    ]
    assert there.actors.count() == 3
    assert [(photo.entry.title, photo.is_public) for photo in there.documents.exclude(entry=None)] == [
        ("Jugendbegegnung am See (Beispiel)", True)
    ]


def test_an_empty_directory_does_not_stop_the_people(db, now):
    for code in ("DE", "HU", "RO", "RS"):
        CountryFactory(code=code, name_de=code, name_en=code)

    assert len(demo.build(now)) == 5


def test_production_refuses(directory, now, settings):
    settings.PRODUCTION = True

    with pytest.raises(demo.NotInProduction):
        demo.build(now)
    with pytest.raises(CommandError, match="development only"):
        call_command("demo")
    assert counts() == [0, 0, 0, 0, 0, 0]


def test_the_command_prints_the_sign_ins(directory):
    out = StringIO()

    call_command("demo", stdout=out)

    assert out.getvalue().splitlines()[0].startswith("koordinatorin@example.org")
    assert len(out.getvalue().splitlines()) == 5
