"""A partnership is filled in step by step; what is filled in is kept until it is registered or forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from accounts.models import User
from partnerships.actions.documents import forget_documents
from partnerships.models import Document, PartnershipDraft

log = structlog.get_logger(__name__)

DRAFTS_KEPT = timedelta(days=180)
"""After the last change; what became an entry leads there as long."""


class DraftIsClosed(Exception):
    """Registered or thrown away meanwhile, in another window: nothing more can be filled in."""


@transaction.atomic
def start_draft(*, step: str, values: Mapping[str, Any], by: User, now: datetime) -> PartnershipDraft:
    draft = PartnershipDraft.objects.create(
        person=by, data={step: dict(values)}, started_at=now, changed_at=now
    )
    log.info("draft_started", draft=draft.pk, by=by.pk)
    return draft


@transaction.atomic
def save_step(
    *, draft: PartnershipDraft, step: str, values: Mapping[str, Any], now: datetime
) -> PartnershipDraft:
    """Only this step is written anew: another window may be at another one. Raises DraftIsClosed."""
    current = PartnershipDraft.objects.open().select_for_update().filter(pk=draft.pk).first()
    if current is None:
        raise DraftIsClosed
    draft = current
    draft.data = {**draft.data, step: dict(values)}
    draft.changed_at = now
    draft.save(update_fields=("data", "changed_at"))
    return draft


@transaction.atomic
def discard_draft(*, draft: PartnershipDraft, by: User) -> None:
    """Throw away what was filled in. Of a registered one nothing is left to throw away."""
    gone = PartnershipDraft.objects.open().filter(pk=draft.pk)
    forget_documents(Document.objects.filter(draft__in=gone))
    gone.delete()
    log.info("draft_discarded", draft=draft.pk, by=by.pk)


@transaction.atomic
def forget_old_drafts(*, now: datetime) -> int:
    """Drafts nobody has touched for half a year."""
    old = PartnershipDraft.objects.filter(changed_at__lt=now - DRAFTS_KEPT)
    deleted = old.count()
    forget_documents(Document.objects.filter(draft__in=old))
    old.delete()
    return deleted
