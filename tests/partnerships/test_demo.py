from datetime import datetime

import pytest

from accounts.models import User
from directory.models import Municipality
from partnerships import demo, queries
from partnerships.models import Document, Partnership
from tests.factories.directory import CountryFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> None:
    for code in ("DE", "HU", "RO", "RS"):
        CountryFactory(code=code)
    TopicFactory(code="culture")


def test_examples_are_invented_towns_only_and_marked(world: None, now: datetime) -> None:
    made = demo.make_examples(now=now)

    assert made == 6
    assert Partnership.objects.filter(is_demo=True).count() == 6
    assert set(Municipality.objects.values_list("is_demo", flat=True)) == {True}
    assert all("(Beispiel)" in name for name in Municipality.objects.values_list("name", flat=True))
    assert Partnership.objects.get(slug="beispiel-1").topic_codes == ["culture"]


def test_examples_are_made_once(world: None, now: datetime) -> None:
    demo.make_examples(now=now)

    assert demo.make_examples(now=now) == 0
    assert Partnership.objects.count() == 6


def test_the_first_example_has_a_contract_for_its_sides_and_a_picture_for_everybody(
    world: None, coordinator: User, now: datetime
) -> None:
    demo.make_examples(now=now)

    for _ in range(2):
        demo.look_after_examples(person=coordinator, now=now)

    files = Document.objects.order_by("kind").values_list("partnership__slug", "kind", "is_public")
    assert list(files) == [("beispiel-1", "contract", False), ("beispiel-1", "photo", True)]


def test_examples_are_in_no_figures(world: None, now: datetime) -> None:
    demo.make_examples(now=now)

    assert queries.figures() == queries.Figures(partnerships=0, municipalities=0, countries=0, topics=0)


def test_no_examples_in_production(world: None, now: datetime, settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]

    with pytest.raises(demo.NotInProduction):
        demo.make_examples(now=now)

    assert Partnership.objects.count() == 0
