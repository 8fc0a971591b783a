"""Groups of the demo world, in which invented people talk: one of a course, an open one, one of a partnership."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import User
from core.files import check_upload
from core.wall_time import moment_of, wall_of
from discussions.actions import talk
from discussions.actions.drafts import attach_files
from discussions.actions.groups import create_group
from discussions.actions.languages import write_translation
from discussions.actions.people import accept_membership, change_role, invite_people
from discussions.choices import Access, Role
from discussions.models import Draft, Group, Post, Topic
from notifications.actions import forget_scope
from partnerships.actions import open_group
from partnerships.models import Partnership
from portal.demo_groups_across import EXCHANGE, OF_THE_PARTNERSHIP
from portal.demo_groups_said import (
    CHAIR,
    COACH,
    COORDINATOR,
    LEARNING,
    PARTNER,
    Said,
    Talk,
)

ZONE = "Europe/Berlin"
BEGAN = timedelta(days=60)
LEARNING_NAME = "Digitale Partnerschaft – Lerngruppe Frühjahr"
EXCHANGE_NAME = "Danube exchange"
POLLS_CLOSE = timedelta(days=14)
ROOM = (1200, 800)

People = Mapping[str, User]


def make_groups(people: People, *, now: datetime) -> None:
    """Make what is not there yet. `people` by address. Nobody is mailed what was said before today."""
    _learning(people, now=now)
    _exchange(people, now=now)
    _of_the_partnership(people, now=now)


def _learning(people: People, *, now: datetime) -> None:
    group = _make(
        LEARNING_NAME,
        people[COACH],
        purpose="Wir lernen gemeinsam, wie Partnerschaften auch am Bildschirm lebendig bleiben. (Erfundenes Beispiel.)",
        rules="Wir schreiben einander freundlich und mit Namen. Was hier steht, bleibt hier.",
        languages=("de", "hu"),
        access=Access.CLOSED,
        now=now,
    )
    if group is None:
        return
    _join(group, [people[CHAIR], people[COORDINATOR], people[PARTNER]], by=people[COACH], now=now)
    leader = group.memberships.get(person=people[COORDINATOR])
    change_role(membership=leader, role=Role.MODERATOR, by=people[COACH], now=now - BEGAN)
    _talk(group, LEARNING, people, now=now)


def _exchange(people: People, *, now: datetime) -> None:
    group = _make(
        EXCHANGE_NAME,
        people[COACH],
        purpose="For everybody who keeps a town partnership along the Danube alive. (An invented example.)",
        rules="Be kind, write simply, and say where you come from.",
        languages=("en",),
        access=Access.OPEN,
        now=now,
    )
    if group is None:
        return
    _join(group, [people[COORDINATOR], people[PARTNER]], by=people[COACH], now=now)
    _talk(group, EXCHANGE, people, now=now)


def _of_the_partnership(people: People, *, now: datetime) -> None:
    partnership = Partnership.objects.filter(slug="beispiel-1", is_demo=True, group=None).first()
    if partnership is None:
        return
    group = open_group(partnership=partnership, by=people[COORDINATOR], now=now - BEGAN)
    _join(group, [people[PARTNER]], by=people[COORDINATOR], now=now)
    _talk(group, OF_THE_PARTNERSHIP, people, now=now)


def _make(
    name: str,
    by: User,
    *,
    purpose: str,
    rules: str,
    languages: Sequence[str],
    access: str,
    now: datetime,
) -> Group | None:
    """None where it is there already."""
    if Group.objects.filter(is_demo=True, name=name).exists():
        return None
    return create_group(
        name=name,
        purpose=purpose,
        rules=rules,
        languages=languages,
        access=access,
        by=by,
        now=now - BEGAN,
        is_demo=True,
    )


def _join(group: Group, members: Sequence[User], *, by: User, now: datetime) -> None:
    invite_people(group=group, people=members, by=by, now=now - BEGAN)
    for person in members:
        accept_membership(group=group, by=person, now=now - BEGAN)


def _talk(group: Group, talks: Sequence[Talk], people: People, *, now: datetime) -> None:
    for one in talks:
        topic = _begin(group, one, people, now=now)
        for said in one.posts[1:]:
            post = talk.post(
                topic=topic,
                text=said.text,
                by=people[said.who],
                now=_at(now, said),
                language=said.language,
            )
            _add(post, said, one, people, now=now)
        _finish(topic, one, people, now=now)
    # What was said in past weeks was told then.
    forget_scope(scope=f"group:{group.pk}")


def _begin(group: Group, one: Talk, people: People, *, now: datetime) -> Topic:
    first = one.posts[0]
    by, at = people[first.who], _at(now, first)
    topic = talk.start_topic(
        group=group,
        kind=one.kind,
        title=one.title,
        text=first.text,
        by=by,
        now=at,
        options=one.options,
        dates=[_moment(now, days, 17) for days in one.dates],
        closes_at=now + POLLS_CLOSE if one.options or one.dates else None,
        draft=_photo(group, by, at) if one.has_photo else None,
        is_line=one.is_line,
        language=first.language,
    )
    _add(topic.posts.get(), first, one, people, now=now)
    return topic


def _add(post: Post, said: Said, one: Talk, people: People, *, now: datetime) -> None:
    """What others have done with a post."""
    for language, text, who in said.translations:
        write_translation(
            post=post, language=language, text=text, by=people[who], now=_at(now, said) + timedelta(hours=3)
        )
    for who, feeling in said.liked:
        talk.react(post=post, feeling=feeling, by=people[who], on=True)
    if said.is_answer:
        asked_by = people[one.posts[0].who]
        talk.mark_answered(topic=post.topic, answer=post, by=asked_by, now=_at(now, said))


def _finish(topic: Topic, one: Talk, people: People, *, now: datetime) -> None:
    topic.refresh_from_db()
    leader = topic.group.memberships.leading().earliest("pk").person
    if one.is_pinned:
        talk.pin(topic=topic, by=leader, on=True)
    if one.is_faq:
        talk.put_into_faq(topic=topic, by=leader, on=True)
    options = list(topic.options.values_list("pk", flat=True))
    for who, answers in one.votes:
        talk.vote(topic=topic, answers=dict(zip(options, answers, strict=True)), by=people[who], now=now)
    for row in topic.group.memberships.active().select_related("person"):
        if row.person.email not in one.unread_by:
            talk.mark_read(topic=topic, by=row.person, number=topic.last_number)


def _photo(group: Group, person: User, at: datetime) -> Draft:
    draft = talk.save_draft(group=group, topic=None, title="", text="", by=person, now=at)
    upload = check_upload(SimpleUploadedFile("Gemeindesaal.png", room()))
    attach_files(draft=draft, uploads=[upload], now=at)
    return draft


def room() -> bytes:
    """A hall with a window, a table and eight chairs: drawn here, so nobody holds rights in it."""
    picture = Image.new("RGB", ROOM, "#efe6d6")
    draw = ImageDraw.Draw(picture)
    draw.polygon(((0, 800), (200, 520), (1000, 520), (1200, 800)), fill="#c49a6c")
    draw.polygon(((0, 0), (200, 120), (200, 520), (0, 800)), fill="#e2d5bd")
    draw.polygon(((1200, 0), (1000, 120), (1000, 520), (1200, 800)), fill="#d9cbb1")
    draw.rectangle((470, 180, 730, 420), fill="#cfe3f2", outline="#8a6d4b", width=10)
    draw.line((600, 180, 600, 420), fill="#8a6d4b", width=8)
    draw.line((470, 300, 730, 300), fill="#8a6d4b", width=8)
    draw.polygon(((360, 640), (440, 560), (760, 560), (840, 640)), fill="#8a5a33")
    for place in range(4):
        left = 390 + place * 110
        draw.rectangle((left, 500, left + 60, 560), fill="#4f6d7a")
        draw.rectangle((left - 20, 650, left + 60, 730), fill="#3f5965")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _at(now: datetime, said: Said) -> datetime:
    return _moment(now, -said.days, said.hour)


def _moment(now: datetime, days: int, hour: int) -> datetime:
    """So many days from today, at an hour of day that no clock skips."""
    day = wall_of(now, ZONE).date() + timedelta(days=days)
    return moment_of(datetime.combine(day, time(hour)), ZONE)
