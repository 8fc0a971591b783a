from datetime import datetime, timedelta

import pytest

from accounts.actions import UNCONFIRMED_KEPT, delete_unconfirmed
from accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_who_never_confirmed_is_forgotten_after_seven_days(now: datetime) -> None:
    UserFactory(email="stranger@example.org", verified=False, joined_at=now)

    early = delete_unconfirmed(now=now + UNCONFIRMED_KEPT)
    late = delete_unconfirmed(now=now + UNCONFIRMED_KEPT + timedelta(seconds=1))

    assert (early, late) == (0, 1)


def test_nobody_else_is_forgotten(now: datetime) -> None:
    UserFactory(email="confirmed@example.org", joined_at=now)
    UserFactory(email="office@example.org", verified=False, joined_at=now, is_staff=True)
    UserFactory(email="was-here@example.org", verified=False, joined_at=now, last_login=now)
    added = UserFactory(email="added-by-the-office@example.org", verified=False, joined_at=now)
    added.set_unusable_password()
    added.save()

    delete_unconfirmed(now=now + timedelta(days=400))

    assert User.objects.count() == 4
