"""The towns of the register's tests."""

import pytest

from directory.models import Municipality, Topic
from tests.factories.directory import (
    CountryFactory,
    MunicipalityFactory,
    MunicipalityNameFactory,
    RegionFactory,
    TopicFactory,
)


@pytest.fixture
def fellbach(db: None) -> Municipality:
    region = RegionFactory(code="DE-08119", name="Rems-Murr-Kreis")
    return MunicipalityFactory(
        name="Fellbach",
        slug="fellbach",
        ags="08119020",
        region=region,
        latitude=48.81,
        longitude=9.28,
        population=44000,
    )


@pytest.fixture
def ulm(db: None) -> Municipality:
    return MunicipalityFactory(
        name="Ulm", slug="ulm", ags="08421000", latitude=48.4, longitude=9.99, population=126000
    )


@pytest.fixture
def pecs(db: None) -> Municipality:
    town = MunicipalityFactory(
        name="Pécs",
        slug="pecs",
        german_name="Fünfkirchen",
        country=CountryFactory(code="HU"),
        region=RegionFactory(code="HU-BA", name="Baranya", country=CountryFactory(code="HU")),
        latitude=46.07,
        longitude=18.23,
        population=145000,
    )
    MunicipalityNameFactory(municipality=town, text="Pečuh")
    return town


@pytest.fixture
def baja(db: None) -> Municipality:
    return MunicipalityFactory(
        name="Baja",
        slug="baja",
        country=CountryFactory(code="HU"),
        latitude=46.18,
        longitude=18.95,
        population=34000,
    )


@pytest.fixture
def timisoara(db: None) -> Municipality:
    return MunicipalityFactory(
        name="Timișoara",
        slug="timisoara",
        german_name="Temeswar",
        country=CountryFactory(code="RO"),
        latitude=45.75,
        longitude=21.23,
        population=250000,
    )


@pytest.fixture
def youth(db: None) -> Topic:
    return TopicFactory(position=1)


@pytest.fixture
def sport(db: None) -> Topic:
    return TopicFactory(code="sport", name_de="Sport", name_en="Sport", position=2)
