"""The field that asks for a municipality by its name."""

import pytest
from django import forms

from directory.forms import TownField
from tests.factories.directory import MunicipalityFactory

pytestmark = pytest.mark.django_db


class TownForm(forms.Form):
    town = TownField(label="Town")


class OptionalForm(forms.Form):
    town = TownField(label="Town", required=False)


def test_a_town_may_be_asked_for_or_not():
    assert list(TownForm({"town": " "}).errors) == ["town"]
    form = OptionalForm({"town": ""})
    assert (form.is_valid(), form.cleaned_data["town"]) == (True, None)


@pytest.mark.parametrize("typed", ["Pécs", "pecs", "Fünfkirchen", "Funfkirchen", "Pécs (Fünfkirchen)"])
def test_its_names_find_it_without_script(typed):
    town = MunicipalityFactory(name="Pécs", german_name="Fünfkirchen")
    number = {"town_number": str(town.pk)} if "(" in typed else {}

    form = TownForm({"town": typed, **number})

    assert (form.is_valid(), form.cleaned_data["town"]) == (True, town)


def test_a_single_similar_one_is_offered_not_taken():
    town = MunicipalityFactory(name="Stuttgart")

    form = TownForm({"town": "Stuttgrat"})

    assert not form.is_valid()
    assert [one["value"] for one in form["town"].field.widget.candidates] == [town.pk]
    assert TownForm({"town": "Stuttgrat", "town_choice": str(town.pk)}).is_valid()


@pytest.mark.parametrize("junk", ["x", "-1", "1" * 30, "²", "1.5"])
def test_odd_numbers_are_ignored(junk):
    MunicipalityFactory(name="Ulm")

    assert TownForm({"town": "Ulm", "town_number": junk, "town_choice": junk}).is_valid()


def test_a_choice_that_was_not_offered_is_not_taken():
    MunicipalityFactory(name="Neustadt")
    MunicipalityFactory(name="Neustadt")
    other = MunicipalityFactory(name="Ulm")

    assert not TownForm({"town": "Neustadt", "town_choice": str(other.pk)}).is_valid()


def test_merged_and_invented_ones_are_not_found(settings):
    settings.SHOW_DEMO = False
    MunicipalityFactory(name="Musterstadt", is_demo=True)
    gone = MunicipalityFactory(name="Weg", merged_into=MunicipalityFactory(name="Ulm"))

    assert not TownForm({"town": "Musterstadt"}).is_valid()
    assert not TownForm({"town": "Weg", "town_number": str(gone.pk)}).is_valid()


def test_the_page_carries_what_the_script_and_a_reader_without_it_need():
    town = MunicipalityFactory(name="Ulm")

    html = str(OptionalForm(initial={"town": town})["town"])

    assert 'value="Ulm"' in html
    assert 'data-suggest-target="id_town_number"' in html
    assert f'id="id_town_number" value="{town.pk}"' in html


def test_it_says_whether_it_was_changed():
    town = MunicipalityFactory(name="Ulm")
    same = {"town": "Ulm", "town_number": str(town.pk)}

    assert not TownForm(same, initial={"town": town}).has_changed()
    assert TownForm({"town": "Pécs"}, initial={"town": town}).has_changed()
