"""The loader with the real file, once for all tests of this module."""

import pytest
from django.core.management import call_command
from django.utils import translation

from directory.loading import load_directory, read_places
from directory.models import Country, Municipality, MunicipalityName, Region, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The whole directory inside one transaction that is thrown away after this module."""
    from django.db import transaction

    seen = []
    with django_db_blocker.unblock(), transaction.atomic():
        report = load_directory(progress=lambda done, total: seen.append((done, total)))
        report.progress = seen
        yield report
        transaction.set_rollback(True)


def test_everything_in_the_file_is_stored(loaded):
    assert loaded.municipalities.total() == Municipality.objects.count() == len(read_places())
    assert loaded.countries == Country.objects.count() == 14
    assert loaded.topics == Topic.objects.count() == 18
    assert loaded.regions == Region.objects.count()
    assert loaded.names == MunicipalityName.objects.count()
    assert loaded.municipalities["DE"] == 3157


def test_progress_reaches_the_end(loaded):
    done, total = loaded.progress[-1]
    assert done == total == Municipality.objects.count()


def test_a_second_run_changes_nothing(loaded):
    before = list(Municipality.objects.order_by("pk").values_list("pk", "changed_at"))
    again = load_directory()
    assert (
        again.municipalities.total() == again.names == again.regions == again.countries == again.topics == 0
    )
    assert again.left_alone == len(before)
    assert list(Municipality.objects.order_by("pk").values_list("pk", "changed_at")) == before


def test_corrected_rows_are_left_alone_unless_refreshed(loaded):
    Municipality.objects.filter(ags="08421000").update(
        name="Ulm (Donau)", description_de="Stadt an der Donau", website="https://www.ulm.de"
    )
    load_directory()
    assert Municipality.objects.get(ags="08421000").name == "Ulm (Donau)"
    report = load_directory(refresh=True)
    ulm = Municipality.objects.get(ags="08421000")
    assert (ulm.name, ulm.description_de, ulm.website) == ("Ulm", "Stadt an der Donau", "https://www.ulm.de")
    assert report.refreshed == Municipality.objects.count()
    assert report.municipalities.total() == 0


def test_names_are_found_folded(loaded):
    pecs = Municipality.objects.get(slug="pecs-hu")
    for name in ("|pecs|", "|funfkirchen|", "|fuenfkirchen|"):
        assert name in pecs.search_text
    assert pecs.region.code == "HU-BA"
    assert pecs.names.filter(text="Fünfkirchen", language="de").exists()
    novi_sad = Municipality.objects.get(slug="novi-sad-rs")
    assert novi_sad.local_script_name == "Нови Сад"
    assert (
        Municipality.objects.filter(search_text__contains="|temeswar|", country="RO").get().name
        == "Timișoara"
    )


def test_regions_know_their_state(loaded):
    biberach = Region.objects.get(code="DE-08426")
    assert biberach.parent.code == "DE-BW"
    assert "biberach" in biberach.search_text
    assert biberach.kind == Region.Kind.RURAL_DISTRICT


def test_countries_and_topics_speak_both_languages(loaded):
    for language, country, topic in (
        ("de", "Ungarn", "Bürgerbegegnung"),
        ("en", "Hungary", "Meetings of citizens"),
    ):
        with translation.override(language):
            assert Country.objects.get(code="HU").name == country
            assert Topic.objects.get(code="citizens").name == topic
    assert Country.objects.get(code="BA").languages == ["bs", "hr", "sr"]
    assert "Baden-Württemberg" in Country.objects.get(code="DE").scope_note_de


def test_kinds_are_choices_of_the_models(loaded):
    assert set(Municipality.objects.order_by().values_list("kind", flat=True).distinct()) <= set(
        Municipality.Kind.values
    )
    assert set(Region.objects.order_by().values_list("kind", flat=True).distinct()) <= set(Region.Kind.values)


def test_the_command_says_what_it_has_done(loaded, capsys):
    call_command("load_directory")
    output = capsys.readouterr().out
    assert "added: 0 countries" in output
    assert f"left alone: {Municipality.objects.count()}" in output
