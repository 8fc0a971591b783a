"""Topics and posts. Whoever adds to a topic holds its row: numbers have no gaps, and counts are exact."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from core import files
from core.conflicts import check_version
from core.folding import fold
from core.markdown import RENDERER, render_post
from core.prepared import prepared
from core.transactions import in_one_transaction
from discussions.actions.groups import NotAllowed
from discussions.choices import Answer, Belonging, Role, TopicKind
from discussions.emails.posts import NewPost
from discussions.models import (
    Attachment,
    Draft,
    Group,
    Membership,
    Option,
    Post,
    PostVersion,
    Reaction,
    ReadMark,
    Topic,
    Vote,
)
from discussions.permissions import (
    can_coach,
    can_delete_post,
    can_edit_post,
    can_lead,
    can_post,
)
from discussions.queries.readers import followers_of, name_in
from discussions.queries.rooms import columns_with_group, with_its_group
from notifications.outbox import queue_chosen

log = structlog.get_logger(__name__)

NEW_FOR = timedelta(hours=24)
MOST_OF_NEW = 10
"""Posts an hour of somebody who joined the group less than a day ago."""
MOST_AN_HOUR = 60


class TooFast(Exception):
    """More posts in an hour than a person writes."""


class NothingSaid(Exception):
    """A post has a text or a file."""


class Over(Exception):
    """The poll is closed."""


@transaction.atomic
def start_topic(
    *,
    group: Group,
    kind: str,
    title: str,
    text: str,
    by: User,
    now: datetime,
    options: Sequence[str] = (),
    dates: Sequence[datetime] = (),
    closes_at: datetime | None = None,
    draft: Draft | None = None,
    is_line: bool = False,
    language: str = "",
) -> Topic:
    """With its first post. A question in a group with coaches waits for their answer, and so does a private line.

    `options` of a poll, `dates` (UTC) of a date poll. Files lie in `draft`. Raises NotAllowed, TooFast, NothingSaid.
    """
    if not can_post(by, group):
        raise NotAllowed
    needs_answer = is_line or (
        kind == TopicKind.QUESTION and _has_coaches(group) and not can_coach(by, group)
    )
    topic = Topic.objects.create(
        group=group,
        kind=kind,
        title=title,
        author=by,
        is_line=is_line,
        line_of=by if is_line else None,
        created_at=now,
        last_post_at=now,
        needs_answer=needs_answer,
        waits_since=now if needs_answer else None,
        closes_at=closes_at,
        search_text=fold(title),
    )
    if not is_line:
        Group.objects.filter(pk=group.pk).update(topics_count=F("topics_count") + 1)
    for position, words in enumerate(options):
        Option.objects.create(topic=topic, position=position, text=words)
    for position, moment in enumerate(dates):
        Option.objects.create(topic=topic, position=position, starts_at=moment)
    post(topic=topic, text=text, by=by, now=now, draft=draft, language=language)
    topic.refresh_from_db()
    return topic


@in_one_transaction
def post(
    *,
    topic: Topic,
    text: str,
    by: User,
    now: datetime,
    draft: Draft | None = None,
    takes_draft: bool = False,
    came_by_mail: bool = False,
    message_id: str = "",
    language: str = "",
) -> Post:
    """Say something. Who follows is told in one statement, ten minutes later, in one mail with what comes meanwhile.

    Files lie in `draft`, or in the draft there is (`takes_draft`: a form says so, a mail does not).
    A mail delivered twice (`message_id`) gives the post it made. Raises NotAllowed, TooFast, NothingSaid.
    """
    row = _held(topic, by, now)
    if message_id and (known := row.posts.filter(message_id=message_id).first()):
        return known
    if takes_draft and row.writer_draft:
        draft = Draft.objects.filter(pk=row.writer_draft).first()
    if not text.strip() and not (draft and draft.attachments.exists()):
        raise NothingSaid
    _check_pace(row, now)
    row.last_number += 1
    said = Post.objects.create(
        topic=row,
        group=row.group,
        number=row.last_number,
        author=by,
        text=text,
        html=rendered(text, row),
        renderer=RENDERER,
        language=language,
        posted_at=now,
        came_by_mail=came_by_mail,
        message_id=message_id,
        search_text=fold(text),
    )
    row.last_post_at, row.last_author = now, by
    _note_whose_turn_it_is(row, now)
    _note_last(row)
    if draft is not None:
        Attachment.objects.filter(draft=draft).update(post=said, draft=None)
        draft.delete()
    people, values = followers_of(row, but=by)
    queue_chosen(NewPost, people=people, values=values, about=said, scope=f"group:{row.group_id}", now=now)
    return said


@transaction.atomic
def edit_post(*, post: Post, text: str, by: User, now: datetime, base_version: int) -> Post:
    """What it said before is kept beside it. Nobody is told again. Raises EditConflict, NotAllowed, NothingSaid."""
    row = Post.objects.select_for_update(of=("self",)).select_related("topic__group").get(pk=post.pk)
    if not can_edit_post(by, row):
        raise NotAllowed
    check_version(row, base_version)
    if not text.strip() and not row.attachments.exists():
        raise NothingSaid
    if text == row.text:
        return row
    PostVersion.objects.create(post=row, text=row.text, replaced_at=now)
    row.text, row.html, row.renderer = text, rendered(text, row.topic), RENDERER
    row.edited_at, row.search_text = now, fold(text)
    row.version += 1
    row.save()
    return row


@transaction.atomic
def delete_post(*, post: Post, by: User, now: datetime) -> None:
    """Text, files and earlier versions go; that somebody wrote here stays. Raises NotAllowed."""
    row = Post.objects.select_for_update(of=("self",)).select_related("topic__group").get(pk=post.pk)
    if row.deleted_at is not None:
        return
    if not can_delete_post(by, row):
        raise NotAllowed
    empty(row)
    row.deleted_at = now
    row.version += 1
    row.save()


def empty(row: Post) -> None:
    """Nothing of what it said is left. The caller saves it."""
    files.remove_on_commit([attachment.file for attachment in row.attachments.all()])
    row.attachments.all().delete()
    row.versions.all().delete()
    row.translations.all().delete()
    row.text, row.html, row.search_text = "", "", ""


@transaction.atomic
def react(*, post: Post, feeling: str, by: User, on: bool) -> None:
    if not can_post(by, post.topic.group):
        raise NotAllowed
    if on:
        Reaction.objects.get_or_create(post=post, person=by, feeling=feeling)
    else:
        Reaction.objects.filter(post=post, person=by, feeling=feeling).delete()


@transaction.atomic
def mark_read(*, topic: Topic, by: User, number: int) -> None:
    """Never back: who opens an earlier page has read the later one all the same."""
    _mark(topic, by, min(number, topic.last_number))


@transaction.atomic
def follow(*, topic: Topic, by: User, following: str) -> None:
    """Beats what is chosen for the group; empty: as for the group."""
    ReadMark.objects.update_or_create(topic=topic, person=by, defaults={"following": following})


@transaction.atomic
def pin(*, topic: Topic, by: User, on: bool) -> None:
    if not can_lead(by, topic.group):
        raise NotAllowed
    Topic.objects.filter(pk=topic.pk).update(is_pinned=on)


@transaction.atomic
def mark_answered(*, topic: Topic, answer: Post | None, by: User, now: datetime) -> None:
    """By who asked, and by who leads. Without a post it is answered elsewhere. Raises NotAllowed."""
    row = Topic.objects.select_for_update(of=("self",)).select_related("group").get(pk=topic.pk)
    if not can_lead(by, row.group) and row.author_id != by.pk:
        raise NotAllowed
    row.needs_answer, row.waits_since, row.answered_at, row.answer = False, None, now, answer
    row.save()


@transaction.atomic
def ask_again(*, topic: Topic, by: User, now: datetime) -> None:
    """It is not answered after all. Raises NotAllowed."""
    row = Topic.objects.select_for_update(of=("self",)).select_related("group").get(pk=topic.pk)
    if not can_lead(by, row.group) and row.author_id != by.pk:
        raise NotAllowed
    row.needs_answer, row.waits_since, row.answered_at, row.answer = True, now, None, None
    row.save()


@transaction.atomic
def take_topic(*, topic: Topic, by: User, on: bool) -> User | None:
    """A coach says: I answer this one. Taken already by another, it stays with that one, as long as they are coach.

    Who has it now. Raises NotAllowed.
    """
    row = Topic.objects.select_for_update(of=("self",)).select_related("group", "taken_by").get(pk=topic.pk)
    if not can_coach(by, row.group):
        raise NotAllowed
    if on and not can_coach(row.taken_by, row.group):
        row.taken_by = by
    elif not on and row.taken_by_id == by.pk:
        row.taken_by = None
    row.save()
    return row.taken_by


@transaction.atomic
def put_into_faq(*, topic: Topic, by: User, on: bool) -> None:
    """Answered questions others will ask, too. Raises NotAllowed."""
    if not can_lead(by, topic.group) or topic.is_line:
        raise NotAllowed
    Topic.objects.filter(pk=topic.pk).update(is_faq=on)


@transaction.atomic
def vote(*, topic: Topic, answers: dict[int, str], by: User, now: datetime) -> None:
    """`answers` by the number of the option; what is not in it is taken back. Raises NotAllowed, Over."""
    if not can_post(by, topic.group):
        raise NotAllowed
    if topic.closes_at is not None and topic.closes_at <= now:
        raise Over
    options = {option.pk: option for option in topic.options.all()}
    Vote.objects.filter(option__in=options, person=by).exclude(option__in=answers).delete()
    for number, answer in answers.items():
        if number in options and answer in Answer.values:
            Vote.objects.update_or_create(option=options[number], person=by, defaults={"answer": answer})


@transaction.atomic
def save_draft(*, group: Group, topic: Topic | None, title: str, text: str, by: User, now: datetime) -> Draft:
    """What is typed outlives a lost session; there is one for each topic, and one for a new topic."""
    # Sent twice at once: the second form waits here, instead of meeting a draft the first one is about to forget.
    list(Membership.objects.select_for_update().filter(group=group, person=by).order_by())
    values = {"title": title, "text": text, "changed_at": now}
    draft, _is_new = Draft.objects.update_or_create(person=by, group=group, topic=topic, defaults=values)
    return draft


@transaction.atomic
def forget_draft(*, draft: Draft) -> None:
    files.remove_on_commit([attachment.file for attachment in draft.attachments.all()])
    draft.delete()


def rendered(text: str, topic: Topic) -> str:
    """Mentions are of members only: others stay text."""
    return render_post(text, mention=lambda number: name_in(topic.group, number))


def _held(topic: Topic, by: User, now: datetime) -> Any:
    """The row of this moment with its group, locked, and what `by` is there: who answers, answers after another.

    Raises Topic.DoesNotExist, and NotAllowed for who may not write here.
    """
    # Two statements: the second one begins when the lock is ours, and sees what was done until then.
    if not _lock.rows(topic=topic.pk):
        raise Topic.DoesNotExist
    found = _to_write_in.models(topic=topic.pk, person=by.pk, hour_ago=now - timedelta(hours=1))
    row: Any = with_its_group(found[0])
    if row.writer_state != Belonging.ACTIVE or row.group.is_archived:
        raise NotAllowed
    if row.is_line and row.writer_role != Role.COACH and row.line_of_id != by.pk:
        raise NotAllowed
    return row


@prepared
def _lock(topic: int) -> Any:
    return Topic.objects.select_for_update().filter(pk=topic).order_by().values_list("pk")


@prepared
def _to_write_in(topic: int, person: int, hour_ago: datetime) -> QuerySet[Topic]:
    """`lately`: how many posts `person` has written in the group since."""
    posts = Post.objects.filter(group=OuterRef("group"), author=person, posted_at__gt=hour_ago)
    counted = posts.order_by().values("author").annotate(number=Count("pk")).values("number")
    rows = Topic.objects.filter(pk=topic).annotate(
        writer=FilteredRelation("group__memberships", condition=Q(group__memberships__person=person)),
        writer_state=F("writer__state"),
        writer_role=F("writer__role"),
        writer_since=F("writer__since"),
        writer_draft=Subquery(Draft.objects.filter(topic=topic, person=person).values("pk")[:1]),
        lately=Coalesce(Subquery(counted), 0),
    )
    return columns_with_group(rows)


def _check_pace(row: Any, now: datetime) -> None:
    since = row.writer_since if row.writer_role == Role.MEMBER else None
    is_new = since is not None and since > now - NEW_FOR
    if row.lately >= (MOST_OF_NEW if is_new else MOST_AN_HOUR):
        raise TooFast


def _note_whose_turn_it_is(topic: Any, now: datetime) -> None:
    """What a participant adds to a line or an open question waits for the coaches; what a coach writes answers it."""
    if topic.kind != TopicKind.QUESTION and not topic.is_line:
        return
    if topic.writer_role == Role.COACH:
        topic.needs_answer, topic.waits_since = False, None
    elif topic.is_line and not topic.needs_answer:
        topic.needs_answer, topic.waits_since = True, now


def _note_last(topic: Topic) -> None:
    """Whoever writes has read: under the topic's lock nothing newer is there. One statement, as it is the most
    frequent thing that happens here."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH own AS (
                INSERT INTO {ReadMark._meta.db_table} (topic_id, person_id, number, following)
                VALUES (%(topic)s, %(author)s, %(number)s, '')
                ON CONFLICT (person_id, topic_id) DO UPDATE SET number = EXCLUDED.number
            )
            UPDATE {Topic._meta.db_table} SET last_number = %(number)s, last_post_at = %(at)s,
                last_author_id = %(author)s, needs_answer = %(needs_answer)s, waits_since = %(waits_since)s
            WHERE id = %(topic)s
            """,  # noqa: S608 -- names of our own tables
            {
                "topic": topic.pk,
                "author": topic.last_author_id,
                "number": topic.last_number,
                "at": topic.last_post_at,
                "needs_answer": topic.needs_answer,
                "waits_since": topic.waits_since,
            },
        )


def _mark(topic: Topic, person: User, number: int) -> None:
    mark, is_new = ReadMark.objects.get_or_create(topic=topic, person=person, defaults={"number": number})
    if not is_new and mark.number < number:
        ReadMark.objects.filter(pk=mark.pk, number__lt=number).update(number=number)


def _has_coaches(group: Group) -> bool:
    return Membership.objects.active().filter(group=group, role=Role.COACH).exists()
