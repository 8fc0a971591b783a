"""/healthz: who asks learns whether all is well; who knows the token learns what is not."""

from datetime import timedelta
from importlib.metadata import version

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from notifications.models import Notice, SweepRun
from portal import health
from tests.factories.accounts import UserFactory

TOKEN = "let me see"


def ask(token: str = "") -> tuple[int, dict]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = Client().get("/healthz", headers=headers)
    return response.status_code, response.json()


@pytest.fixture(autouse=True)
def _just_started(monkeypatch) -> None:
    """The process of the tests is old by the time these come, and none has swept."""
    monkeypatch.setattr(health, "_started_at", timezone.now())


@pytest.fixture
def no_redis(monkeypatch) -> None:
    def gone(self, *args, **options):
        raise RedisConnectionError

    monkeypatch.setattr("redis.client.Redis.execute_command", gone)


def test_all_is_well(db):
    assert ask() == (200, {"status": "ok"})


def test_details_need_the_token(db, settings):
    settings.HEALTH_TOKEN = TOKEN

    assert ask() == (200, {"status": "ok"})
    assert ask("wrong") == (200, {"status": "ok"})
    assert ask(TOKEN)[1].keys() == {
        "status",
        "database",
        "redis",
        "last_sweep_seconds",
        "oldest_unsent_notice_seconds",
        "tzdata",
    }


def test_an_empty_token_is_nobodys(db, settings):
    settings.HEALTH_TOKEN = ""

    assert Client().get("/healthz", headers={"authorization": "Bearer "}).json() == {"status": "ok"}


def test_details_tell_ages_in_seconds(db, now):
    SweepRun.objects.create(name="deliver", ran_at=now - timedelta(seconds=45))
    Notice.objects.create(
        key="a", kind="x", recipient=UserFactory(), due_at=now - timedelta(minutes=3), queued_at=now
    )

    state = health.health(now=now)

    assert state.ok is True
    assert state.details == {
        "database": True,
        "redis": True,
        "last_sweep_seconds": 45,
        "oldest_unsent_notice_seconds": 180,
        "tzdata": version("tzdata"),
    }


def test_a_clock_that_stands_still_is_found(db, now):
    SweepRun.objects.create(name="deliver", ran_at=now)

    assert health.health(now=now + timedelta(minutes=10)).ok is True
    assert health.health(now=now + timedelta(minutes=10, seconds=1)).ok is False


def test_a_clock_that_never_began_is_found_after_a_while(db, monkeypatch, now):
    monkeypatch.setattr(health, "_started_at", now)

    assert health.health(now=now + timedelta(minutes=1)).ok is True
    assert health.health(now=now + timedelta(minutes=11)).ok is False


def test_a_mail_that_does_not_go_out_is_found(db, now):
    SweepRun.objects.create(name="deliver", ran_at=now)
    Notice.objects.create(
        key="a", kind="x", recipient=UserFactory(), due_at=now - timedelta(hours=9), queued_at=now
    )

    assert health.health(now=now).ok is False


def test_the_loss_of_redis_is_said_and_pages_go_on(db, no_redis, settings):
    settings.HEALTH_TOKEN = TOKEN

    status, answer = ask(TOKEN)

    assert (status, answer["status"], answer["redis"], answer["database"]) == (503, "failing", False, True)
    for path in ("/", "/search/?q=ulm", "/partnerships/", "/municipalities/", "/map/", "/accounts/login/"):
        assert Client().get(path).status_code == 200, path


def test_the_loss_of_the_database_is_an_answer_not_an_error(db, monkeypatch, settings):
    settings.HEALTH_TOKEN = TOKEN

    def gone(self):
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
        status, answer = ask(TOKEN)

    assert (status, answer["status"], answer["database"], answer["redis"]) == (503, "failing", False, True)
    assert answer["last_sweep_seconds"] is None
