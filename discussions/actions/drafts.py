"""Files of a draft: kept while somebody still writes, so that a preview or a refusal loses none."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from core import files
from core.files import CheckedFile
from discussions.models import Attachment, Draft, Post

FOLDER = "posts"
MOST_FILES = 10
"""Of one post."""


class TooManyFiles(Exception):
    """More files than a post may have. None of the new ones is kept."""


@transaction.atomic
def attach_files(*, draft: Draft, uploads: Sequence[CheckedFile], now: datetime) -> None:
    """Sent twice, a file is kept once. Raises TooManyFiles, files.CannotBeKept."""
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    known = set(row.attachments.values_list("original_name", "size"))
    new = [upload for upload in uploads if (upload.name, upload.size) not in known]
    if len(known) + len(new) > MOST_FILES:
        raise TooManyFiles
    for upload in new:
        keep_file(upload, now=now, draft=row)


def keep_file(
    upload: CheckedFile, *, now: datetime, draft: Draft | None = None, post: Post | None = None
) -> None:
    """Of a draft, or of a post that came with it. Raises files.CannotBeKept."""
    Attachment.objects.create(
        draft=draft,
        post=post,
        file=files.store(upload, folder=FOLDER),
        original_name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        width=upload.width,
        height=upload.height,
        uploaded_at=now,
    )


@transaction.atomic
def take_files_out(*, draft: Draft, attachments: Iterable[Attachment]) -> None:
    """Those of other drafts and of posts stay."""
    going = Attachment.objects.filter(draft=draft, pk__in=[attachment.pk for attachment in attachments])
    files.remove_on_commit([attachment.file for attachment in going])
    going.delete()
