"""Private lines: the page of a group, and who is said to read them."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from directory.models import Organisation
from discussions.choices import Access, GroupState, Role
from discussions.models import Group, Membership
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory as OrganisationMembershipFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory

pytestmark = pytest.mark.django_db

NOBODY_ELSE = "Nobody else reads it: not the moderators, not the other members, not the ViPaD-Team."


@pytest.fixture
def group(participant: User, partner: User, coach: User) -> Group:
    group = GroupFactory(members=[participant], moderator=partner, coach=coach)
    OrganisationMembershipFactory(
        person=coach,
        organisation__name="Träger A (erfunden)",
        organisation__operating=Organisation.Operating.A,
    )
    OrganisationMembershipFactory(person=coach, organisation__name="Gesangverein (erfunden)")
    return group


def address(group: Group) -> str:
    return f"{group.get_absolute_url()}line/"


def html_of(person: User, path: str) -> str:
    answer = signed_in(person, "en").get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def titles(html: str) -> list[str]:
    return re.findall(r'row__title"><a href="[^"]*">([^<]*)<', html)


def test_says_by_name_who_reads_it(participant: User, group: Group) -> None:
    html = html_of(participant, address(group))

    assert "Only you and the coaches of this group read here." in html
    assert "Coach A (Träger A (erfunden))" in html
    assert "Gesangverein" not in html
    assert NOBODY_ELSE in html


def test_a_member_finds_the_own_lines_and_writes(participant: User, partner: User, group: Group) -> None:
    TopicFactory(group=group, title="Meins", author=participant, is_line=True, line_of=participant)
    TopicFactory(group=group, title="Fremd", author=partner, is_line=True, line_of=partner)
    TopicFactory(group=group, title="Offen", author=participant)

    html = html_of(participant, address(group))

    assert titles(html) == ["Meins"]
    assert f'href="/groups/{group.slug}/new/?line=1"' in html


def test_a_moderator_sees_no_lines_of_others(partner: User, participant: User, group: Group) -> None:
    TopicFactory(group=group, title="Fremd", author=participant, is_line=True, line_of=participant)

    assert titles(html_of(partner, address(group))) == []


def test_coaches_find_all_of_the_group_what_waits_first(coach: User, participant: User, group: Group) -> None:
    TopicFactory(group=group, title="Erledigt", author=participant, is_line=True, line_of=participant)
    TopicFactory(
        group=group, title="Wartet", author=participant, is_line=True, line_of=participant, needs_answer=True
    )
    TopicFactory(group=GroupFactory(coach=coach), title="Woanders", is_line=True)

    html = html_of(coach, address(group))

    assert titles(html) == ["Wartet", "Erledigt"]
    assert "?line=1" not in html
    assert "only by the person who wrote it and the coaches of this group" in html


def test_without_coaches_nobody_is_asked_to_write(participant: User) -> None:
    group = GroupFactory(members=[participant])

    html = html_of(participant, address(group))

    assert "This group has no coaches at the moment" in html
    assert "?line=1" not in html


def test_in_an_archived_group_it_is_only_read(participant: User, group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(state=GroupState.ARCHIVED)

    assert "?line=1" not in html_of(participant, address(group))


def test_who_is_no_coach_any_more_is_not_named(participant: User, coach: User, group: Group) -> None:
    MembershipFactory(group=group, person=UserFactory(display_name="Coach B"), role=Role.COACH)
    Membership.objects.filter(person=coach).update(role=Role.MEMBER)

    html = html_of(participant, address(group))

    assert "Coach A" not in html
    assert "Coach B" in html


def test_the_topic_of_a_line_says_who_reads_it(participant: User, coach: User, group: Group) -> None:
    topic = TopicFactory(group=group, author=participant, is_line=True, line_of=participant, posts=1)

    own, theirs = (html_of(person, topic.get_absolute_url()) for person in (participant, coach))

    assert "Only you and the coaches of this group read here." in own
    assert "Only Teilnehmer and the coaches of this group read here." in theirs
    for html in (own, theirs):
        assert "Coach A (Träger A (erfunden))" in html
        assert NOBODY_ELSE in html


def test_the_group_leads_here(participant: User, coach: User, group: Group) -> None:
    assert f'href="{address(group)}">Ask the coaches in private<' in html_of(
        participant, group.get_absolute_url()
    )
    assert f'href="{address(group)}">Private lines<' in html_of(coach, group.get_absolute_url())


class TestWhoComesIn:
    @pytest.mark.parametrize("name", ["outsider", "admin"])
    def test_outsiders_get_what_a_missing_group_gives(
        self, name: str, cast: dict[str, User], group: Group
    ) -> None:
        client = signed_in(cast[name])

        answer, missing = client.get(address(group)), client.get("/groups/gibtesnicht/line/")

        assert (answer.status_code, missing.status_code) == (404, 404)
        assert answer.content == missing.content

    def test_visitors_sign_in_first(self, group: Group) -> None:
        assert [Client().get(f"/groups/{slug}/line/").status_code for slug in (group.slug, "keine")] == [
            302
        ] * 2

    def test_who_only_reads_an_open_group_has_no_line(self, outsider: User, coach: User) -> None:
        group = GroupFactory(access=Access.OPEN, coach=coach)

        assert signed_in(outsider).get(address(group)).status_code == 403


@pytest.mark.parametrize("rows", [1, 20])
def test_few_queries_however_many_lines(
    rows: int, coach: User, group: Group, django_assert_num_queries: Any
) -> None:
    for person in UserFactory.create_batch(rows):
        TopicFactory(group=group, author=person, is_line=True, line_of=person)
        MembershipFactory(group=group, person=UserFactory(), role=Role.COACH)
    client = signed_in(coach)
    client.get(address(group))  # what stands above every page is kept for a minute

    # Browser session, account, group, coaches, lines counted and read, notices.
    with django_assert_num_queries(7):
        assert client.get(address(group)).status_code == 200
