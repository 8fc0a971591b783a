"""J1 Find: a visitor looks for a partnership, in English, and takes the table home in German."""

import csv
import re
from io import StringIO

import pytest
from django.test import Client

from directory.models import Municipality
from partnerships.models import Partnership
from tests.factories.directory import (
    CountryFactory,
    MunicipalityFactory,
    MunicipalityNameFactory,
    TopicFactory,
)
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db

FILTERS = "country=HU&status=active&topic=youth"


def town(
    name: str, country: str, *, german_name: str = "", place: tuple[float, float] = (47, 17)
) -> Municipality:
    return MunicipalityFactory(
        name=name,
        slug=name.lower().replace("é", "e"),
        german_name=german_name,
        ags=f"08{len(name):06}" if country == "DE" else "",
        country=CountryFactory(code=country),
        latitude=place[0],
        longitude=place[1],
    )


@pytest.fixture
def register(db: None) -> None:
    youth, sport = TopicFactory(), TopicFactory(code="sport", name_de="Sport", name_en="Sport")
    fellbach = town("Fellbach", "DE", place=(48.8, 9.3))
    ulm = town("Ulm", "DE", place=(48.4, 10.0))
    pecs = town("Pécs", "HU", german_name="Fünfkirchen", place=(46.1, 18.2))
    MunicipalityNameFactory(municipality=pecs, text="Pečuh")
    baja = town("Baja", "HU", place=(46.2, 19.0))
    arad = town("Arad", "RO", place=(46.2, 21.3))
    PartnershipFactory(
        slug="fellbach-pecs", towns=[fellbach, pecs], topics=[youth], signed_year=1986,
        source_url="https://www.fellbach.de/partners", source_title="Partners", verified_on="2026-11-23",
    )  # fmt: skip
    PartnershipFactory(slug="ulm-baja", towns=[ulm, baja], topics=[youth, sport])
    PartnershipFactory(slug="ulm-pecs", towns=[ulm, pecs], topics=[sport])
    PartnershipFactory(slug="ulm-arad", towns=[ulm, arad], topics=[youth])
    PartnershipFactory(slug="fellbach-baja", towns=[fellbach, baja], topics=[youth], status="dormant")


def links(page: str) -> set[str]:
    return set(re.findall(r'<a href="/partnerships/(?!new/)([a-z-]+)/"', page))


def switch(client: Client, language: str, address: str) -> str:
    """The language switch of the page: where it leads."""
    answer = client.post("/language/", {"language": language, "next": address})
    return str(answer["Location"])


def test_visitor_finds_a_partnership(client: Client, register: None) -> None:
    # 1 and 2: the start page in English leads to the partnerships
    assert switch(client, "en", "/") == "/"
    start = client.get("/").content.decode()
    assert 'href="/partnerships/"' in start
    everything = client.get("/partnerships/").content.decode()
    assert len(links(everything)) == 5

    # 3: Hungary, Youth, active, each by a link of the page
    address = "/partnerships/"
    for choice in ("country=HU", "status=active", "topic=youth"):
        page = client.get(address).content.decode()
        address = "/partnerships/" + next(
            url.replace("&amp;", "&")
            for url in re.findall(r'facet__option"\s+href="([^"]+)"', page)
            if choice in url
        )
    assert address == f"/partnerships/?{FILTERS}"
    listed = client.get(address)
    assert links(listed.content.decode()) == {"fellbach-pecs", "ulm-baja"}

    # 4: "Funfkirchen", without the umlaut
    address = f"/partnerships/?q=Funfkirchen&{FILTERS}"
    listed = client.get(address)
    assert links(listed.content.decode()) == {"fellbach-pecs"}

    # 5: the map has the same number and the same rows
    map_address = f"/map/?q=Funfkirchen&{FILTERS}"
    assert f'href="{map_address}"'.replace("&", "&amp;") in listed.content.decode()
    mapped = client.get(map_address)
    assert mapped.context["found"].total == listed.context["found"].total == 1
    assert links(mapped.content.decode()) >= {"fellbach-pecs"}
    assert f'href="{address}"'.replace("&", "&amp;") in mapped.content.decode()

    # 6: the partnership itself, without anybody's private address
    detail = client.get("/partnerships/fellbach-pecs/").content.decode()
    assert "Fellbach – Pécs</h1>" in detail
    assert "since 1986" in detail
    assert "@" not in re.sub(r"@media|@import", "", detail)

    # 7: in German, with all filters as they were
    assert switch(client, "de", address) == address
    german = client.get(address).content.decode()
    assert 'lang="de"' in german
    assert links(german) == {"fellbach-pecs"}
    assert "Fellbach – Pécs (Fünfkirchen)" in german

    # 8: the table has exactly the filtered rows
    table = client.get(f"/partnerships/export.csv?{FILTERS}").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(table)))[1:]
    assert [row[-1].rsplit("/", 2)[1] for row in rows] == ["fellbach-pecs", "ulm-baja"]
    assert Partnership.objects.count() == 5
