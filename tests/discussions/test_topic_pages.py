"""The list of topics of a group."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from discussions.choices import Access, Belonging, GroupState, TopicKind
from discussions.models import Group, Membership, ReadMark, Topic
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(participant: User, partner: User, coach: User) -> Group:
    return GroupFactory(
        name="Chöre an der Donau",
        purpose="Wir planen ein Konzert.",
        rules="Wir bleiben höflich.",
        members=[participant, partner],
        coach=coach,
    )


def page(person: User, group: Group, query: str = "") -> str:
    answer = signed_in(person, "en").get(f"{group.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'row__title"><a href="[^"]*">([^<]*)<', html)


class TestWhatIsListed:
    def test_says_what_the_group_is_for_and_who_reads_here(self, participant: User, group: Group) -> None:
        html = page(participant, group)

        assert "Wir planen ein Konzert." in html
        assert "Wir bleiben höflich." in html
        assert "Closed: only the people of this group read what is written here." in html

    def test_of_an_open_group_says_that_everybody_can_read(self, outsider: User) -> None:
        group = GroupFactory(access=Access.OPEN)

        assert "Open: everybody with an account reads what is written here." in page(outsider, group)

    def test_pinned_topics_come_first_and_then_the_latest(self, participant: User, group: Group) -> None:
        now = timezone.now()
        for title, days, is_pinned in (("Alt", 3, False), ("Neu", 1, False), ("Wichtig", 9, True)):
            TopicFactory(group=group, title=title, created_at=now - timedelta(days=days), is_pinned=is_pinned)

        assert titles(page(participant, group)) == ["Wichtig", "Neu", "Alt"]

    def test_a_row_says_who_how_many_and_what_is_new(
        self, participant: User, partner: User, group: Group
    ) -> None:
        topic = TopicFactory(group=group, author=partner, posts=5, needs_answer=True)
        ReadMark.objects.create(topic=topic, person=participant, number=3)

        html = page(participant, group)

        assert "by Partner Timișoara" in html
        assert "5 posts" in html
        assert f'{topic.get_absolute_url()}?at=4#post-4">2 new<' in html
        assert 'kern-label">needs an answer<' in html

    def test_nothing_is_new_where_all_was_read(self, participant: User, group: Group) -> None:
        topic = TopicFactory(group=group, posts=2)
        ReadMark.objects.create(topic=topic, person=participant, number=2)

        assert titles(page(participant, group)) == [topic.title]
        assert 'class="unread"' not in page(participant, group)

    def test_the_mark_of_somebody_else_does_not_count(
        self, participant: User, partner: User, group: Group
    ) -> None:
        topic = TopicFactory(group=group, posts=2)
        ReadMark.objects.create(topic=topic, person=partner, number=2)

        assert "2 new" in page(participant, group)

    def test_thirty_on_a_page(self, participant: User, group: Group) -> None:
        TopicFactory.create_batch(31, group=group)

        assert len(titles(page(participant, group))) == 30
        assert len(titles(page(participant, group, "?page=2"))) == 1


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?kind=news", ["Nachricht"]),
            ("?kind=question", ["Beantwortet", "Offen"]),
            ("?state=waiting", ["Offen"]),
            ("?state=answered", ["Beantwortet"]),
            ("?state=unread", ["Offen"]),
            ("?state=nonsense", ["Beantwortet", "Nachricht", "Offen"]),
        ],
    )
    def test_show_only_what_fits(
        self, participant: User, group: Group, query: str, expected: list[str]
    ) -> None:
        now = timezone.now()
        TopicFactory(group=group, title="Offen", needs_answer=True, posts=1)
        for title, kind, at in (
            ("Nachricht", TopicKind.NEWS, None),
            ("Beantwortet", TopicKind.QUESTION, now),
        ):
            topic = TopicFactory(group=group, title=title, kind=kind, answered_at=at, posts=1)
            ReadMark.objects.create(topic=topic, person=participant, number=1)

        assert sorted(titles(page(participant, group, query))) == expected

    def test_private_lines_are_listed_only_when_asked_for(
        self, participant: User, partner: User, coach: User, group: Group
    ) -> None:
        TopicFactory(group=group, title="Ganz privat", is_line=True, line_of=participant)
        TopicFactory(group=group, title="Offen")

        assert titles(page(participant, group)) == ["Offen"]
        assert titles(page(participant, group, "?kind=line")) == ["Ganz privat"]
        assert titles(page(coach, group, "?kind=line")) == ["Ganz privat"]
        assert titles(page(partner, group, "?kind=line")) == []

    def test_topics_of_other_groups_are_not_listed(self, participant: User, group: Group) -> None:
        TopicFactory(group=GroupFactory(members=[participant]), title="Woanders")
        TopicFactory(group=group, title="Hier")

        assert titles(page(participant, group)) == ["Hier"]


class TestWhatMayBeDone:
    def test_members_begin_topics_and_do_not_lead(self, participant: User, group: Group) -> None:
        html = page(participant, group)

        assert f"/groups/{group.slug}/new/" in html
        assert f"/groups/{group.slug}/settings/" not in html

    def test_coaches_lead(self, coach: User, group: Group) -> None:
        assert f"/groups/{group.slug}/settings/" in page(coach, group)

    def test_nobody_writes_in_an_archived_group(self, coach: User, group: Group) -> None:
        Group.objects.filter(pk=group.pk).update(state=GroupState.ARCHIVED)

        html = page(coach, group)

        assert f"/groups/{group.slug}/new/" not in html
        assert "archived: to be read only" in html

    def test_who_only_reads_an_open_group_may_join(self, outsider: User) -> None:
        group = GroupFactory(access=Access.OPEN)

        html = page(outsider, group)

        assert f"/groups/{group.slug}/join/" in html
        assert f"/groups/{group.slug}/new/" not in html

    def test_a_private_line_is_offered_where_coaches_would_read_it(
        self, participant: User, coach: User, group: Group
    ) -> None:
        without = GroupFactory(members=[participant])

        shown = [
            f'href="{room.get_absolute_url()}line/">Ask the coaches in private<' in page(person, room)
            for person, room in ((participant, group), (coach, group), (participant, without))
        ]

        assert shown == [True, False, False]


class TestWhoComesIn:
    @pytest.mark.parametrize("state", [Belonging.INVITED, Belonging.ASKED, Belonging.LEFT, Belonging.REMOVED])
    def test_who_does_not_belong_to_it_gets_what_a_missing_group_gives(
        self, outsider: User, group: Group, state: str
    ) -> None:
        MembershipFactory(group=group, person=outsider, state=state)
        client = signed_in(outsider)

        answer, missing = client.get(group.get_absolute_url()), client.get("/groups/gibtesnicht/")

        assert (answer.status_code, missing.status_code) == (404, 404)
        assert answer.content == missing.content

    def test_a_superuser_is_an_outsider_too(self, admin: User, group: Group) -> None:
        assert signed_in(admin).get(group.get_absolute_url()).status_code == 404

    def test_who_is_banned_from_an_open_group_does_not_see_it(self, outsider: User) -> None:
        group = GroupFactory(access=Access.OPEN)
        client = signed_in(outsider)
        assert client.get(group.get_absolute_url()).status_code == 200

        MembershipFactory(group=group, person=outsider, state=Belonging.BANNED)

        assert client.get(group.get_absolute_url()).status_code == 404

    def test_a_visitor_is_sent_to_sign_in_whether_there_is_such_a_group_or_not(self, group: Group) -> None:
        there = Client().get(f"/groups/{group.slug}/")
        missing = Client().get("/groups/gibtesnicht/")

        assert (there.status_code, missing.status_code) == (302, 302)
        assert there["Location"].replace(group.slug, "gibtesnicht") == missing["Location"]


@pytest.mark.parametrize("topics", [1, 30])
def test_few_queries_however_many_topics(
    participant: User, group: Group, topics: int, django_assert_num_queries: Any
) -> None:
    for _number in range(topics):
        TopicFactory(group=group, posts=1)
    client = signed_in(participant)
    assert client.get(group.get_absolute_url()).status_code == 200
    assert (Topic.objects.count(), Membership.objects.count()) == (topics, 3)

    # Browser session, account, group, topics, notices. The number of topics
    # stands in the group.
    with django_assert_num_queries(5):
        client.get(group.get_absolute_url())
