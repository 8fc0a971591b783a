"""Files from people: what may be uploaded, how it is kept, how it is given out. The only place for it.

May be uploaded: PDF, Word (DOCX) and OpenDocument (ODT) up to LARGEST_FILE_MB; pictures as JPEG, PNG or WEBP up to
LARGEST_PICTURE_MB and 50 million pixels. What a file is, is decided by its content; the end of its name must agree.
Pictures are written anew (core/images.py), documents are taken only without programs (core/file_contents.py).

A file is kept under a name drawn by us, in MEDIA_ROOT, which no web server serves. It is there before the row that
names it is committed, goes again when the transaction is rolled back, and goes after the commit that deletes the row.
It is given out by `serve` alone, after the view has asked the gate, and never as something that runs in our pages:
pictures are shown, everything else is handed over for saving.
"""

import re
import secrets
import unicodedata
import weakref
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import filetype
import structlog
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from core import file_contents, images

log = structlog.get_logger(__name__)

PICTURES: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
}
DOCUMENTS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    file_contents.DOCX: (".docx",),
    file_contents.ODT: (".odt",),
}
ANYTHING = DOCUMENTS | PICTURES
"""Content types, each with the ends of names it may have."""

LONGEST_NAME = 160
KEPT_WITHOUT_ROW = timedelta(days=1)
_HEAD = 8192
_THUMBNAIL = ".small"
_ARCHIVES = {"application/zip", file_contents.DOCX, file_contents.ODT}
# Control characters, marks that let "fdp.exe" read "exe.pdf", and what some systems forbid in names.
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069<>:|?*\\/]+")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile


class CannotBeKept(Exception):
    """The folder for uploads is full or closed. Nothing was written."""


@dataclass(frozen=True)
class CheckedFile:
    """An upload that may be kept, as it will be kept."""

    name: str
    content_type: str
    content: "File[Any]"
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        return int(self.content.size)

    @property
    def is_picture(self) -> bool:
        return self.content_type in PICTURES


# --- what may come in


def check_upload(upload: Upload, allowed: Collection[str] = tuple(ANYTHING)) -> CheckedFile:
    """Raises ValidationError with a sentence for the person who chose the file."""
    name = clean_name(upload.name or "")
    _check_size(upload, allowed)
    content_type = _type_of(upload)
    if content_type not in allowed:
        raise ValidationError(_refusal(content_type, allowed), code="type")
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ANYTHING[content_type]:
        raise ValidationError(
            _("The name ends in “%(ending)s”, but inside it is %(kind)s. Please check which file it is.")
            % {"ending": ending or "–", "kind": _word_for(content_type)},
            code="ending",
        )
    if content_type in PICTURES:
        return _checked_picture(upload, name, content_type)
    if content_type == "application/pdf":
        file_contents.check_pdf(_whole(upload))
    upload.seek(0)
    return CheckedFile(name, content_type, upload)


def clean_name(name: str) -> str:
    """What the file is called when it is handed out again: the last part of a path, in one line, not too long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(". ") or "file"
    ending = PurePosixPath(name).suffix
    if len(ending) > 10:
        ending = ""
    return name[: len(name) - len(ending)][: LONGEST_NAME - len(ending)].rstrip() + ending


def largest_of(allowed: Collection[str]) -> int:
    """Bytes."""
    only_pictures = set(allowed) <= set(PICTURES)
    megabytes = settings.LARGEST_PICTURE_MB if only_pictures else settings.LARGEST_FILE_MB
    return int(megabytes) * 1024 * 1024


def may_be_uploaded(allowed: Collection[str] = tuple(ANYTHING)) -> str:
    """One sentence for the page."""
    return _("%(kinds)s, at most %(limit)s.") % {
        "kinds": _words_for(allowed),
        "limit": filesizeformat(largest_of(allowed)),
    }


def _check_size(upload: Upload, allowed: Collection[str]) -> None:
    largest = largest_of(allowed)
    if (upload.size or 0) > largest:
        raise ValidationError(
            _("This file is larger than %(limit)s. Please make it smaller, or split it.")
            % {"limit": filesizeformat(largest)},
            code="too_large",
        )


def _type_of(upload: Upload) -> str:
    upload.seek(0)
    guess = filetype.guess(upload.read(_HEAD))
    upload.seek(0)
    content_type = guess.mime if guess else ""
    if content_type in _ARCHIVES:
        # The first bytes cannot tell one packed format from another.
        return file_contents.office_type(cast(BinaryIO, upload.file)) or "application/zip"
    return content_type


def _checked_picture(upload: Upload, name: str, content_type: str) -> CheckedFile:
    _check_size(upload, PICTURES)
    try:
        picture = images.rewrite(cast(BinaryIO, upload.file), content_type)
    except images.TooManyPixels:
        raise ValidationError(
            _("This picture has more than %(number)s million pixels. Please make it smaller first.")
            % {"number": images.MOST_PIXELS // 1_000_000},
            code="pixels",
        ) from None
    except images.Unreadable:
        raise ValidationError(
            _(
                "This picture is broken or was cut off on its way. Please open it, save it anew and try again."
            ),
            code="broken",
        ) from None
    content = ContentFile(picture.content)
    return CheckedFile(name, content_type, content, picture.thumbnail, picture.width, picture.height)


def _whole(upload: Upload) -> bytes:
    upload.seek(0)
    return bytes(upload.read())


def _refusal(content_type: str, allowed: Collection[str]) -> str:
    if content_type in {"image/heic", "image/heif", "image/avif"}:
        return _(
            "This is a picture in the format HEIC or AVIF, which many computers cannot open. Please save or send it "
            "as JPEG and upload that."
        )
    return _("Files of this kind cannot be uploaded. Possible are: %(kinds)s.") % {
        "kinds": _words_for(allowed)
    }


def _word_for(content_type: str) -> str:
    words = {
        "image/jpeg": _("a JPEG picture"),
        "image/png": _("a PNG picture"),
        "image/webp": _("a WEBP picture"),
        "application/pdf": _("a PDF"),
        file_contents.DOCX: _("a Word document (DOCX)"),
        file_contents.ODT: _("an OpenDocument text (ODT)"),
    }
    return words[content_type]


def _words_for(allowed: Collection[str]) -> str:
    short = {
        "application/pdf": "PDF",
        file_contents.DOCX: "Word (DOCX)",
        file_contents.ODT: "OpenDocument (ODT)",
        "image/jpeg": "JPEG",
        "image/png": "PNG",
        "image/webp": "WEBP",
    }
    return ", ".join(short[one] for one in ANYTHING if one in allowed)


class UploadField(forms.FileField):
    """One file; `cleaned_data` holds a CheckedFile. `allowed`: PICTURES, DOCUMENTS or ANYTHING.

    The form's page must say enctype="multipart/form-data" (`form.is_multipart`). A browser forgets the file when the
    form is shown again; `ask_again` says so.
    """

    widget = forms.FileInput

    def __init__(
        self, *, allowed: Collection[str] = tuple(ANYTHING), help_text: Any = None, **kwargs: Any
    ) -> None:
        self.allowed = tuple(allowed)
        super().__init__(help_text=help_text or lazy(may_be_uploaded, str)(self.allowed), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        endings = [ending for one in self.allowed for ending in ANYTHING[one]]
        return {**super().widget_attrs(widget), "accept": ",".join(endings)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        return check_upload(upload, self.allowed) if isinstance(upload, UploadedFile) else None


def ask_again(form: forms.BaseForm, name: str) -> None:
    """At the end of a form's `clean`: a good file must be chosen anew when something else was wrong."""
    if form.errors and form.cleaned_data.get(name):
        form.add_error(
            name, _("Please choose the file again: browsers forget it when a form is shown again.")
        )


# --- how it is kept


def store(checked: CheckedFile, *, folder: str) -> str:
    """The name under which it now lies. Called inside the transaction that writes the row; see above.

    Raises CannotBeKept.
    """
    drawn = secrets.token_hex(16)
    name = f"{folder}/{drawn[:2]}/{drawn}{ANYTHING[checked.content_type][0]}"
    names = [name, thumbnail_of(name)] if checked.thumbnail else [name]
    try:
        default_storage.save(name, checked.content)
        if checked.thumbnail:
            default_storage.save(thumbnail_of(name), ContentFile(checked.thumbnail))
    except OSError as problem:
        _delete(names)
        log.error("upload_not_kept", error=type(problem).__name__, number=problem.errno)
        raise CannotBeKept from problem
    transaction.on_commit(_UntilCommit(names))
    return name


def remove_on_commit(names: Iterable[str]) -> None:
    """The rows that name these files are deleted in this transaction; the files go once that is certain."""
    going = [one for name in names for one in (name, thumbnail_of(name))]
    transaction.on_commit(lambda: _delete(going), robust=True)


def thumbnail_of(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}{_THUMBNAIL}{path.suffix}"))


def delete_orphans(folder: str, kept: Iterable[str], *, now: datetime) -> int:
    """Files without a row: left by a process that was killed, or by rows that went with their owner."""
    wanted = {one for name in kept for one in (name, thumbnail_of(name))}
    orphans = [
        name
        for name in _files_in(folder)
        if name not in wanted and default_storage.get_modified_time(name) < now - KEPT_WITHOUT_ROW
    ]
    _delete(orphans)
    if orphans:
        log.info("orphaned_files_deleted", number=len(orphans))
    return len(orphans)


class _UntilCommit:
    """Called on commit. When the transaction is rolled back Django lets go of it uncalled: then the files go."""

    def __init__(self, names: list[str]) -> None:
        self._undo = weakref.finalize(self, _delete, names)

    def __call__(self) -> None:
        self._undo.detach()


def _delete(names: Iterable[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except OSError as problem:
            log.error("file_not_deleted", error=type(problem).__name__, number=problem.errno)


def _files_in(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _files_in(f"{folder}/{inner}")


# --- how it is given out


def serve(name: str, *, content_type: str, as_name: str) -> FileResponse:
    """The file, for whom the view has let in. Pictures are shown, everything else is saved."""
    try:
        content = default_storage.open(name)
    except OSError:
        log.error("file_missing")
        raise Http404 from None
    is_attachment = content_type not in PICTURES
    return FileResponse(
        content, as_attachment=is_attachment, filename=as_name, content_type=content_type, headers=_HEADERS
    )
