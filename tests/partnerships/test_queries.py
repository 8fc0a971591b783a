from datetime import datetime

import pytest
from django.utils import translation

from core.remembered import Remembered
from directory.models import Municipality, Topic
from partnerships import actions, queries, register_cache
from partnerships.models import Partnership
from partnerships.names import kind_explanations, years_of
from tests.factories.directory import CountryFactory, MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(db: None) -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def register(
    fellbach: Municipality,
    ulm: Municipality,
    pecs: Municipality,
    baja: Municipality,
    timisoara: Municipality,
    youth: Topic,
    sport: Topic,
) -> dict[str, Partnership]:
    return {
        "fellbach": PartnershipFactory(
            slug="fellbach-pecs", towns=[fellbach, pecs], topics=[youth, sport], signed_year=1986
        ),
        "baja": PartnershipFactory(
            slug="ulm-baja",
            towns=[ulm, baja],
            topics=[youth],
            kind="",
            status="unknown",
            first_contact_year=1974,
        ),
        "timisoara": PartnershipFactory(
            slug="ulm-timisoara", towns=[ulm, timisoara], kind="friendship", status="dormant"
        ),
    }


def found(**params: str) -> tuple[list[str], queries.Found]:
    words = queries.labels()
    filters = queries.filters_from(params, words)
    result = queries.find(filters)
    rows = queries.ordered(queries.filtered(filters, is_similar=result.is_similar), filters)
    assert rows.count() == result.total
    return list(rows.values_list("slug", flat=True)), result


def test_without_filters_everything_listed_is_found_by_name(register: object) -> None:
    PartnershipFactory(published_at=None)

    assert found()[0] == ["fellbach-pecs", "ulm-baja", "ulm-timisoara"]


def test_facets_count_what_each_choice_would_leave(register: object) -> None:
    result = found(country="HU", status="active")[1]

    assert result.total == 1
    assert result.counts == {
        "country": {"HU": 1},
        "kind": {"partnership": 1},
        "status": {"active": 1, "unknown": 1},
        "topic": {"youth": 1, "sport": 1},
        "confirmation": {"source": 1},
    }


def test_each_filter_leaves_what_it_names(register: object) -> None:
    assert found(country="RO")[0] == ["ulm-timisoara"]
    assert found(kind="unknown")[0] == ["ulm-baja"]
    assert found(kind="friendship")[0] == ["ulm-timisoara"]
    assert found(status="dormant")[0] == ["ulm-timisoara"]
    assert found(topic="sport")[0] == ["fellbach-pecs"]
    assert found(topic="youth", country="HU", status="active")[0] == ["fellbach-pecs"]


def test_unknown_values_are_ignored(register: object) -> None:
    assert len(found(country="XX", kind="x", status="'", topic="\x00", sort="name; drop")[0]) == 3


@pytest.mark.parametrize(
    "typed", ["Funfkirchen", "fuenfkirchen", "PECS", "Pécs Fellbach", "fell pec", "Fünfkirchn"]
)
def test_partnership_is_found_by_any_name_of_its_towns(register: object, typed: str) -> None:
    assert found(q=typed)[0] == ["fellbach-pecs"]


def test_similar_spelling_is_said_to_be_similar(register: object) -> None:
    assert found(q="Temeswahr")[1].is_similar
    assert not found(q="Temeswar")[1].is_similar
    assert not found(q="xxxxxxx")[1].is_similar


@pytest.mark.parametrize(
    "typed", ["!!!", "\x00", "q", "xx", "x" * 10_000, "%", "_", "a b c d e f g h i j k l"]
)
def test_odd_texts_find_nothing_and_break_nothing(register: object, typed: str) -> None:
    names, result = found(q=typed)

    assert len(names) == result.total


def test_invented_examples_are_listed_only_in_development(register: object, settings: object) -> None:
    PartnershipFactory(slug="beispiel", is_demo=True)

    settings.SHOW_DEMO = True  # type: ignore[attr-defined]
    assert "beispiel" in found()[0]

    register_cache.forget()
    settings.SHOW_DEMO = False  # type: ignore[attr-defined]
    assert "beispiel" not in found()[0]


def test_rows_are_sorted_as_asked(register: object) -> None:
    assert found(sort="newest")[0] == ["fellbach-pecs", "ulm-baja", "ulm-timisoara"]
    assert found(sort="oldest")[0] == ["ulm-baja", "fellbach-pecs", "ulm-timisoara"]


def test_row_says_everything_in_the_readers_language(register: object) -> None:
    CountryFactory(code="HU")
    words = queries.labels()

    row = queries.Rows(Partnership.objects.filter(slug="fellbach-pecs"), words)[0:1][0]

    assert row == queries.Row(
        url="/partnerships/fellbach-pecs/",
        title="Fellbach – Pécs",
        kind="Partnership",
        status="active",
        is_active=True,
        countries="Hungary",
        years="since 1986",
        topics="Youth and school, Sport",
        is_demo=False,
        confirmation="",
    )
    with translation.override("de"):
        german = queries.Rows(Partnership.objects.filter(slug="fellbach-pecs"), queries.labels())[0:1][0]
    assert german.title == "Fellbach – Pécs (Fünfkirchen)"
    assert german.countries == "Ungarn"


def test_row_names_three_topics_and_counts_the_rest(fellbach: Municipality, pecs: Municipality) -> None:
    from tests.factories.directory import TopicFactory

    topics = [TopicFactory(code=f"t{number}", name_en=f"T{number}", position=number) for number in range(5)]
    PartnershipFactory(towns=[fellbach, pecs], topics=topics, status="unknown")

    row = queries.Rows(Partnership.objects.all(), queries.labels())[:1][0]

    assert row.topics == "T0, T1, T2 +2"
    assert row.status == ""


def test_number_of_rows_is_counted_when_it_is_asked_for(register: object) -> None:
    assert len(queries.Rows(Partnership.objects.all(), queries.labels())) == 3


@pytest.mark.parametrize(
    ("signed", "contact", "ended", "said"),
    [
        (1986, 1980, None, "since 1986"),
        (None, 1980, None, "first contact 1980"),
        (1986, None, 2012, "1986–2012"),
        (None, 1980, 2012, "until 2012"),
        (None, None, None, ""),
    ],
)
def test_years_are_said_in_few_words(
    signed: int | None, contact: int | None, ended: int | None, said: str
) -> None:
    assert years_of({"signed_year": signed, "first_contact_year": contact, "ended_year": ended}) == said


def test_every_kind_is_explained() -> None:
    assert set(kind_explanations()) == set(Partnership.Kind)


def test_figures_count_published_real_ones(register: object, fellbach: Municipality) -> None:
    PartnershipFactory(
        published_at=None, towns=[fellbach, MunicipalityFactory(country=CountryFactory(code="RS"))]
    )
    PartnershipFactory(is_demo=True)

    assert queries.figures() == queries.Figures(partnerships=3, municipalities=5, countries=2, topics=2)


def test_what_is_kept_is_made_anew_after_a_change(register: dict[str, Partnership], now: datetime) -> None:
    words = queries.labels()
    filters = queries.filters_from({}, words)
    assert queries.browse(filters, words).found.total == 3

    Partnership.objects.filter(slug="ulm-baja").update(published_at=None)
    assert queries.browse(filters, words).found.total == 3

    actions.unpublish(partnership=register["timisoara"], now=now)
    assert queries.browse(filters, words).found.total == 1


def test_a_row_read_before_a_change_is_not_kept_after_it(
    register: dict[str, Partnership], now: datetime
) -> None:
    old = Partnership.objects.get(pk=register["fellbach"].pk)
    actions.end(partnership=Partnership.objects.get(pk=old.pk), year=2020, now=now)

    shown = queries.detail_page(old, queries.labels())

    assert (shown["detail"].status, shown["detail"].is_active) == ("ended", False)


def test_a_search_is_kept_until_a_change_but_not_in_the_shared_cache(
    register: dict[str, Partnership],
) -> None:
    words = queries.labels()
    filters = queries.filters_from({"q": "ulm"}, words)
    assert queries.browse(filters, words).found.total == 2
    Partnership.objects.filter(slug="ulm-baja").update(published_at=None)
    kept = queries.browse(filters, words).found.total

    Remembered.empty_memory()

    assert (kept, queries.browse(filters, words).found.total) == (2, 1)


def test_chips_name_the_filters_in_force(register: object) -> None:
    words = queries.labels()
    filters = queries.filters_from(
        {"q": "ulm", "country": "HU", "kind": "unknown", "status": "active", "topic": "youth"}, words
    )

    assert [chip["label"] for chip in queries.chips(filters, words)] == [
        "„ulm“", "Hungary", "Kind not documented", "Active", "Youth and school",
    ]  # fmt: skip
    assert queries.chips(queries.filters_from({}, words), words) == []


def test_export_has_the_rows_of_the_list_without_examples(register: object) -> None:
    PartnershipFactory(is_demo=True)
    words = queries.labels()

    rows = list(
        queries.export_rows(Partnership.objects.order_by("sort_key"), words, site="https://vipad.example")
    )

    assert [row[0] for row in rows] == ["Fellbach – Pécs", "Ulm – Baja", "Ulm – Timișoara"]
    assert all(len(row) == len(queries.export_headings()) for row in rows)
    assert rows[0] == (
        "Fellbach – Pécs", "Hungary", "partnership", "two sides", "active", None, 1986, None, None,
        "Youth and school, Sport", "", "", "", "", None, "from a public source", None,
        "https://vipad.example/partnerships/fellbach-pecs/",
    )  # fmt: skip
