"""What the clock starts."""

from collections.abc import Callable
from datetime import datetime

import structlog
from celery import shared_task
from django.utils import timezone

from accounts.actions import delete_unconfirmed, forget_addresses_of_sign_ins
from core.form_keys import forget_old_keys
from directory.actions import (
    forget_claim_addresses,
    forget_invited_addresses,
    forget_messages,
    forget_reporters,
)
from discussions.actions.notices import forget_notifiers, forget_old_reports
from discussions.actions.retention import (
    delete_orphaned_post_files,
    forget_invited_to_groups,
    forget_notes_of_members,
    forget_old_post_drafts,
)
from notifications.actions import forget_addresses, forget_old_notices, leave_unwanted_unread
from notifications.models import SweepRun
from partnerships.actions import delete_orphaned_files, forget_invited, forget_old_drafts
from portal.actions import forget_ended_sessions
from webinars.actions import (
    delete_orphaned_materials,
    forget_guests,
    forget_needs,
    forget_unconfirmed,
    refresh_moments,
)

log = structlog.get_logger(__name__)

CLEAN_UPS: tuple[Callable[..., object], ...] = (
    forget_old_keys,
    forget_ended_sessions,
    forget_reporters,
    forget_claim_addresses,
    forget_messages,
    forget_invited_addresses,
    forget_addresses,
    forget_old_notices,
    leave_unwanted_unread,
    delete_unconfirmed,
    forget_addresses_of_sign_ins,
    forget_invited,
    forget_old_drafts,
    forget_needs,
    forget_unconfirmed,
    forget_guests,
    delete_orphaned_materials,
    forget_old_post_drafts,
    forget_invited_to_groups,
    forget_notes_of_members,
    forget_notifiers,
    forget_old_reports,
    delete_orphaned_post_files,
    refresh_moments,
    delete_orphaned_files,  # after the drafts: theirs are among them
)
"""Each takes `now`. One that fails does not keep the others from their work."""


@shared_task
def clean_up() -> None:
    forget_everything(now=timezone.now())


def forget_everything(*, now: datetime) -> None:
    SweepRun.objects.update_or_create(name="clean_up", defaults={"ran_at": now})
    for forget in CLEAN_UPS:
        try:
            forget(now=now)
        except Exception:
            log.exception("clean_up_failed", which=forget.__name__)
