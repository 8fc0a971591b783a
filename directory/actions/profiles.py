"""What a municipality or an organisation says about itself."""

from collections.abc import Mapping
from typing import Any, TypeVar

import structlog
from django.db import transaction

from accounts.models import User
from core.conflicts import check_version
from directory.actions.places import save_municipality
from directory.models import Municipality, Organisation, ProfileText

log = structlog.get_logger(__name__)
Subject = TypeVar("Subject", Municipality, Organisation)


@transaction.atomic
def save_profile(
    *,
    subject: Subject,
    descriptions: Mapping[str, str],
    website: str,
    texts: Mapping[str, str],
    base_version: int | None,
    by: User,
) -> Subject:
    """Save the texts: `descriptions` of the languages that have a column, `texts` of the others, all there are.

    `base_version` is the version that was edited, or None where the caller has asked already. Raises EditConflict.
    """
    rows: Any = type(subject)._default_manager.select_for_update(no_key=True)
    row: Subject = rows.get(pk=subject.pk)
    if base_version is not None:
        check_version(row, base_version)
    for code, text in descriptions.items():
        setattr(row, f"description_{code}", text)
    row.website = website
    _save_texts(row, texts)
    if isinstance(row, Municipality):
        save_municipality(municipality=row, by=by)
    else:
        row.version += 1
        row.save()
    log.info("profile_saved", subject=f"{row._meta.model_name} {row.pk}", by=by.pk)
    return row


def _save_texts(row: Municipality | Organisation, texts: Mapping[str, str]) -> None:
    row.profile_texts.exclude(language__in=texts).delete()
    key = {"municipality": row} if isinstance(row, Municipality) else {"organisation": row}
    for language, text in texts.items():
        ProfileText.objects.update_or_create(**key, language=language, defaults={"text": text})
