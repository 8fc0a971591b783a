"""The stored HTML of posts and translations, for a page."""

from typing import Protocol

from django.utils.safestring import SafeString, mark_safe

from core.markdown import RENDERER, render_post
from discussions.models import Topic
from discussions.queries.readers import name_in


class Stored(Protocol):
    """A post, a translation, or a row with these columns of one."""

    @property
    def html(self) -> str: ...
    @property
    def renderer(self) -> int: ...
    @property
    def text(self) -> str: ...


def html_of(row: Stored, topic: Topic) -> SafeString:
    """What an older version of the renderer made is not believed; it is stored anew with the next change."""
    html = row.html
    if row.renderer != RENDERER:
        html = render_post(row.text, mention=lambda number: name_in(topic.group, number))
    return mark_safe(html)  # noqa: S308 -- render_post escapes and sanitizes
