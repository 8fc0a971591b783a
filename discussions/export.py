"""A copy of a group for one of its members, to be read without ViPaD: what this person may read, and nothing else.

The archive (ZIP) holds `index.html`, `topics/<number>.html`, `files/<number>-<name>` and `group.json`:

    {"format": "vipad-group", "version": 1, "made_at": "2027-03-26T09:00:00+00:00",
     "group": {"name", "purpose", "rules", "languages", "access", "state", "created_at"},
     "members": [{"name", "role", "since"}],
     "topics": [{"number", "kind", "title", "author", "is_private_line", "created_at", "answered_at", "answer",
                 "closes_at", "options": [{"text", "starts_at", "yes", "maybe", "no"}],
                 "posts": [{"number", "author", "posted_at", "edited_at", "came_by_mail", "language",
                            "state": "readable" | "deleted" | "hidden", "text",
                            "translations": [{"language", "text"}],
                            "files": [{"name", "path", "size", "content_type"}]}]}]}

Times are UTC in ISO 8601, null where there is none. `author` is a name, null of a former member. `answer` is the number
of a post. Text is Markdown. `path` leads into the archive; null where the file itself is lost. A new version of the
format only adds; when something changes its meaning, `version` grows.
"""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

import structlog
from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet
from django.template.loader import render_to_string

from accounts.models import User
from accounts.personal_data import as_date
from core.files import clean_name
from core.markdown import RENDERER
from discussions.actions.talk import rendered
from discussions.choices import Answer
from discussions.models import Attachment, Group, Membership, Option, Post, Topic

log = structlog.get_logger(__name__)

VERSION = 1
_TEMPLATES = "discussions/archive"
_TEMPORARY = 5 * 1024 * 1024
"""Up to so many bytes are kept in memory; larger ones in a file without a name that goes with its last reader."""


@dataclass
class _Archive:
    zip: zipfile.ZipFile
    person: User
    now: datetime
    lost: set[int] = field(default_factory=set)


def group_archive(*, group: Group, person: User, now: datetime) -> IO[bytes]:
    """Open, at its beginning; closed it is gone. Whoever calls has asked whether the person belongs to the group."""
    content: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_TEMPORARY)  # noqa: SIM115 -- the answer closes it
    try:
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(_Archive(archive, person, now), group)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return content


def _write(archive: _Archive, group: Group) -> None:
    """One topic at a time: a group may be large."""
    topics = _topics(group, archive.person)
    told = []
    for topic in topics:
        posts = list(_posts(topic))
        for post in posts:
            _write_files(archive, post)
        shown = [_Shown(post, _state(post), _html(post, topic), _files(archive, post)) for post in posts]
        context = {"group": group, "topic": topic, "posts": shown, "options": _options(topic)}
        archive.zip.writestr(f"topics/{topic.pk}.html", render_to_string(f"{_TEMPLATES}/topic.html", context))
        told.append(_topic(topic, shown))
    members = _members(group)
    index = {"group": group, "topics": topics, "members": members, "now": archive.now}
    archive.zip.writestr("index.html", render_to_string(f"{_TEMPLATES}/index.html", index))
    data = {
        "format": "vipad-group",
        "version": VERSION,
        "made_at": as_date(archive.now),
        "group": _group(group),
        "members": members,
        "topics": told,
    }
    archive.zip.writestr("group.json", json.dumps(data, ensure_ascii=False, indent=1))


@dataclass(frozen=True)
class _Shown:
    post: Post
    state: str
    html: str
    files: list[dict[str, Any]]


def _topics(group: Group, person: User) -> QuerySet[Topic]:
    """Private lines only for whom they are open."""
    rows = Topic.objects.visible_to(person).filter(group=group).select_related("group", "author", "answer")
    return rows.prefetch_related(Prefetch("options", Option.objects.prefetch_related("votes"))).order_by(
        "created_at", "pk"
    )


def _posts(topic: Topic) -> QuerySet[Post]:
    rows = topic.posts.select_related("author").prefetch_related("attachments", "translations")
    return rows.order_by("number")


def _state(post: Post) -> str:
    if post.deleted_at:
        return "deleted"
    return "hidden" if post.hidden_at else "readable"


def _html(post: Post, topic: Topic) -> str:
    """Made anew where an older version of ours has made it."""
    return post.html if post.renderer == RENDERER else rendered(post.text, topic)


def _write_files(archive: _Archive, post: Post) -> None:
    for attachment in _readable_files(post):
        try:
            with (
                default_storage.open(attachment.file) as source,
                archive.zip.open(_path(attachment), "w", force_zip64=True) as target,
            ):
                shutil.copyfileobj(source, target)
        except OSError:
            log.error("file_missing", attachment=attachment.pk)
            archive.lost.add(attachment.pk)


def _readable_files(post: Post) -> Iterator[Attachment]:
    yield from post.attachments.all() if _state(post) == "readable" else ()


def _path(attachment: Attachment) -> str:
    """The number in front: two files may have one name, and some systems refuse names like "aux"."""
    return f"files/{attachment.pk}-{clean_name(attachment.original_name)}"


def _files(archive: _Archive, post: Post) -> list[dict[str, Any]]:
    return [
        {
            "name": attachment.original_name,
            "path": None if attachment.pk in archive.lost else _path(attachment),
            "size": attachment.size,
            "content_type": attachment.content_type,
        }
        for attachment in _readable_files(post)
    ]


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "purpose": group.purpose,
        "rules": group.rules,
        "languages": group.languages,
        "access": group.access,
        "state": group.state,
        "created_at": as_date(group.created_at),
    }


def _members(group: Group) -> list[dict[str, Any]]:
    rows = Membership.objects.active().filter(group=group).select_related("person").order_by("since", "pk")
    return [{"name": row.person.shown_name, "role": row.role, "since": as_date(row.since)} for row in rows]


def _topic(topic: Topic, shown: list[_Shown]) -> dict[str, Any]:
    return {
        "number": topic.pk,
        "kind": topic.kind,
        "title": topic.title,
        "author": _name(topic.author),
        "is_private_line": topic.is_line,
        "created_at": as_date(topic.created_at),
        "answered_at": as_date(topic.answered_at),
        "answer": topic.answer.number if topic.answer else None,
        "closes_at": as_date(topic.closes_at),
        "options": [{**option, "starts_at": as_date(option["starts_at"])} for option in _options(topic)],
        "posts": [_post(one) for one in shown],
    }


def _post(shown: _Shown) -> dict[str, Any]:
    post, is_readable = shown.post, shown.state == "readable"
    written = [row for row in post.translations.all() if row.text] if is_readable else []
    return {
        "number": post.number,
        "author": _name(post.author),
        "posted_at": as_date(post.posted_at),
        "edited_at": as_date(post.edited_at),
        "came_by_mail": post.came_by_mail,
        "language": post.language,
        "state": shown.state,
        "text": post.text if is_readable else "",
        "translations": [{"language": row.language, "text": row.text} for row in written],
        "files": shown.files,
    }


def _options(topic: Topic) -> list[dict[str, Any]]:
    """How often each answer was given, not by whom."""
    options = []
    for option in topic.options.all():
        answers = [vote.answer for vote in option.votes.all()]
        counts = {str(answer.value): answers.count(answer.value) for answer in Answer}
        options.append({"text": option.text, "starts_at": option.starts_at, **counts})
    return options


def _name(person: User | None) -> str | None:
    return person.shown_name if person and not person.erased_at else None
