"""Files of a session, its recording, and the pages of its feedback."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.uploads import pdf, picture, upload
from tests.factories.webinars import SessionFactory
from webinars.models import Material, Session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def session(coach: User) -> Session:
    return SessionFactory(slug="here", host=coach, is_recorded=True)


@pytest.fixture
def host(coach: User) -> Client:
    return signed_in(coach, "en")


def at(session: Session, name: str) -> str:
    return reverse(f"webinars:{name}", args=[session.slug])


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def slides(**said: Any) -> dict[str, Any]:
    return {
        "upload": upload("Folien.pdf", pdf()),
        "kind": "slides",
        "title_de": "Folien",
        "title_en": "Slides",
        "access": "registered",
        "key": uuid.uuid4(),
        **said,
    }


def files_in(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


# --- files


def test_a_file_is_kept_for_who_may_open_it(host: Client, session: Session, coach: User) -> None:
    answer = host.post(at(session, "materials"), slides(access="hosts"))

    kept = Material.objects.get()
    assert answer.headers["Location"] == at(session, "materials")
    assert (kept.session, kept.title_en, kept.access, kept.uploaded_by) == (session, "Slides", "hosts", coach)
    assert "Slides" in words(host.get(at(session, "materials")))


def test_a_file_sent_twice_is_kept_once(host: Client, session: Session, media: Path) -> None:
    key = uuid.uuid4()

    answers = [host.post(at(session, "materials"), slides(key=key)).status_code for _again in range(2)]

    assert (answers, Material.objects.count(), files_in(media)) == ([302, 302], 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"upload": ""},
        {"upload": ("run.exe", b"MZ\x90\x00")},
        {"upload": ("Folien.pdf", picture())},
        {"kind": "photo"},
        {"kind": "film"},
        {"access": "nobody"},
        {"title_de": ""},
    ],
)
def test_a_wrong_file_is_not_kept(host: Client, session: Session, media: Path, wrong: dict[str, Any]) -> None:
    if isinstance(wrong.get("upload"), tuple):
        wrong = {"upload": upload(*wrong["upload"])}

    answer = host.post(at(session, "materials"), slides(**wrong))

    assert (answer.status_code, "error-summary" in words(answer)) == (200, True)
    assert (Material.objects.count(), files_in(media)) == (0, 0)


def test_a_file_is_asked_for_before_it_is_deleted(
    host: Client, session: Session, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    host.post(at(session, "materials"), slides())
    number = Material.objects.get().pk

    asked = host.get(at(session, "materials"), {"remove": number})
    before = Material.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        host.post(at(session, "materials"), {"remove": number})

    assert ("Delete the file" in words(asked), before) == (True, 1)
    assert (Material.objects.count(), files_in(media)) == (0, 0)


def test_a_host_deletes_no_file_of_another_session(host: Client, session: Session, partner: User) -> None:
    other = SessionFactory(host=partner)
    signed_in(partner).post(at(other, "materials"), slides())
    number = Material.objects.get().pk

    host.post(at(session, "materials"), {"remove": number})
    refused = host.post(at(other, "materials"), {"remove": number})

    assert (refused.status_code, Material.objects.count()) == (404, 1)


# --- recording


def recorded(**said: Any) -> dict[str, Any]:
    return {
        "url": "https://film.example.org/1",
        "transcript": "Good afternoon.",
        "key": uuid.uuid4(),
        **said,
    }


def test_a_recording_is_published_with_its_transcript(host: Client, session: Session) -> None:
    host.post(at(session, "recording"), recorded())

    session.refresh_from_db()
    assert (session.recording_url, session.transcript) == ("https://film.example.org/1", "Good afternoon.")
    assert session.recording_published_at is not None


@pytest.mark.parametrize(
    "wrong", [{"transcript": ""}, {"transcript": "  "}, {"url": ""}, {"url": "http://film.example.org/1"}]
)
def test_without_transcript_or_safe_address_nothing_is_published(
    host: Client, session: Session, wrong: dict[str, Any]
) -> None:
    host.post(at(session, "recording"), recorded(**wrong))

    session.refresh_from_db()
    assert (session.recording_url, session.recording_published_at) == ("", None)


def test_a_recording_can_be_withdrawn(host: Client, session: Session) -> None:
    host.post(at(session, "recording"), recorded())

    host.post(at(session, "recording"), {"withdraw": "1"})

    session.refresh_from_db()
    assert (session.recording_url, session.recording_published_at) == ("", None)


def test_an_outsider_publishes_and_uploads_nothing(session: Session, outsider: User) -> None:
    client = signed_in(outsider)

    found = [
        client.post(at(session, "recording"), recorded()).status_code,
        client.post(at(session, "materials"), slides()).status_code,
    ]

    session.refresh_from_db()
    assert (found, session.recording_url, Material.objects.count()) == ([404, 404], "", 0)


def test_a_recording_nobody_was_told_of_is_pointed_out(host: Client, coach: User) -> None:
    untold = SessionFactory(host=coach, is_recorded=False)

    assert "were not told" in words(host.get(at(untold, "recording")))
