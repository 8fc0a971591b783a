"""Files of a partnership: contract, decision of the council, photos. What may be uploaded says core/files.py."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from core import files
from core.files import CheckedFile
from partnerships import register_cache
from partnerships.actions.history import note_change
from partnerships.models import (
    Change,
    ChronicleEntry,
    Document,
    DocumentQuerySet,
    Partnership,
    PartnershipDraft,
)
from partnerships.permissions import acts_as_office

log = structlog.get_logger(__name__)

FOLDER = "documents"
MOST_FILES = 500
"""Of one partnership, photos of the chronicle included; more is a mistake or a misuse."""
MOST_FILES_OF_DRAFT = 20


class TooManyFiles(Exception):
    """The partnership, or the draft, has as many files as it may have."""


class NothingToAddTo(Exception):
    """The draft became an entry, or was thrown away, in another window."""


class RightsNotSettled(Exception):
    """A photo is shown to everybody only when we may use it and the people in it have agreed."""


@transaction.atomic
def add_document(
    *,
    upload: CheckedFile,
    kind: str,
    by: User,
    now: datetime,
    partnership: Partnership | None = None,
    draft: PartnershipDraft | None = None,
    entry: ChronicleEntry | None = None,
    title: str = "",
    is_public: bool = False,
    rights_holder: str = "",
    has_rights: bool = False,
    has_consent: bool = False,
) -> Document:
    """A file of a partnership or of a draft of one. `entry`: the meeting the photo was taken at.

    Raises TooManyFiles, RightsNotSettled, NothingToAddTo, files.CannotBeKept; then nothing is written.
    """
    _check_rights(kind=kind, is_public=is_public, has_rights=has_rights, has_consent=has_consent)
    _lock(draft)
    _check_number(partnership, draft)
    document = Document.objects.create(
        partnership=partnership,
        draft=draft,
        entry=entry,
        kind=kind,
        title=title,
        file=files.store(upload, folder=FOLDER),
        original_name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        width=upload.width,
        height=upload.height,
        is_public=is_public,
        rights_holder=rights_holder,
        has_rights=has_rights,
        has_consent=has_consent,
        uploaded_by=by,
        uploaded_at=now,
    )
    _note(document, Change.What.DOCUMENT, by=by, now=now)
    register_cache.forget()
    log.info("document_added", document=document.pk, by=by.pk, type=upload.content_type, size=upload.size)
    return document


@transaction.atomic
def edit_document(
    *,
    document: Document,
    title: str,
    is_public: bool,
    rights_holder: str = "",
    has_rights: bool = False,
    has_consent: bool = False,
    by: User,
    now: datetime,
) -> None:
    """What is said of a file. A consent that is withdrawn takes the photo off the public pages at once.

    Raises RightsNotSettled.
    """
    _check_rights(kind=document.kind, is_public=is_public, has_rights=has_rights, has_consent=has_consent)
    said = {
        "title": title,
        "is_public": is_public,
        "rights_holder": rights_holder,
        "has_rights": has_rights,
        "has_consent": has_consent,
    }
    if all(getattr(document, name) == value for name, value in said.items()):
        return
    for name, value in said.items():
        setattr(document, name, value)
    document.save(update_fields=tuple(said))
    _note(document, Change.What.EDITED, by=by, now=now)
    register_cache.forget()
    log.info("document_edited", document=document.pk, by=by.pk, public=is_public)


@transaction.atomic
def delete_document(*, document: Document, by: User, now: datetime) -> None:
    """For good. Of two who delete it at once only the first leaves a line in the history."""
    here = Document.objects.select_for_update().filter(pk=document.pk)
    if not here:
        return
    _note(document, Change.What.DOCUMENT_GONE, by=by, now=now)
    forget_documents(here)
    log.info("document_deleted", document=document.pk, by=by.pk)


@transaction.atomic
def take_over_documents(*, draft: PartnershipDraft, partnership: Partnership) -> int:
    """The draft became a partnership: its files are the partnership's now."""
    return Document.objects.filter(draft=draft).update(draft=None, partnership=partnership)


@transaction.atomic
def forget_documents(documents: DocumentQuerySet) -> None:
    """Rows and files, without a line in the history. Also for whoever deletes what they belong to."""
    names = list(documents.values_list("file", flat=True))
    Document.objects.filter(file__in=names).delete()
    files.remove_on_commit(names)
    register_cache.forget()


def forget_files_of_drafts(person: User) -> None:
    """Somebody is erased: the files of the drafts go at once, not with the next clean-up."""
    forget_documents(Document.objects.filter(draft__person=person))


def delete_orphaned_files(*, now: datetime) -> int:
    """What is left of rows that went with their partnership or draft, and of uploads cut off by a crash."""
    return files.delete_orphans(FOLDER, Document.objects.values_list("file", flat=True), now=now)


def _check_rights(*, kind: str, is_public: bool, has_rights: bool, has_consent: bool) -> None:
    if is_public and kind == Document.Kind.PHOTO and not (has_rights and has_consent):
        raise RightsNotSettled


def _lock(draft: PartnershipDraft | None) -> None:
    """A draft that becomes an entry at this moment takes its files along, or has taken them."""
    if draft is not None and not PartnershipDraft.objects.open().select_for_update().filter(pk=draft.pk):
        raise NothingToAddTo


def _check_number(partnership: Partnership | None, draft: PartnershipDraft | None) -> None:
    most = MOST_FILES if partnership is not None else MOST_FILES_OF_DRAFT
    if Document.objects.filter(partnership=partnership, draft=draft).count() >= most:
        raise TooManyFiles


def _note(document: Document, what: str, *, by: User, now: datetime) -> None:
    """A draft has no history."""
    partnership = document.partnership
    if partnership is not None:
        office = acts_as_office(by, partnership)
        note_change(partnership=partnership, what=what, now=now, by=by, is_office=office, note=str(document))
