"""A closed group full of unmistakable words, those who stand outside, and what is there for nobody.

All rows of the group have one of three numbers, so that a number in an address opens a group, a topic, a post, a file,
a membership, a report … at once. `NOT_THERE` has the same shapes, and nothing has them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from core.files import check_upload
from core.links import make_token
from core.markdown import RENDERER, render_post
from core.visibility import Visibility
from discussions import choices
from discussions.actions import drafts, groups, people, talk
from discussions.choices import Role
from discussions.emails.people import INVITATION, invitation_path
from discussions.models import (
    Attachment,
    Draft,
    Group,
    Invitation,
    Membership,
    Post,
    PostVersion,
    Reaction,
    Report,
    Topic,
    Translation,
)
from notifications.models import Notice
from tests.conftest import grant
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory
from tests.factories.uploads import pdf, picture, upload

FIRST, SECOND, THIRD = 7_310_001, 7_310_002, 7_310_003
NUMBERS = (FIRST, SECOND, THIRD)
SLUG, OTHER_SLUG = "qvgslug", "elsewhere"
REFERENCE = "V-QVGR-7K9M"
FILE_NAME, PICTURE_NAME = "Qvgfilename.pdf", "Qvgpicture.png"

# In an address: what belongs to the group, and a thing of the same shape that never was.
NOT_THERE = {
    **dict.fromkeys(map(str, NUMBERS), "7319990"),
    SLUG: "xwjslug",
    REFERENCE: "V-XWJR-7K9M",
    FILE_NAME: "Xwjfilename.pdf",
}

NAME, PURPOSE, RULES = "Qvgname", "Qvgpurpose", "Qvgrules"
PERSON, INVITED = "Qvgperson", "qvginvited@guest.example"
LINE = "Qvgline"
TITLE, TEXT, DRAFT, VERSION, OPTION = "Qvgtitle", "Qvgtext", "Qvgdraft", "Qvgversion", "Qvgoption"
DELETED, HIDDEN, TRANSLATION, REPORT = "Qvgdeleted", "Qvghidden", "Qvgtranslation", "Qvgreport"
FILE_TEXT, REASON, DRAFT_FILE = "Qvgfiletext", "Qvgreason", "Qvgdraftfile.pdf"

# The words, each with where members of the group read it: a marker nobody can read proves nothing.
MARKERS = (
    NAME, PURPOSE, RULES, PERSON, INVITED, LINE, TITLE, TEXT, DRAFT, VERSION, OPTION, DELETED, HIDDEN, TRANSLATION,
    REPORT, FILE_NAME, FILE_TEXT, PICTURE_NAME, REASON, DRAFT_FILE,
)  # fmt: skip
GONE = {
    DELETED: "its text is deleted with the post",
    HIDDEN: "its author alone reads it, where the reason stands",
}

ROLES = (
    "visitor", "outsider", "left", "removed", "banned", "invited", "asked", "moderator", "staff", "superuser",
)  # fmt: skip


@dataclass
class World:
    """`people` by role; `token` of the open invitation by mail; `marks` are looked for as bytes, in small letters."""

    group: Group
    people: dict[str, User]
    token: str
    small_picture: bytes

    @property
    def marks(self) -> tuple[bytes, ...]:
        return (*(word.lower().encode() for word in MARKERS), self.small_picture.lower())


def renumber(row: Model, number: int) -> None:
    """The row again under another number; before anything hangs on it."""
    type(row)._default_manager.filter(pk=row.pk).update(**{row._meta.pk.name: number})  # type: ignore[union-attr]
    row.pk = number


def plant() -> World:
    now = timezone.now() - timedelta(days=3)
    cast = _people()
    group = GroupFactory(
        pk=FIRST, slug=SLUG, name=NAME, purpose=PURPOSE, rules=RULES, access=choices.Access.OPEN
    )
    for role in ("coach", "left", "removed", "banned"):
        MembershipFactory(group=group, person=cast[role], role=Role.COACH if role == "coach" else Role.MEMBER)
    MembershipFactory(pk=FIRST, group=group, person=cast["member"])
    MembershipFactory(
        group=GroupFactory(slug=OTHER_SLUG, name="Andere"), person=cast["moderator"], role=Role.MODERATOR
    )
    Group.objects.filter(pk=FIRST).update(takes_requests=True)
    group.refresh_from_db()
    people.ask_to_join(group=group, by=cast["asked"], note="Bitte", now=now)
    Group.objects.filter(pk=FIRST).update(access=choices.Access.CLOSED, takes_requests=False)
    group.refresh_from_db()
    _talk(group, cast, now)
    _end(group, cast, now)
    token = _invite(group, cast, now)
    attachment = Attachment.objects.get(original_name=PICTURE_NAME)
    return World(group, cast, token, _small(attachment))


def _people() -> dict[str, User]:
    """The member's number is one of the group's, too."""
    cast = {role: UserFactory(display_name=f"Wer {role}") for role in ROLES if role != "visitor"}
    cast["coach"] = UserFactory(display_name="Wer coach")
    cast["member"] = UserFactory(pk=FIRST, display_name=PERSON, name_visibility=Visibility.NOBODY)
    staff, superuser = cast["staff"], cast["superuser"]
    staff.is_staff = superuser.is_staff = superuser.is_superuser = True
    staff.save()
    superuser.save()
    grant(staff, "portal.view_page")
    return cast


def _talk(group: Group, cast: dict[str, User], now: datetime) -> None:
    """By the real actions where they leave traces elsewhere: those outside were members, and notices are queued."""
    member, coach = cast["member"], cast["coach"]
    topic = TopicFactory(pk=FIRST, group=group, title=TITLE, author=member)
    poll = TopicFactory(pk=SECOND, group=group, title=f"{TITLE} 2", author=coach, kind=choices.TopicKind.POLL)
    line = TopicFactory(
        pk=THIRD, group=group, title=LINE, author=member, is_line=True, line_of=member, needs_answer=True
    )
    poll.options.create(pk=FIRST, position=1, text=OPTION)
    first = _post(topic, member, TEXT, now, FIRST, files=((FILE_NAME, pdf(b"/Producer (Qvgfiletext)")),))
    _post(topic, coach, DELETED, now, SECOND, files=(("Qvgdeletedfile.pdf", pdf()),))
    talk.delete_post(post=Post.objects.get(pk=SECOND), by=coach, now=now)
    hidden = _post(topic, member, HIDDEN, now, THIRD)
    Post.objects.filter(pk=hidden.pk).update(hidden_at=now, hidden_reason=REASON, hidden_by=coach)
    _post(line, member, f"{LINE} {TEXT}", now, 7_310_004)
    _post(poll, coach, f"{TEXT} @{PERSON}", now, 7_310_005, files=((PICTURE_NAME, picture("PNG")),))
    _number_files()
    Post.objects.filter(pk=FIRST).update(language="en")
    PostVersion.objects.create(pk=FIRST, post=first, text=VERSION, replaced_at=now)
    Reaction.objects.create(pk=FIRST, post=first, person=coach, feeling=choices.Feeling.THANKS)
    Translation.objects.create(
        pk=FIRST,
        post=first,
        language="de",
        text=TRANSLATION,
        html=render_post(TRANSLATION),
        renderer=RENDERER,
        translator=coach,
        written_at=now,
    )
    Report.objects.create(
        pk=FIRST,
        reference=REFERENCE,
        post=first,
        reporter=cast["removed"],
        text=REPORT,
        language="de",
        reported_at=now,
    )
    _draft(topic, member, now)


def _post(topic: Topic, by: User, text: str, now: datetime, number: int, *, files: Any = ()) -> Post:
    draft = None
    if files:
        draft = talk.save_draft(group=topic.group, topic=topic, title="", text=text, by=by, now=now)
        uploads = [check_upload(upload(name, content)) for name, content in files]
        drafts.attach_files(draft=draft, uploads=uploads, now=now)
    said = talk.post(topic=topic, text=text, by=by, now=now, draft=draft)
    Notice.objects.filter(about_id=said.pk, kind="new_post").update(about_id=number)
    Attachment.objects.filter(post=said).update(post=number)
    renumber(said, number)
    return said


def _draft(topic: Topic, by: User, now: datetime) -> None:
    draft = Draft.objects.create(
        pk=FIRST, person=by, group=topic.group, topic=topic, text=DRAFT, changed_at=now
    )
    drafts.attach_files(
        draft=draft, uploads=[check_upload(upload(DRAFT_FILE, pdf(b"/Producer (Qvgdraftfile)")))], now=now
    )
    renumber(draft.attachments.get(), THIRD)


def _number_files() -> None:
    for name, number in ((FILE_NAME, FIRST), (PICTURE_NAME, SECOND)):
        renumber(Attachment.objects.get(original_name=name), number)


def _end(group: Group, cast: dict[str, User], now: datetime) -> None:
    """They have read along until now."""
    people.leave(group=group, by=cast["left"], now=now)
    for role in ("removed", "banned"):
        row = Membership.objects.get(group=group, person=cast[role])
        people.remove(membership=row, by=cast["coach"], now=now, reason=REASON, ban=role == "banned")
    groups.announce_deletion(group=group, by=cast["coach"], now=timezone.now())


def _invite(group: Group, cast: dict[str, User], now: datetime) -> str:
    emails = [cast["invited"].email, INVITED]
    people.invite(group=group, emails=emails, language="hu", by=cast["coach"], now=timezone.now())
    invitation = Invitation.objects.get()
    Notice.objects.filter(kind="group_mail_invited").update(about_id=FIRST)
    renumber(invitation, FIRST)
    invitation.refresh_from_db()
    missing = make_token(INVITATION, 7_319_990, "0" * 32)
    token = invitation_path(invitation).partition("?")[0].rstrip("/").rpartition("/")[2]
    NOT_THERE[token] = missing
    return token


def _small(attachment: Attachment) -> bytes:
    from django.core.files.storage import default_storage

    from core.files import thumbnail_of

    with default_storage.open(thumbnail_of(attachment.file)) as content:
        return bytes(content.read())
