"""What is told of new posts: with their text, merged when several come quickly."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.markdown import plain
from discussions.emails.examples import example_group, example_post, example_reader
from discussions.incoming.addresses import reply_address
from discussions.models import Post, ReadMark
from discussions.permissions import can_post, can_view_topic
from notifications.examples import queued
from notifications.kinds import Kind
from notifications.models import Notice


class NewPost(Kind):
    """To who follows the group or the topic, as long as they belong to it and have not read it."""

    name = "new_post"
    title = _("new posts in your groups")
    is_private = True
    wait = timedelta(minutes=10)
    merge = True
    reads = ("topic__group", "author", "attachments")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        post = notice.about
        if not isinstance(post, Post) or post.deleted_at or post.hidden_at or notice.recipient is None:
            return False
        if not can_view_topic(notice.recipient, post.topic):
            return False
        marks = ReadMark.objects.filter(topic=post.topic_id, person=notice.recipient_id)
        return not marks.filter(number__gte=post.number).exists()

    def scope(self, notice: Notice) -> str:
        return f"group:{post_in(notice).topic.group_id}"

    def context(self, notice: Notice) -> dict[str, Any]:
        post = post_in(notice)
        group = post.topic.group
        return {
            "post": post,
            "topic": post.topic,
            "group": group,
            "author": post.author.shown_name if post.author else "",
            "shows_text": group.sends_text,
            "text": plain(post.text) if group.sends_text else "",
            "html": _html_for_mail(post) if group.sends_text else "",
            "may_answer": bool(self.reply_to(notice)),
            "files": [attachment.original_name for attachment in post.attachments.all()]
            if group.sends_text
            else [],
        }

    def path(self, notice: Notice) -> str:
        post = post_in(notice)
        return f"{post.topic.get_absolute_url()}?at={post.number}#post-{post.number}"

    def reply_to(self, notice: Notice) -> str:
        """An answer becomes a post of the topic (discussions/actions/incoming.py)."""
        post = post_in(notice)
        if notice.recipient_id is None or not can_post(notice.recipient, post.topic.group):
            return ""
        return reply_address(post.topic_id, notice.recipient_id)

    def example(self, *, language: str, now: datetime) -> Notice:
        group = example_group(now=now)
        post = example_post(group, now=now)
        reader = example_reader(group, language=language, now=now).person
        return queued(NewPost, to=reader, about=post, now=now)


def _html_for_mail(post: Post) -> str:
    """In a mail there is nothing to jump to: links to other posts lead to the page."""
    page = settings.SITE_URL + post.topic.get_absolute_url()
    return post.html.replace('href="#post-', f'href="{page}#post-')


def post_in(notice: Notice) -> Post:
    """`still_wanted` has asked what a notice is about before anything else is."""
    return cast(Post, notice.about)
