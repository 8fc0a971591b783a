"""Files of a session: slides, minutes, photos. What may be uploaded says core/files.py."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from core import files
from core.files import CheckedFile
from webinars.models import Material, Session

log = structlog.get_logger(__name__)

FOLDER = "sessions"
MOST_FILES = 50


class TooManyFiles(Exception):
    """The session has as many files as one may have."""


@transaction.atomic
def add_material(
    *,
    session: Session,
    upload: CheckedFile,
    kind: str,
    title_de: str,
    title_en: str,
    access: str,
    by: User,
    now: datetime,
) -> Material:
    """Raises TooManyFiles or files.CannotBeKept; then nothing is written."""
    if session.materials.count() >= MOST_FILES:
        raise TooManyFiles
    material = Material.objects.create(
        session=session,
        kind=kind,
        title_de=title_de,
        title_en=title_en,
        access=access,
        file=files.store(upload, folder=FOLDER),
        original_name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        uploaded_by=by,
        uploaded_at=now,
    )
    log.info("material_added", session=session.pk, material=material.pk, by=by.pk)
    return material


@transaction.atomic
def delete_material(*, material: Material, by: User) -> None:
    files.remove_on_commit([material.file])
    log.info("material_deleted", material=material.pk, by=by.pk)
    material.delete()


def delete_orphaned_materials(*, now: datetime) -> int:
    kept = [material.file for material in Material.objects.only("file")]
    return files.delete_orphans(FOLDER, kept, now=now)
