import csv
import re
from io import StringIO

import pytest
from django.test import Client

from accounts.models import User
from directory.models import Municipality, Topic
from partnerships import actions, register_cache
from partnerships.models import Partnership
from tests.conftest import signed_in
from tests.factories.directory import CountryFactory, MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db
ODD = [
    "page=0", "page=-1", "page=abc", "page=99999999999999999999", "page=", "country=XX", "kind=%00", "status=",
    "topic=..%2F", "sort=;", "zoom=HU'", "zoom=9-9-9", "zoom=%00", "q=%00", "q=%F0%9F%98%80", "q=" + "x" * 10_000,
    "q=%25_%5C", "q=a&q=b&country=HU&country=RO", "page=1&page=2",
]  # fmt: skip


@pytest.fixture
def english() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("path", ["/partnerships/", "/map/", "/partnerships/export.csv"])
@pytest.mark.parametrize("query", ODD)
def test_odd_addresses_give_a_page(client: Client, path: str, query: str) -> None:
    PartnershipFactory()

    assert client.get(f"{path}?{query}").status_code == 200


def test_list_shows_each_partnership_with_a_link(
    english: Client, fellbach: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(slug="fellbach-pecs", towns=[fellbach, pecs], signed_year=1986)
    PartnershipFactory(slug="not-public", published_at=None)

    page = english.get("/partnerships/").content.decode()

    assert re.search(r"<h1>\s*1 partnership\s*</h1>", page)
    assert '<a href="/partnerships/fellbach-pecs/">Fellbach – Pécs</a>' in page
    assert "since 1986" in page
    assert "not-public" not in page


def test_empty_list_says_what_to_do(english: Client) -> None:
    page = english.get("/partnerships/?q=nowhere").content.decode()

    assert "No partnership fits" in page
    assert 'href="/partnerships/"' in page


def test_similar_names_are_announced(english: Client, fellbach: Municipality, pecs: Municipality) -> None:
    PartnershipFactory(towns=[fellbach, pecs])

    page = english.get("/partnerships/?q=Fünfkirchn").content.decode()

    assert "Fünfkirchn" in page
    assert "Fellbach – Pécs" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_needs_few_queries_however_many_rows(
    outsider: User, youth: Topic, rows: int, django_assert_num_queries: object
) -> None:
    for _number in range(rows):
        PartnershipFactory(topics=[youth])
    client = signed_in(outsider)

    with django_assert_num_queries(9):  # type: ignore[operator]
        client.get("/partnerships/")
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/partnerships/")
    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get("/partnerships/?q=town")


@pytest.mark.parametrize("rows", [1, 3])
def test_map_needs_few_queries_however_many_rows(
    outsider: User, rows: int, django_assert_num_queries: object
) -> None:
    for number in range(rows):
        town = MunicipalityFactory(latitude=48 + number / 5, longitude=9)
        PartnershipFactory(towns=[town, MunicipalityFactory(latitude=46, longitude=18 + number)])
    client = signed_in(outsider)
    client.get("/partnerships/")

    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get("/map/")
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/map/")


@pytest.mark.parametrize("sides", [2, 4])
def test_detail_needs_few_queries_however_many_sides(
    outsider: User, sides: int, django_assert_num_queries: object
) -> None:
    towns = [MunicipalityFactory(latitude=46, longitude=10 + number) for number in range(sides)]
    partnership = PartnershipFactory(towns=towns)
    client = signed_in(outsider)
    client.get("/partnerships/")

    # One of them asks whether the reader belongs to its closed group, three about a strategy, also where there is none.
    with django_assert_num_queries(16):  # type: ignore[operator]
        client.get(f"/partnerships/{partnership.slug}/")
    with django_assert_num_queries(10):  # type: ignore[operator]
        client.get(f"/partnerships/{partnership.slug}/")


def test_map_has_the_same_number_and_rows_as_the_list(
    english: Client, fellbach: Municipality, pecs: Municipality, ulm: Municipality
) -> None:
    PartnershipFactory(towns=[fellbach, pecs])
    PartnershipFactory(towns=[ulm, MunicipalityFactory(country=CountryFactory(code="HU"))])
    PartnershipFactory(towns=[ulm, MunicipalityFactory(country=CountryFactory(code="RO"))])

    listed = english.get("/partnerships/?country=HU")
    mapped = english.get("/map/?country=HU")

    def titles(answer: object) -> list[str]:
        return re.findall(r'row__title"><a href="[^"]+">([^<]+)<', answer.content.decode())  # type: ignore[attr-defined]

    assert listed.context["found"].total == mapped.context["found"].total == 2
    assert titles(listed) == titles(mapped)
    assert len(titles(listed)) == 2
    mapped = mapped.context
    assert mapped["picture"].total == 2
    assert mapped["picture"].off_map == 1


def test_tabs_facets_and_download_keep_the_filters(
    english: Client, fellbach: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(towns=[fellbach, pecs])

    page = english.get("/partnerships/?q=pecs&country=HU&sort=newest").content.decode()

    assert 'href="/map/?q=pecs&amp;country=HU&amp;sort=newest"' in page
    assert 'href="/partnerships/export.csv?q=pecs&amp;country=HU&amp;sort=newest"' in page
    assert 'href="?q=pecs&amp;country=HU&amp;sort=newest&amp;status=active"' in page


def rows_of(answer: object) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))  # type: ignore[attr-defined]


def test_download_has_exactly_the_filtered_rows(
    english: Client, fellbach: Municipality, ulm: Municipality, pecs: Municipality, baja: Municipality
) -> None:
    PartnershipFactory(towns=[fellbach, pecs], signed_year=1986)
    PartnershipFactory(towns=[ulm, baja], status="dormant")
    PartnershipFactory(towns=[fellbach, baja], published_at=None)
    PartnershipFactory(towns=[ulm, pecs], is_demo=True)

    everything = rows_of(english.get("/partnerships/export.csv"))
    dormant = rows_of(english.get("/partnerships/export.csv?status=dormant"))

    assert [row[0] for row in everything] == ["Partners", "Fellbach – Pécs", "Ulm – Baja"]
    assert [row[0] for row in dormant] == ["Partners", "Ulm – Baja"]
    assert everything[1][6] == "1986"


def test_download_is_a_file_that_runs_nothing(english: Client, fellbach: Municipality) -> None:
    town = MunicipalityFactory(name="=1+1", country=CountryFactory(code="HU"))
    PartnershipFactory(towns=[town, fellbach], source_title="+cmd")

    answer = english.get("/partnerships/export.csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="partnerships.csv"'
    assert rows_of(answer)[1][0].startswith("'=")
    assert "'+cmd" in rows_of(answer)[1]


def test_detail_says_what_is_known_and_what_is_not(
    english: Client, fellbach: Municipality, pecs: Municipality, youth: Topic
) -> None:
    partnership = PartnershipFactory(
        slug="fellbach-pecs",
        towns=[fellbach, pecs],
        topics=[youth],
        signed_year=1986,
        signed_on="1986-05-02",
        languages=["de", "hu"],
        source_url="https://www.fellbach.de/partners",
        source_title="Partner towns",
        source_publisher="Town of Fellbach",
        verified_on="2026-11-23",
    )

    page = english.get("/partnerships/fellbach-pecs/").content.decode()

    assert "<h1>Fellbach – Pécs</h1>" in page
    assert "2 May 1986" in page
    assert "not documented" in page
    assert "German, Hungarian" in page
    assert "Youth and school" in page
    assert '<a href="https://www.fellbach.de/partners" rel="noopener">Partner towns</a>' in page
    assert "Leads to another website: www.fellbach.de" in page
    assert "Checked against the source on 23 November 2026" in page
    assert 'href="/municipalities/pecs/"' in page
    assert f'href="/report/partnership/{partnership.slug}/"' in page
    assert "A formal connection laid down in a contract" in page


def test_text_in_the_other_language_is_shown_and_marked(english: Client) -> None:
    german = PartnershipFactory(aims_de="Jugendaustausch", aims_en="")
    both = PartnershipFactory(aims_de="Jugendaustausch", aims_en="Youth exchange", end_reason_de="Ende")

    page = english.get(f"/partnerships/{german.slug}/").content.decode()
    assert '<div class="prose" lang="de"><p>Jugendaustausch</p></div>' in page
    assert "So far there is this text in German only." in page

    page = english.get(f"/partnerships/{both.slug}/").content.decode()
    assert '<div class="prose" lang="en"><p>Youth exchange</p></div>' in page
    assert '<dd lang="de">Ende</dd>' in page


def test_detail_of_a_county_and_a_town_beyond_the_region(english: Client) -> None:
    from tests.factories.directory import RegionFactory

    county = RegionFactory(code="HU-BA", name="Baranya", country=CountryFactory(code="HU"), kind="county")
    lviv = MunicipalityFactory(name="Lviv", country=CountryFactory(code="RO"), population=None)
    partnership = PartnershipFactory(towns=[county, lviv], status="unknown", shape="triangular")

    page = english.get(f"/partnerships/{partnership.slug}/").content.decode()

    assert "county, Hungary" in page
    assert "outside the area of the Danube strategy, Romania" in page
    assert "status unknown" in page
    assert 'href="/partnerships/?q=Baranya"' in page
    assert "No source is documented." in page


def test_example_is_marked_as_invented(english: Client) -> None:
    example = PartnershipFactory(
        is_demo=True, towns=[MunicipalityFactory(is_demo=True), MunicipalityFactory(is_demo=True)]
    )

    assert (
        "invented, not a real partnership" in english.get(f"/partnerships/{example.slug}/").content.decode()
    )
    assert "<strong" in english.get("/partnerships/").content.decode()


def test_unpublished_partnership_does_not_exist_for_outsiders(cast: dict[str, User], client: Client) -> None:
    hidden = PartnershipFactory(published_at=None)
    path = f"/partnerships/{hidden.slug}/"

    assert client.get(path).status_code == 404
    for name, person in cast.items():
        assert signed_in(person).get(path).status_code == (200 if name == "admin" else 404)
    assert client.get("/partnerships/no-such/").status_code == 404


def test_pages_only_read(client: Client) -> None:
    assert client.post("/partnerships/").status_code == 405
    assert client.post("/map/").status_code == 405


def test_published_change_shows_on_the_map_at_once(
    english: Client, fellbach: Municipality, pecs: Municipality
) -> None:
    partnership = PartnershipFactory(towns=[fellbach, pecs])
    assert english.get("/map/").context["picture"].total == 1

    actions.delete(partnership=partnership)

    assert english.get("/map/").context["picture"].total == 0


def test_map_is_light(english: Client, fellbach: Municipality, pecs: Municipality) -> None:
    import gzip

    PartnershipFactory(towns=[fellbach, pecs])

    assert len(gzip.compress(english.get("/map/").content)) < 12_000


def test_municipality_page_shows_its_partnerships(
    english: Client, fellbach: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(slug="fellbach-pecs", towns=[fellbach, pecs])
    PartnershipFactory(slug="not-public", towns=[fellbach, pecs], kind="contact", published_at=None)

    page = english.get("/municipalities/fellbach/").content.decode()

    assert 'href="/partnerships/fellbach-pecs/"' in page
    assert "not-public" not in page
    assert 'aria-label="Map with the partnerships of Fellbach"' in page


def test_municipality_page_without_partnerships_says_so(english: Client, ulm: Municipality) -> None:
    page = english.get("/municipalities/ulm/").content.decode()

    assert "No partnership of Ulm is in the register yet." in page


def test_partnership_may_be_reported_as_wrong(english: Client) -> None:
    listed = PartnershipFactory()
    hidden = PartnershipFactory(published_at=None)

    assert english.get(f"/report/partnership/{listed.slug}/").status_code == 200
    assert english.get(f"/report/partnership/{hidden.slug}/").status_code == 404


def test_examples_are_nowhere_when_they_are_off(english: Client, settings: object) -> None:
    example = PartnershipFactory(is_demo=True)
    settings.SHOW_DEMO = True  # type: ignore[attr-defined]
    assert english.get("/partnerships/").context["found"].total == 1

    settings.SHOW_DEMO = False  # type: ignore[attr-defined]
    register_cache.forget()

    assert english.get("/partnerships/").context["found"].total == 0
    assert english.get("/map/").context["picture"].total == 0
    assert example.sides.first().name not in english.get("/partnerships/export.csv").content.decode()
    assert english.get(f"/report/partnership/{example.slug}/").status_code == 404
    assert Partnership.objects.count() == 1
