"""Frequent questions of a group."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from discussions.choices import Access
from discussions.models import Group, Post, Topic
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(participant: User, coach: User) -> Group:
    return GroupFactory(members=[participant], coach=coach)


def question(group: Group, title: str, *, answered: bool = True, **facts: Any) -> Topic:
    topic = TopicFactory(group=group, title=title, is_faq=True, posts=1, **facts)
    if answered:
        topic.answer = PostFactory(topic=topic, text=f"Antwort auf {title}, *ganz* einfach.", language="de")
        topic.save()
    return topic


def address(group: Group) -> str:
    return f"{group.get_absolute_url()}faq/"


def html_of(person: User, group: Group) -> str:
    answer = signed_in(person, "en").get(address(group))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def titles(html: str) -> list[str]:
    return re.findall(r'<h2 class="h3" id="question-\d+">([^<]*)<', html)


def test_questions_stand_by_title_with_their_answer(participant: User, group: Group) -> None:
    topics = [question(group, title) for title in ("Zuschuss?", "Übersetzen?", "Anreise?")]
    TopicFactory(group=group, title="Keine häufige Frage", posts=1)

    html = html_of(participant, group)

    assert titles(html) == ["Anreise?", "Übersetzen?", "Zuschuss?"]
    assert 'lang="de"><p>Antwort auf Anreise?, <em>ganz</em> einfach.</p>' in html
    assert f'href="{topics[0].get_absolute_url()}?at=2#post-2"' in html
    assert "Keine häufige Frage" not in html


def test_without_a_chosen_answer_the_first_post_stands_there(participant: User, group: Group) -> None:
    topic = question(group, "Anreise?", answered=False)
    topic.posts.update(html="<p>Mit dem Zug.</p>")
    PostFactory(topic=topic, text="Danke!")

    html = html_of(participant, group)

    assert "<p>Mit dem Zug.</p>" in html
    assert "Danke!" not in html


@pytest.mark.parametrize("gone", ["deleted_at", "hidden_at"])
def test_what_was_hidden_or_deleted_is_not_shown(gone: str, participant: User, group: Group) -> None:
    topic = question(group, "Anreise?")
    Post.objects.filter(pk=topic.answer_id).update(**{gone: timezone.now()})
    topic.posts.filter(number=1).update(html="<p>Die Frage selbst.</p>")

    html = html_of(participant, group)
    assert "Antwort auf" not in html
    assert "Die Frage selbst." in html

    topic.posts.update(**{gone: timezone.now()})
    html = html_of(participant, group)
    assert titles(html) == ["Anreise?"]
    assert "Die Frage selbst." not in html
    assert "What was said stands in the topic." in html


def test_a_private_line_is_never_among_them(coach: User, participant: User, group: Group) -> None:
    question(group, "Ganz privat", is_line=True, line_of=participant)

    for person in (coach, participant):
        assert "Ganz privat" not in html_of(person, group)


def test_html_of_an_older_renderer_is_not_believed(participant: User, group: Group) -> None:
    topic = question(group, "Anreise?")
    Post.objects.filter(pk=topic.answer_id).update(html="<script>alert(1)</script>", renderer=0)

    assert "<script>alert" not in html_of(participant, group)


def test_nothing_yet_says_how_it_comes_about(coach: User, participant: User, group: Group) -> None:
    assert "Add to the frequent questions" in html_of(coach, group)
    assert "Coaches and moderators collect here" in html_of(participant, group)


def test_the_tab_leads_here(participant: User, group: Group) -> None:
    page = signed_in(participant).get(group.get_absolute_url()).content.decode()

    assert f'href="{address(group)}"' in page
    assert f'href="{address(group)}" aria-current="page"' in html_of(participant, group)


class TestWhoComesIn:
    @pytest.mark.parametrize("name", ["outsider", "admin"])
    def test_outsiders_get_what_a_missing_group_gives(
        self, name: str, cast: dict[str, User], group: Group
    ) -> None:
        question(group, "Anreise?")
        client = signed_in(cast[name])

        answer, missing = client.get(address(group)), client.get("/groups/gibtesnicht/faq/")

        assert (answer.status_code, missing.status_code) == (404, 404)
        assert answer.content == missing.content

    def test_visitors_sign_in_first(self, group: Group) -> None:
        assert [Client().get(f"/groups/{slug}/faq/").status_code for slug in (group.slug, "keine")] == [
            302
        ] * 2

    def test_who_sees_an_open_group_reads_them(self, outsider: User) -> None:
        group = GroupFactory(access=Access.OPEN)
        question(group, "Anreise?")

        assert titles(html_of(outsider, group)) == ["Anreise?"]


@pytest.mark.parametrize("rows", [1, 20])
def test_few_queries_however_many_questions(
    rows: int, participant: User, group: Group, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        question(group, f"Frage {number}", answered=bool(number % 2))
    client = signed_in(participant)
    client.get(address(group))  # what stands above every page is kept for a minute

    # Browser session, account, group, what the reader is in it, topics with answers, first posts, notices.
    with django_assert_num_queries(7):
        assert client.get(address(group)).status_code == 200
