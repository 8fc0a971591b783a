"""The cast and the clock. Every permission test asks the outsider too."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import SpokenLanguage, User
from core.remembered import Remembered
from tests.factories.accounts import UserFactory


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Said loudly, here and not in tests/browser: with several processes only this file is read by the first one."""
    reasons = (str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if any("BROWSER TESTS LEFT OUT" in reason for reason in reasons):
        terminalreporter.section("BROWSER TESTS LEFT OUT: no Chromium found", sep="!", red=True, bold=True)


@pytest.fixture
def now() -> datetime:
    """09:00 UTC on the Friday before the clocks change."""
    return datetime(2027, 3, 26, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A browser's last request may still hold a connection when the database is to be thrown away."""
    yield
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()
    Remembered.empty_memory()


@pytest.fixture
def coordinator(db: None) -> User:
    """Looks after the partnerships of Ulm."""
    return UserFactory(email="coordinator@ulm.example", display_name="Koordinatorin Ulm")


@pytest.fixture
def partner(db: None) -> User:
    """Works in a town hall in Romania, reads English, lives on Bucharest time."""
    person = UserFactory(
        email="partner@timisoara.example",
        display_name="Partner Timișoara",
        language="en",
        time_zone="Europe/Bucharest",
    )
    SpokenLanguage.objects.create(person=person, language="ro", level=SpokenLanguage.Level.NATIVE)
    return person


@pytest.fixture
def participant(db: None) -> User:
    return UserFactory(email="participant@verein.example", display_name="Teilnehmer")


@pytest.fixture
def coach(db: None) -> User:
    return UserFactory(email="coach@operator-a.example", display_name="Coach A")


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(
        email="admin@operator-b.example", display_name="Administration", is_staff=True, is_superuser=True
    )


@pytest.fixture
def outsider(db: None) -> User:
    """Signed in, and member of nothing."""
    return UserFactory(email="outsider@elsewhere.example", display_name="Außenstehende", language="en")


@pytest.fixture
def cast(
    coordinator: User, partner: User, participant: User, coach: User, admin: User, outsider: User
) -> dict[str, User]:
    return {
        "coordinator": coordinator,
        "partner": partner,
        "participant": participant,
        "coach": coach,
        "admin": admin,
        "outsider": outsider,
    }


def signed_in(person: User, language: str = "de") -> Client:
    """A browser of that person."""
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = language
    return client


def opened(client: Client, address: str) -> Any:
    """The answer to a GET; a file is read to its end, so that it is closed."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return answer


def grant(person: User, *codenames: str) -> None:
    """Rights of Django's admin, by `app.codename`."""
    for name in codenames:
        app, codename = name.split(".")
        person.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
