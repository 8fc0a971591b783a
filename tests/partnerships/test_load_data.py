from datetime import datetime

import pytest

from directory.models import Municipality
from partnerships import actions
from partnerships.load_data import make_load_data
from partnerships.models import Partnership
from tests.factories.directory import TopicFactory

pytestmark = pytest.mark.django_db


def test_load_data_is_the_same_every_time_and_as_actions_would_write_it(
    fellbach: Municipality, ulm: Municipality, pecs: Municipality, baja: Municipality, now: datetime
) -> None:
    TopicFactory()

    assert make_load_data(number=3, now=now) == 3
    first = list(
        Partnership.objects.order_by("pk").values_list("sides_key", "kind", "signed_year", "topic_codes")
    )
    for partnership in Partnership.objects.all():
        before = {name: getattr(partnership, name) for name in (*actions.DERIVED, "topic_codes")}
        actions.refresh_search(partnership)
        assert {name: getattr(partnership, name) for name in before} == before

    Partnership.objects.all().delete()
    make_load_data(number=3, now=now)

    again = list(
        Partnership.objects.order_by("pk").values_list("sides_key", "kind", "signed_year", "topic_codes")
    )
    assert again == first


def test_there_are_never_more_than_there_are_pairs(
    fellbach: Municipality, pecs: Municipality, now: datetime
) -> None:
    assert make_load_data(number=9, now=now) == 1
