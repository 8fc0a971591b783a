"""Who hears of a new post, and who may be named in one."""

from typing import Any

from django.db.models import Q

from accounts.models import SpokenLanguage, User
from discussions.choices import Belonging, Following, Role
from discussions.models import Group, Membership, ReadMark, Topic

# One statement, however many members: who follows the group unless the topic is muted, and who follows the topic.
_FOLLOWERS = """
    SELECT member.person_id
    FROM discussions_membership member
    JOIN accounts_user person ON person.id = member.person_id AND person.is_active
    LEFT JOIN discussions_readmark mark ON mark.topic_id = %s AND mark.person_id = member.person_id
    WHERE member.group_id = %s AND member.state = %s AND member.person_id <> %s
        AND CASE COALESCE(mark.following, '')
            WHEN %s THEN true WHEN %s THEN false ELSE member.follows_all END
        AND (NOT %s OR member.role = %s OR member.person_id = %s)
    ORDER BY member.person_id
"""


def followers_of(topic: Topic, *, but: User) -> tuple[str, list[Any]]:
    """A SELECT of the people to be told, and its values; of a private line only its person and the coaches."""
    return _FOLLOWERS, [
        topic.pk, topic.group_id, Belonging.ACTIVE, but.pk, Following.FOLLOW, Following.MUTE, topic.is_line,
        Role.COACH, topic.line_of_id,
    ]  # fmt: skip


def name_in(group: Group, number: int) -> str | None:
    """How a member is called in the group; None for everybody else."""
    row = Membership.objects.active().filter(group=group, person=number).select_related("person").first()
    return row.person.shown_name if row else None


def speakers_of(topic: Topic, language: str, *, but: User) -> list[int]:
    """Members to be asked for a translation: not who speaks it only a little, nor who wants to hear nothing here."""
    rows = Membership.objects.active().filter(group=topic.group_id, person__is_active=True)
    if topic.is_line:
        rows = rows.filter(Q(role=Role.COACH) | Q(person=topic.line_of_id))
    well = SpokenLanguage.objects.filter(language=language).exclude(level=SpokenLanguage.Level.BASIC)
    muted = ReadMark.objects.filter(topic=topic, following=Following.MUTE)
    found = rows.filter(person__in=well.values("person")).exclude(person__in=muted.values("person"))
    return list(found.exclude(person=but).order_by("person").values_list("person", flat=True))
