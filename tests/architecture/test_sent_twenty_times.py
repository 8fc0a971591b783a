"""The same form from twenty connections at once does a thing once, and everybody gets the page of the first.

Real connections and commits. A new address that takes a POST and is in no list here fails the build.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.architecture.sent import (
    discussions,
    partnerships,
    people,
    session_hosts,
    sessions,
    strategies,
    training,
)
from tests.architecture.sent.cases import CASES, Sent
from tests.architecture.test_access_table import TABLE, own_names
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.uploads import upload

__all__ = [
    "discussions",
    "partnerships",
    "people",
    "session_hosts",
    "sessions",
    "strategies",
    "training",
]  # imported, their cases are known

TIMES = 20
OUR_APPS = {
    "account", "accounts", "directory", "discussions", "partnerships", "notifications", "portal", "training",
    "webinars",
}  # fmt: skip

# Addresses that take a POST and yet are not tried, each with the reason.
EXEMPT = {
    "portal:set_language": "sets a cookie, no row",
    "portal:welcome": "goes to a page, marks at most that the questions were asked",
    "portal:close_welcome": "sets one moment on the person",
    "notifications:mark_all_read": "sets a moment on the notices",
    "notifications:open": "sets a moment on the notice",
    "notifications:mailbox_works_again": "takes a mark away",
    "accounts:end_session": "takes a session away",
    "partnerships:answer_cut_off": "a link without its token: never more than an error page",
    "webinars:seat_cut_off": "the same",
    "discussions:invitation_cut_off": "the same",
    "webinars:bbb_recording": "only with the signature of a room server: tests/webinars/test_callbacks.py",
}


def rows() -> Counter[str]:
    found: Counter[str] = Counter()
    for model in apps.get_models():
        if model._meta.app_label in OUR_APPS:
            # Models of two apps may have one name.
            found[model.__name__] += model._default_manager.count()
    return found


def with_files(data: dict[str, Any]) -> dict[str, Any]:
    return {name: upload(*value) if isinstance(value, tuple) else value for name, value in data.items()}


def sent_at_once(sent: Sent) -> list[tuple[int, str]]:
    clients = [signed_in(sent.person) if sent.person else Client() for _ in range(TIMES)]
    data = {"key": str(uuid4()), **sent.data}
    barrier = threading.Barrier(TIMES)

    def send(client: Client) -> tuple[int, str]:
        try:
            barrier.wait(20)
            answer = client.post(sent.path, with_files(data))
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(send, clients))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", CASES, ids=lambda which: " ".join(which).strip())
def test_twenty_at_once_do_it_once(which: tuple[str, str], cast: dict[str, User]) -> None:
    from portal.pages import load_pages

    load_pages(now=timezone.now())
    sent = CASES[which](cast | {"deputy": UserFactory()})
    before = rows()

    answers = sent_at_once(sent)

    after = rows()
    made = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    pages = {answer for answer in answers if answer[0] not in sent.refusals}
    assert (len(pages), made) == (1, sent.makes), pages
    assert {status for status, _ in pages} <= {200, 204, 302, 303}


def taking_posts(client: Client, names: set[str]) -> set[str]:
    """Those that do not refuse the method."""
    arguments = dict(TABLE.keys())
    return {
        name
        for name in names
        if name in arguments and client.post(reverse(name, args=arguments[name])).status_code != 405
    }


@pytest.mark.django_db
def test_every_address_that_takes_a_post_is_tried(outsider: User) -> None:
    taken = taking_posts(signed_in(outsider), set(own_names()))
    tried = {name for name, _ in CASES}

    assert taken - tried - set(EXEMPT) == set()
    assert set(EXEMPT) & tried == set()
    assert (tried | set(EXEMPT)) - taken == {"account_signup"}
