"""No form tells whether an address has an account (F33): status, text and number of mails are the same."""

import re
import time
from statistics import median
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory

KNOWN = "known@ulm.example"
UNKNOWN = "unkno@ulm.example"


@pytest.fixture
def _known(db: None) -> User:
    return UserFactory(email=KNOWN)


def seen_from_outside(client: Client, path: str, email: str, **more: str) -> tuple[Any, ...]:
    """Status and text of the answer and of the page it leads to, without the address, keys and nonces."""
    mail.outbox.clear()
    answer = client.post(path, {"email": email, **more})
    texts = [answer.text, client.get(answer.get("Location", path)).text]
    faceless = [
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text).replace(email, "ADDRESS")
        for text in texts
    ]
    return (
        answer.status_code,
        answer.get("Location"),
        faceless,
        len(mail.outbox),
        [m.to == [email] for m in mail.outbox],
    )


@pytest.mark.usefixtures("_known")
@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/accounts/signup/", {"password1": PASSWORD, "terms": "on"}),
        ("/accounts/password/reset/", {}),
        ("/accounts/login/code/", {}),
    ],
)
def test_known_and_unknown_address_get_the_same_answer(path: str, more: dict[str, str]) -> None:
    known = seen_from_outside(Client(), path, KNOWN, **more)
    unknown = seen_from_outside(Client(), path, UNKNOWN, **more)

    assert known == unknown
    assert known[0] == 302
    assert known[3:] == (1, [True])


@pytest.mark.usefixtures("_known")
def test_new_address_of_somebody_else_gets_the_same_answer(coordinator: User, partner: User) -> None:
    answers = []
    for person, email in ((coordinator, KNOWN), (partner, UNKNOWN)):
        client = signed_in(person, "en")
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        answer = seen_from_outside(client, "/accounts/email/", email, action_add="yes")
        faceless = [text.replace(person.display_name, "NAME") for text in answer[2]]
        answers.append((*answer[:2], faceless, *answer[3:]))

    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    assert answers[0][3:] == (1, [True])


@pytest.mark.usefixtures("_known")
@pytest.mark.parametrize("path", ["/accounts/confirm-email/", "/accounts/login/code/confirm/"])
def test_wrong_codes_end_alike(path: str) -> None:
    begin = {
        "/accounts/confirm-email/": ("/accounts/signup/", {"password1": PASSWORD, "terms": "on"}),
        "/accounts/login/code/confirm/": ("/accounts/login/code/", {}),
    }
    first, more = begin[path]
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        client.post(first, {"email": email, **more})
        tries = [client.post(path, {"code": "000-000-000"}) for _ in range(4)]
        answers.append([(answer.status_code, answer.get("Location")) for answer in tries])

    assert answers[0] == answers[1]


@pytest.mark.usefixtures("_known")
def test_wrong_password_and_unknown_address_get_the_same_answer() -> None:
    known = Client().post("/accounts/login/", {"login": KNOWN, "password": "wrong"})
    unknown = Client().post("/accounts/login/", {"login": UNKNOWN, "password": "wrong"})

    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


@pytest.mark.usefixtures("_known")
def test_sign_up_takes_the_same_time(settings: Any) -> None:
    """With the real hasher: what takes longest is done for a known address too."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    known, unknown = [], []
    for number in range(15):
        for times, email in ((known, KNOWN), (unknown, f"new{number}@ulm.example")):
            client = Client()
            started = time.perf_counter()
            client.post("/accounts/signup/", {"email": email, "password1": PASSWORD, "terms": "on"})
            times.append(time.perf_counter() - started)

    # The rest is a few inserts; on a busy machine 10 per cent would be noise.
    assert median(unknown) / median(known) < 1.5
