import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from partnerships.models import Partnership
from partnerships.permissions import can_view
from tests.conftest import grant
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


def test_list_and_detail_agree_for_everybody(cast: dict[str, User]) -> None:
    published = PartnershipFactory()
    hidden = PartnershipFactory(published_at=None)

    for person in [*cast.values(), AnonymousUser()]:
        for partnership in (published, hidden):
            listed = partnership in Partnership.objects.visible_to(person)
            assert listed == can_view(person, partnership)


def test_only_the_office_sees_what_is_not_published(cast: dict[str, User]) -> None:
    hidden = PartnershipFactory(published_at=None)

    seeing = [name for name, person in cast.items() if can_view(person, hidden)]

    assert seeing == ["admin"]


def test_staff_without_the_right_sees_what_everybody_sees(outsider: User) -> None:
    hidden = PartnershipFactory(published_at=None)
    outsider.is_staff = True
    outsider.save()
    assert not can_view(outsider, hidden)

    grant(outsider, "partnerships.view_partnership")

    person = User.objects.get(pk=outsider.pk)
    assert can_view(person, hidden)
    assert hidden in Partnership.objects.visible_to(person)


def test_examples_are_listed_only_where_they_are_asked_for() -> None:
    real = PartnershipFactory()
    example = PartnershipFactory(is_demo=True)
    PartnershipFactory(published_at=None)

    assert set(Partnership.objects.listed(demo=False)) == {real}
    assert set(Partnership.objects.listed(demo=True)) == {real, example}
