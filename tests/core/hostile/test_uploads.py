"""No file that acts is taken, or it no longer does: written anew, or handed out for saving only."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from core import files
from core.files import DOCUMENTS, PICTURES, check_upload
from tests.core.hostile.uploads import MARK, UPLOADS, Fate, of_fate
from tests.factories.uploads import upload


def checked(name: str) -> files.CheckedFile:
    hostile = UPLOADS[name]
    return check_upload(upload(hostile.name, hostile.content(), hostile.content_type))


@pytest.mark.parametrize("name", of_fate(Fate.REFUSED))
def test_it_is_refused(name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        checked(name)

    assert refusal.value.code in {"type", "ending", "active", "broken"}


@pytest.mark.parametrize("name", of_fate(Fate.REWRITTEN))
def test_it_comes_out_as_a_picture_only(name: str) -> None:
    assert MARK in UPLOADS[name].content()

    taken = checked(name)

    assert taken.content_type in PICTURES
    assert MARK not in taken.content.read()
    assert MARK not in taken.thumbnail


@pytest.mark.parametrize("name", of_fate(Fate.SAVED))
@pytest.mark.django_db  # an answer that is closed looks after the connection, if there is one by now
def test_it_is_handed_out_for_saving_and_never_as_a_page(name: str, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    taken = checked(name)
    (tmp_path / "kept").write_bytes(taken.content.read())

    answer = files.serve("kept", content_type=taken.content_type, as_name=taken.name)
    answer.close()

    assert answer.headers["Content-Type"] in DOCUMENTS
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
