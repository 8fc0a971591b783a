"""The search on a handful of towns: what is found, in which order, and what the facets count."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.folding import search_text, sort_key
from directory import list_cache, queries
from directory.models import Municipality, Region
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db


def town(name, *other_names, **values):
    german = values.get("german_name", "")
    return MunicipalityFactory(
        name=name,
        slug=sort_key(name).replace(" ", "-"),
        search_text=search_text([text for text in (name, german, *other_names) if text]),
        **values,
    )


def found(demo=False, **params):
    filters = queries.filters_of(params)
    result = queries.search_municipalities(filters, demo=demo)
    rows = queries.shown_rows(result.rows)
    assert len(rows) == result.total
    return [row.name for row in rows], result


def names(**params):
    return found(**params)[0]


def counts(result, facet):
    options = next((item.options for item in result.facets if item.name == facet), [])
    return {str(option["label"]): option["count"] for option in options}


@pytest.fixture
def hungary():
    return CountryFactory(code="HU", languages=["hu"])


@pytest.fixture
def bulgaria():
    return CountryFactory(code="BG", languages=["bg"])


class TestWhatIsFound:
    @pytest.mark.parametrize(
        "typed", ["Pécs", "pecs", "PECS", "Fünfkirchen", "Funfkirchen", "fuenfk", "Печуј"]
    )
    def test_a_town_by_any_of_its_names(self, hungary, typed):
        town("Pécs", "Печуј", german_name="Fünfkirchen", country=hungary)
        town("Ulm")

        with translation.override("en"):
            assert names(q=typed) == ["Pécs"]

    def test_two_letters_find_beginnings_of_words_only(self):
        town("Ulm")
        town("Neu-Ulm")
        town("Kulmbach")

        assert names(q="ul") == ["Neu-Ulm", "Ulm"] or names(q="ul") == ["Ulm", "Neu-Ulm"]

    def test_what_stands_inside_a_word_is_found_when_no_word_begins_so(self):
        town("Kulmbach")

        assert names(q="ulmb") == ["Kulmbach"]
        assert found(q="ulmb")[1].similar is False

    def test_two_letters_inside_a_word_find_nothing(self):
        town("Kulmbach")

        assert names(q="lm") == []

    def test_a_typing_error_finds_similar_names_and_says_so(self):
        town("Fünfkirchen")
        town("Ulm")

        shown, result = found(q="Funfkirhcen")

        assert shown == ["Fünfkirchen"]
        assert result.similar is True

    def test_a_typing_error_is_forgiven_on_any_connection(self):
        """The numbers are kept, the limit of similarity belongs to the connection."""
        town("Stuttgart")
        first = names(q="Stuttgrat")
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', '1', false)")

        assert names(q="Stuttgrat") == first == ["Stuttgart"]

    def test_every_word_must_match(self):
        town("Bad Mergentheim")
        town("Bad Urach")
        town("Mergen")

        assert names(q="mergen bad") == ["Bad Mergentheim"]

    def test_nothing_is_found_by_signs_alone(self):
        town("Ulm")

        assert [names(q=sign) for sign in ("%", "_", "|", "\\", "'")] == [[], [], [], [], []]

    def test_wildcards_are_letters_like_others(self):
        town("Ulm")

        assert names(q="U%m") == []
        assert names(q="U_m") == []

    def test_one_letter_finds_names_that_begin_with_it(self):
        town("Ulm")
        town("Aalen")

        assert names(q="u") == ["Ulm"]

    def test_merged_and_invented_ones_are_left_out(self):
        kept = town("Ulm")
        town("Ulm alt", merged_into=kept)
        town("Ulm Beispiel", is_demo=True)

        assert names(q="ulm") == ["Ulm"]
        assert sorted(found(q="ulm", demo=True)[0]) == ["Ulm", "Ulm Beispiel"]

    def test_without_a_text_everything_is_listed(self):
        town("Ulm")
        town("Aalen")

        assert sorted(names()) == ["Aalen", "Ulm"]


class TestOrder:
    def test_the_whole_name_then_beginnings_then_other_words_then_inhabitants(self):
        town("Neu-Ulm", population=58_000)
        town("Ulmerfeld", population=1)
        town("Ulm", population=126_000)
        town("Elchingen", "Ulm", population=900_000)
        town("Gögglingen", "Ulmenau", population=2)
        town("Alt-Ulm", population=60_000)

        assert names(q="ulm") == ["Ulm", "Elchingen", "Ulmerfeld", "Gögglingen", "Alt-Ulm", "Neu-Ulm"]

    def test_the_orders_a_reader_may_choose(self):
        town("Aalen", population=5, partnership_count=1)
        town("Ulm", population=9, partnership_count=0)
        town("Öhringen", population=None, partnership_count=3)

        assert names(sort="name") == ["Aalen", "Öhringen", "Ulm"]
        assert names(sort="inhabitants") == names() == ["Ulm", "Aalen", "Öhringen"]
        assert names(sort="partnerships") == ["Öhringen", "Aalen", "Ulm"]
        assert names(sort="nonsense") == names()

    def test_similar_names_come_nearest_first(self):
        town("Temeswarstadt", population=1_000_000)
        town("Temeswar", population=1)

        assert names(q="temeswra") == ["Temeswar", "Temeswarstadt"]

    def test_best_match_is_offered_only_with_a_text(self):
        with translation.override("en"):
            assert [word for word, _, _ in found()[1].sorts] == ["inhabitants", "name", "partnerships"]
            assert found(q="u")[1].sorts[0][0] == "best match"


class TestFacets:
    def test_each_facet_ignores_its_own_choice(self, hungary):
        town("Ulm", kind="town", partnership_count=2)
        town("Aalen", kind="town")
        town("Urach", kind="municipality", latitude=48.0, longitude=9.0)
        town("Pécs", kind="town", country=hungary)

        with translation.override("en"):
            result = found(country="DE", kind="town")[1]

            assert result.total == 2
            assert counts(result, "country") == {"Germany": "2", "Hungary": "1"}
            assert counts(result, "kind") == {"town": "2", "municipality": "1"}
            assert counts(result, "partnerships") == {"with partnerships": "1"}
            assert counts(result, "map") == {"not on the map": "2"}
            assert result.off_map == 2

    def test_a_text_narrows_all_counts(self, hungary):
        town("Ulm")
        town("Pécs", country=hungary)

        with translation.override("en"):
            assert counts(found(q="ulm")[1], "country") == {"Germany": "1"}

    def test_filters_of_partnerships_and_map(self):
        town("Ulm", partnership_count=2, latitude=48.4, longitude=10.0)
        town("Weinstadt")

        assert names(partnerships="yes") == ["Ulm"]
        assert names(map="yes") == ["Ulm"]
        assert names(map="no") == ["Weinstadt"]

    def test_a_state_holds_the_towns_of_its_districts(self):
        germany = CountryFactory()
        state = RegionFactory(code="DE-BW", name="Baden-Württemberg", country=germany, kind="state")
        bavaria = RegionFactory(code="DE-BY", name="Bayern", country=germany, kind="state")
        calw = RegionFactory(code="DE-08235", name="Calw", country=germany, parent=state)
        biberach = RegionFactory(code="DE-08426", name="Biberach", country=germany, parent=state)
        town("Nagold", region=calw)
        town("Laupheim", region=biberach)
        town("Passau", region=bavaria)
        town("Nirgends")

        with translation.override("en"):
            everywhere = found(country="DE")[1]
            in_state, by_state = found(country="DE", region="DE-BW")
            in_district, by_district = found(country="DE", region="DE-08235")

        assert counts(everywhere, "region") == {"Baden-Württemberg": "2", "Bayern": "1"}
        assert sorted(in_state) == ["Laupheim", "Nagold"]
        assert counts(by_state, "region") == {
            "Baden-Württemberg": "2",
            "– Biberach": "1",
            "– Calw": "1",
            "Bayern": "1",
        }
        assert in_district == ["Nagold"]
        assert counts(by_district, "region") == counts(by_state, "region")
        assert by_state.labels == {"country": "Germany", "region": "Baden-Württemberg"}

    def test_regions_that_are_part_of_each_other_by_mistake_do_no_harm(self):
        one = RegionFactory(code="A", country=CountryFactory())
        other = RegionFactory(code="B", country=one.country, parent=one)
        Region.objects.filter(pk=one.pk).update(parent=other)
        town("Ulm", region=one)

        assert names(country="DE", region="A") == ["Ulm"]

    def test_another_country_leaves_the_region_behind(self, hungary):
        state = RegionFactory(code="DE-BW", country=CountryFactory())
        town("Ulm", region=state)
        town("Pécs", country=hungary)

        result = found(country="DE", region="DE-BW")[1]

        option = next(item for item in result.facets[0].options if item["label"] in ("Hungary", "Ungarn"))
        assert option["url"] == "?country=HU"
        assert option["count"] == "1"

    def test_a_region_without_its_country_and_unknown_values_are_ignored(self, hungary):
        RegionFactory(code="DE-BW", country=CountryFactory())
        town("Ulm")

        assert names(region="DE-BW") == ["Ulm"]
        assert names(country="XX", kind="castle", map="maybe") == ["Ulm"]
        assert queries.filters_of({"country": "HU", "region": "DE-BW"}).values == {"country": "HU"}

    def test_counts_without_a_text_are_kept_until_something_changes(self, django_capture_on_commit_callbacks):
        town("Ulm")
        names()
        town("Aalen")

        assert queries.search_municipalities(queries.filters_of({}), demo=False).total == 1

        with django_capture_on_commit_callbacks(execute=True):
            list_cache.forget()

        assert queries.search_municipalities(queries.filters_of({}), demo=False).total == 2

    def test_labels_of_all_filters_in_force(self):
        town("Ulm", kind="town", partnership_count=1, latitude=48.0, longitude=10.0)

        with translation.override("en"):
            on_map = found(kind="town", partnerships="yes", map="yes")[1]
            off_map = found(map="no")[1]

        assert on_map.labels == {"kind": "town", "partnerships": "with partnerships", "map": "on the map"}
        assert off_map.labels == {"map": "not on the map"}


class TestShownRows:
    def test_words_of_a_row(self, bulgaria):
        region = RegionFactory(name="Ruse", code="BG-18", country=bulgaria)
        town(
            "Ruse",
            german_name="Rustschuk",
            local_script_name="Русе",
            country=bulgaria,
            region=region,
            kind="town",
            population=123_456,
            partnership_count=2,
        )

        with translation.override("de"):
            (row,) = queries.shown_rows(
                queries.search_municipalities(queries.filters_of({}), demo=False).rows
            )

        assert (row.name, row.lang, row.other_name, row.other_lang) == (
            "Ruse (Rustschuk)",
            "bg-Latn",
            "Русе",
            "bg",
        )
        assert (row.region, row.country, row.population, row.partnerships) == (
            "Ruse",
            "Bulgarien",
            "123.456",
            "2",
        )
        assert row.url == "/municipalities/ruse/"

    def test_what_is_not_known_is_empty(self):
        town("Ulm")

        with translation.override("en"):
            (row,) = queries.shown_rows(
                queries.search_municipalities(queries.filters_of({}), demo=False).rows
            )

        assert (row.region, row.population, row.partnerships) == ("", "", "")


class TestSuggestions:
    def test_best_first_with_where_it_lies(self, hungary):
        region = RegionFactory(name="Baranya", code="HU-BA", country=hungary)
        pecs = town("Pécs", german_name="Fünfkirchen", country=hungary, region=region, population=5)
        town("Pécsvárad", country=hungary, population=9)

        with translation.override("en"):
            suggested = queries.suggestions("pecs", demo=False)

        assert suggested[0] == {
            "label": "Pécs",
            "detail": "Baranya, Hungary",
            "url": "/municipalities/pecs/",
            "value": pecs.pk,
        }
        assert [item["label"] for item in suggested] == ["Pécs", "Pécsvárad"]

    def test_in_german_with_the_german_name(self, hungary):
        town("Pécs", german_name="Fünfkirchen", country=hungary)

        with translation.override("de"):
            assert [item["label"] for item in queries.suggestions("fünf", demo=False)] == [
                "Pécs (Fünfkirchen)"
            ]

    def test_nothing_for_less_than_two_letters(self):
        town("Ulm")

        assert queries.suggestions("u", demo=False) == []
        assert queries.suggestions("%%", demo=False) == []

    def test_inside_and_similar_names_as_in_the_list(self):
        town("Fünfkirchen")

        labels = [
            [item["label"] for item in queries.suggestions(q, demo=False)] for q in ("kirchen", "Funfkirhcen")
        ]

        assert labels == [["Fünfkirchen"], ["Fünfkirchen"]]
        assert queries.suggestions("xq", demo=False) == []
        assert queries.suggestions("xqzxqz", demo=False) == []

    def test_at_most_as_many_as_asked_for(self):
        for number in range(5):
            town(f"Ulm {number}")

        assert len(queries.suggestions("ulm", demo=False, limit=3)) == 3


def test_a_search_without_result_asks_three_times_not_more():
    town("Ulm")
    queries.filters_of({})

    with CaptureQueriesContext(connection) as captured:
        queries.search_municipalities(queries.filters_of({"q": "xqzxqz"}), demo=False)

    assert len(captured) == 3  # beginnings; the limit of similarity; inside and similar at once


def test_the_index_serves_every_kind_of_search():
    """Without it, each search would read all names."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = []
        for condition in ("LIKE '%|ul%'", "LIKE '%ulm%'", "%> 'temeswra'"):
            cursor.execute(
                f"EXPLAIN SELECT id FROM {Municipality._meta.db_table} WHERE search_text {condition}"
            )
            plans.append("municipality_search" in str(cursor.fetchall()))

    assert plans == [True, True, True]


def test_words_of_countries_follow_the_reader():
    CountryFactory(code="HU", languages=["hu"])

    with translation.override("de"):
        german = queries.countries()["HU"].name
    with translation.override("en"):
        english = queries.countries()["HU"].name

    assert (german, english) == ("Ungarn", "Hungary")


def test_a_country_added_a_moment_ago_goes_by_its_code():
    queries.countries()
    town("Zürich", country=CountryFactory(code="CH", name_de="Schweiz", name_en="Switzerland"))

    (row,) = queries.shown_rows(queries.search_municipalities(queries.filters_of({}), demo=False).rows)

    assert (row.country, row.lang) == ("CH", "")
