"""Who may change whom."""

from datetime import datetime

import pytest

from accounts import actions, permissions
from accounts.models import User
from tests.conftest import grant
from tests.factories.accounts import UserFactory


@pytest.fixture
def clerk(db: None) -> User:
    """Works in the office, with rights over people, but is no administrator."""
    person = UserFactory(is_staff=True)
    grant(person, "accounts.change_user", "accounts.delete_user", "accounts.view_user")
    return person


def test_administrator_changes_everybody(admin: User, clerk: User, outsider: User) -> None:
    assert [permissions.can_change(admin, person) for person in (admin, clerk, outsider)] == [
        True,
        True,
        True,
    ]


def test_clerk_changes_nobody_of_the_office(admin: User, clerk: User, outsider: User) -> None:
    assert [permissions.can_change(clerk, person) for person in (admin, clerk, outsider)] == [
        False,
        False,
        True,
    ]


def test_clerk_erases_nobody_of_the_office(admin: User, clerk: User, outsider: User) -> None:
    assert [permissions.can_erase(clerk, person) for person in (admin, clerk, outsider)] == [
        False,
        False,
        True,
    ]


def test_outsider_may_nothing(coordinator: User, outsider: User) -> None:
    assert not permissions.can_change(outsider, coordinator)
    assert not permissions.can_erase(outsider, coordinator)
    assert not permissions.can_grant_rights(outsider)


def test_erased_person_is_left_alone(admin: User, outsider: User, now: datetime) -> None:
    actions.erase(outsider, by=admin, now=now)

    assert not permissions.can_change(admin, outsider)
    assert not permissions.can_erase(admin, outsider)


def test_only_administrators_grant_rights(admin: User, clerk: User) -> None:
    assert permissions.can_grant_rights(admin)
    assert not permissions.can_grant_rights(clerk)
    admin.is_active = False
    assert not permissions.can_grant_rights(admin)
