"""Private lines between participants and the coaches of a group."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page

from core.pagination import page_of
from discussions.models import Group, Topic
from discussions.queries.topics import PER_PAGE, Row, row_of, with_mark, with_names


@dataclass(frozen=True, slots=True)
class Lines:
    page: Page[Any]
    rows: list[Row]


def lines_of(group: Group, person: object, page: str | None) -> Lines:
    """One's own; for coaches all of the group. Those that wait come first. Two queries."""
    lines = with_mark(Topic.objects.visible_to(person), person).filter(group=group, is_line=True)
    ordered = with_names(lines).order_by("-needs_answer", "-last_post_at", "-pk")
    found = page_of(ordered, page, total=lines.count(), per_page=PER_PAGE)
    return Lines(found, [row_of(topic) for topic in found.object_list])
