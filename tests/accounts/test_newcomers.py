"""What follows when somebody confirms the address of a new account, through the real pages."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import newcomers
from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.factories.webinars import GuestFactory
from webinars.models import Registration

pytestmark = pytest.mark.django_db

DETAILS = {"email": "New@ulm.example", "password1": PASSWORD, "terms": "on"}


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who was followed up, with which address."""
    found: list[tuple[str, str]] = []

    def note(*, person: User, email: str, now: object) -> None:
        found.append((person.email, email))

    monkeypatch.setattr(newcomers, "_followers", [])
    newcomers.register(note)
    return found


def test_nothing_follows_before_the_address_is_confirmed(
    visitor: Client, followed: list[tuple[str, str]]
) -> None:
    visitor.post("/accounts/signup/", DETAILS)

    assert User.objects.count() == 1
    assert followed == []


def test_the_code_from_the_mail_is_followed_once_with_the_address_in_lower_case(
    visitor: Client, code: Callable[[], str], followed: list[tuple[str, str]]
) -> None:
    visitor.post("/accounts/signup/", DETAILS)

    visitor.post("/accounts/confirm-email/", {"code": code()})

    assert followed == [("new@ulm.example", "new@ulm.example")]
    assert EmailAddress.objects.get().verified


def test_a_wrong_code_is_not_followed(visitor: Client, followed: list[tuple[str, str]]) -> None:
    visitor.post("/accounts/signup/", DETAILS)

    visitor.post("/accounts/confirm-email/", {"code": "000-000-000"})

    assert followed == []


def test_registrations_of_the_guest_are_the_new_persons(visitor: Client, code: Callable[[], str]) -> None:
    guest = GuestFactory(email="new@ulm.example")
    other = GuestFactory(session=guest.session)
    visitor.post("/accounts/signup/", DETAILS)
    before = Registration.objects.get(pk=guest.pk).person

    visitor.post("/accounts/confirm-email/", {"code": code()})

    merged = Registration.objects.get(pk=guest.pk)
    assert before is None
    assert (merged.person, merged.email, merged.nonce) == (User.objects.get(), "", guest.nonce)
    assert Registration.objects.get(pk=other.pk).person is None
