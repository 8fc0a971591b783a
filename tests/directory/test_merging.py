"""Two rows become one and nothing that led to either is lost."""

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.test import Client
from django.utils import translation

from directory import actions, merging
from directory.merging import MergeConflict
from directory.models import EntryReport, Municipality, MunicipalityName, Region
from partnerships.models import Partnership, PartnershipSide
from tests.factories.directory import (
    CountryFactory,
    MunicipalityFactory,
    MunicipalityNameFactory,
    RegionFactory,
)
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


def merge(kept, gone, admin, now):
    if isinstance(kept, Region):
        return actions.merge_regions(kept=kept, gone=gone, by=admin, now=now)
    return actions.merge_municipalities(kept=kept, gone=gone, by=admin, now=now)


def references(place):
    """How many rows of all apps lead to this place."""
    total = 0
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model is type(place):
                total += model._base_manager.filter(**{field.name: place}).count()
    return (
        total
        + EntryReport.objects.filter(subject_type__model=place._meta.model_name, subject_id=place.pk).count()
    )


class TestMunicipalities:
    def test_every_reference_leads_to_the_one_that_stays(self, admin, now):
        kept, gone = MunicipalityFactory(name="Weinstadt"), MunicipalityFactory(name="Beutelsbach")
        first, second = (PartnershipFactory(towns=[gone, MunicipalityFactory()]) for _ in range(2))
        PartnershipFactory(towns=[kept, MunicipalityFactory()])
        earlier = MunicipalityFactory(merged_into=gone)
        actions.report_entry(subject=gone, subject_name="x", text="wrong", email="", language="de", now=now)
        before = references(kept) + references(gone)

        result = merge(kept, gone, admin, now)

        earlier.refresh_from_db()
        gone.refresh_from_db()
        assert (result, earlier.merged_into, gone.merged_into) == (kept, kept, kept)
        assert references(gone) == 0
        # Besides, `gone` itself and its old name lead to `kept` now.
        assert references(kept) == before + 2
        assert EntryReport.objects.get().subject == kept
        assert set(
            PartnershipSide.objects.filter(municipality=kept).values_list("partnership", flat=True)
        ) >= {
            first.pk,
            second.pk,
        }

    def test_partnerships_are_counted_and_found_under_the_new_name(self, admin, now):
        kept, gone = MunicipalityFactory(name="Weinstadt"), MunicipalityFactory(name="Beutelsbach")
        partnership = PartnershipFactory(towns=[gone, MunicipalityFactory(name="Parndorf")])

        merge(kept, gone, admin, now)

        partnership.refresh_from_db()
        kept.refresh_from_db()
        gone.refresh_from_db()
        assert (kept.partnership_count, gone.partnership_count) == (1, 0)
        assert "weinstadt" in partnership.search_text
        assert f"m{kept.pk}" in partnership.sides_key

    def test_names_are_united_and_the_old_one_is_historic(self, admin, now):
        kept = MunicipalityFactory(name="Weinstadt")
        gone = MunicipalityFactory(name="Beutelsbach", german_name="Beutelsbach im Remstal")
        MunicipalityNameFactory(municipality=kept, text="Wine town", language="en")
        MunicipalityNameFactory(municipality=gone, text="Wine town", language="en")
        MunicipalityNameFactory(municipality=gone, text="Bütelspach")

        merge(kept, gone, admin, now)

        names = MunicipalityName.objects.order_by("text").values_list(
            "municipality", "text", "language", "kind"
        )
        assert list(names) == [
            (kept.pk, "Beutelsbach", "", "historic"),
            (kept.pk, "Beutelsbach im Remstal", "de", "historic"),
            (kept.pk, "Bütelspach", "", "alternate"),
            (kept.pk, "Wine town", "en", "alternate"),
        ]
        kept.refresh_from_db()
        assert "|beutelsbach|" in kept.search_text
        assert "|butelspach|" in kept.search_text

    def test_another_spelling_of_one_town_is_not_historic(self, admin, now):
        kept, gone = MunicipalityFactory(name="Győr"), MunicipalityFactory(name="Gyor")

        merge(kept, gone, admin, now)

        assert list(MunicipalityName.objects.values_list("text", "kind")) == [("Gyor", "alternate")]

    def test_the_same_name_is_not_repeated(self, admin, now):
        kept, gone = MunicipalityFactory(name="Ulm"), MunicipalityFactory(name="Ulm")

        merge(kept, gone, admin, now)

        assert MunicipalityName.objects.count() == 0

    def test_facts_and_codes_fill_gaps_only(self, admin, now):
        kept = MunicipalityFactory(ags="08119091", population=27_074, population_year=2024)
        gone = MunicipalityFactory(
            ags="08119999",
            geonames_id=17,
            wikidata_id="Q1",
            population=1,
            population_year=1970,
            latitude=48.8,
            longitude=9.3,
            website="https://weinstadt.example",
            description_en="A town.",
        )

        merge(kept, gone, admin, now)

        kept.refresh_from_db()
        gone.refresh_from_db()
        assert (kept.ags, kept.population, kept.population_year) == ("08119091", 27_074, 2024)
        assert (kept.geonames_id, kept.wikidata_id, kept.latitude, kept.longitude) == (17, "Q1", 48.8, 9.3)
        assert (kept.website, kept.description_en) == ("https://weinstadt.example", "A town.")
        assert (gone.ags, gone.geonames_id, gone.wikidata_id) == ("08119999", None, "")

    def test_the_old_address_leads_to_the_new_page(self, admin, now):
        kept, gone = MunicipalityFactory(slug="weinstadt"), MunicipalityFactory(slug="beutelsbach")

        merge(kept, gone, admin, now)

        assert Client().get("/municipalities/beutelsbach/")["Location"] == "/municipalities/weinstadt/"
        assert list(Municipality.objects.current()) == [kept]

    def test_rows_that_cannot_become_one(self, admin, now):
        town = MunicipalityFactory()
        merged = MunicipalityFactory(merged_into=town)
        abroad = MunicipalityFactory(country=CountryFactory(code="HU"))
        invented = MunicipalityFactory(is_demo=True)
        deleted = MunicipalityFactory()
        Municipality.objects.filter(pk=deleted.pk).delete()

        pairs = [(town, other) for other in (town, merged, abroad, invented, deleted)]
        for kept, gone in [*pairs, (merged, town)]:
            with pytest.raises(MergeConflict):
                merge(kept, gone, admin, now)

    def test_a_partnership_with_itself_is_refused_and_nothing_has_changed(self, admin, now):
        kept, gone = MunicipalityFactory(), MunicipalityFactory()
        PartnershipFactory(towns=[kept, gone])
        MunicipalityNameFactory(municipality=gone)

        with pytest.raises(MergeConflict):
            merge(kept, gone, admin, now)

        gone.refresh_from_db()
        assert (gone.merged_into, gone.names.count(), Partnership.objects.count()) == (None, 1, 1)

    def test_what_may_exist_only_once_is_named(self, admin, now, monkeypatch):
        monkeypatch.setattr(merging, "_followers", [])
        kept, gone = MunicipalityFactory(), MunicipalityFactory()
        PartnershipFactory(towns=[kept, gone])

        with (
            translation.override("en"),
            pytest.raises(MergeConflict, match="Both have an entry under “sides”"),
        ):
            merge(kept, gone, admin, now)


class TestRegions:
    def test_every_reference_leads_to_the_one_that_stays(self, admin, now):
        kept, gone = RegionFactory(name="Waiblingen"), RegionFactory(name="Backnang")
        MunicipalityFactory(region=gone)
        RegionFactory(parent=gone)
        MunicipalityFactory(region=kept)
        partnership = PartnershipFactory()
        PartnershipSide.objects.create(partnership=partnership, position=2, region=gone)
        before = references(kept) + references(gone)

        merge(kept, gone, admin, now)

        assert not Region.objects.filter(name="Backnang").exists()
        assert references(kept) == before == 4

    def test_regions_that_cannot_become_one(self, admin, now):
        state = RegionFactory()
        district = RegionFactory(parent=RegionFactory(parent=state))
        abroad = RegionFactory(country=CountryFactory(code="HU"))

        for kept, gone in ((district, state), (state, abroad), (state, state)):
            with pytest.raises(MergeConflict):
                merge(kept, gone, admin, now)

    def test_a_district_may_go_into_its_state(self, admin, now):
        state = RegionFactory()
        district = RegionFactory(parent=state)

        merge(state, district, admin, now)

        assert list(Region.objects.all()) == [state]


class TestSeveral:
    def test_all_or_none(self, admin, now):
        kept, good, bad = MunicipalityFactory(), MunicipalityFactory(), MunicipalityFactory(is_demo=True)

        with pytest.raises(MergeConflict):
            actions.merge_all(kept=kept, others=[good, bad], by=admin, now=now)

        good.refresh_from_db()
        assert good.merged_into is None

    def test_three_into_one(self, admin, now):
        kept, *others = (MunicipalityFactory() for _ in range(4))
        regions = [RegionFactory() for _ in range(3)]

        actions.merge_all(kept=kept, others=others, by=admin, now=now)
        actions.merge_all(kept=regions[0], others=regions[1:], by=admin, now=now)

        assert (kept.merged.count(), Region.objects.count()) == (3, 1)

    def test_a_municipality_never_goes_into_a_region(self, admin, now):
        with pytest.raises(TypeError):
            actions.merge_all(kept=RegionFactory(), others=[MunicipalityFactory()], by=admin, now=now)


def test_followers_may_do_only_one_of_both(admin, now, monkeypatch):
    seen = []
    monkeypatch.setattr(merging, "_followers", [])
    merging.register(before_merge=lambda kept, gone: seen.append("before"))
    merging.register(after_change=lambda place: seen.append("after"))

    merge(MunicipalityFactory(), MunicipalityFactory(), admin, now)

    assert seen == ["before", "after"]


def test_the_database_itself_refuses_a_row_merged_into_itself():
    town = MunicipalityFactory()
    town.merged_into = town

    with pytest.raises(IntegrityError):
        town.save()
