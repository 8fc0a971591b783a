"""Every page answers with the headers of reliability.md section 6, under the settings of production."""

import os
import runpy
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.header_grader import grade

SETTINGS = Path(__file__).resolve().parents[2] / "vipad" / "settings.py"
# What production changes about an answer; servers, templates and static files stay those of the tests.
ABOUT_ANSWERS = (
    *("SECURE_", "SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE", "CONTENT_SECURITY", "X_FRAME"),
    "WHITENOISE_",
)
WITH_COOKIES, WITHOUT_COOKIES = 145, 140

GOOD_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def production_settings(monkeypatch) -> dict[str, object]:
    """All values vipad/settings.py has on a server."""
    for name in list(os.environ):
        if name in {"DEBUG", "MAILBOX_DIR", "SHOW_DEMO"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "a key of production")
    # Else reading the settings again would set up logging again.
    monkeypatch.setattr("core.logs.logging_config", lambda **kwargs: {"version": 1})
    return {name: value for name, value in runpy.run_path(str(SETTINGS)).items() if name.isupper()}


@pytest.fixture
def production(settings, monkeypatch) -> None:
    for name, value in production_settings(monkeypatch).items():
        if name.startswith(ABOUT_ANSWERS):
            setattr(settings, name, value)


def graded(response, settings) -> tuple[int, list[str], bool]:
    cookies = SimpleCookie()
    cookies.update(response.cookies)
    result = grade(
        dict(response.headers),
        cookies.values(),
        session=settings.SESSION_COOKIE_NAME,
        csrf=settings.CSRF_COOKIE_NAME,
    )
    return result.points, result.losses, bool(cookies)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/partnerships/",
        "/municipalities/",
        "/map/",
        "/sources/",
        "/search/?q=ulm",
        "/healthz",
        "/robots.txt",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/admin/login/",
        "/nothing-here/",
    ],
)
def test_a_visitor_gets_every_header(path, production, settings, db):
    response = Client().get(path, secure=True, follow=True)

    points, losses, has_cookies = graded(response, settings)

    assert losses == []
    assert points >= (WITH_COOKIES if has_cookies else WITHOUT_COOKIES)
    assert response["Permissions-Policy"].startswith("camera=()")


def test_the_sign_in_page_sets_the_cookie_it_is_graded_with(production, settings, db):
    response = Client().get("/accounts/login/", secure=True)

    assert settings.CSRF_COOKIE_NAME == "__Host-csrf"
    assert set(response.cookies) == {"__Host-csrf"}
    assert graded(response, settings) == (150, [], True)


def test_the_session_cookie_is_safe_and_pages_of_a_person_are_kept_nowhere(production, settings, coordinator):
    client = Client()
    client.force_login(coordinator)
    client.cookies["__Host-session"] = client.cookies[settings.SESSION_COOKIE_NAME].value

    response = client.get(reverse("portal:desk"), secure=True)

    cookie = client.cookies["__Host-session"]
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert graded(response, settings)[1] == []
    assert cookie["path"] == "/"


def test_the_language_cookie_is_safe(production, settings, db):
    response = Client().post(reverse("portal:set_language"), {"language": "en", "next": "/"}, secure=True)

    cookie = response.cookies["__Host-language"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        True,
        "Lax",
        "/",
        "",
    )


@pytest.mark.parametrize("cookie", ["", "a session"])
def test_a_static_file_has_the_headers_and_may_be_kept(cookie, production, settings, tmp_path):
    (tmp_path / "site.css").write_text("a { color: red }")
    settings.STATIC_ROOT = tmp_path
    client = Client()
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie

    response = client.get(f"{settings.STATIC_URL}site.css", secure=True)
    body = response.getvalue()

    assert (response.status_code, body) == (200, b"a { color: red }")
    assert response["Cache-Control"] == "max-age=60, public"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("camera=()")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_plain_http_leads_to_https(production, db):
    response = Client().get("/partnerships/?country=HU")

    assert (response.status_code, response["Location"]) == (
        301,
        "https://testserver/partnerships/?country=HU",
    )


def test_trace_is_refused(production, db):
    assert Client().trace("/", secure=True).status_code == 405


@pytest.mark.parametrize(
    "change, loss",
    [
        ({"Content-Security-Policy": ""}, "no CSP"),
        (
            {"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"},
            "scripts from anywhere",
        ),
        ({"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-eval'"}, "unsafe-eval"),
        ({"Content-Security-Policy": "default-src 'none'; img-src http://a"}, "http sources"),
        ({"Content-Security-Policy": "default-src 'none'"}, "may be framed"),
        ({"Strict-Transport-Security": "max-age=60"}, "HSTS missing or short"),
        ({"X-Content-Type-Options": ""}, "no nosniff"),
        ({"Referrer-Policy": "unsafe-url"}, "unsafe referrer"),
        ({"Access-Control-Allow-Credentials": "true"}, "CORS with credentials"),
    ],
)
def test_the_grader_sees_what_is_missing(change, loss):
    good = grade(GOOD_HEADERS, [], session="s", csrf="c")

    worse = grade({**GOOD_HEADERS, **change}, [], session="s", csrf="c")

    assert good.losses == []
    assert loss in worse.losses
    assert worse.points < good.points


@pytest.mark.parametrize(
    "cookie, losses",
    [
        ("s=1; Path=/; HttpOnly; SameSite=Lax", ["s not Secure"]),
        ("s=1; Path=/; Secure; SameSite=Lax", ["session not HttpOnly"]),
        ("c=1; Path=/; Secure; HttpOnly", ["CSRF cookie without SameSite"]),
        ("s=1; Path=/; Secure; HttpOnly; SameSite=Lax", []),
    ],
)
def test_the_grader_sees_unsafe_cookies(cookie, losses):
    cookies = SimpleCookie(cookie)

    assert grade(GOOD_HEADERS, cookies.values(), session="s", csrf="c").losses == losses
