"""Reading mails, and one registered version of the terms."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from accounts import texts

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def _terms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 7 of the terms is in force."""
    monkeypatch.setattr(texts, "_providers", {**texts._providers, texts.TERMS: lambda: 7})


@pytest.fixture
def code() -> Callable[[], str]:
    """The code in the newest mail."""

    def find() -> str:
        found = re.search(r"^\s*(\d{3}-\d{3}-\d{3})$", str(mail.outbox[-1].body), re.MULTILINE)
        assert found, mail.outbox[-1].body
        return found[1]

    return find


@pytest.fixture
def visitor() -> Client:
    """Somebody who is not signed in, reading English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def sign_in(client: Client, email: str, password: str = PASSWORD) -> None:
    client.post("/accounts/login/", {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200
