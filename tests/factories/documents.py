"""Files of partnerships, written by the action that people's uploads go through."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.files import check_upload
from partnerships import actions
from partnerships.models import Document
from tests.factories.uploads import pdf, picture, upload


def contract(*, by: User, now: datetime | None = None, name: str = "Vertrag.pdf", **more: Any) -> Document:
    """`partnership` or `draft` says of what."""
    said = {"kind": Document.Kind.CONTRACT, **more}
    return actions.add_document(
        upload=check_upload(upload(name, pdf())), by=by, now=now or timezone.now(), **said
    )


def photo(*, by: User, now: datetime | None = None, is_public: bool = False, **more: Any) -> Document:
    said = {"kind": Document.Kind.PHOTO, "title": "Der Chor", "rights_holder": "Éva Nagy", **more}
    return actions.add_document(
        upload=check_upload(upload("Chor.jpg", picture("JPEG", (900, 600)))),
        by=by,
        now=now or timezone.now(),
        is_public=is_public,
        has_rights=is_public,
        has_consent=is_public,
        **said,
    )
