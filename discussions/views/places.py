"""Where a page stands, and where a post does."""

from django.urls import reverse
from django.utils.translation import gettext as _

from discussions.models import Group, Post


def address_of(post: Post) -> str:
    return f"{post.topic.get_absolute_url()}?at={post.number}#post-{post.number}"


def way_to(group: Group, *items: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Groups"), reverse("discussions:list")), (group.name, group.get_absolute_url()), *items]


def way_to_post(post: Post, word: str) -> list[tuple[str, str]]:
    return way_to(post.topic.group, (post.topic.title, address_of(post)), (word, ""))
