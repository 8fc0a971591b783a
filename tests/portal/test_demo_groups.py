"""The groups of the demo world: who is in them, what they show, and that nobody is mailed what is long said."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import User
from discussions.choices import Access, Role
from discussions.models import Attachment, Group, Post, Topic, Translation, Vote
from notifications.actions import leave_unwanted_unread
from notifications.kinds import kind
from notifications.models import Notice
from partnerships.models import Partnership
from portal import demo
from portal.demo_groups import EXCHANGE_NAME, LEARNING_NAME
from portal.demo_groups_across import EXCHANGE, OF_THE_PARTNERSHIP
from portal.demo_groups_said import LEARNING
from tests.conftest import signed_in
from tests.factories.directory import CountryFactory, MunicipalityFactory

ALL = (*LEARNING, *EXCHANGE, *OF_THE_PARTNERSHIP)


@pytest.fixture(autouse=True)
def world(db, now: datetime, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    for code in ("DE", "HU", "RO", "RS"):
        CountryFactory(code=code, name_de=code, name_en=code)
    MunicipalityFactory(name="Ulm", slug="ulm", ags=demo.ULM)
    demo.build(now)


@pytest.fixture
def learning() -> Group:
    return Group.objects.get(name=LEARNING_NAME)


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def members(group: Group) -> dict[str, str]:
    rows = group.memberships.active().select_related("person")
    return {row.person.email.partition("@")[0]: row.role for row in rows}


def test_there_are_three_all_marked_as_invented(learning: Group) -> None:
    assert Group.objects.filter(is_demo=True).count() == Group.objects.count() == 3
    assert members(learning) == {
        "coach": Role.COACH,
        "vorsitz": "member",
        "koordinatorin": "moderator",
        "partner": "member",
    }
    assert (learning.access, Group.objects.get(name=EXCHANGE_NAME).access) == (Access.CLOSED, Access.OPEN)


def test_the_partnership_has_one_of_both_sides() -> None:
    group = Partnership.objects.get(slug="beispiel-1").group

    assert members(group) == {"koordinatorin": "moderator", "partner": "member"}
    assert group.access == Access.CLOSED


def test_made_again_nothing_is_made_twice(now: datetime) -> None:
    counted = (Group, Topic, Post, Translation, Vote, Attachment)
    before = [model.objects.count() for model in counted]

    demo.build(now)
    demo.build(now + timedelta(days=3))

    assert [model.objects.count() for model in counted] == before
    assert before[1:3] == [len(ALL), sum(len(one.posts) for one in ALL)]


def test_the_question_with_a_photo_is_answered_pinned_and_said_in_hungarian(learning: Group) -> None:
    topic = learning.topics.get(title__startswith="Wohin stelle ich die Kamera")

    assert (topic.is_pinned, topic.is_faq, topic.needs_answer) == (True, True, False)
    assert topic.posts.get(number=1).attachments.get().content_type == "image/png"
    assert topic.answer is not None
    translation = topic.answer.translations.get()
    assert (translation.language, translation.translator) == ("hu", person("partner"))
    assert "szemmagasságba" in translation.html


def test_one_question_has_waited_for_two_days(learning: Group, now: datetime) -> None:
    topic = Topic.objects.filter(needs_answer=True, is_line=False, group=learning).get()

    assert timedelta(days=1) < now - topic.waits_since < timedelta(days=3)


def test_polls_have_votes(learning: Group, now: datetime) -> None:
    polls = learning.topics.filter(kind__in=("poll", "dates"))

    assert sorted(poll.kind for poll in polls) == ["dates", "poll"]
    for poll in polls:
        assert poll.closes_at > now
        assert Vote.objects.filter(option__topic=poll).count() == 9


def test_the_private_line_is_read_by_its_person_and_the_coach(learning: Group) -> None:
    line = learning.topics.get(is_line=True)

    readers = [line in Topic.objects.visible_to(one) for one in User.objects.order_by("email")]

    assert [one.email.partition("@")[0] for one in User.objects.order_by("email")] == [
        "coach",
        "koordinatorin",
        "partner",
        "verwaltung",
        "vorsitz",
    ]
    assert readers == [True, False, False, False, True]


def test_the_hungarian_post_is_there_in_german() -> None:
    post = Post.objects.get(language="hu")

    assert post.topic.group == Partnership.objects.get(slug="beispiel-1").group
    assert post.translations.get().language == "de"


def test_the_posts_lie_in_past_weeks(now: datetime) -> None:
    moments = list(Post.objects.order_by("posted_at").values_list("posted_at", flat=True))

    assert moments[-1] < now
    assert moments[0] < now - timedelta(days=30)
    for topic in Topic.objects.all():
        said = list(topic.posts.order_by("number").values_list("posted_at", flat=True))
        assert said == sorted(said)
        assert topic.last_post_at == said[-1]


def test_something_is_unread_and_not_everything(learning: Group) -> None:
    read = person("vorsitz").pk
    new = [
        topic
        for topic in learning.topics.filter(is_line=False)
        if not topic.marks.filter(person=read, number=topic.last_number).exists()
    ]

    assert len(new) == 2


def test_nobody_is_told_of_what_was_said(now: datetime) -> None:
    leave_unwanted_unread(now=now)

    assert (
        not Notice.objects.filter(about_type__app_label="discussions").exclude(kind="group_invited").exists()
    )
    invited = Notice.objects.filter(kind="group_invited")
    assert [kind("group_invited").still_wanted(notice, now=now) for notice in invited] == [False] * 6


def test_everybody_finds_the_pages(learning: Group) -> None:
    for name in ("coach", "vorsitz", "koordinatorin", "partner"):
        client = signed_in(person(name))
        assert client.get("/groups/").status_code == 200
        assert client.get(learning.get_absolute_url()).status_code == 200
        for topic in Topic.objects.visible_to(person(name)).filter(group=learning):
            assert client.get(topic.get_absolute_url()).status_code == 200
    assert signed_in(person("verwaltung")).get(learning.get_absolute_url()).status_code == 404
