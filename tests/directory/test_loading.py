"""The loader with the real file."""

import pytest
from django.core.management import call_command
from django.utils import translation

from directory import list_cache, merging
from directory.loading import load_directory, read_places
from directory.models import Country, Municipality, MunicipalityName, Region, Topic

pytestmark = pytest.mark.django_db


def test_everything_in_the_file_is_stored(real_directory):
    assert real_directory.municipalities.total() == Municipality.objects.count() == len(read_places())
    assert real_directory.countries == Country.objects.count() == 14
    assert real_directory.topics == Topic.objects.count() == 18
    assert real_directory.regions == Region.objects.count()
    assert real_directory.names == MunicipalityName.objects.count()
    assert real_directory.municipalities["DE"] == 3157


def test_a_second_run_changes_nothing(real_directory):
    before = list(Municipality.objects.order_by("pk").values_list("pk", "changed_at"))
    seen = []
    again = load_directory(progress=lambda done, total: seen.append((done, total)))
    assert (
        again.municipalities.total() == again.names == again.regions == again.countries == again.topics == 0
    )
    assert again.left_alone == len(before)
    assert seen[-1] == (len(before), len(before))
    assert list(Municipality.objects.order_by("pk").values_list("pk", "changed_at")) == before


def test_corrected_rows_are_left_alone_unless_refreshed(real_directory, monkeypatch):
    told = []
    monkeypatch.setattr(merging, "_followers", [merging.Follower(None, told.append)])
    Municipality.objects.filter(ags="08421000").update(
        name="Ulm (Donau)", description_de="Stadt an der Donau", website="https://www.ulm.de"
    )
    MunicipalityName.objects.create(municipality=Municipality.objects.get(slug="pecs-hu"), text="Ötkirchen")
    Region.objects.filter(code="DE-08426").update(name="Biberach an der Riß")
    load_directory()
    assert Municipality.objects.get(ags="08421000").name == "Ulm (Donau)"
    assert told == []
    report = load_directory(refresh=True)
    ulm = Municipality.objects.get(ags="08421000")
    assert (ulm.name, ulm.description_de, ulm.website) == ("Ulm", "Stadt an der Donau", "https://www.ulm.de")
    assert report.refreshed == Municipality.objects.count()
    assert report.municipalities.total() == 0
    # Upper apps hear of what changed and of nothing else; names of the office are still searched.
    pecs = Municipality.objects.get(slug="pecs-hu")
    assert "|otkirchen|" in pecs.search_text
    assert sorted(told, key=str) == [Region.objects.get(code="DE-08426"), pecs, ulm]


def test_what_was_counted_before_is_forgotten(real_directory):
    before = list_cache.directory.version()
    load_directory()
    assert list_cache.directory.version() != before


def test_names_are_found_folded(real_directory):
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


def test_regions_know_their_state(real_directory):
    biberach = Region.objects.get(code="DE-08426")
    assert biberach.parent.code == "DE-BW"
    assert "biberach" in biberach.search_text
    assert biberach.kind == Region.Kind.RURAL_DISTRICT


def test_countries_and_topics_speak_both_languages(real_directory):
    for language, country, topic in (
        ("de", "Ungarn", "Bürgerbegegnung"),
        ("en", "Hungary", "Meetings of citizens"),
    ):
        with translation.override(language):
            assert Country.objects.get(code="HU").name == country
            assert Topic.objects.get(code="citizens").name == topic
    assert Country.objects.get(code="BA").languages == ["bs", "hr", "sr"]
    assert "Baden-Württemberg" in Country.objects.get(code="DE").scope_note_de


def test_kinds_are_choices_of_the_models(real_directory):
    assert set(Municipality.objects.order_by().values_list("kind", flat=True).distinct()) <= set(
        Municipality.Kind.values
    )
    assert set(Region.objects.order_by().values_list("kind", flat=True).distinct()) <= set(Region.Kind.values)


def test_the_command_says_what_it_has_done(real_directory, capsys):
    call_command("load_directory")
    output = capsys.readouterr().out
    assert "added: 0 countries" in output
    assert f"left alone: {Municipality.objects.count()}" in output
