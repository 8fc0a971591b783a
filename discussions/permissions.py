"""Who may do what in groups. Being of the office opens no group: not even a superuser reads what is closed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.languages import SPOKEN_LANGUAGES
from directory.operating import OperatingRole
from discussions.choices import LEADING, Access, Belonging, Role
from discussions.models import BelongingQuerySet, Group, Membership, Post, Report, Topic, Translation

LEADS = (OperatingRole.COACH, OperatingRole.COURSE_LEAD, OperatingRole.ADMINISTRATOR)


def can_view(person: object, group: Group) -> bool:
    """The same question as `Group.objects.visible_to(person)`."""
    row = membership_of(person, group)
    if row is not None and row.state == Belonging.ACTIVE:
        return True
    is_banned = row is not None and row.state == Belonging.BANNED
    return group.access == Access.OPEN and bool(getattr(person, "is_authenticated", False)) and not is_banned


def can_view_topic(person: object, topic: Topic) -> bool:
    """The same question as `Topic.objects.visible_to(person)`."""
    if not topic.is_line:
        return can_view(person, topic.group)
    row = active_membership(person, topic.group)
    return row is not None and (row.role == Role.COACH or topic.line_of_id == row.person_id)


def can_create_group(person: Any) -> bool:
    """Coaches and those who run courses."""
    if not getattr(person, "is_authenticated", False):
        return False
    return bool(person.is_superuser or person.groups.filter(name__in=LEADS).exists())


def can_post(person: object, group: Group) -> bool:
    """Members, while the group is not archived."""
    return not group.is_archived and active_membership(person, group) is not None


def can_lead(person: object, group: Group) -> bool:
    """Settings, people, pinning, hiding: moderators and coaches."""
    row = active_membership(person, group)
    return row is not None and row.role in LEADING


def can_coach(person: object, group: Group) -> bool:
    row = active_membership(person, group)
    return row is not None and row.role == Role.COACH


def can_edit_post(person: object, post: Post) -> bool:
    """The author, as long as it stands; nobody writes under another's name."""
    if post.deleted_at or post.hidden_at or post.author_id is None:
        return False
    return post.author_id == getattr(person, "pk", None) and can_post(person, post.topic.group)


def can_delete_post(person: object, post: Post) -> bool:
    return can_edit_post(person, post)


def can_ask_for_translation(person: object, post: Post, language: str) -> bool:
    """Members, into any other language, as long as the post can be read."""
    if (
        post.deleted_at
        or post.hidden_at
        or language == post.language
        or language not in dict(SPOKEN_LANGUAGES)
    ):
        return False
    return can_post(person, post.topic.group) and can_view_topic(person, post.topic)


def can_translate(person: Any, post: Post, language: str) -> bool:
    """Members who say of themselves that they speak the language."""
    if not can_ask_for_translation(person, post, language):
        return False
    return bool(person.spoken_languages.filter(language=language).exists())


def can_remove_translation(person: object, row: Translation) -> bool:
    """Who wrote it, and who leads the group; a machine's text by who leads."""
    post = row.post
    if not can_post(person, post.topic.group) or not can_view_topic(person, post.topic):
        return False
    is_own = row.translator_id is not None and row.translator_id == getattr(person, "pk", None)
    return is_own or can_lead(person, post.topic.group)


def can_use_machine(person: object, post: Post, language: str) -> bool:
    """Where those who lead the group have allowed it: the text leaves the platform."""
    return post.topic.group.machine_translation and can_ask_for_translation(person, post, language)


def can_edit_glossary(person: object) -> bool:
    """Whoever belongs to at least one group."""
    return Membership.objects.active().filter(person=getattr(person, "pk", None)).exists()


def can_enter(person: Any, group: Group, *, now: datetime) -> bool:
    """A superuser may go in: it is logged, and the members are told."""
    return bool(getattr(person, "is_superuser", False) and person.is_active) and not can_view(person, group)


def membership_of(person: object, group: Group) -> Membership | None:
    number = getattr(person, "pk", None)
    return Membership.objects.filter(group=group, person=number).first() if number is not None else None


def active_membership(person: object, group: Group) -> Membership | None:
    row = membership_of(person, group)
    return row if row is not None and row.state == Belonging.ACTIVE else None


# --- moderation


def can_report(person: object, post: Post) -> bool:
    """Members, what somebody else wrote and can still be read."""
    number = getattr(person, "pk", None)
    if number is None or post.author_id == number or post.deleted_at or post.hidden_at:
        return False
    return active_membership(person, post.topic.group) is not None and can_view_topic(person, post.topic)


def can_hide(person: object, post: Post) -> bool:
    """Who leads the group, what somebody else wrote; a private line only who reads it."""
    number = getattr(person, "pk", None)
    return number is not None and deciding(post).filter(person=number).exists()


def can_decide_report(person: object, report: Report) -> bool:
    """Nobody decides about the own post. Where that leaves nobody in the group, the office does."""
    return report.post is not None and _decides(person, report.post, but=())


def can_decide_appeal(person: object, report: Report) -> bool:
    """Neither the author nor who has hidden the post."""
    return report.post is not None and _decides(person, report.post, but=(report.decided_by_id,))


def can_answer_reports(person: object) -> bool:
    """Notices of people without an account, and what nobody in a group can decide."""
    if not (getattr(person, "is_active", False) and getattr(person, "is_staff", False)):
        return False
    return bool(person.has_perm("discussions.change_report"))  # type: ignore[attr-defined]


def deciding(post: Post, *, but: Iterable[int | None] = ()) -> BelongingQuerySet:
    """Memberships of who may decide what becomes of a post."""
    topic = post.topic
    excluded = [number for number in (post.author_id, *but) if number is not None]
    rows = Membership.objects.leading().filter(group=topic.group_id, person__is_active=True)
    rows = rows.exclude(person__in=excluded)
    return rows.filter(Q(role=Role.COACH) | Q(person=topic.line_of_id)) if topic.is_line else rows


def _decides(person: object, post: Post, *, but: Iterable[int | None]) -> bool:
    number = getattr(person, "pk", None)
    if number is None or number in (post.author_id, *but):
        return False
    rows = deciding(post, but=but)
    return rows.filter(person=number).exists() or (can_answer_reports(person) and not rows.exists())
