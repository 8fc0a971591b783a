import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages

from directory.models import EntryReport, Municipality, Region, Topic
from notifications.models import Notice
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import (
    CountryFactory,
    MunicipalityFactory,
    MunicipalityNameFactory,
    RegionFactory,
    TopicFactory,
)
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db

TOWNS = "/admin/directory/municipality/"
REGIONS = "/admin/directory/region/"
REPORTS = "/admin/directory/entryreport/"
FOREIGN = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


@pytest.fixture
def office(admin):
    return signed_in(admin, "en")


def names_in(response):
    return sorted(row.name for row in response.context["cl"].result_list)


def form_data(response, **values):
    """What the browser would send back, with changes."""
    data = {}
    inline_forms = [form for inline in response.context["inline_admin_formsets"] for form in inline.formset]
    for form in [response.context["adminform"].form, *inline_forms]:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    for inline in response.context["inline_admin_formsets"]:
        for field in inline.formset.management_form:
            data[field.html_name] = field.value()
    return {**data, **values}


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


class TestMunicipalityList:
    @pytest.mark.parametrize("typed", ["fünf", "PECS", "Печуј", "pecs fun"])
    def test_is_searched_by_any_name(self, office, typed):
        from core.folding import search_text

        MunicipalityFactory(name="Pécs", search_text=search_text(["Pécs", "Fünfkirchen", "Печуј"]))
        MunicipalityFactory(name="Ulm")

        assert names_in(office.get(TOWNS, {"q": typed})) == ["Pécs"]

    def test_signs_alone_find_nothing(self, office):
        MunicipalityFactory(name="Ulm")

        assert names_in(office.get(TOWNS, {"q": "%"})) == []

    def test_filters(self, office):
        region = RegionFactory(name="Baranya", code="HU-BA", country=CountryFactory(code="HU"))
        kept = MunicipalityFactory(
            name="Pécs", country=region.country, region=region, latitude=46.0, longitude=18.0
        )
        MunicipalityFactory(name="Ulm", kind="town", source="DWD", description_de="Text", merged_into=kept)

        def shown(**query):
            return names_in(office.get(TOWNS, query))

        assert shown(country__code__exact="HU", region=region.pk) == ["Pécs"]
        assert shown(kind__exact="town") == shown(source="DWD") == ["Ulm"]
        assert shown(position="known") == ["Pécs"]
        assert shown(position="missing") == shown(merged="yes") == shown(missing="en") == ["Ulm"]
        assert shown(merged="no") == ["Pécs"]
        assert shown(missing="de") == []
        assert shown(position="x") == shown(missing="xx") == shown(merged="x") == ["Pécs", "Ulm"]

    @pytest.mark.parametrize("value", ["abc", "²", "9" * 30])
    def test_odd_filter_values_do_no_harm(self, office, value):
        MunicipalityFactory(name="Ulm")

        assert office.get(TOWNS, {"region": value}).status_code in (200, 302)

    def test_nobody_deletes_a_place(self, office):
        town = MunicipalityFactory()

        assert office.get(f"{TOWNS}{town.pk}/delete/").status_code == 403
        assert "delete_selected" not in office.get(TOWNS).content.decode()

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, office, rows, django_assert_max_num_queries):
        for _ in range(rows):
            MunicipalityFactory(region=RegionFactory())
        office.get(TOWNS)

        with django_assert_max_num_queries(9):
            office.get(TOWNS)


class TestMunicipalityForm:
    def test_no_request_to_a_foreign_host(self, office):
        town = MunicipalityFactory(website="https://ulm.example")
        pages = [
            office.get(url).content.decode() for url in (TOWNS, f"{TOWNS}{town.pk}/change/", f"{TOWNS}add/")
        ]

        links = [FOREIGN.findall(page.replace('href="https://ulm.example"', "")) for page in pages]

        assert links == [[], [], []]
        assert "vendor/jquery-ui/jquery-ui.min.js" in pages[1]

    def test_a_new_town_is_found_at_once_by_all_its_names(self, office):
        country = CountryFactory(code="HU")
        page = office.get(f"{TOWNS}add/")
        data = form_data(page, name="Győr", country=country.pk, kind="town", german_name="")
        data.update({"names-0-text": "Raab", "names-0-language": "de", "names-0-kind": "other"})

        response = office.post(f"{TOWNS}add/", data)

        assert response.status_code == 302, response.context["adminform"].form.errors
        town = Municipality.objects.get()
        assert (town.slug, town.search_text) == ("gyor", "|gyor|raab|")

    def test_a_changed_name_changes_what_it_is_found_by_and_the_partnerships(self, office):
        town = MunicipalityFactory(name="Ulm", slug="ulm")
        partnership = PartnershipFactory(towns=[town, MunicipalityFactory()])
        page = office.get(f"{TOWNS}{town.pk}/change/")

        response = office.post(f"{TOWNS}{town.pk}/change/", form_data(page, name="Ulm an der Donau"))

        assert response.status_code == 302
        town.refresh_from_db()
        partnership.refresh_from_db()
        assert (town.slug, "|ulm an der donau|" in town.search_text) == ("ulm", True)
        assert "ulm an der donau" in partnership.search_text

    def test_codes_of_a_row_from_a_source_are_read_only(self, office):
        official = MunicipalityFactory(ags="08421000", source="DWD")
        own = MunicipalityFactory(source="")

        def fields(town):
            return set(office.get(f"{TOWNS}{town.pk}/change/").context["adminform"].form.fields)

        assert {"ags", "geonames_id"} & fields(official) == set()
        assert {"ags", "lau", "nuts", "geonames_id", "wikidata_id"} <= fields(own)

    def test_half_a_position_and_a_foreign_region_are_refused(self, office):
        town = MunicipalityFactory()
        region = RegionFactory(country=CountryFactory(code="HU"))
        page = office.get(f"{TOWNS}{town.pk}/change/")

        response = office.post(
            f"{TOWNS}{town.pk}/change/", form_data(page, latitude="48.4", region=region.pk)
        )

        assert set(response.context["adminform"].form.errors) == {"longitude", "region"}

    def test_both_languages_stand_side_by_side(self, office):
        page = office.get(f"{TOWNS}{MunicipalityFactory().pk}/change/").content.decode()

        assert 'name="description_de"' in page
        assert 'name="description_en"' in page


class TestMerge:
    def ask(self, client, rows, url=TOWNS, **values):
        data = {"action": "merge_selected", "_selected_action": [row.pk for row in rows], **values}
        return client.post(url, data)

    def test_asks_which_one_stays_and_merges(self, office, admin):
        kept, gone = MunicipalityFactory(name="Weinstadt"), MunicipalityFactory(name="Beutelsbach")
        MunicipalityNameFactory(municipality=gone, text="Bütelspach")

        page = self.ask(office, [kept, gone]).content.decode()
        assert "This one stays" in page
        assert Municipality.objects.exclude(merged_into=None).count() == 0

        response = self.ask(office, [kept, gone], merge="1", kept=kept.pk)

        assert response["Location"] == f"{TOWNS}{kept.pk}/change/"
        gone.refresh_from_db()
        assert (gone.merged_into, kept.names.count()) == (kept, 2)
        assert LogEntry.objects.filter(user=admin).count() == 2

    def test_without_a_choice_it_asks_again(self, office):
        rows = [MunicipalityFactory(), MunicipalityFactory()]

        assert "Please choose the one that stays." in self.ask(office, rows, merge="1").content.decode()

    def test_one_alone_is_not_merged(self, office):
        response = self.ask(office, [MunicipalityFactory()])

        assert messages_of(response) == ["Please select two to ten entries."]

    def test_a_conflict_is_explained(self, office):
        kept, gone = MunicipalityFactory(), MunicipalityFactory(is_demo=True)

        page = self.ask(office, [kept, gone], merge="1", kept=kept.pk).content.decode()

        assert "An invented example cannot be merged with a real municipality." in page

    def test_only_with_both_rights(self):
        editor = UserFactory(is_staff=True)
        grant(editor, "directory.view_municipality", "directory.change_municipality")
        rows = [MunicipalityFactory(), MunicipalityFactory()]

        self.ask(signed_in(editor, "en"), rows, merge="1", kept=rows[0].pk)

        assert Municipality.objects.exclude(merged_into=None).count() == 0

    def test_regions_are_merged_as_well(self, office):
        kept, gone = RegionFactory(), RegionFactory()
        town = MunicipalityFactory(region=gone)

        response = self.ask(office, [kept, gone], REGIONS, merge="1", kept=kept.pk)

        town.refresh_from_db()
        assert response["Location"] == f"{REGIONS}{kept.pk}/change/"
        assert (town.region, Region.objects.count()) == (kept, 1)


class TestOtherPlaces:
    def test_a_region_is_saved_with_its_search_text_and_its_code_stays(self, office):
        region = RegionFactory(name="Baranya", code="HU-BA")
        page = office.get(f"{REGIONS}{region.pk}/change/")

        response = office.post(
            f"{REGIONS}{region.pk}/change/", form_data(page, german_name="Branau", code="X")
        )

        assert response.status_code == 302
        region.refresh_from_db()
        assert (region.code, region.search_text) == ("HU-BA", "|baranya|branau|")
        assert names_in(office.get(REGIONS, {"q": "branau"})) == ["Baranya"]

    def test_a_new_region_gets_its_code(self, office):
        data = form_data(office.get(f"{REGIONS}add/"), name="Vas", code="HU-VA", kind="county")

        office.post(f"{REGIONS}add/", {**data, "country": CountryFactory(code="HU").pk})

        assert Region.objects.get().code == "HU-VA"

    def test_a_region_is_no_part_of_its_own_part(self, office):
        state = RegionFactory()
        district = RegionFactory(parent=state)
        url = f"{REGIONS}{state.pk}/change/"

        for parent in (state, district):
            response = office.post(url, form_data(office.get(url), parent=parent.pk))
            assert set(response.context["adminform"].form.errors) == {"parent"}

        url = f"{REGIONS}{district.pk}/change/"
        assert office.post(url, form_data(office.get(url), name="Calw")).status_code == 302

    def test_a_country_changes_every_list(self, office):
        country = CountryFactory()
        url = f"/admin/directory/country/{country.pk}/change/"
        page = office.get(url)
        assert "code" not in page.context["adminform"].form.fields

        data = form_data(page, name_en="Federal Germany", local_names="Deutschland", languages='["de"]')
        response = office.post(url, data)

        assert response.status_code == 302, response.context["adminform"].form.errors
        MunicipalityFactory()
        assert "Federal Germany" in office.get("/municipalities/").content.decode()
        assert "code" in office.get("/admin/directory/country/add/").context["adminform"].form.fields

    def test_a_topic(self, office):
        topic = TopicFactory()
        url = f"/admin/directory/topic/{topic.pk}/change/"

        office.post(url, form_data(office.get(url), name_en="Youth"))

        assert Topic.objects.get().name_en == "Youth"

    def test_a_topic_stays_and_keeps_its_code(self, office):
        topic = TopicFactory(code="youth")
        url = f"/admin/directory/topic/{topic.pk}/"

        page = office.get(f"{url}change/")
        office.post(f"{url}change/", form_data(page, code="x"))

        assert "code" not in page.context["adminform"].form.fields
        assert "code" in office.get("/admin/directory/topic/add/").context["adminform"].form.fields
        assert office.post(f"{url}delete/", {"post": "yes"}).status_code == 403
        assert Topic.objects.get().code == "youth"


class TestReports:
    @pytest.fixture
    def report(self, now):
        from directory import actions

        return actions.report_entry(
            subject=MunicipalityFactory(name="Ulm", slug="ulm"),
            subject_name="Ulm",
            text="The number of inhabitants is wrong. " * 3,
            email="reader@example.org",
            language="en",
            now=now,
        )

    def test_an_answer_goes_through_the_action(self, office, admin, report):
        page = office.get(f"{REPORTS}{report.pk}/change/")
        assert 'href="/municipalities/ulm/"' in page.content.decode()

        response = office.post(
            f"{REPORTS}{report.pk}/change/", {"state": "corrected", "answer": "Thank you."}
        )

        assert response.status_code == 302
        report.refresh_from_db()
        assert (report.state, report.answer, report.decided_by) == ("corrected", "Thank you.", admin)
        assert Notice.objects.filter(kind="report_answered").count() == 1

    def test_without_a_decision_nothing_is_answered(self, office, report):
        response = office.post(f"{REPORTS}{report.pk}/change/", {"state": "", "answer": "Thank you."})

        assert set(response.context["adminform"].form.errors) == {"state"}

    def test_what_was_decided_stays(self, office, admin, report, now):
        from directory import actions

        actions.answer_report(report=report, by=admin, state="declined", answer="", now=now)
        page = office.get(f"{REPORTS}{report.pk}/change/")

        response = office.post(f"{REPORTS}{report.pk}/change/", {"state": "corrected", "answer": "x"})

        report.refresh_from_db()
        assert page.context["adminform"].form.fields == {}
        assert 'name="_save"' not in page.content.decode()
        assert report.state == "declined"
        assert messages_of(response) == ["Somebody else has answered this report meanwhile."]
        assert LogEntry.objects.count() == 0

    def test_the_list_shows_the_beginning_and_whether_an_answer_is_wanted(self, office, report):
        html = office.get(REPORTS).content.decode()

        assert "The number of inhabitants is wrong." in html
        assert "…" in html
        assert "reader@example.org" not in html

    def test_the_entry_may_be_gone(self, office, report):
        report.subject.delete()

        assert "Ulm" in office.get(f"{REPORTS}{report.pk}/change/").content.decode()

    def test_nobody_writes_reports_here(self, office):
        assert office.get(f"{REPORTS}add/").status_code == 403
        assert EntryReport.objects.count() == 0


@pytest.mark.parametrize(
    "path", [TOWNS, REGIONS, REPORTS, "/admin/directory/country/", "/admin/directory/topic/"]
)
def test_nobody_but_the_office_comes_in(cast, path):
    doors = {name: signed_in(person).get(path).status_code for name, person in cast.items()}

    assert doors == {**dict.fromkeys(cast, 302), "admin": 200}


def test_a_visit_does_not_upset_the_office_itself(admin):
    from django.contrib.admin import site

    town = MunicipalityFactory()
    signed_in(admin).get(f"/admin/directory/municipality/{town.pk}/change/")

    assert site.get_model_admin(type(town)).check() == []
