"""The queue of the coaches."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from directory.models import Organisation
from discussions.actions import talk
from discussions.choices import Belonging, GroupState, Role, TopicKind
from discussions.models import Group, Membership, Topic
from discussions.queries.coaching import number_for, waiting_words
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory as OrganisationMembershipFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db

QUEUE = "/coaching/"


@pytest.fixture
def group(participant: User, coach: User) -> Group:
    return GroupFactory(name="Chöre an der Donau", members=[participant], coach=coach)


@pytest.fixture
def colleague(group: Group) -> User:
    """Coaches the same group, for the other operating organisation."""
    person = UserFactory(display_name="Coach B (erfunden)")
    MembershipFactory(group=group, person=person, role=Role.COACH)
    OrganisationMembershipFactory(
        person=person,
        organisation__name="Donaubüro (erfunden)",
        organisation__operating=Organisation.Operating.B,
    )
    return person


def waiting(group: Group, title: str, *, hours: int = 1, **facts: Any) -> Topic:
    since = timezone.now() - timedelta(hours=hours)
    return TopicFactory(
        group=group, title=title, created_at=since, waits_since=since, needs_answer=True, posts=1, **facts
    )


def html_of(person: User, query: str = "") -> str:
    answer = signed_in(person, "en").get(f"{QUEUE}{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def titles(html: str) -> list[str]:
    return re.findall(r'row__title"><a href="[^"]*">([^<]*)<', html)


class TestWhoComesIn:
    def test_visitors_sign_in_first(self) -> None:
        answer = Client().get(QUEUE)

        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={QUEUE}")

    @pytest.mark.parametrize("name", ["outsider", "participant", "admin", "coordinator"])
    def test_for_who_coaches_nothing_there_is_no_such_page(
        self, name: str, cast: dict[str, User], group: Group
    ) -> None:
        assert signed_in(cast[name]).get(QUEUE).status_code == 404

    @pytest.mark.parametrize(
        ("role", "state"),
        [
            (Role.MODERATOR, Belonging.ACTIVE),
            (Role.COACH, Belonging.INVITED),
            (Role.COACH, Belonging.LEFT),
            (Role.COACH, Belonging.REMOVED),
        ],
    )
    def test_only_coaches_of_now(self, role: str, state: str, outsider: User, group: Group) -> None:
        MembershipFactory(group=group, person=outsider, role=role, state=state)

        assert signed_in(outsider).get(QUEUE).status_code == 404


class TestWhatWaits:
    def test_the_longest_waiting_comes_first(self, coach: User, group: Group) -> None:
        second = GroupFactory(coach=coach)
        waiting(group, "Neu", hours=2)
        waiting(second, "Alt", hours=80)
        waiting(group, "Mittel", hours=30)

        html = html_of(coach)

        assert titles(html) == ["Alt", "Mittel", "Neu"]
        assert re.findall("waits for [^<]*", html) == [
            "waits for 3 days",
            "waits for 1 day",
            "waits for 2 hours",
        ]

    def test_a_row_says_where_who_and_the_first_words(
        self, coach: User, participant: User, group: Group
    ) -> None:
        topic = waiting(group, "Noten", author=participant)
        topic.posts.update(text="Wer hat **Noten** für vier Stimmen?")

        html = html_of(coach)

        assert "Wer hat Noten für vier Stimmen?" in html
        assert "Chöre an der Donau" in html
        assert "by Teilnehmer" in html

    def test_a_hidden_post_shows_no_words(self, coach: User, group: Group) -> None:
        topic = waiting(group, "Noten")
        topic.posts.update(text="Böse Worte", hidden_at=timezone.now())

        assert "Böse Worte" not in html_of(coach)

    def test_private_lines_of_coached_groups_are_among_them(
        self, coach: User, participant: User, group: Group
    ) -> None:
        waiting(group, "Ganz privat", is_line=True, line_of=participant)

        html = html_of(coach)

        assert titles(html) == ["Ganz privat"]
        assert "Private line" in html

    def test_nothing_of_groups_one_does_not_coach(self, coach: User, participant: User, group: Group) -> None:
        other = GroupFactory(members=[coach])
        waiting(other, "Woanders")
        waiting(other, "Woanders privat", is_line=True, line_of=participant)
        waiting(GroupFactory(coach=coach, state=GroupState.ARCHIVED), "Archiviert")

        assert titles(html_of(coach)) == []

    def test_news_and_settled_questions_do_not_wait(self, coach: User, group: Group) -> None:
        TopicFactory(group=group, kind=TopicKind.NEWS)
        TopicFactory(group=group)

        assert "Nothing waits for an answer" in html_of(coach)

    def test_twenty_on_a_page(self, coach: User, group: Group) -> None:
        for number in range(21):
            waiting(group, f"Frage {number}")

        assert len(titles(html_of(coach))) == 20
        assert len(titles(html_of(coach, "?page=2"))) == 1
        assert 'href="?page=2"' in html_of(coach)

    def test_nonsense_in_the_address_shows_what_waits(self, coach: User, group: Group) -> None:
        waiting(group, "Frage")

        assert titles(html_of(coach, "?state=nonsense&page=x")) == ["Frage"]


class TestTaking:
    def press(self, person: User, topic: Topic, what: str, back: str = "waiting") -> Any:
        address = f"/groups/{topic.group.slug}/{topic.pk}/settle/"
        return signed_in(person, "en").post(address, {"what": what, "back": back}, follow=True)

    def test_whoever_takes_one_comes_back_to_the_queue(self, coach: User, group: Group) -> None:
        topic = waiting(group, "Frage")

        answer = self.press(coach, topic, "take")

        topic.refresh_from_db()
        assert answer.redirect_chain == [(QUEUE, 302)]
        assert topic.taken_by == coach
        assert "taken by: you" in answer.content.decode()

    def test_given_back_from_mine_it_is_everybodys_again(self, coach: User, group: Group) -> None:
        topic = waiting(group, "Frage", taken_by=coach)

        answer = self.press(coach, topic, "give_back", "mine")

        topic.refresh_from_db()
        assert answer.redirect_chain == [(f"{QUEUE}?state=mine", 302)]
        assert topic.taken_by is None

    def test_two_at_once_the_second_is_told(self, coach: User, colleague: User, group: Group) -> None:
        topic = waiting(group, "Frage", taken_by=coach)

        answer = self.press(colleague, topic, "take")

        topic.refresh_from_db()
        assert topic.taken_by == coach
        assert "Coach A has taken this question already." in answer.content.decode()

    def test_what_a_former_coach_had_taken_is_free(self, coach: User, colleague: User, group: Group) -> None:
        topic = waiting(group, "Frage", taken_by=colleague)
        Membership.objects.filter(person=colleague).update(state=Belonging.LEFT)

        assert "Coach B" not in html_of(coach)
        self.press(coach, topic, "take")

        topic.refresh_from_db()
        assert topic.taken_by == coach

    def test_members_take_nothing(self, participant: User, group: Group) -> None:
        assert self.press(participant, waiting(group, "Frage"), "take").status_code == 403

    def test_back_leads_nowhere_else(self, coach: User, group: Group) -> None:
        assert self.press(coach, waiting(group, "Frage"), "take", "https://evil.example").status_code == 404

    def test_the_other_sees_name_and_organisation_and_no_button(
        self, coach: User, colleague: User, group: Group
    ) -> None:
        waiting(group, "Frage", taken_by=colleague)

        html = html_of(coach)

        assert "taken by: Coach B (erfunden) (Donaubüro (erfunden))" in html
        assert 'name="what"' not in html

    def test_mine_are_those_i_have_taken(self, coach: User, colleague: User, group: Group) -> None:
        waiting(group, "Meine", taken_by=coach)
        waiting(group, "Deine", taken_by=colleague)
        waiting(group, "Keine")

        html = html_of(coach, "?state=mine")

        assert titles(html) == ["Meine"]
        assert re.findall(r'tabs__count">(\d+)<', html) == ["3", "1"]
        assert number_for(coach) == 2


class TestAnswered:
    def test_what_a_coach_writes_answers_it(self, coach: User, group: Group) -> None:
        topic = waiting(group, "Frage")
        talk.post(topic=topic, text="So geht es.", by=coach, now=timezone.now())

        assert titles(html_of(coach)) == []
        assert titles(html_of(coach, "?state=answered")) == ["Frage"]

    def test_so_does_marking_it(self, coach: User, participant: User, group: Group) -> None:
        topic = waiting(group, "Frage", author=participant)
        talk.mark_answered(topic=topic, answer=None, by=participant, now=timezone.now())

        assert titles(html_of(coach, "?state=answered")) == ["Frage"]

    def test_only_of_the_last_ninety_days_the_latest_first(self, coach: User, group: Group) -> None:
        now = timezone.now()
        for title, days in (("Früher", 91), ("Neulich", 89), ("Heute", 0)):
            TopicFactory(group=group, title=title, answered_at=now - timedelta(days=days))

        assert titles(html_of(coach, "?state=answered")) == ["Heute", "Neulich"]

    def test_a_topic_without_an_answer_is_not_among_them(self, coach: User, group: Group) -> None:
        TopicFactory(group=group, title="Vor der Zeit der Coaches", posts=2)
        PostFactory(topic=TopicFactory(group=group, title="Eigenes", author=coach), author=coach)

        assert titles(html_of(coach, "?state=answered")) == []


class TestHowQuickly:
    def answered_after(self, group: Group, coach: User, hours: int, *, days_ago: int = 10) -> None:
        begun = timezone.now() - timedelta(days=days_ago)
        topic = TopicFactory(group=group, created_at=begun, posts=1)
        PostFactory(topic=topic, author=coach, posted_at=begun + timedelta(hours=hours))
        PostFactory(topic=topic, author=coach, posted_at=begun + timedelta(hours=hours + 50))

    def test_is_the_middle_of_the_last_ninety_days(self, coach: User, group: Group) -> None:
        for hours in (1, 5, 40):
            self.answered_after(group, coach, hours)
        self.answered_after(group, coach, 1, days_ago=200)

        assert "half of the questions were answered within 5 hours." in html_of(coach)

    def test_counts_days_where_it_takes_days(self, coach: User, group: Group) -> None:
        self.answered_after(group, coach, 73)

        assert "half of the questions were answered within 4 days." in html_of(coach)

    def test_marked_as_answered_counts_too(self, coach: User, group: Group) -> None:
        begun = timezone.now() - timedelta(days=3)
        TopicFactory(group=group, created_at=begun, answered_at=begun + timedelta(hours=7))

        assert "within 7 hours." in html_of(coach)

    def test_says_nothing_where_nothing_was_answered(self, coach: User, group: Group) -> None:
        PostFactory(topic=TopicFactory(group=group, author=coach), author=coach)
        waiting(group, "Frage")

        assert "In the last 90 days" not in html_of(coach)


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(minutes=59), "waits for less than an hour"),
        (timedelta(hours=1), "waits for 1 hour"),
        (timedelta(hours=23), "waits for 23 hours"),
        (timedelta(days=1), "waits for 1 day"),
        (timedelta(days=12, hours=23), "waits for 12 days"),
        (timedelta(minutes=-3), "waits for less than an hour"),
    ],
)
def test_waiting_in_words(waited: timedelta, words: str, now: datetime, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"

    assert waiting_words(now - waited, now=now) == words


def test_the_groups_lead_to_the_queue(coach: User, participant: User, group: Group) -> None:
    for address in ("/groups/", group.get_absolute_url()):
        assert f'href="{QUEUE}"' in signed_in(coach).get(address).content.decode()
        assert f'href="{QUEUE}"' not in signed_in(participant).get(address).content.decode()


@pytest.mark.parametrize("rows", [1, 15])
@pytest.mark.parametrize(("state", "queries"), [("waiting", 7), ("mine", 7), ("answered", 8)])
def test_few_queries_however_many_wait(
    rows: int, state: str, queries: int, coach: User, group: Group, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        waiting(group, f"Frage {number}", taken_by=coach)
        waiting(GroupFactory(coach=coach), f"Woanders {number}")
        TopicFactory(group=group, title=f"Erledigt {number}", answered_at=timezone.now())
    client = signed_in(coach)
    client.get(QUEUE)  # what stands above every page is kept for a minute

    # Browser session, account, whether coach, numbers of the tabs, rows, how quickly, notices; what is answered is
    # counted apart.
    with django_assert_num_queries(queries):
        assert client.get(QUEUE, {"state": state}).status_code == 200
