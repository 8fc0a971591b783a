"""One topic: its posts, what is new in it, what may be done, and what was said before."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.markdown import RENDERER
from discussions.actions import talk
from discussions.choices import Access, Answer, Belonging, Feeling, GroupState, TopicKind
from discussions.models import Attachment, Group, Membership, Option, Post, Reaction, ReadMark, Topic, Vote
from discussions.queries.thread import differences, page_with
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(participant: User, partner: User, coach: User) -> Group:
    return GroupFactory(members=[participant, partner], coach=coach)


@pytest.fixture
def topic(group: Group, partner: User) -> Topic:
    return TopicFactory(group=group, author=partner, title="Wer bringt Noten mit?")


def page(person: User, topic: Topic, query: str = "", **headers: str) -> str:
    answer = signed_in(person, "en").get(f"{topic.get_absolute_url()}{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="post-(\d+)"', html)]


def read_up_to(person: User, topic: Topic) -> int:
    mark = ReadMark.objects.filter(person=person, topic=topic).first()
    return mark.number if mark else 0


def read(person: User, topic: Topic, number: int) -> None:
    ReadMark.objects.update_or_create(person=person, topic=topic, defaults={"number": number})


def posts(topic: Topic, count: int) -> None:
    for _number in range(count):
        PostFactory(topic=topic, author=topic.author)


class TestPages:
    def test_begins_with_the_first_post_for_who_never_opened_it(
        self, participant: User, topic: Topic
    ) -> None:
        posts(topic, 45)

        assert numbers(page(participant, topic)) == list(range(1, 21))

    def test_opens_where_the_first_unread_post_is(self, participant: User, topic: Topic) -> None:
        posts(topic, 45)
        read(participant, topic, 20)

        assert numbers(page(participant, topic)) == list(range(21, 41))

    def test_opens_at_the_end_when_all_was_read(self, participant: User, topic: Topic) -> None:
        posts(topic, 40)
        read(participant, topic, 40)

        assert numbers(page(participant, topic)) == list(range(21, 41))

    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ("?at=41", 41),
            ("?at=20", 1),
            ("?at=999", 41),
            ("?page=2", 21),
            ("?page=99", 41),
            ("?at=x&page=-1", 1),
        ],
    )
    def test_any_address_gives_a_page(self, participant: User, topic: Topic, query: str, first: int) -> None:
        posts(topic, 45)

        assert numbers(page(participant, topic, query))[0] == first

    @pytest.mark.parametrize(("post", "expected"), [(0, 1), (1, 1), (20, 1), (21, 2), (1000, 50)])
    def test_pages_follow_from_numbers(self, post: int, expected: int) -> None:
        assert page_with(post) == expected


class TestReading:
    def test_is_noted_up_to_the_last_post_shown(self, participant: User, topic: Topic) -> None:
        posts(topic, 25)

        page(participant, topic)

        assert read_up_to(participant, topic) == 20

    def test_never_goes_back(self, participant: User, topic: Topic) -> None:
        posts(topic, 25)
        read(participant, topic, 25)

        page(participant, topic, "?page=1")

        assert read_up_to(participant, topic) == 25

    @pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose"])
    def test_what_is_fetched_ahead_was_not_read(self, participant: User, topic: Topic, header: str) -> None:
        posts(topic, 1)

        page(participant, topic, **{header: "prefetch;prerender"})

        assert read_up_to(participant, topic) == 0

    def test_who_asks_only_for_the_head_has_not_read(self, participant: User, topic: Topic) -> None:
        posts(topic, 1)

        answer = signed_in(participant).head(topic.get_absolute_url())

        assert (answer.status_code, read_up_to(participant, topic)) == (200, 0)

    def test_a_line_stands_before_the_first_new_post(self, participant: User, topic: Topic) -> None:
        posts(topic, 3)
        read(participant, topic, 2)

        html = page(participant, topic)

        assert html.count("New from here") == 1
        assert html.index('id="post-2"') < html.index("New from here") < html.index('id="post-3"')
        assert "New from here" not in page(participant, topic)

    def test_the_first_new_post_is_one_link_away(self, participant: User, topic: Topic) -> None:
        posts(topic, 25)
        read(participant, topic, 3)

        assert '<a href="?at=4#post-4">To the first new post' in page(participant, topic, "?page=2")


class TestPosts:
    def test_show_who_wrote_when_on_the_reader_s_clock(self, partner: User, topic: Topic) -> None:
        PostFactory(topic=topic, author=partner, posted_at=datetime(2027, 3, 26, 9, 0, tzinfo=UTC))

        html = page(partner, topic)

        assert "<strong>Partner Timișoara</strong>" in html
        assert '<time datetime="2027-03-26T11:00:00+02:00">' in html

    def test_text_is_shown_as_it_was_rendered_and_never_as_typed(
        self, participant: User, topic: Topic
    ) -> None:
        PostFactory(topic=topic, text="**wichtig** <script>alert(1)</script>")

        html = page(participant, topic)

        assert "<strong>wichtig</strong>" in html
        assert "<script>alert" not in html

    def test_html_of_an_older_renderer_is_not_believed(self, participant: User, topic: Topic) -> None:
        PostFactory(topic=topic, text="harmlos", html="<img src=x>", renderer=0)

        html = page(participant, topic)

        assert "<p>harmlos</p>" in html
        assert "<img src=x>" not in html

    def test_of_a_hidden_post_only_the_reason_is_shown(
        self, participant: User, topic: Topic, now: datetime
    ) -> None:
        post = PostFactory(topic=topic, text="eine Gemeinheit")
        attach(post, "gemein.pdf")
        assert "eine Gemeinheit" in page(participant, topic)

        Post.objects.filter(pk=post.pk).update(hidden_at=now, hidden_reason="beleidigt andere")

        html = page(participant, topic)
        assert "beleidigt andere" in html
        assert "eine Gemeinheit" not in html
        assert "gemein.pdf" not in html

    def test_a_deleted_post_keeps_its_place(self, participant: User, partner: User, topic: Topic) -> None:
        post = PostFactory(topic=topic, author=partner, text="versehentlich")
        assert "versehentlich" in page(participant, topic)

        talk.delete_post(post=post, by=partner, now=timezone.now())

        html = page(participant, topic)
        assert numbers(html) == [1]
        assert "This post was deleted by its author." in html
        assert "versehentlich" not in html

    def test_a_post_of_an_erased_account_stays(self, participant: User, topic: Topic) -> None:
        post = PostFactory(topic=topic)

        Post.objects.filter(pk=post.pk).update(author=None)

        assert "<strong>Former member</strong>" in page(participant, topic)

    def test_the_answer_is_marked(self, participant: User, topic: Topic) -> None:
        posts(topic, 2)
        assert "This is the answer" not in page(participant, topic)

        Topic.objects.filter(pk=topic.pk).update(answer=topic.posts.get(number=2))

        html = page(participant, topic)
        assert html.index('id="post-2"') < html.index("This is the answer")

    def test_reactions_are_counted_and_the_own_one_is_pressed(
        self, participant: User, partner: User, topic: Topic
    ) -> None:
        post = PostFactory(topic=topic)
        for person, feeling in (
            (participant, Feeling.THANKS),
            (partner, Feeling.THANKS),
            (partner, Feeling.JOY),
        ):
            Reaction.objects.create(post=post, person=person, feeling=feeling)

        html = page(participant, topic)

        found = re.findall(
            r'value="(\w+:[01])" aria-pressed="(\w+)">.*?(?:reaction__count">(\d+))?</(?:span></)?button',
            html,
        )
        assert found == [
            ("thanks:0", "true", "2"),
            ("agree:1", "false", ""),
            ("helpful:1", "false", ""),
            ("joy:1", "false", "1"),
        ]

    def test_files_are_listed_and_pictures_shown_small(self, participant: User, topic: Topic) -> None:
        post = PostFactory(topic=topic)
        paper, photo = attach(post, "noten.pdf"), attach(post, "chor.jpg", width=60)

        html = page(participant, topic)

        assert f'<a href="/groups/files/{paper.pk}/">noten.pdf</a>' in html
        assert f'<img src="/groups/files/{photo.pk}/small/" alt="chor.jpg"' in html

    def test_only_the_own_post_can_be_changed(self, participant: User, topic: Topic) -> None:
        own, other = PostFactory(topic=topic, author=participant), PostFactory(topic=topic)

        html = page(participant, topic)

        assert f"/posts/{own.pk}/edit/" in html
        assert f"/posts/{other.pk}/edit/" not in html


class TestWhatMayBeDone:
    def test_a_quote_stands_in_the_composer(self, participant: User, topic: Topic) -> None:
        PostFactory(topic=topic, author=participant, text="Ich bringe Noten mit.")

        assert "&gt; Ich bringe Noten mit." in page(participant, topic, "?quote=1")
        assert "&gt; Ich bringe Noten mit." not in page(participant, topic)

    @pytest.mark.parametrize(
        ("who", "expected"),
        [
            ("participant", set()),
            ("partner", {"answered"}),
            ("coach", {"pin", "faq", "answered", "take"}),
        ],
    )
    def test_buttons_are_those_of_the_role(
        self, cast: dict[str, User], topic: Topic, who: str, expected: set[str]
    ) -> None:
        posts(topic, 1)
        Topic.objects.update(needs_answer=True)

        html = page(cast[who], topic)

        assert set(re.findall(r'name="what" value="(\w+)"', html)) == expected

    def test_in_an_archived_group_nothing_can_be_written(self, participant: User, topic: Topic) -> None:
        posts(topic, 1)
        Group.objects.update(state=GroupState.ARCHIVED)

        html = page(participant, topic)

        assert "This group is archived." in html
        assert "/react/" not in html
        assert "?quote=" not in html

    def test_who_only_reads_an_open_group_is_asked_to_join(self, outsider: User, topic: Topic) -> None:
        posts(topic, 1)
        Group.objects.update(access=Access.OPEN)

        html = page(outsider, topic)

        assert "Only members write here." in html
        assert "/react/" not in html

    def test_what_was_chosen_for_the_topic_is_selected(self, participant: User, topic: Topic) -> None:
        posts(topic, 1)
        assert '<option value="" selected>' in page(participant, topic)

        talk.follow(topic=topic, by=participant, following="mute")

        assert '<option value="mute" selected>' in page(participant, topic)


class TestPolls:
    @pytest.fixture
    def poll(self, group: Group, partner: User) -> Topic:
        topic = TopicFactory(group=group, author=partner, kind=TopicKind.DATES, posts=1)
        Option.objects.create(topic=topic, position=0, starts_at=datetime(2027, 3, 30, 15, 0, tzinfo=UTC))
        return topic

    def test_show_who_said_what(self, participant: User, partner: User, poll: Topic) -> None:
        option = poll.options.get()
        Vote.objects.create(option=option, person=participant, answer=Answer.YES)
        Vote.objects.create(option=option, person=partner, answer=Answer.MAYBE)

        html = page(participant, poll)

        assert '<td data-label="Yes"><span><strong>1</strong> Teilnehmer</span></td>' in html
        assert '<td data-label="If need be"><span><strong>1</strong> Partner Timișoara</span></td>' in html
        assert '<td data-label="No"><span><strong>0</strong> </span></td>' in html

    def test_dates_stand_on_the_reader_s_clock(self, partner: User, poll: Topic) -> None:
        assert '<time datetime="2027-03-30T18:00:00+03:00">' in page(partner, poll)

    def test_when_it_is_over_nobody_votes(self, participant: User, poll: Topic) -> None:
        address = f"{poll.get_absolute_url()}vote/"
        assert address in page(participant, poll)

        Topic.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - timedelta(hours=1))

        html = page(participant, poll)
        assert address not in html
        assert "The poll ended" in html


class TestFresh:
    def test_nothing_new_is_an_empty_answer(self, participant: User, topic: Topic) -> None:
        posts(topic, 2)

        answer = signed_in(participant).get(f"{topic.get_absolute_url()}news/?after=2")

        assert (answer.status_code, answer.content) == (204, b"")

    @pytest.mark.parametrize(("known", "expected"), [('"2"', 304), ('"1"', 204)])
    def test_who_knows_the_last_post_is_told_that_nothing_changed(
        self, participant: User, topic: Topic, known: str, expected: int
    ) -> None:
        posts(topic, 2)
        client = signed_in(participant)

        answer = client.get(f"{topic.get_absolute_url()}news/?after=2", headers={"If-None-Match": known})

        assert (answer.status_code, answer.content) == (expected, b"")

    def test_what_came_since_is_given_and_noted_as_read(self, participant: User, topic: Topic) -> None:
        posts(topic, 3)
        read(participant, topic, 1)

        answer = signed_in(participant, "en").get(f"{topic.get_absolute_url()}news/?after=1")

        html = answer.content.decode()
        assert numbers(html) == [2, 3]
        assert 'data-said="2 new posts"' in html
        assert 'data-last="3"' in html
        assert "<html" not in html
        assert read_up_to(participant, topic) == 3

    @pytest.mark.parametrize("count", [1, 200])
    def test_asking_costs_three_queries(
        self, participant: User, topic: Topic, count: int, django_assert_num_queries: Any
    ) -> None:
        posts(topic, count)
        client = signed_in(participant)

        with django_assert_num_queries(3):  # browser session, account, topic
            answer = client.get(f"{topic.get_absolute_url()}news/?after={count}")

        assert (answer.status_code, topic.posts.count()) == (204, count)


class TestWhoComesIn:
    @pytest.mark.parametrize("part", ["", "news/"])
    def test_who_has_left_gets_what_a_missing_topic_gives(
        self, participant: User, topic: Topic, part: str
    ) -> None:
        posts(topic, 1)
        client = signed_in(participant)
        assert client.get(f"{topic.get_absolute_url()}{part}").status_code == 200

        Membership.objects.filter(person=participant).update(state=Belonging.LEFT)

        answer = client.get(f"{topic.get_absolute_url()}{part}")
        missing = client.get(f"/groups/{topic.group.slug}/{topic.pk + 1}/{part}")
        assert (answer.status_code, missing.status_code) == (404, 404)
        assert answer.content == missing.content

    def test_an_outsider_and_a_superuser_see_nothing(self, outsider: User, admin: User, topic: Topic) -> None:
        posts(topic, 1)

        codes = [signed_in(person).get(topic.get_absolute_url()).status_code for person in (outsider, admin)]

        assert codes == [404, 404]

    def test_a_topic_has_one_address_only(self, participant: User, topic: Topic) -> None:
        posts(topic, 1)
        other = GroupFactory(members=[participant])

        assert signed_in(participant).get(f"/groups/{other.slug}/{topic.pk}/").status_code == 404

    def test_a_private_line_is_read_by_its_person_and_coaches_only(
        self, participant: User, partner: User, coach: User, group: Group
    ) -> None:
        line = TopicFactory(group=group, is_line=True, line_of=participant, author=participant, posts=1)

        codes = [
            signed_in(one).get(line.get_absolute_url()).status_code for one in (participant, coach, partner)
        ]

        assert codes == [200, 200, 404]

    def test_a_visitor_signs_in_first(self, topic: Topic) -> None:
        posts(topic, 1)

        answer = Client().get(topic.get_absolute_url())

        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


class TestEarlierVersions:
    def test_show_what_was_added_and_taken_away(self, participant: User, partner: User, topic: Topic) -> None:
        post = PostFactory(topic=topic, author=partner, text="Wir singen am Montag.")
        talk.edit_post(
            post=post, text="Wir singen am Dienstag.", by=partner, base_version=1, now=timezone.now()
        )

        html = signed_in(participant).get(f"/posts/{post.pk}/history/").content.decode()

        assert "Wir singen am <del>Montag.</del><ins>Dienstag.</ins>" in html
        assert f"/posts/{post.pk}/history/" in page(participant, topic)

    def test_are_gone_with_the_post(self, participant: User, topic: Topic, now: datetime) -> None:
        post = PostFactory(topic=topic)
        client = signed_in(participant)
        assert client.get(f"/posts/{post.pk}/history/").status_code == 200

        Post.objects.filter(pk=post.pk).update(hidden_at=now)

        assert client.get(f"/posts/{post.pk}/history/").status_code == 404

    def test_outsiders_see_none(self, outsider: User, topic: Topic) -> None:
        post = PostFactory(topic=topic)

        assert signed_in(outsider).get(f"/posts/{post.pk}/history/").status_code == 404

    def test_what_was_typed_is_text_and_nothing_else(self) -> None:
        assert differences("<b>", "<i>") == "<del>&lt;b&gt;</del><ins>&lt;i&gt;</ins>"

    def test_very_long_texts_are_compared_as_a_whole(self) -> None:
        before, after = "a\n" * 3000, "b\n" * 3000

        assert differences(before, after) == f"<del>{before}</del><ins>{after}</ins>"


@pytest.mark.parametrize("count", [1, 20])
def test_few_queries_however_many_posts(
    participant: User, topic: Topic, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        post = PostFactory(topic=topic)
        attach(post, "noten.pdf")
        Reaction.objects.create(post=post, person=participant, feeling=Feeling.JOY)
    client = signed_in(participant)
    assert len(numbers(client.get(topic.get_absolute_url()).content.decode())) == count

    # Browser session, account, group, topic, posts, reactions, files, draft, notices.
    with django_assert_num_queries(9):
        client.get(topic.get_absolute_url())


def test_the_last_page_of_a_thousand_posts_reads_twenty(
    participant: User, topic: Topic, django_assert_num_queries: Any
) -> None:
    Post.objects.bulk_create(
        Post(
            topic=topic,
            group=topic.group,
            number=number,
            author=topic.author,
            text="x",
            html="<p>x</p>",
            posted_at=topic.created_at,
        )
        for number in range(1, 1001)
    )
    Post.objects.update(renderer=RENDERER)
    Topic.objects.filter(pk=topic.pk).update(last_number=1000)
    read(participant, topic, 1000)
    client = signed_in(participant)
    client.get(topic.get_absolute_url())

    with django_assert_num_queries(9) as asked:
        answer = client.get(topic.get_absolute_url())

    assert numbers(answer.content.decode()) == list(range(981, 1001))
    assert [query["sql"] for query in asked.captured_queries if "OFFSET" in query["sql"]] == []


def attach(post: Post, name: str, *, width: int | None = None) -> Attachment:
    return Attachment.objects.create(
        post=post,
        file=f"posts/{name}",
        original_name=name,
        content_type="image/jpeg" if width else "application/pdf",
        size=1000,
        width=width,
        height=width,
        uploaded_at=post.posted_at,
    )


def test_members_of_another_group_do_not_share_marks(participant: User, topic: Topic) -> None:
    other = MembershipFactory(group=topic.group).person
    posts(topic, 2)
    read(other, topic, 2)

    html = page(participant, topic)

    assert "To the first new post" in html
