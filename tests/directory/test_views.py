import csv
import io
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from core import panels
from core.folding import search_text
from directory.models import EntryReport, Municipality, MunicipalityName
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.directory import (
    CountryFactory,
    MunicipalityFactory,
    MunicipalityNameFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/municipalities/"


@pytest.fixture
def visitor():
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def names_in(response):
    return [row.name for row in response.context["rows"]]


class TestList:
    def test_shows_towns_with_their_facts(self, visitor):
        region = RegionFactory(
            name="Baranya", code="HU-BA", country=CountryFactory(code="HU", languages=["hu"])
        )
        MunicipalityFactory(
            name="Pécs", slug="pecs", country=region.country, region=region, population=145_347, kind="town"
        )

        html = visitor.get(LIST).content.decode()

        assert '<a href="/municipalities/pecs/" lang="hu">Pécs</a>' in html
        for word in ("1 municipality", "Baranya", "Hungary", "145,347", "town", "Download as CSV"):
            assert word in html

    def test_the_address_carries_search_filters_order_and_page(self, visitor):
        for number in range(25):
            MunicipalityFactory(name=f"Dorf {number:02}", kind="town")
        MunicipalityFactory(name="Dorf ohne Stadtrecht", kind="municipality")

        response = visitor.get(LIST, {"q": "dorf", "kind": "town", "sort": "name", "page": "2"})

        assert names_in(response) == [f"Dorf {number}" for number in range(20, 25)]
        html = response.content.decode()
        assert 'value="dorf"' in html
        assert '<input type="hidden" name="kind" value="town" form="municipality-search">' in html
        assert 'href="?q=dorf&amp;kind=town&amp;sort=name&amp;page=1"' in html
        assert '/municipalities/export.csv?q=dorf&amp;kind=town&amp;sort=name"' in html
        assert 'href="?kind=town&amp;sort=name"' in html  # the chip that removes the text

    def test_similar_names_are_said_to_be_no_match(self, visitor):
        MunicipalityFactory(name="Stuttgart")

        assert "No exact match; similar names:" in visitor.get(LIST, {"q": "Stuttgrat"}).content.decode()

    def test_nothing_found_says_what_to_do(self, visitor):
        MunicipalityFactory(name="Ulm", kind="town")

        plain = visitor.get(LIST, {"q": "xqzxqz"}).content.decode()
        filtered = visitor.get(LIST, {"q": "ulm", "kind": "market"}).content.decode()

        assert "Try another spelling, or the name in another language." in plain
        assert "Remove a filter" in filtered
        assert "Show all municipalities" in plain

    def test_says_how_many_are_not_on_the_map(self, visitor):
        MunicipalityFactory(name="Weinstadt")
        MunicipalityFactory(name="Ulm", latitude=48.4, longitude=10.0)

        html = visitor.get(LIST).content.decode()

        assert "1 of them is not on the map" in html
        assert 'href="?map=no"' in html
        assert "is not on the map" not in visitor.get(LIST, {"map": "no"}).content.decode()

    @pytest.mark.parametrize(
        "query",
        [
            "page=0",
            "page=abc",
            "page=-1",
            "page=999999999999",
            "page=²",
            "country=XX",
            "country=DE&country=HU",
            "q=" + "a" * 10_000,
            "q=%00",
            "q=%ED%A0%80",
            "q=%FF%FE",
            "q=%",
            "q=_",
            "q=%25",
            "q=%27%22%3C%3E",
            "q=ulm&q=pecs",
            "region=%00&country=DE",
            "sort=%00",
            "unknown=1",
        ],
    )
    def test_odd_input_gives_a_page(self, visitor, query):
        CountryFactory(code="DE")
        MunicipalityFactory(name="Ulm")

        assert visitor.get(f"{LIST}?{query}").status_code == 200
        assert visitor.get(f"{LIST}export.csv?{query}").status_code == 200
        assert visitor.get(f"{LIST}suggest/?{query}").status_code == 200

    def test_a_page_beyond_the_last_is_the_last(self, visitor):
        for _ in range(21):
            MunicipalityFactory()

        assert visitor.get(LIST, {"page": "99"}).context["page"].number == 2

    def test_invented_examples_are_shown_only_where_they_may_be(self, visitor, settings):
        MunicipalityFactory(name="Musterstadt", slug="musterstadt", is_demo=True)

        settings.SHOW_DEMO = False
        hidden = names_in(visitor.get(LIST)), visitor.get(f"{LIST}musterstadt/").status_code
        settings.SHOW_DEMO = True
        shown = names_in(visitor.get(LIST)), visitor.get(f"{LIST}musterstadt/").status_code

        assert hidden == ([], 404)
        assert shown == (["Musterstadt"], 200)

    def test_a_changing_method_is_refused(self, visitor):
        assert visitor.post(LIST).status_code == 405

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, coordinator, rows, django_assert_num_queries):
        region = RegionFactory(code="DE-BW", country=CountryFactory())
        for number in range(rows):
            MunicipalityFactory(name=f"Ulm {number}", region=region)
        client = signed_in(coordinator)
        client.get(LIST)

        # session, person, groups, rows
        with django_assert_num_queries(5):
            client.get(LIST, {"q": "ulm", "country": "DE"})

    def test_number_of_queries_at_worst(self, coordinator, django_assert_num_queries):
        """Nothing kept yet, and nothing but similar names found."""
        region = RegionFactory(code="DE-BW", country=CountryFactory())
        MunicipalityFactory(name="Stuttgart", region=region)
        client = signed_in(coordinator)
        client.get("/sources/")

        # session, person, regions, beginnings, limit, similar, rows
        with django_assert_num_queries(8):
            response = client.get(LIST, {"q": "stuttgrat", "country": "DE"})

        assert names_in(response) == ["Stuttgart"]


class TestExport:
    def rows(self, response):
        text = b"".join(response.streaming_content).decode()
        assert text.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    def test_holds_exactly_the_rows_of_the_list(self, visitor):
        for number in range(45):
            MunicipalityFactory(name=f"Dorf {number:02}", kind="town" if number % 2 else "market")
        MunicipalityFactory(name="Ulm", kind="town")

        query = {"q": "dorf", "kind": "town", "sort": "name"}
        listed = []
        for page in (1, 2):
            listed += names_in(visitor.get(LIST, {**query, "page": page}))
        exported = self.rows(visitor.get(f"{LIST}export.csv", query))

        assert [row["name"] for row in exported] == listed
        assert len(listed) == visitor.get(LIST, query).context["found"].total == 22

    def test_columns(self, visitor, settings):
        region = RegionFactory(name="Ulm", code="DE-08421", country=CountryFactory())
        MunicipalityFactory(
            name="Ulm", slug="ulm", region=region, kind="city_district", ags="08421000", population=126_790
        )

        response = visitor.get(f"{LIST}export.csv")
        (row,) = self.rows(response)

        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="vipad-municipalities.csv"'
        assert (row["country"], row["region"], row["kind"]) == ("DE", "Ulm", "city_district")
        assert (row["ags"], row["population"], row["latitude"]) == ("08421000", "126790", "")
        assert row["address"] == f"{settings.SITE_URL}/municipalities/ulm/"

    def test_a_name_cannot_run_in_a_spreadsheet(self, visitor):
        MunicipalityFactory(name='=HYPERLINK("http://evil.example")', german_name="@SUM(A1)")

        (row,) = self.rows(visitor.get(f"{LIST}export.csv"))

        assert row["name"] == '\'=HYPERLINK("http://evil.example")'
        assert row["german_name"] == "'@SUM(A1)"

    def test_invented_and_merged_ones_are_never_exported(self, visitor, settings):
        settings.SHOW_DEMO = True
        kept = MunicipalityFactory(name="Ulm")
        MunicipalityFactory(is_demo=True)
        MunicipalityFactory(merged_into=kept)

        assert [row["name"] for row in self.rows(visitor.get(f"{LIST}export.csv"))] == ["Ulm"]


class TestSuggest:
    def test_gives_what_the_field_needs(self, visitor):
        town = MunicipalityFactory(name="Ulm", slug="ulm")

        response = visitor.get(f"{LIST}suggest/", {"q": "ul"})

        assert response.json() == [
            {"label": "Ulm", "detail": "Germany", "url": "/municipalities/ulm/", "value": town.pk}
        ]
        assert "private" in response["Cache-Control"]

    def test_nothing_typed_suggests_nothing(self, visitor):
        MunicipalityFactory(name="Ulm")

        assert [visitor.get(f"{LIST}suggest/", query).json() for query in ({}, {"q": "u"})] == [[], []]


class TestDetail:
    def test_names_facts_and_codes(self, visitor):
        bulgaria = CountryFactory(code="BG", languages=["bg"], time_zone="Europe/Sofia")
        region = RegionFactory(name="Ruse", code="BG-18", country=bulgaria)
        town = MunicipalityFactory(
            name="Ruse",
            slug="ruse",
            german_name="Rustschuk",
            local_script_name="Русе",
            local_script_by_rule=True,
            country=bulgaria,
            region=region,
            population=123_134,
            population_year=2021,
            latitude=43.8564,
            longitude=25.9708,
            lau="18-RUSE",
            nuts="BG323",
            geonames_id=727523,
            wikidata_id="Q484503",
            local_kind="град",
            kind="town",
            website="https://ruse.example",
            description_en="On the Danube.",
        )
        MunicipalityNameFactory(municipality=town, text="Rustchuk", language="")
        MunicipalityNameFactory(municipality=town, text="Rusciuc", language="ro")
        MunicipalityNameFactory(municipality=town, text="Rusçuk", language="tr", kind="historic")
        MunicipalityNameFactory(municipality=town, text="Zzz", language="xx")

        html = visitor.get(f"{LIST}ruse/").content.decode()

        for words in (
            '<span lang="bg-Latn">Ruse</span>',
            '<span lang="bg">Русе</span>',
            "transliterated by rule",
            "town (град)",
            "123,134 (2021)",
            "43.8564° north, 25.9708° east",
            "Europe/Sofia",
            "18-RUSE",
            "BG323",
            "727523",
            "Q484503",
            "Rusçuk (historic)",
            "Romanian",
            "Other spellings",
            "On the Danube.",
            "https://ruse.example",
            'href="/report/municipality/ruse/"',
        ):
            assert words in html

    def test_in_german_the_german_name_stands_behind(self, visitor):
        MunicipalityFactory(name="Pécs", slug="pecs", german_name="Fünfkirchen")
        visitor.cookies["django_language"] = "de"

        html = visitor.get(f"{LIST}pecs/").content.decode()

        assert '<span lang="de">(Fünfkirchen)</span>' in html
        assert "<title>Pécs (Fünfkirchen)" in html

    def test_what_is_not_known_is_said(self, visitor):
        MunicipalityFactory(name="Weinstadt", slug="weinstadt", ags="08119091", lau="08119091")

        html = visitor.get(f"{LIST}weinstadt/").content.decode()

        assert "not known, therefore not on the map" in html
        assert html.count("08119091") == 1  # in Germany both keys are one

    def test_a_count_without_year_and_names_without_repetition(self, visitor):
        town = MunicipalityFactory(name="Pécs", slug="pecs", population=145_347, german_name="Fünfkirchen")
        for text, language in (("Pécs", "hu"), ("Fünfkirchen", "de"), ("Pečuh", "hr"), ("Pečuh", "sl")):
            MunicipalityNameFactory(municipality=town, text=text, language=language)

        response = visitor.get(f"{LIST}pecs/")

        assert ("Inhabitants", "145,347") in [(str(term), value) for term, value in response.context["facts"]]
        assert [tuple(group) for group in response.context["name_groups"]] == [
            ("German", "de", "Fünfkirchen"),
            ("Croatian", "hr", "Pečuh"),
            ("Slovenian", "sl", "Pečuh"),
        ]

    def test_a_text_in_another_language_says_so(self, visitor):
        MunicipalityFactory(slug="ulm", description_de="An der Donau.")

        html = visitor.get(f"{LIST}ulm/").content.decode()

        assert '<p lang="de">An der Donau.</p>' in html
        assert 'lang="de">Deutsch</p>' in html

    def test_a_merged_one_leads_on_for_good(self, visitor):
        kept = MunicipalityFactory(slug="kept")
        MunicipalityFactory(slug="gone", merged_into=kept)

        response = visitor.get(f"{LIST}gone/")

        assert (response.status_code, response["Location"]) == (301, "/municipalities/kept/")

    def test_an_unknown_one_is_not_found(self, visitor):
        assert visitor.get(f"{LIST}nowhere/").status_code == 404

    def test_upper_apps_fill_their_place(self, visitor, monkeypatch):
        MunicipalityFactory(slug="ulm")
        before = list(panels._panels["municipality"])
        monkeypatch.setitem(panels._panels, "municipality", before)
        panels.register(
            "municipality", "components/badge.html", lambda subject, request: {"word": f"seen {subject.slug}"}
        )

        assert "seen ulm" in visitor.get(f"{LIST}ulm/").content.decode()

    @pytest.mark.parametrize("further", [1, 3])
    def test_number_of_queries(self, coordinator, further, django_assert_num_queries, monkeypatch):
        monkeypatch.setitem(panels._panels, "municipality", [])  # each panel counts its own
        town = MunicipalityFactory(slug="ulm", region=RegionFactory())
        for _ in range(further):
            MunicipalityNameFactory(municipality=town)
        client = signed_in(coordinator)
        client.get("/sources/")

        # session, person, municipality, names, profile texts, who speaks for it
        with django_assert_num_queries(7):
            client.get(f"{LIST}ulm/")


class TestSources:
    def test_counts_per_country(self, visitor):
        MunicipalityFactory(latitude=48.0, longitude=10.0)
        MunicipalityFactory()
        MunicipalityFactory(is_demo=True)
        MunicipalityFactory(country=CountryFactory(code="HU"))

        response = visitor.get("/sources/")

        assert response.context["rows"] == [["Germany", "2", "1"], ["Hungary", "1", "1"]]
        html = response.content.decode()
        for word in ("GeoNames", "CC BY 4.0", "DWD", "Natural Earth", "KERN UX", "Fira Sans", "Wikidata"):
            assert word in html


class TestReport:
    URL = "/report/municipality/ulm/"

    @pytest.fixture
    def ulm(self):
        return MunicipalityFactory(name="Ulm", slug="ulm")

    def send(self, visitor, **values):
        key = visitor.get(self.URL).context["form"]["key"].value()
        data = {
            "text": "The number of inhabitants is wrong.",
            "email": "",
            "website": "",
            "key": key,
            **values,
        }
        return visitor.post(self.URL, data)

    def test_a_visitor_reports_an_error(self, visitor, ulm, admin):
        response = self.send(visitor, email="reader@example.org")

        assert (response.status_code, response["Location"]) == (302, "/municipalities/ulm/")
        report = EntryReport.objects.get()
        assert (report.subject, report.subject_name, report.language) == (ulm, "Ulm", "en")
        assert (report.email, report.state) == ("reader@example.org", "open")
        assert [notice.recipient for notice in Notice.objects.filter(kind="entry_reported")] == [admin]
        assert "Thank you" in visitor.get("/municipalities/ulm/").content.decode()

    @pytest.mark.parametrize("text", ["", "too short", "x" * 2001])
    def test_a_text_too_short_or_too_long_is_said_at_the_field(self, visitor, ulm, text):
        response = self.send(visitor, text=text)

        assert response.status_code == 200
        assert list(response.context["form"].errors) == ["text"]
        assert "data-error-summary" in response.content.decode()
        assert EntryReport.objects.count() == 0

    def test_a_mistyped_address_is_said_and_the_text_is_kept(self, visitor, ulm):
        response = self.send(visitor, email="nobody")

        assert list(response.context["form"].errors) == ["email"]
        assert "The number of inhabitants is wrong." in response.content.decode()

    def test_sent_twice_it_is_stored_once(self, visitor, ulm):
        key = visitor.get(self.URL).context["form"]["key"].value()

        for _ in range(2):
            response = self.send(visitor, key=key)

        assert response.status_code == 302
        assert EntryReport.objects.count() == 1

    def test_a_program_that_fills_the_trap_is_thanked_and_forgotten(self, visitor, ulm):
        assert self.send(visitor, website="https://spam.example").status_code == 302
        assert EntryReport.objects.count() == 0

    def test_the_sixth_report_in_an_hour_is_refused(self, visitor, ulm):
        answers = [self.send(visitor).status_code for _ in range(6)]

        assert answers == [302] * 5 + [429]
        assert EntryReport.objects.count() == 5

    def test_only_what_is_public_may_be_reported(self, visitor, ulm, settings):
        settings.SHOW_DEMO = False
        MunicipalityFactory(slug="musterstadt", is_demo=True)
        MunicipalityFactory(slug="gone", merged_into=ulm)

        addresses = ("municipality/musterstadt", "municipality/gone", "municipality/nowhere", "castle/ulm")

        assert [visitor.get(f"/report/{address}/").status_code for address in addresses] == [404] * 4

    def test_without_the_token_nothing_is_stored(self, ulm):
        strict = Client(enforce_csrf_checks=True)

        assert strict.post(self.URL, {"text": "The number is wrong."}).status_code == 403
        assert EntryReport.objects.count() == 0


def test_the_page_of_a_town_with_odd_characters_in_its_name_is_safe(visitor):
    name = "<script>alert(1)</script>"
    MunicipalityFactory(name=name, slug="odd", search_text=search_text([name]))

    for url in (f"{LIST}?q={quote(name)}", f"{LIST}odd/", "/report/municipality/odd/"):
        assert "<script>alert" not in visitor.get(url).content.decode()


def test_every_address_has_a_name():
    names = ("list", "export", "suggest", "sources")

    assert [reverse(f"directory:{name}") for name in names] == [
        "/municipalities/",
        "/municipalities/export.csv",
        "/municipalities/suggest/",
        "/sources/",
    ]
    assert Municipality(slug="ulm").get_absolute_url() == "/municipalities/ulm/"
    assert str(MunicipalityName(text="Ulm")) == "Ulm"
