"""The report over the demo world, counted by hand in portal/demo_{training,strategies,sessions}.py."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from portal import demo
from tests.factories.directory import CountryFactory, MunicipalityFactory
from training.queries.report import Marks, Period, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def _world(settings, tmp_path, now: datetime) -> None:
    settings.MEDIA_ROOT = tmp_path
    for code, name in (("DE", "Germany"), ("HU", "Hungary"), ("RO", "Romania"), ("RS", "Serbia")):
        CountryFactory(code=code, name_de=name, name_en=name)
    MunicipalityFactory(name="Ulm", slug="ulm", ags=demo.ULM)
    demo.build(now)


@pytest.mark.usefixtures("_world")
def test_the_figures_are_those_counted_by_hand(now: datetime) -> None:
    period = Period((now - timedelta(days=800)).date(), now.date())

    with translation.override("en"):
        found = report(period, course=None, demo=True, now=now)

    # The running course has the chair and the coordinator, last year's the coordinator and the partner.
    assert (found.enrolments, found.people) == (4, 3)
    # The coordinator and the partner for the two sides of one, the chair for another.
    assert found.partnerships == 2
    assert (found.finished, found.certificates) == (2, 2)
    assert [(row.name, row.people) for row in found.countries] == [("Germany", 2), ("Hungary", 1)]
    # One in each state: begun all six, sent five, approved three with all sections, one has a
    # public summary and a measure done.
    assert found.strategies_begun == 6
    assert found.strategies_sent == 5
    assert found.strategies_approved == 3
    assert found.strategies_approved_whole == 3
    assert found.strategies_published == 1
    assert (found.measures_done, found.partnerships_with_a_measure_done) == (1, 1)
    # Last week's session and the two kick-offs: three came to the first, two to each of the others.
    assert found.sessions == 3
    assert (found.seats, found.attended) == (3 + 2 + 2, 3 + 2 + 2)
    # Only of last week's: 5, 3 and 4, and of the technology one less each.
    assert found.marks == Marks(3, useful=4.0, understandable=4.0, technology=3.0)
    # Last year two people answered both times: too few.
    assert found.effect is None
