"""A request that is too large is refused before anything of it is read."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from tests.factories.accounts import UserFactory


class Unread(io.BytesIO):
    """The body of a request that must not be touched."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def answer(**environ: object) -> tuple[str, dict[str, str], str]:
    """What the whole application answers to such a request."""
    request = RequestFactory().generic(
        "POST", "/accounts/login/", content_type="multipart/form-data; boundary=x"
    )
    started: list[tuple[str, list[tuple[str, str]]]] = []
    environ = {**request.environ, "wsgi.input": Unread(), **environ}
    response = WSGIHandler()(environ, lambda status, headers, *_: started.append((status, headers)))
    body = b"".join(response).decode()
    return started[0][0], dict(started[0][1]), body


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("de", "zu groß"), ("en", "too large")])
def test_two_hundred_megabytes_are_refused_unread_in_the_readers_language(language: str, word: str) -> None:
    status, headers, body = answer(
        CONTENT_LENGTH=str(200 * 1024 * 1024), HTTP_COOKIE=f"django_language={language}"
    )

    assert (status, headers["Content-Language"]) == ("413 Request Entity Too Large", language)
    assert word in body


@pytest.mark.django_db
def test_a_person_who_chose_no_language_here_reads_the_own_one(client: Client) -> None:
    client.force_login(UserFactory(language="en"))

    response = client.post("/language/", headers={"content-length": str(200 * 1024 * 1024)})

    assert (response.status_code, response["Content-Language"]) == (413, "en")


@pytest.mark.django_db
def test_a_body_that_does_not_say_how_large_it_is_is_refused_unread() -> None:
    status, _, _ = answer(HTTP_TRANSFER_ENCODING="chunked")

    assert status == "413 Request Entity Too Large"


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "nonsense", "-5", "²"])
def test_nonsense_about_the_length_is_no_error_of_ours(length: str) -> None:
    status, _, _ = answer(CONTENT_LENGTH=length)

    assert status.startswith("403")  # without a token; nothing was read


@pytest.mark.django_db
def test_what_is_as_large_as_may_be_gets_through(settings) -> None:
    settings.LARGEST_REQUEST = 100
    client = Client()

    assert client.post("/language/", b"x" * 100, content_type="text/plain").status_code != 413
    assert client.post("/language/", b"x" * 101, content_type="text/plain").status_code == 413
