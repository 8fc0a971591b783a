"""What is told of translations: that one is wanted, and that one is there."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import SpokenLanguage
from core.markdown import plain
from discussions.emails.examples import example_group, example_post, example_reader
from discussions.models import Translation
from discussions.permissions import can_translate, can_view_topic
from notifications.examples import queued
from notifications.kinds import Kind
from notifications.models import Notice


class TranslationAsked(Kind):
    """To members of the group who speak the language, as long as nobody has written it."""

    name = "translation_asked"
    title = _("a post is to be translated into a language you speak")
    is_private = True
    wait = timedelta(minutes=10)
    merge = True
    reads = ("post__topic__group", "asked_by")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        if not isinstance(row, Translation) or row.asked_at is None or notice.recipient is None:
            return False
        is_open = not row.text or row.is_machine
        return is_open and can_translate(notice.recipient, row.post, row.language)

    def scope(self, notice: Notice) -> str:
        return f"group:{_row_in(notice).post.topic.group_id}"

    def context(self, notice: Notice) -> dict[str, Any]:
        row = _row_in(notice)
        return {**_facts(row), "who": row.asked_by.shown_name if row.asked_by else ""}

    def path(self, notice: Notice) -> str:
        row = _row_in(notice)
        return reverse("discussions:translate", args=[row.post_id, row.language])

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        post = example_post(group, now=now)
        reader = example_reader(group, language=language, now=now).person
        SpokenLanguage.objects.create(person=reader, language="hu")
        row = Translation.objects.create(post=post, language="hu", asked_at=now, asked_by=post.author)
        return queued(TranslationAsked, to=reader, about=row, now=now)


class TranslationWritten(Kind):
    """To the author of the post and to who asked. Changes of the same translation are not told."""

    name = "translation_written"
    title = _("a post of yours, or one you asked for, was translated")
    is_private = True
    reads = ("post__topic__group", "translator")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        if not isinstance(row, Translation) or not row.text or row.is_machine or notice.recipient is None:
            return False
        if row.post.deleted_at or row.post.hidden_at:
            return False
        return can_view_topic(notice.recipient, row.post.topic)

    def scope(self, notice: Notice) -> str:
        return f"group:{_row_in(notice).post.topic.group_id}"

    def context(self, notice: Notice) -> dict[str, Any]:
        row = _row_in(notice)
        shows_text = row.post.topic.group.sends_text
        return {
            **_facts(row),
            "who": row.translator.shown_name if row.translator else "",
            "code": row.language,
            "text": plain(row.text) if shows_text else "",
            "is_own": row.post.author_id == notice.recipient_id,
        }

    def path(self, notice: Notice) -> str:
        post = _row_in(notice).post
        return f"{post.topic.get_absolute_url()}?at={post.number}#post-{post.number}"

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        post = example_post(group, now=now)
        helper = example_reader(group, language=language, now=now).person
        reader, post.author = post.author, helper
        if reader is None:
            raise ValueError("an example has an author")
        reader.language = language
        reader.save()
        row = Translation.objects.create(
            post=post,
            language="hu",
            text="Példa: kérjük, hozzanak egy fényképet!",
            translator=helper,
            asked_by=reader,
            asked_at=now,
            written_at=now,
            version=1,
        )
        return queued(TranslationWritten, to=reader, about=row, now=now)


def _facts(row: Translation) -> dict[str, Any]:
    """The title of a topic is text, too: where mails are only links it is left out."""
    group = row.post.topic.group
    return {
        "row": row,
        "group": group,
        "number": row.post.number,
        "topic": row.post.topic.title if group.sends_text else "",
        "language_name": row.get_language_display(),
    }


def _row_in(notice: Notice) -> Translation:
    return cast(Translation, notice.about)
