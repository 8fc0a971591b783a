"""What a post says in other languages: asked for, written, taken away. The post is held, as when it is changed."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from core.conflicts import check_version
from core.markdown import RENDERER
from discussions.actions.groups import NotAllowed
from discussions.actions.talk import NothingSaid, rendered
from discussions.emails.languages import TranslationAsked, TranslationWritten
from discussions.models import Post, Translation
from discussions.permissions import (
    can_ask_for_translation,
    can_remove_translation,
    can_translate,
    can_use_machine,
)
from discussions.queries.readers import speakers_of
from notifications.outbox import Told, queue, queue_told

log = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_translation(*, post: Post, language: str, by: User, now: datetime) -> Translation:
    """Asked twice it is one row. Members who speak the language are told. Raises NotAllowed.

    What people have translated need not be asked for; what a machine has, may.
    """
    held = _held(post)
    if not can_ask_for_translation(by, held, language):
        raise NotAllowed
    row = _row_of(held, language)
    if row.asked_at is not None or (row.text and not row.is_machine):
        return row
    row.asked_at, row.asked_by = now, by
    row.save()
    scope = f"group:{held.topic.group_id}"
    people = speakers_of(held.topic, language, but=by)
    told = [Told(row.pk, "", person, "", "", "", scope) for person in people]
    queue_told(TranslationAsked, told, about=Translation, now=now)
    return row


@transaction.atomic
def write_translation(
    *,
    post: Post,
    language: str,
    text: str,
    by: User,
    now: datetime,
    base_version: int | None = None,
    of_version: int | None = None,
) -> Translation:
    """Takes the place of what was there, of a machine or another person. The author and who asked are told once.

    `base_version` is that of the translation (0: there was none), `of_version` that of the post it was made from.
    Raises EditConflict, NotAllowed, NothingSaid.
    """
    held = _held(post)
    if not can_translate(by, held, language):
        raise NotAllowed
    row = _row_of(held, language)
    if base_version is not None:
        check_version(row, base_version)
    if not text.strip():
        raise NothingSaid
    is_new = not row.text or row.is_machine
    row.translator, row.is_machine = by, False
    _say(row, held, text, of_version, now)
    if is_new:
        wanted = [number for number in {held.author_id, row.asked_by_id} if number and number != by.pk]
        readers = User.objects.filter(pk__in=wanted, is_active=True)
        queue(TranslationWritten, to=readers, about=row, once=str(row.version), now=now)
    return row


@transaction.atomic
def keep_machine_text(
    *, post: Post, language: str, text: str, by: User, now: datetime, of_version: int
) -> Translation:
    """What discussions.machine has answered. Never in place of what a person wrote. Raises NotAllowed, NothingSaid."""
    held = _held(post)
    if not can_use_machine(by, held, language):
        raise NotAllowed
    if not text.strip():
        raise NothingSaid
    row = _row_of(held, language)
    if row.text and not row.is_machine:
        return row
    row.translator, row.is_machine = None, True
    _say(row, held, text, of_version, now)
    log.info("post_translated_by_machine", post=held.pk, language=language, by=by.pk)
    return row


@transaction.atomic
def remove_translation(*, post: Post, language: str, by: User) -> None:
    """What somebody has asked for stays asked for. Raises NotAllowed."""
    held = _held(post)
    row = Translation.objects.filter(post=held, language=language).exclude(text="").first()
    if row is None:
        return
    row.post = held
    if not can_remove_translation(by, row):
        raise NotAllowed
    log.info("translation_removed", post=held.pk, language=language, by=by.pk)
    if row.asked_at is None:
        row.delete()
        return
    row.text, row.html, row.translator, row.is_machine, row.written_at = "", "", None, False, None
    row.version += 1
    row.save()


def _say(row: Translation, post: Post, text: str, of_version: int | None, now: datetime) -> None:
    row.text, row.html, row.renderer = text, rendered(text, post.topic), RENDERER
    row.of_version = min(of_version or post.version, post.version)
    row.written_at = now
    row.version += 1
    row.save()


def _held(post: Post) -> Post:
    rows = Post.objects.select_for_update(of=("self",)).select_related("topic__group")
    return rows.get(pk=post.pk)


def _row_of(post: Post, language: str) -> Translation:
    row, _is_new = Translation.objects.get_or_create(post=post, language=language)
    return row
