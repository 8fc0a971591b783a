"""Searching in groups: only what the reader sees anyway, however it is typed."""

from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from discussions.choices import Access, Belonging
from discussions.models import Group, Membership, Post
from discussions.queries import search
from discussions.queries.search import MOST_TOPICS, PER_PAGE, find
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(participant: User, coach: User) -> Group:
    return GroupFactory(members=[participant], coach=coach)


def said(person: User, typed: str, group: Group | None) -> list[str]:
    return sorted(hit.text for hit in find(typed, person, group=group).posts)


class TestFinding:
    @pytest.mark.parametrize("typed", ["Győr", "gyor", "konz győr", "Reise", "reis"])
    def test_words_are_found_however_they_are_typed(
        self, participant: User, group: Group, typed: str
    ) -> None:
        topic = TopicFactory(group=group)
        PostFactory(topic=topic, text="Reise zum Konzert in Győr")
        PostFactory(topic=topic, text="Etwas ganz anderes")

        assert said(participant, typed, group) == ["Reise zum Konzert in Győr"]

    def test_a_typing_error_is_forgiven_where_nothing_else_is_found(
        self, participant: User, group: Group
    ) -> None:
        PostFactory(topic=TopicFactory(group=group), text="Die Partnerschaft feiert")

        hits = find("Partnerschatf", participant, group=group)

        assert ([hit.text for hit in hits.posts], hits.is_similar) == (["Die Partnerschaft feiert"], True)

    def test_titles_are_found(self, participant: User, group: Group) -> None:
        TopicFactory(group=group, title="Fördermittel beantragen")
        TopicFactory(group=group, title="Chorprobe")

        hits = find("fordermittel", participant, group=group)

        assert [hit.title for hit in hits.topics] == ["Fördermittel beantragen"]

    def test_the_place_in_a_long_post_is_shown(self, participant: User, group: Group) -> None:
        text = "Vorher " * 100 + "Donaufest " + "nachher " * 100
        PostFactory(topic=TopicFactory(group=group), text=text)

        (hit,) = find("donaufest", participant, group=group).posts

        assert hit.text == "… " + "Vorher " * 8 + "Donaufest " + "nachher " * 23 + "…"

    def test_formatting_leaves_no_gaps(self, participant: User, group: Group) -> None:
        text = "Das **Donaufest**: am 3. Mai\n\n- Chöre & Kuchen\n- Tanz"
        PostFactory(topic=TopicFactory(group=group), text=text)

        (hit,) = find("donaufest", participant, group=group).posts

        assert hit.text == "Das Donaufest: am 3. Mai Chöre & Kuchen Tanz"

    def test_nothing_typed_finds_nothing(self, participant: User, group: Group) -> None:
        PostFactory(topic=TopicFactory(group=group))

        hits = find(" !? ", participant, group=group)

        assert (hits.topics, hits.posts) == ([], [])

    def test_pages_go_back_in_time(self, participant: User, group: Group) -> None:
        topic = TopicFactory(group=group, title="Donau")
        PostFactory.create_batch(PER_PAGE + 3, topic=topic, text="Donau")

        first, second, third = (find("donau", participant, group=group, page=page) for page in (1, 2, 3))

        assert [post.number for post in first.posts] == list(range(PER_PAGE + 3, 3, -1))
        assert [post.number for post in second.posts] == [3, 2, 1]
        assert [len(found.topics) for found in (first, second, third)] == [1, 0, 0]
        assert [found.is_more for found in (first, second, third)] == [True, False, False]
        assert (third.posts, third.is_similar) == ([], False)

    def test_more_titles_than_are_shown_is_said(self, participant: User, group: Group) -> None:
        TopicFactory.create_batch(MOST_TOPICS + 1, group=group, title="Donau")

        hits = find("donau", participant, group=group)

        assert (len(hits.topics), hits.is_cut, hits.is_more) == (MOST_TOPICS, True, False)
        html = signed_in(participant, "en").get(f"/groups/{group.slug}/search/?q=donau").content.decode()
        assert "There is more." in html

    def test_behind_the_last_page_nothing_is_similar(self, participant: User, group: Group) -> None:
        PostFactory(topic=TopicFactory(group=group, title="Überblick"), text="Donaufest")

        hits = find("donaufest", participant, group=group, page=9)

        assert (hits.posts, hits.topics, hits.is_similar) == ([], [], False)

    def test_the_same_is_found_among_the_newest_and_by_the_index(
        self, participant: User, group: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        topic = TopicFactory(group=group, title="Überblick")
        PostFactory.create_batch(PER_PAGE + 5, topic=topic, text="Zur Übersetzung, bitte")
        PostFactory.create_batch(5, topic=topic, text="übersät")

        def found(typed: str) -> list[int]:
            pages = [find(typed, participant, group=group, page=page) for page in (1, 2)]
            return [post.number for hits in pages for post in hits.posts]

        among_the_newest = [found(typed) for typed in ("übers", "bitte uebersetz", "Übersetzung")]
        monkeypatch.setattr(search, "_NEWEST", 3)

        assert [found(typed) for typed in ("übers", "bitte uebersetz", "Übersetzung")] == among_the_newest
        assert [len(numbers) for numbers in among_the_newest] == [PER_PAGE + 10, 0, PER_PAGE + 5]


class TestWhatIsNotFound:
    def test_other_groups_are_searched_only_when_asked_for(self, participant: User, group: Group) -> None:
        PostFactory(topic=TopicFactory(group=group), text="Donau hier")
        PostFactory(topic=TopicFactory(group=GroupFactory(members=[participant])), text="Donau dort")
        PostFactory(topic=TopicFactory(group=GroupFactory()), text="Donau bei Fremden")
        PostFactory(topic=TopicFactory(group=GroupFactory(access=Access.OPEN)), text="Donau offen")

        assert said(participant, "donau", group) == ["Donau hier"]
        assert said(participant, "donau", None) == ["Donau dort", "Donau hier"]

    def test_nothing_of_a_group_one_has_left(self, participant: User, group: Group) -> None:
        PostFactory(topic=TopicFactory(group=group), text="Donau")
        assert said(participant, "donau", None) == ["Donau"]

        Membership.objects.filter(person=participant).update(state=Belonging.LEFT)

        assert said(participant, "donau", None) == []
        assert said(participant, "donau", group) == []

    def test_private_lines_of_others(self, participant: User, coach: User, group: Group) -> None:
        line = TopicFactory(group=group, title="Donau privat", is_line=True, line_of=coach)
        PostFactory(topic=line, text="Donau vertraulich")

        hits = find("donau", participant, group=group)

        assert (hits.topics, hits.posts) == ([], [])
        assert said(coach, "donau", group) == ["Donau vertraulich"]

    def test_hidden_and_deleted_posts(self, participant: User, group: Group, now: datetime) -> None:
        topic = TopicFactory(group=group)
        hidden = PostFactory(topic=topic, text="Donau verborgen")
        deleted = PostFactory(topic=topic, text="Donau entfernt")
        assert len(said(participant, "donau", group)) == 2

        Post.objects.filter(pk=hidden.pk).update(hidden_at=now)
        Post.objects.filter(pk=deleted.pk).update(deleted_at=now)

        assert said(participant, "donau", group) == []


class TestPage:
    def test_leads_to_the_post(self, participant: User, group: Group) -> None:
        post = PostFactory(topic=TopicFactory(group=group, posts=2), text="Donaufest")

        html = signed_in(participant).get(f"/groups/{group.slug}/search/?q=donaufest").content.decode()

        assert f'{post.topic.get_absolute_url()}?at=3#post-3"' in html

    def test_what_was_typed_is_text(self, participant: User, group: Group) -> None:
        html = signed_in(participant).get(f"/groups/{group.slug}/search/?q=<script>x").content.decode()

        assert 'value="&lt;script&gt;x"' in html
        assert "<script>x" not in html

    def test_outsiders_search_nothing(self, outsider: User, group: Group) -> None:
        assert signed_in(outsider).get(f"/groups/{group.slug}/search/?q=donau&where=all").status_code == 404

    def test_pages_are_linked_with_what_was_typed(self, participant: User, group: Group) -> None:
        PostFactory.create_batch(2 * PER_PAGE + 1, topic=TopicFactory(group=group), text="Donau & mehr")
        client, address = signed_in(participant, "en"), f"/groups/{group.slug}/search/"

        html = client.get(f"{address}?q=donau+%26+mehr&where=all&page=2").content.decode()

        assert 'rel="prev" href="?q=donau+%26+mehr&amp;where=all&amp;page=1"' in html
        assert 'rel="next" href="?q=donau+%26+mehr&amp;where=all&amp;page=3"' in html
        assert 'rel="next"' not in client.get(f"{address}?q=donau&page=3").content.decode()

    @pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "51"])
    def test_pages_that_are_none(self, participant: User, group: Group, page: str) -> None:
        PostFactory(topic=TopicFactory(group=group), text="Donau")

        assert (
            signed_in(participant).get(f"/groups/{group.slug}/search/?q=donau&page={page}").status_code == 200
        )

    @pytest.mark.parametrize(("count", "queries"), [(1, 8), (40, 7)])
    def test_few_queries_however_much_is_found(
        self,
        participant: User,
        group: Group,
        count: int,
        queries: int,
        django_assert_num_queries: Any,
    ) -> None:
        topic = TopicFactory(group=group, title="Donau")
        PostFactory.create_batch(count, topic=topic, text="Donau")
        client, address = signed_in(participant), f"/groups/{group.slug}/search/?q=donau"
        # The first page of all also reads the banner, which is then remembered.
        assert client.get(address).content.decode().count("?at=") == min(count, PER_PAGE)

        # Browser session, account, group, posts and topics (each among the newest, then by the index where those
        # are not enough), notices.
        with django_assert_num_queries(queries):
            client.get(address)
