"""Creating an account: what is asked, what is kept, and what nobody learns from it."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Consent, User
from tests.accounts.conftest import PASSWORD, is_signed_in

DETAILS = {"email": "new@ulm.example", "password1": PASSWORD, "terms": "on"}


def test_code_from_the_mail_opens_the_account(db: None, visitor: Client, code: Callable[[], str]) -> None:
    answer = visitor.post("/accounts/signup/", DETAILS)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(visitor)

    answer = visitor.post("/accounts/confirm-email/", {"code": code()})

    assert answer["Location"] == "/welcome/"
    assert is_signed_in(visitor)
    person = User.objects.get()
    assert (person.email, person.language, person.time_zone) == ("new@ulm.example", "en", "Europe/Berlin")
    assert person.emailaddress_set.get().verified is True


def test_new_person_reads_the_language_of_the_page(db: None) -> None:
    client = Client()
    client.cookies["django_language"] = "de"

    client.post("/accounts/signup/", DETAILS)

    assert User.objects.get().language == "de"


def test_accepted_version_of_the_terms_is_kept(db: None, visitor: Client) -> None:
    visitor.post("/accounts/signup/", DETAILS)

    consent = Consent.objects.get()
    assert (consent.person.email, consent.text, consent.version, consent.language) == (
        "new@ulm.example",
        "terms",
        7,
        "en",
    )


def test_without_the_terms_there_is_no_account(db: None, visitor: Client) -> None:
    answer = visitor.post("/accounts/signup/", {**DETAILS, "terms": ""})

    assert answer.status_code == 200
    assert "terms" in answer.context["form"].errors
    assert User.objects.count() == 0
    assert mail.outbox == []


def test_failing_consent_leaves_no_person_behind(db: None, visitor: Client) -> None:
    with (
        patch("accounts.actions.Consent.objects.get_or_create", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        visitor.post("/accounts/signup/", DETAILS)

    assert User.objects.count() == 0


@pytest.mark.parametrize(
    "password", ["short", "password123", "new@ulm.example"], ids=["short", "common", "like the address"]
)
def test_weak_password_is_refused(db: None, visitor: Client, password: str) -> None:
    answer = visitor.post("/accounts/signup/", {**DETAILS, "password1": password})

    assert list(answer.context["form"].errors) == ["password1"]


def test_long_password_with_any_character_is_accepted_whole(db: None, visitor: Client) -> None:
    long = "Ő Дунай ß " * 12

    visitor.post("/accounts/signup/", {**DETAILS, "password1": long})

    assert User.objects.get().check_password(long)
    assert not User.objects.get().check_password(long[:-1])


def test_hidden_fields_give_no_rights(db: None, visitor: Client) -> None:
    visitor.post("/accounts/signup/", {**DETAILS, "is_staff": "1", "is_superuser": "1", "is_active": "0"})

    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.is_active) == (False, False, True)


def test_address_taken_a_moment_ago_gets_the_answer_of_a_known_one(db: None, visitor: Client) -> None:
    """Two requests with the same new address pass the form at the same time; the second meets the constraint."""

    def forget(email: str, **kwargs: object) -> tuple[str, bool]:
        User.objects.create_user(email)
        return email, False

    with patch("allauth.account.internal.flows.manage_email.email_already_exists", side_effect=forget):
        answer = visitor.post("/accounts/signup/", DETAILS)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert [message.subject for message in mail.outbox] == ["You have an account already"]


def test_code_counts_three_times_and_then_no_more(db: None, visitor: Client, code: Callable[[], str]) -> None:
    visitor.post("/accounts/signup/", DETAILS)
    right = code()
    for _ in range(3):
        visitor.post("/accounts/confirm-email/", {"code": "000-000-000"})

    visitor.post("/accounts/confirm-email/", {"code": right})

    assert not is_signed_in(visitor)
