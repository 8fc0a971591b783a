"""Groups on the desk, and their names in the search over everything."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from discussions.choices import Access, Belonging, GroupState, Role
from discussions.models import Group, ReadMark
from portal.desk_groups import MOST
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory

pytestmark = pytest.mark.django_db

GROUP_WORDS = re.compile(
    "You are invited to the group|ask to join|asks to join|for you</h3>|something new in"
)


def desk(person: User) -> str:
    return " ".join(signed_in(person, "en").get("/desk/").content.decode().split())


def steps(html: str) -> list[str]:
    return re.findall(r'class="task__title">([^<]*)<', html)


def group_steps(html: str) -> list[str]:
    return [title for title in steps(html) if GROUP_WORDS.search(f"{title}</h3>")]


class TestWhatIsShown:
    def test_an_invitation_comes_first(self, outsider: User) -> None:
        group = GroupFactory(name="Chöre an der Donau")
        MembershipFactory(group=group, person=outsider, state=Belonging.INVITED)

        html = desk(outsider)

        assert steps(html)[0] == "You are invited to the group “Chöre an der Donau”"
        assert f'href="/groups/{group.slug}/join/"' in html

    def test_who_leads_is_told_who_asks_and_nobody_else(self, participant: User, partner: User) -> None:
        group = GroupFactory(name="Chöre", members=[participant], moderator=partner)
        for _number in range(2):
            MembershipFactory(group=group, person=UserFactory(), state=Belonging.ASKED)

        html = desk(partner)

        assert "2 people ask to join the group “Chöre”" in steps(html)
        assert f'href="/groups/{group.slug}/people/"' in html
        assert group_steps(desk(participant)) == []

    def test_coaches_are_told_how_many_questions_wait(self, coach: User, participant: User) -> None:
        group = GroupFactory(members=[participant], coach=coach)
        other = UserFactory()
        MembershipFactory(group=group, person=other, role=Role.COACH)
        for taken_by in (None, coach, other):
            TopicFactory(group=group, needs_answer=True, waits_since=timezone.now(), taken_by=taken_by)

        html = desk(coach)

        assert "2 questions wait for you" in steps(html)
        assert 'href="/coaching/"' in html
        assert group_steps(desk(participant)) == []

    def test_what_is_new_until_it_is_read(self, participant: User) -> None:
        group = GroupFactory(name="Chöre", members=[participant])
        topic = TopicFactory(group=group, posts=2)

        assert "1 topic with something new in “Chöre”" in steps(desk(participant))

        ReadMark.objects.create(topic=topic, person=participant, number=2)
        assert group_steps(desk(participant)) == []

    def test_a_private_line_of_somebody_else_is_not_new(self, participant: User, partner: User) -> None:
        group = GroupFactory(members=[participant, partner])
        TopicFactory(group=group, is_line=True, line_of=partner, posts=1)

        assert group_steps(desk(participant)) == []

    def test_an_archived_group_is_quiet(self, coach: User) -> None:
        group = GroupFactory(coach=coach, state=GroupState.ARCHIVED)
        TopicFactory(group=group, posts=1, needs_answer=True)
        MembershipFactory(group=group, person=UserFactory(), state=Belonging.ASKED)

        assert group_steps(desk(coach)) == []

    def test_never_more_than_five(self, coach: User) -> None:
        for _number in range(3):
            MembershipFactory(person=coach, state=Belonging.INVITED)
        for _number in range(6):
            group = GroupFactory(coach=coach)
            TopicFactory(group=group, posts=1, needs_answer=True)
            MembershipFactory(group=group, person=UserFactory(), state=Belonging.ASKED)

        shown = group_steps(desk(coach))

        assert len(shown) == MOST == 5
        assert [title.split()[0] for title in shown] == ["You", "You", "You", "1", "1"]


class TestWhatIsNotShown:
    @pytest.mark.parametrize(
        "state", [Belonging.ASKED, Belonging.LEFT, Belonging.REMOVED, Belonging.BANNED, None]
    )
    def test_names_of_groups_one_does_not_belong_to(self, state: str | None, outsider: User) -> None:
        group = GroupFactory(name="Streng geheim")
        TopicFactory(group=group, posts=1, needs_answer=True)
        if state:
            MembershipFactory(group=group, person=outsider, state=state, role=Role.COACH)

        html = desk(outsider)

        assert "Streng geheim" not in html
        assert group.slug not in html
        assert group_steps(html) == []

    def test_a_superuser_is_not_told_of_them(self, admin: User) -> None:
        TopicFactory(group=GroupFactory(name="Streng geheim"), posts=1, needs_answer=True)

        assert "Streng geheim" not in desk(admin)


@pytest.mark.parametrize("groups", [1, 6])
def test_the_desk_costs_the_same_for_any_number_of_groups(
    groups: int, coach: User, django_assert_num_queries: Any
) -> None:
    for _number in range(groups):
        group = GroupFactory(coach=coach)
        TopicFactory(group=group, posts=1, needs_answer=True)
        MembershipFactory(group=group, person=UserFactory(), state=Belonging.ASKED)
        MembershipFactory(person=coach, state=Belonging.INVITED)
    client = signed_in(coach)
    client.get("/desk/")

    # Two of them are for groups: memberships with what waits in each, and the questions to a coach.
    with django_assert_num_queries(21):
        client.get("/desk/")


class TestSearch:
    def found(self, person: User | None, query: str) -> str:
        client = signed_in(person, "en") if person else Client()
        return " ".join(client.get("/search/", {"q": query}).content.decode().split())

    def rows(self, html: str) -> list[str]:
        return re.findall(r'row__title"><a href="[^"]*">([^<]*)<', html)

    def test_a_member_finds_the_own_group_in_any_spelling(self, participant: User) -> None:
        group = GroupFactory(name="Chöre an der Donau", members=[participant])

        html = self.found(participant, "donau chore")

        assert self.rows(html) == ["Chöre an der Donau"]
        assert f'href="{group.get_absolute_url()}"' in html

    def test_open_groups_are_found_by_everybody_with_an_account(self, outsider: User) -> None:
        GroupFactory(name="Chöre", access=Access.OPEN)

        assert self.rows(self.found(outsider, "Chöre")) == ["Chöre"]
        assert self.rows(self.found(None, "Chöre")) == []

    @pytest.mark.parametrize("name", ["outsider", "admin", None])
    def test_a_closed_group_answers_others_like_a_nonsense_word(
        self, name: str | None, cast: dict[str, User]
    ) -> None:
        group: Group = GroupFactory(name="Geheimrat", members=[cast["participant"]])
        TopicFactory(group=group, title="Geheimrat", posts=1)
        person = cast[name] if name else None

        real, nonsense = self.found(person, "Geheimrat"), self.found(person, "Xyzzyxyzz")

        assert without_tokens(real.replace("Geheimrat", "Xyzzyxyzz")) == without_tokens(nonsense)

    def test_what_is_said_in_groups_is_not_found_here(self, participant: User) -> None:
        TopicFactory(group=GroupFactory(members=[participant]), title="Notenblätter", posts=1)

        assert "Nothing found" in self.found(participant, "Notenblätter")

    def test_five_are_shown_with_the_way_to_all(self, participant: User) -> None:
        for number in range(7):
            GroupFactory(name=f"Chor {number}", members=[participant])

        html = self.found(participant, "chor")

        assert len(self.rows(html)) == 5
        assert '<a href="/groups/">Show all groups</a>' in html


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", html)


def test_the_header_leads_to_groups_only_who_is_signed_in(participant: User) -> None:
    assert '<a href="/groups/">' in signed_in(participant).get("/").content.decode()
    assert "/groups/" not in Client().get("/").content.decode()
