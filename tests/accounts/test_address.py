"""Changing the own address, with a code sent to the new one."""

from collections.abc import Callable

from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in
from tests.conftest import signed_in


def confirmed(person: User) -> Client:
    """Signed in, and just asked for the password again."""
    client = signed_in(person, "en")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_address_changes_when_the_code_is_entered(coordinator: User, code: Callable[[], str]) -> None:
    client = confirmed(coordinator)
    client.post("/accounts/email/", {"email": "New@Ulm.example", "action_add": "yes"})
    coordinator.refresh_from_db()
    assert coordinator.email == "coordinator@ulm.example"

    answer = client.post("/accounts/confirm-email/", {"code": code()})

    assert answer["Location"] == "/accounts/email/"
    coordinator.refresh_from_db()
    assert coordinator.email == "new@ulm.example"
    assert list(coordinator.emailaddress_set.values_list("email", "primary", "verified")) == [
        ("new@ulm.example", True, True)
    ]


def test_old_address_is_told_but_not_where_it_went(coordinator: User, code: Callable[[], str]) -> None:
    client = confirmed(coordinator)
    client.post("/accounts/email/", {"email": "new@ulm.example", "action_add": "yes"})

    client.post("/accounts/confirm-email/", {"code": code()})

    assert mail.outbox[-1].to == ["coordinator@ulm.example"]
    assert mail.outbox[-1].subject == "Your e-mail address was changed"
    assert "new@ulm.example" not in mail.outbox[-1].body


def test_address_of_somebody_else_cannot_be_taken_even_with_the_code(
    coordinator: User, partner: User, code: Callable[[], str]
) -> None:
    client = confirmed(coordinator)
    client.post("/accounts/email/", {"email": partner.email, "action_add": "yes"})

    answer = client.post("/accounts/confirm-email/", {"code": code()})

    assert answer.status_code == 200
    coordinator.refresh_from_db()
    assert coordinator.email == "coordinator@ulm.example"


def test_new_address_signs_in_and_the_old_one_does_not(coordinator: User, code: Callable[[], str]) -> None:
    client = confirmed(coordinator)
    client.post("/accounts/email/", {"email": "new@ulm.example", "action_add": "yes"})
    client.post("/accounts/confirm-email/", {"code": code()})
    old, new = Client(), Client()

    sign_in(old, "coordinator@ulm.example")
    sign_in(new, "new@ulm.example")

    assert not is_signed_in(old)
    assert is_signed_in(new)
