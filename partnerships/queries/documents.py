"""Files of a partnership, ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.files import PICTURES
from core.images import thumbnail_size
from partnerships.models import Document, DocumentQuerySet, Partnership


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file. `thumbnail_url` is empty for what is no picture, `name` where it is the title already."""

    number: int
    title: str
    kind: str
    name: str
    size: str
    who: str
    at: datetime
    is_public: bool
    url: str
    thumbnail_url: str
    width: int
    height: int
    rights: str
    entry: str


def files_of(documents: DocumentQuerySet) -> DocumentQuerySet:
    """With everything a row names; papers first, then photos, the newest first."""
    return documents.select_related("uploaded_by", "entry").order_by("kind", "-uploaded_at", "-pk")


def file_rows(documents: Iterable[Document]) -> list[FileRow]:
    return [_row(document) for document in documents]


def public_files(partnership: Partnership) -> list[FileRow]:
    """What everybody may open. Photos of the chronicle are shown there."""
    open_to_all = Document.objects.public().filter(partnership=partnership, entry=None)
    return file_rows(files_of(open_to_all))


def _row(document: Document) -> FileRow:
    is_picture = document.content_type in PICTURES
    width, height = thumbnail_size(document.width or 0, document.height or 0) if is_picture else (0, 0)
    return FileRow(
        number=document.pk,
        title=document.title or document.original_name,
        kind=capfirst(str(document.get_kind_display())),
        name=document.original_name if document.title else "",
        size=filesizeformat(document.size),
        who=document.uploaded_by.shown_name if document.uploaded_by else _("former member"),
        at=document.uploaded_at,
        is_public=document.is_public,
        url=reverse("partnerships:file", args=[document.pk]),
        thumbnail_url=reverse("partnerships:thumbnail", args=[document.pk]) if is_picture else "",
        width=width,
        height=height,
        rights=document.rights_holder if document.kind == Document.Kind.PHOTO else "",
        entry=str(document.entry) if document.entry else "",
    )
