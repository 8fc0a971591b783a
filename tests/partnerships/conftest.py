"""The towns of the register's tests."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from directory.models import Claim, Municipality, Topic
from partnerships import queries
from partnerships.models import PartnershipDraft
from tests.conftest import signed_in
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


@pytest.fixture
def speaker(coordinator: User, ulm: Municipality, now: datetime) -> User:
    """The coordinator speaks for Ulm."""
    Claim.objects.create(municipality=ulm, person=coordinator, state=Claim.State.ACCEPTED, made_at=now)
    return coordinator


@pytest.fixture
def filled(coordinator: User, ulm: Municipality, pecs: Municipality, now: datetime) -> PartnershipDraft:
    """A draft of Ulm and Pécs in which everything is filled in; nobody speaks for Ulm."""
    other = queries.code_of(pecs)
    data: dict[str, dict[str, Any]] = {
        queries.OURS: {"side": queries.code_of(ulm)},
        queries.THEIRS: {"sides": [other], "another_than": ""},
        queries.KIND: {
            "kind": "partnership",
            "status": "active",
            "signed_year": 1986,
            "signed_on": "1986-05-02",
            "ended_year": None,
            "end_reason_de": "",
        },
        queries.WORK: {"topics": [], "languages": ["de", "hu"], "aims_de": "Jugendaustausch", "aims_en": ""},
        queries.CONTACTS: {
            "role": "coordinator",
            "others": {other: {"name": "Éva", "email": "eva@pecs.example", "language": "hu"}},
        },
    }
    return PartnershipDraft.objects.create(person=coordinator, data=data, started_at=now, changed_at=now)


@pytest.fixture
def writer(coordinator: User) -> Client:
    """The coordinator's browser, in English."""
    return signed_in(coordinator, "en")


@pytest.fixture
def begun(coordinator: User, ulm: Municipality, now: datetime) -> PartnershipDraft:
    data = {"our-side": {"side": f"m{ulm.pk}"}}
    return PartnershipDraft.objects.create(person=coordinator, data=data, started_at=now, changed_at=now)
