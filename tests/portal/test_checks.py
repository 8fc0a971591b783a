"""`check --deploy` finds what must not go public."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError

from portal import checks
from portal.models import Page
from portal.pages import load_pages

CHECKOUT = Path(__file__).resolve().parents[2]


def ids(errors) -> list[str]:
    return sorted({error.id for error in errors})


@pytest.fixture
def complete(db, now) -> None:
    """All legal pages, filled in."""
    load_pages(now=now)
    for page in Page.objects.all():
        for column in ("title_de", "title_en", "body_de", "body_en"):
            setattr(page, column, getattr(page, column).replace("[[", "").replace("]]", ""))
        page.save()


@pytest.fixture
def public(settings) -> None:
    settings.SITE_URL = "https://vipad.example"
    settings.DEFAULT_FROM_EMAIL = "ViPaD <vipad@vipad.example>"
    settings.STAFF_NEED_SECOND_FACTOR = True
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def test_complete_pages_and_public_settings_pass(complete, public):
    assert checks.legal_pages_are_complete() == []
    assert checks.settings_are_public() == []


@pytest.mark.parametrize("column", ["body_de", "body_en", "title_de", "title_en"])
@pytest.mark.parametrize("slug", ["imprint", "privacy", "accessibility", "terms", "security"])
def test_a_gap_in_either_language_of_a_legal_page_is_an_error(slug, column, complete):
    page = Page.objects.get(slug=slug)
    setattr(page, column, getattr(page, column)[:60] + " [[telephone number]]")
    page.save()

    errors = checks.legal_pages_are_complete()

    assert ids(errors) == ["portal.E007"]
    assert "telephone number" in errors[0].msg


def test_a_gap_in_a_help_page_is_none(complete):
    Page.objects.filter(slug="help").update(body_en="[[later]]")

    assert checks.legal_pages_are_complete() == []


def test_a_missing_legal_page_is_an_error(complete):
    Page.objects.filter(slug="privacy").delete()

    assert ids(checks.legal_pages_are_complete()) == ["portal.E005"]


def test_a_missing_language_is_an_error(complete):
    Page.objects.filter(slug="privacy").update(body_en="")

    assert ids(checks.legal_pages_are_complete()) == ["portal.E006"]


def test_fresh_pages_fail_until_the_operator_has_filled_them_in(db, now):
    load_pages(now=now)

    assert ids(checks.legal_pages_are_complete()) == ["portal.E007"]


def test_a_database_that_does_not_answer_is_said(db, monkeypatch):
    def gone(self):
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
        errors = checks.legal_pages_are_complete()

    assert ids(errors) == ["portal.E004"]


@pytest.mark.parametrize(
    "name, value, error",
    [
        ("SITE_URL", "http://vipad.example", "portal.E001"),
        ("SITE_URL", "http://localhost:8000", "portal.E001"),
        ("DEFAULT_FROM_EMAIL", "ViPaD <vipad@localhost>", "portal.E002"),
        ("DEFAULT_FROM_EMAIL", "vipad", "portal.E002"),
        ("STAFF_NEED_SECOND_FACTOR", False, "portal.E003"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0, "portal.W001"),
    ],
)
def test_a_private_setting_is_told(name, value, error, public, settings):
    setattr(settings, name, value)

    assert ids(checks.settings_are_public()) == [error]


def test_the_command_ends_with_an_error_only_when_deploying(db, now, capsys):
    load_pages(now=now)

    call_command("check")
    with pytest.raises(SystemCheckError, match="gap"):
        call_command("check", deploy=True)


def sourced(command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What a command says when the shell has read .env.example, as docs/operations.md tells the operator to."""
    return subprocess.run(
        ["sh", "-euc", f"set -a; . ./.env.example; {command}"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_shell_can_read_the_example_of_the_settings():
    result = sourced('echo "$DEFAULT_FROM_EMAIL, $TRUSTED_PROXY_COUNT"')

    assert (result.stdout, result.stderr) == ("ViPaD <vipad@example.org>, 1\n", "")


def test_the_settings_of_the_example_pass_every_check_for_deployment(tmp_path):
    """Those of Django and the packages too; the database is not asked."""
    code = (
        "import django; django.setup(); from django.core import checks; import portal.checks as ours; "
        "checks.registry.registry.deployment_checks.discard(ours.legal_pages_are_complete); "
        "print([str(found) for found in checks.run_checks(include_deployment_checks=True)])"
    )
    key = "SECRET_KEY=a-key-of-production-that-is-long-enough-0123456789-abcdefghij"

    result = sourced(
        f'{key}; VAR_DIR={tmp_path}; {sys.executable} -c "$CODE"',
        CODE=code,
        DJANGO_SETTINGS_MODULE="vipad.settings",
        PYTHONPATH=str(CHECKOUT),
    )

    assert result.stdout == "[]\n", result.stdout + result.stderr
