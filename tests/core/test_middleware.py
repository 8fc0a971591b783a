import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from accounts.models import User
from core.middleware import wanted_language
from tests.conftest import signed_in


@pytest.mark.parametrize(
    "query, cookie, browser, expected",
    [
        ("?lang=en", "de", "de", "en"),
        ("?lang=xx", "en", "de", "en"),
        ("", "en", "de", "en"),
        ("", "", "en-GB,en;q=0.8", "en"),
        ("", "", "fr", "de"),
        ("", "../../etc", "en", "en"),
    ],
)
def test_language_comes_from_link_then_choice_then_browser(
    query: str, cookie: str, browser: str, expected: str
) -> None:
    request = RequestFactory().get(f"/{query}", headers={"Accept-Language": browser})
    request.COOKIES["django_language"] = cookie
    request.user = AnonymousUser()

    assert wanted_language(request) == expected


def test_a_signed_in_person_reads_the_own_language(outsider: User) -> None:
    request = RequestFactory().get("/", headers={"Accept-Language": "de"})
    request.COOKIES["session"] = "anything"
    request.user = outsider

    assert wanted_language(request) == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "CONNECT"])
def test_methods_no_page_needs_are_refused(method: str) -> None:
    assert Client().generic(method, "/").status_code == 405


def test_what_a_signed_in_person_sees_stays_in_no_cache(coordinator: User) -> None:
    assert signed_in(coordinator).get("/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_visitors_page_is_asked_for_again() -> None:
    assert Client().get("/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Drücken Sie bitte noch einmal"), ("en", "Please press the button once more")],
)
def test_who_is_led_to_the_address_of_a_button_reads_what_to_do(language: str, words: str) -> None:
    """After signing in again, for example; the answer stays the 405 that machines know."""
    response = Client().get(f"/language/?lang={language}")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert f"<h1>{words}" in response.content.decode()
    assert response["Content-Language"] == language
