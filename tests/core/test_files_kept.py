"""Where files lie, when they come and go, and how they are given out."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation

from core import files
from core.files import CannotBeKept, CheckedFile, UploadField, check_upload
from tests.factories.uploads import pdf, picture, upload


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class Undone(Exception):
    """The transaction is rolled back by whoever raises this."""


@contextmanager
def rolled_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


def names_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def a_pdf(name: str = "Vertrag.pdf") -> CheckedFile:
    return check_upload(upload(name, pdf()))


def a_photo() -> CheckedFile:
    return check_upload(upload("photo.jpg", picture("JPEG", (900, 600))))


@pytest.mark.django_db(transaction=True)
def test_a_file_lies_under_a_name_drawn_by_us(media: Path) -> None:
    with transaction.atomic():
        name = files.store(a_photo(), folder="documents")

    assert names_in(media) == sorted([name, files.thumbnail_of(name)])
    assert "photo" not in name
    assert oct((media / name).stat().st_mode)[-3:] == "640"


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_again_when_the_transaction_is_rolled_back(media: Path) -> None:
    with rolled_back():
        files.store(a_photo(), folder="documents")
        meanwhile = len(names_in(media))

    assert meanwhile == 2
    assert names_in(media) == []


@pytest.mark.django_db(transaction=True)
def test_a_file_of_an_inner_step_that_fails_goes_and_the_others_stay(media: Path) -> None:
    with transaction.atomic():
        kept = files.store(a_pdf(), folder="documents")
        with rolled_back():
            files.store(a_pdf(), folder="documents")

    assert names_in(media) == [kept]


@pytest.mark.django_db(transaction=True)
def test_a_file_is_removed_only_when_that_is_certain(media: Path) -> None:
    with transaction.atomic():
        name = files.store(a_photo(), folder="documents")

    with rolled_back():
        files.remove_on_commit([name])
    assert len(names_in(media)) == 2

    with transaction.atomic():
        files.remove_on_commit([name])
    assert names_in(media) == []


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_nothing_half_written(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[str] = []

    def save(name: str, content: Any) -> str:
        saved.append(name)
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(b"half")
        if len(saved) == 2:
            raise OSError(28, "No space left on device")
        return name

    monkeypatch.setattr(files.default_storage, "save", save)

    with pytest.raises(CannotBeKept), transaction.atomic():
        files.store(a_photo(), folder="documents")

    assert (len(saved), names_in(media)) == (2, [])


@pytest.mark.django_db(transaction=True)
def test_a_closed_folder_is_said_so(media: Path) -> None:
    (media / "documents").write_text("a file where the folder should be")

    with pytest.raises(CannotBeKept), transaction.atomic():
        files.store(a_pdf(), folder="documents")


def test_orphans_go_after_a_day_and_what_has_a_row_stays(media: Path) -> None:
    now = timezone.now()
    names = [f"documents/aa/{name}" for name in ("kept.jpg", "kept.small.jpg", "orphan.jpg", "new.jpg")]
    for name in names:
        path = media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        age = timedelta(0) if "new" in name else timedelta(days=2)
        os.utime(path, times=((now - age).timestamp(),) * 2)

    deleted = files.delete_orphans("documents", ["documents/aa/kept.jpg"], now=now)

    assert deleted == 1
    assert names_in(media) == ["documents/aa/kept.jpg", "documents/aa/kept.small.jpg", "documents/aa/new.jpg"]


def test_without_uploads_there_are_no_orphans(media: Path) -> None:
    assert files.delete_orphans("documents", [], now=timezone.now()) == 0


def test_a_file_that_cannot_be_deleted_is_logged_and_no_error(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete(name: str) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(files.default_storage, "delete", delete)

    files._delete(["documents/a.pdf"])


# --- giving out


Serve = Callable[[str, str, str], Any]


@pytest.fixture
def served(media: Path, db: None) -> Iterator[Serve]:
    """With a database: an answer that is closed looks after the connection, if there is one by now."""
    answers = []

    def serve(name: str, content_type: str, as_name: str) -> Any:
        (media / name).write_bytes(b"content")
        answers.append(files.serve(name, content_type=content_type, as_name=as_name))
        return answers[-1]

    yield serve
    for answer in answers:
        answer.close()


def test_pictures_are_shown_and_everything_else_is_saved(served: Serve) -> None:
    shown = served("a.png", "image/png", "photo.png")
    saved = served("a.pdf", "application/pdf", "Vertrag.pdf")

    assert shown.headers["Content-Disposition"] == 'inline; filename="photo.png"'
    assert saved.headers["Content-Disposition"] == 'attachment; filename="Vertrag.pdf"'
    assert b"".join(saved) == b"content"


def test_what_is_given_out_cannot_run_and_is_kept_by_nobody(served: Serve) -> None:
    headers = served("a.pdf", "application/pdf", "Vertrag.pdf").headers

    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == "7"


@pytest.mark.parametrize(
    "name, header",
    [
        ("Szerződés Győr.pdf", "attachment; filename*=utf-8''Szerz%C5%91d%C3%A9s%20Gy%C5%91r.pdf"),
        ('der "gute" Vertrag.pdf', 'attachment; filename="der \\"gute\\" Vertrag.pdf"'),
        ("Уговор.pdf", "attachment; filename*=utf-8''%D0%A3%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf"),
    ],
)
def test_names_survive_the_way_to_the_reader(served: Serve, name: str, header: str) -> None:
    response = served("a.pdf", "application/pdf", name)

    assert response.headers["Content-Disposition"] == header


def test_a_file_that_is_missing_is_not_found(media: Path) -> None:
    with pytest.raises(Http404):
        files.serve("documents/none.pdf", content_type="application/pdf", as_name="a.pdf")


# --- the field


class Form(forms.Form):
    title = forms.CharField()
    upload = UploadField()

    def clean(self) -> dict[str, Any]:
        files.ask_again(self, "upload")
        return self.cleaned_data


def test_the_field_gives_a_checked_file_and_says_what_it_takes() -> None:
    form = Form({"title": "x"}, {"upload": upload("Vertrag.pdf", pdf())})

    assert form.is_valid()
    assert form.cleaned_data["upload"].content_type == "application/pdf"
    with translation.override("en"):
        assert str(form.fields["upload"].help_text) == (
            "PDF, Word (DOCX), OpenDocument (ODT), JPEG, PNG, WEBP, at most 20.0\xa0MB."
        )
    assert 'accept=".pdf,.docx,.odt,.jpg,.jpeg,.png,.webp"' in str(form["upload"])
    assert form.is_multipart()


def test_an_empty_file_is_refused() -> None:
    with translation.override("en"):
        form = Form({"title": "x"}, {"upload": upload("Vertrag.pdf", b"")})

        assert form.errors == {"upload": ["The submitted file is empty."]}


def test_a_good_file_must_be_chosen_again_when_something_else_was_wrong() -> None:
    form = Form({"title": ""}, {"upload": upload("Vertrag.pdf", pdf())})

    assert set(form.errors) == {"title", "upload"}


def test_an_upload_read_from_disk_is_taken_too(media: Path) -> None:
    photo = check_upload(upload("photo.png", picture("PNG")))

    assert isinstance(photo.content.read(), bytes)
    assert photo.is_picture
    assert not a_pdf().is_picture
    assert io.BytesIO(photo.thumbnail).read(4) == b"\x89PNG"
