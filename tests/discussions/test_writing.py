"""Answers, new topics, changes: who may write, that nothing is sent twice, and that no text is ever lost."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.choices import GroupState, Role, TopicKind
from discussions.models import Attachment, Draft, Group, Membership, Post, Topic
from discussions.queries.names import with_mentions
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory
from tests.factories.uploads import pdf, upload

pytestmark = pytest.mark.django_db
TEXT = "A long text that took an hour."


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def group(partner: User, participant: User, coach: User) -> Group:
    room: Group = GroupFactory.create(members=[partner, participant], coach=coach)
    return room


@pytest.fixture
def topic(group: Group, partner: User) -> Topic:
    found: Topic = TopicFactory.create(group=group, author=partner, posts=1)
    return found


@pytest.fixture
def post(topic: Topic) -> Post:
    return topic.posts.get()


def page(name: str, topic: Topic) -> str:
    return reverse(f"discussions:{name}", args=[topic.group.slug, topic.pk])


def new_page(group: Group, query: str = "") -> str:
    return reverse("discussions:new_topic", args=[group.slug]) + query


def of_post(name: str, post: Post) -> str:
    return reverse(f"discussions:{name}", args=[post.pk])


def keyed(**fields: Any) -> dict[str, Any]:
    return {"text": TEXT, "key": str(uuid4())} | fields


def texts(topic: Topic) -> list[str]:
    return list(topic.posts.order_by("number").values_list("text", flat=True))[1:]


def typed_in(answer: Any) -> str:
    """What stands in the text field of a page."""
    found = re.search(
        r"<textarea[^>]*name=\"text\"[^>]*>\s?(.*?)</textarea>", answer.content.decode(), re.DOTALL
    )
    return found[1].strip() if found else "no field"


# --- an answer


def test_an_answer_is_said_once_however_often_it_is_sent(topic: Topic, participant: User) -> None:
    client, data = signed_in(participant), keyed(language="de")

    found = [client.post(page("answer", topic), data)["Location"] for _ in "123"]

    assert found == [f"{topic.get_absolute_url()}?at=2#post-2"] * 3
    assert list(topic.posts.filter(number__gt=1).values_list("text", "language")) == [(TEXT, "de")]
    assert not Draft.objects.exists()


def test_line_ends_of_browsers_are_not_kept(topic: Topic, participant: User) -> None:
    signed_in(participant).post(page("answer", topic), keyed(text="  One\r\nTwo"))

    assert texts(topic) == ["  One\nTwo"]


def test_changed_after_going_back_it_is_another_post(topic: Topic, participant: User) -> None:
    client, data = signed_in(participant), keyed()

    client.post(page("answer", topic), data)
    answer = client.post(page("answer", topic), data | {"text": "Something else"})

    assert answer["Location"].endswith("#post-3")
    assert texts(topic) == [TEXT, "Something else"]


def test_for_outsiders_and_former_members_there_is_no_topic(
    topic: Topic, post: Post, outsider: User, participant: User
) -> None:
    Membership.objects.filter(person=participant).update(state="left")

    for person in (outsider, participant):
        client = signed_in(person)
        found = {
            client.post(page("answer", topic), keyed()).status_code,
            client.post(page("draft", topic), keyed()).status_code,
            client.post(new_page(topic.group), keyed(title="T")).status_code,
            client.get(new_page(topic.group)).status_code,
            client.post(of_post("edit_post", post), keyed(base_version="1")).status_code,
            client.post(of_post("delete_post", post), keyed()).status_code,
            client.post(reverse("discussions:preview"), {"group": topic.group.slug, "text": "x"}).status_code,
        }
        assert found == {404}

    assert (Post.objects.count(), Topic.objects.count(), Draft.objects.count()) == (1, 1, 0)


def test_visitors_who_open_a_page_sign_in_first(topic: Topic, post: Post) -> None:
    addresses = [new_page(topic.group), page("answer", topic), of_post("edit_post", post)]

    found = {Client().get(address)["Location"].partition("?")[0] for address in addresses}

    assert found == {"/accounts/login/"}


def test_who_was_signed_out_while_writing_gets_the_text_back_and_sends_it_again(
    topic: Topic, participant: User
) -> None:
    client, data = Client(), keyed(language="ro")

    answer = client.post(page("answer", topic), data)
    client.force_login(participant)
    others = dict(
        re.findall(r'<input type="hidden" name="(key|language)" value="([^"]+)">', answer.content.decode())
    )
    client.post(page("answer", topic), {"text": typed_in(answer), **others})

    assert (answer.status_code, typed_in(answer)) == (403, TEXT)
    assert list(topic.posts.filter(number=2).values_list("text", "language")) == [(TEXT, "ro")]


def test_a_form_from_before_signing_in_again_is_shown_again_and_then_sent(
    topic: Topic, participant: User
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(participant)
    data = keyed()

    refused = client.post(page("answer", topic), data | {"csrfmiddlewaretoken": "x" * 64})
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', refused.content.decode())
    said_before = texts(topic)
    accepted = client.post(page("answer", topic), data | {"csrfmiddlewaretoken": token[1] if token else ""})

    assert (refused.status_code, typed_in(refused), said_before) == (403, TEXT, [])
    assert (accepted.status_code, texts(topic)) == (302, [TEXT])


def test_a_form_of_a_foreign_page_writes_nothing(topic: Topic, post: Post, partner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(partner)

    found = {
        client.post(page("answer", topic), keyed()).status_code,
        client.post(new_page(topic.group), keyed(title="T")).status_code,
        client.post(of_post("edit_post", post), keyed(base_version="1")).status_code,
    }

    assert found == {403}
    assert (Post.objects.count(), Post.objects.get().version) == (1, 1)


def test_an_empty_answer_is_refused(topic: Topic, participant: User) -> None:
    answer = signed_in(participant, "en").post(page("answer", topic), keyed(text="  "))

    assert answer.status_code == 422
    assert "Please write something, or add a file." in answer.content.decode()
    assert (texts(topic), Draft.objects.count()) == ([], 0)


def test_too_long_a_text_is_refused_and_kept(topic: Topic, participant: User) -> None:
    answer = signed_in(participant).post(page("answer", topic), keyed(text="x" * 20_001))

    assert (answer.status_code, typed_in(answer)) == (422, "x" * 20_001)
    assert texts(topic) == []


def test_who_writes_too_fast_keeps_the_text(topic: Topic, participant: User) -> None:
    for _number in range(60):
        PostFactory.create(topic=topic, author=participant, posted_at=timezone.now())

    answer = signed_in(participant).post(page("answer", topic), keyed())

    assert (answer.status_code, typed_in(answer)) == (429, TEXT)
    assert Draft.objects.get().text == TEXT
    assert TEXT not in texts(topic)


def test_in_an_archived_group_the_text_is_refused_and_kept(topic: Topic, participant: User) -> None:
    Group.objects.filter(pk=topic.group_id).update(state=GroupState.ARCHIVED)

    answer = signed_in(participant, "en").post(page("answer", topic), keyed())

    assert (answer.status_code, typed_in(answer)) == (409, TEXT)
    assert "This group is archived." in answer.content.decode()
    assert texts(topic) == []


def test_who_only_reads_an_open_group_keeps_the_text(topic: Topic, outsider: User) -> None:
    Group.objects.filter(pk=topic.group_id).update(access=Group.Access.OPEN)

    answer = signed_in(outsider).post(page("answer", topic), keyed())

    assert (answer.status_code, typed_in(answer)) == (403, TEXT)
    assert texts(topic) == []


def test_a_sent_answer_leads_to_its_post_even_when_the_group_was_archived_since(
    topic: Topic, participant: User
) -> None:
    client, data = signed_in(participant), keyed()
    first = client.post(page("answer", topic), data)
    Group.objects.filter(pk=topic.group_id).update(state=GroupState.ARCHIVED)

    second = client.post(page("answer", topic), data)

    assert second["Location"] == first["Location"]


def test_a_preview_says_nothing_and_keeps_the_text_and_the_files(topic: Topic, participant: User) -> None:
    client = signed_in(participant)
    data = keyed(text="By **bus**", preview="1")

    shown = client.post(page("answer", topic), data | {"files": [upload("plan.pdf", pdf())]})

    assert "By <strong>bus</strong>" in shown.content.decode()
    assert (typed_in(shown), texts(topic)) == ("By **bus**", [])
    assert Draft.objects.get().attachments.get().original_name == "plan.pdf"


def test_files_of_the_preview_come_along_when_it_is_sent(topic: Topic, participant: User) -> None:
    client, data = signed_in(participant), keyed()
    for _ in "12":
        client.post(page("answer", topic), data | {"preview": "1", "files": [upload("plan.pdf", pdf())]})

    client.post(page("answer", topic), data)

    names = Attachment.objects.filter(post__topic=topic, post__number=2).values_list(
        "original_name", flat=True
    )
    assert list(names) == ["plan.pdf"]
    assert not Draft.objects.exists()


def test_a_kept_file_can_be_taken_out_again(topic: Topic, participant: User) -> None:
    client, data = signed_in(participant), keyed()
    files = [upload("a.pdf", pdf()), upload("b.pdf", pdf(b"/X 1"))]
    client.post(page("answer", topic), data | {"preview": "1", "files": files})
    first = Attachment.objects.get(original_name="a.pdf")

    client.post(page("answer", topic), data | {"without": [first.pk]})

    assert list(Attachment.objects.values_list("original_name", flat=True)) == ["b.pdf"]


def test_more_than_ten_files_are_refused_and_the_text_is_kept(topic: Topic, participant: User) -> None:
    client = signed_in(participant)
    many = [upload(f"{number}.pdf", pdf()) for number in range(11)]

    at_once = client.post(page("answer", topic), keyed(files=many))
    ten = [upload(f"{number}.pdf", pdf()) for number in range(10)]
    client.post(page("answer", topic), keyed(preview="1", files=ten))
    later = client.post(page("answer", topic), keyed(files=[upload("11.pdf", pdf())]))

    assert [(one.status_code, typed_in(one)) for one in (at_once, later)] == [(422, TEXT)] * 2
    assert (texts(topic), Attachment.objects.count()) == ([], 10)


def test_a_program_is_refused_by_name_and_the_text_is_kept(topic: Topic, participant: User) -> None:
    answer = signed_in(participant).post(page("answer", topic), keyed(files=[upload("x.exe", b"MZ")]))

    assert (answer.status_code, typed_in(answer)) == (422, TEXT)
    assert "x.exe" in answer.content.decode()
    assert (texts(topic), Attachment.objects.count()) == ([], 0)


def test_a_full_folder_loses_no_text(topic: Topic, participant: User, monkeypatch) -> None:
    def full(*args: Any, **kwargs: Any) -> str:
        raise OSError(28, "No space left")

    monkeypatch.setattr("core.files.default_storage.save", full)

    answer = signed_in(participant).post(page("answer", topic), keyed(files=[upload("a.pdf", pdf())]))

    assert (answer.status_code, typed_in(answer)) == (422, TEXT)
    assert texts(topic) == []


# --- mentions


def test_the_name_of_one_member_becomes_a_mention(group: Group, participant: User) -> None:
    found = with_mentions("Ask @Teilnehmer, or @nobody, or mail@teilnehmer.", group)

    assert found == f"Ask @[Teilnehmer](person:{participant.pk}), or @nobody, or mail@teilnehmer."


def test_a_name_two_members_have_stays_text(group: Group) -> None:
    MembershipFactory.create(group=group, person=UserFactory.create(display_name="teilnehmer"))

    assert with_mentions("@Teilnehmer", group) == "@Teilnehmer"


def test_the_longer_name_is_meant(group: Group) -> None:
    MembershipFactory.create(group=group, person=UserFactory.create(display_name="Anna"))
    long = MembershipFactory.create(group=group, person=UserFactory.create(display_name="Anna Maria"))

    assert with_mentions("@anna maria!", group) == f"@[Anna Maria](person:{long.person_id})!"


def test_of_a_group_without_members_nobody_is_mentioned() -> None:
    assert with_mentions("@Anna", GroupFactory.create()) == "@Anna"


def test_people_outside_the_group_are_not_mentioned(topic: Topic, participant: User, outsider: User) -> None:
    signed_in(participant).post(page("answer", topic), keyed(text="@Außenstehende and @Teilnehmer"))

    assert texts(topic) == [f"@Außenstehende and @[Teilnehmer](person:{participant.pk})"]


# --- drafts


def test_a_draft_is_kept_and_shown_again(topic: Topic, participant: User) -> None:
    client = signed_in(participant)

    answer = client.post(page("draft", topic), keyed())

    assert answer.status_code == 204
    assert typed_in(client.get(topic.get_absolute_url())) == TEXT


def test_a_draft_of_a_new_topic_is_kept_and_shown_again(group: Group, participant: User) -> None:
    client = signed_in(participant)

    client.post(reverse("discussions:draft_new", args=[group.slug]), keyed(title="The bus"))

    shown = client.get(new_page(group))
    assert typed_in(shown) == TEXT
    assert 'value="The bus"' in shown.content.decode()


def test_nobody_else_sees_a_draft(topic: Topic, participant: User, coach: User) -> None:
    signed_in(participant).post(page("draft", topic), keyed())

    assert TEXT not in signed_in(coach).get(topic.get_absolute_url()).content.decode()


def test_an_emptied_draft_is_forgotten(topic: Topic, participant: User) -> None:
    client = signed_in(participant)
    client.post(page("draft", topic), keyed())

    client.post(page("draft", topic), keyed(text=" "))

    assert not Draft.objects.exists()


def test_a_draft_that_comes_after_its_form_was_sent_is_not_kept(topic: Topic, participant: User) -> None:
    client, data = signed_in(participant), keyed()
    client.post(page("answer", topic), data)

    answer = client.post(page("draft", topic), data)

    assert (answer.status_code, Draft.objects.count()) == (205, 0)


def test_drafts_of_visitors_of_readers_and_of_novels_are_refused(
    topic: Topic, participant: User, outsider: User
) -> None:
    Group.objects.filter(pk=topic.group_id).update(access=Group.Access.OPEN)

    found = [
        Client().post(page("draft", topic), keyed()).status_code,
        signed_in(outsider).post(page("draft", topic), keyed()).status_code,
        signed_in(participant).post(page("draft", topic), keyed(text="x" * 20_001)).status_code,
    ]

    assert found == [403, 403, 422]
    assert not Draft.objects.exists()


def test_composer_js_gets_a_preview_without_anything_being_kept(group: Group, participant: User) -> None:
    data = {"group": group.slug, "text": "By **bus** <script>"}

    found = signed_in(participant).post(reverse("discussions:preview"), data).content.decode()

    assert found == "<p>By <strong>bus</strong> &lt;script&gt;</p>\n"
    assert not Draft.objects.exists()


def test_visitors_get_no_preview(group: Group) -> None:
    assert Client().post(reverse("discussions:preview"), {"group": group.slug}).status_code == 403


# --- a new topic


def test_a_question_is_begun_once_however_often_it_is_sent(group: Group, participant: User) -> None:
    client, data = signed_in(participant), keyed(title="  The   bus ")

    found = {client.post(new_page(group), data)["Location"] for _ in "123"}

    topic = Topic.objects.get()
    assert found == {topic.get_absolute_url()}
    assert (topic.title, topic.kind, topic.is_line) == ("The bus", TopicKind.QUESTION, False)
    assert topic.posts.get().text == TEXT


def test_without_a_title_the_text_is_kept(group: Group, participant: User) -> None:
    answer = signed_in(participant).post(new_page(group), keyed(title=""))

    assert (answer.status_code, typed_in(answer)) == (422, TEXT)
    assert not Topic.objects.exists()


def test_a_topic_is_shown_before_it_is_begun(group: Group, participant: User) -> None:
    answer = signed_in(participant).post(new_page(group), keyed(title="Bus", text="**Bold**", preview="1"))

    assert "<strong>Bold</strong>" in answer.content.decode()
    assert (typed_in(answer), Topic.objects.count(), Draft.objects.get().title) == ("**Bold**", 0, "Bus")


def test_in_an_archived_group_no_topic_begins_and_the_text_is_kept(group: Group, participant: User) -> None:
    Group.objects.filter(pk=group.pk).update(state=GroupState.ARCHIVED)

    answer = signed_in(participant).post(new_page(group), keyed(title="Bus"))

    assert (answer.status_code, typed_in(answer)) == (409, TEXT)
    assert signed_in(participant).get(new_page(group)).status_code == 403
    assert not Topic.objects.exists()


def test_a_poll_has_the_answers_typed_each_once(group: Group, participant: User) -> None:
    data = keyed(title="How?", options="Bus\n\n Train \nBus", closes_at="")

    signed_in(participant).post(new_page(group, "?kind=poll"), data)

    assert list(Topic.objects.get().options.values_list("text", flat=True)) == ["Bus", "Train"]


@pytest.mark.parametrize(
    "options", ["Bus", "\n".join(map(str, range(21))), "Bus\n" + "x" * 141], ids=["one", "many", "long"]
)
def test_a_poll_needs_answers_to_choose_from(group: Group, participant: User, options: str) -> None:
    data = keyed(title="How?", options=options)

    answer = signed_in(participant).post(new_page(group, "?kind=poll"), data)

    assert (answer.status_code, typed_in(answer)) == (422, TEXT)
    assert not Topic.objects.exists()


def test_a_poll_does_not_end_before_it_begins(group: Group, participant: User) -> None:
    data = keyed(title="How?", options="Bus\nTrain", closes_at="2020-01-01T10:00")

    answer = signed_in(participant).post(new_page(group, "?kind=poll"), data)

    assert (answer.status_code, typed_in(answer)) == (422, TEXT)


def test_dates_are_those_of_the_clock_of_who_asks(group: Group, partner: User) -> None:
    day = timezone.now().year + 1
    data = keyed(title="When?", date_1=f"{day}-01-11T18:00", date_2=f"{day}-01-10T18:00")

    signed_in(partner).post(new_page(group, "?kind=dates"), data)

    found = [
        f"{moment:%d %H:%M}" for moment in Topic.objects.get().options.values_list("starts_at", flat=True)
    ]
    assert found == ["10 16:00", "11 16:00"]


@pytest.mark.parametrize("dates", [{}, {"date_1": "2020-01-01T10:00"}, {"date_1": "x"}], ids=str)
def test_a_date_poll_needs_two_dates_to_come(group: Group, participant: User, dates: dict[str, str]) -> None:
    answer = signed_in(participant).post(new_page(group, "?kind=dates"), keyed(title="When?", **dates))

    assert (answer.status_code, typed_in(answer)) == (422, TEXT)
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?kind=news", "?kind=poll", "?kind=dates", "?kind=nonsense", "?line=1"]
)
def test_each_kind_has_its_form(group: Group, participant: User, query: str) -> None:
    answer = signed_in(participant).get(new_page(group, query))

    asks = {
        name for name in ("options", "date_1", "closes_at") if f'name="{name}"' in answer.content.decode()
    }
    wanted = {"?kind=poll": {"options", "closes_at"}, "?kind=dates": {"date_1", "closes_at"}}
    assert (answer.status_code, asks) == (200, wanted.get(query, set()))


# --- a private line


def test_a_line_says_who_reads_it_and_belongs_to_its_writer(group: Group, participant: User) -> None:
    client = signed_in(participant, "en")

    shown = client.get(new_page(group, "?line=1")).content.decode()
    client.post(new_page(group, "?line=1"), keyed(title="In confidence"))

    topic = Topic.objects.get()
    assert "Only you and the coaches of this group read this." in shown
    assert "Coach A" in shown
    assert (topic.is_line, topic.line_of) == (True, participant)


def test_what_is_written_to_the_coaches_is_never_in_the_form_for_all(group: Group, participant: User) -> None:
    client = signed_in(participant)

    shown = client.post(new_page(group, "?line=1"), keyed(title="In confidence", preview="1"))

    assert typed_in(shown) == TEXT
    assert TEXT not in client.get(new_page(group)).content.decode()
    assert not Draft.objects.exists()


def test_a_draft_for_all_stays_when_a_line_is_begun(group: Group, participant: User) -> None:
    client = signed_in(participant)
    client.post(reverse("discussions:draft_new", args=[group.slug]), keyed(text="For all"))

    client.post(new_page(group, "?line=1"), keyed(title="In confidence"))

    assert Draft.objects.get().text == "For all"
    assert Topic.objects.get().posts.get().text == TEXT


def test_there_is_no_line_of_coaches_or_without_coaches(group: Group, coach: User, partner: User) -> None:
    alone = GroupFactory.create(members=[partner])

    found = [
        signed_in(coach).get(new_page(group, "?line=1")).status_code,
        signed_in(partner).get(new_page(alone, "?line=1")).status_code,
    ]

    assert found == [404, 404]


def test_other_members_do_not_answer_in_a_line(group: Group, partner: User, participant: User) -> None:
    line = TopicFactory.create(group=group, author=partner, is_line=True, line_of=partner, posts=1)

    answer = signed_in(participant).post(page("answer", line), keyed())

    assert (answer.status_code, texts(line)) == (404, [])


# --- changing


def edit(client: Client, post: Post, **fields: Any) -> Any:
    return client.post(of_post("edit_post", post), keyed(base_version="1") | fields)


def test_a_change_sent_twice_is_made_once(post: Post, partner: User) -> None:
    client, data = signed_in(partner), keyed(base_version="1")

    found = {client.post(of_post("edit_post", post), data)["Location"] for _ in "12"}

    post.refresh_from_db()
    assert found == {f"{post.topic.get_absolute_url()}?at=1#post-1"}
    assert (post.text, post.version) == (TEXT, 2)


def test_the_form_has_what_the_post_says(post: Post, partner: User) -> None:
    assert typed_in(signed_in(partner).get(of_post("edit_post", post))) == post.text


def test_of_two_windows_the_second_shows_both_texts_and_may_save_again(post: Post, partner: User) -> None:
    client = signed_in(partner)
    edit(client, post, text="From the first window")
    key = str(uuid4())

    shown = edit(client, post, key=key)
    again = edit(client, post, key=key, base_version="2")

    assert (shown.status_code, typed_in(shown)) == (409, TEXT)
    assert "From the first window" in shown.content.decode()
    post.refresh_from_db()
    assert (again.status_code, post.text) == (302, TEXT)


def test_an_emptied_post_is_refused(post: Post, partner: User) -> None:
    assert edit(signed_in(partner), post, text=" ").status_code == 422
    assert edit(signed_in(partner), post, key="x").status_code == 422
    post.refresh_from_db()
    assert post.version == 1


def test_others_do_not_change_or_delete_a_post(post: Post, coach: User) -> None:
    client = signed_in(coach)

    found = [
        client.get(of_post("edit_post", post)).status_code,
        edit(client, post).status_code,
        client.get(of_post("delete_post", post)).status_code,
        client.post(of_post("delete_post", post), keyed()).status_code,
    ]

    post.refresh_from_db()
    assert found == [403] * 4
    assert (post.version, post.deleted_at) == (1, None)


def test_who_changes_a_post_hidden_meanwhile_keeps_the_text(post: Post, partner: User) -> None:
    Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now())

    answer = edit(signed_in(partner), post)

    assert (answer.status_code, typed_in(answer)) == (403, TEXT)


# --- deleting


def test_deleting_asks_once_and_answers_twice_the_same(post: Post, partner: User) -> None:
    client, data = signed_in(partner), keyed()

    asked = client.get(of_post("delete_post", post))
    found = {client.post(of_post("delete_post", post), data)["Location"] for _ in "12"}

    post.refresh_from_db()
    assert asked.status_code == 200
    assert found == {f"{post.topic.get_absolute_url()}?at=1#post-1"}
    assert (post.text, post.deleted_at is not None) == ("", True)


def test_newcomers_are_slowed_down_over_the_page_too(topic: Topic) -> None:
    since = timezone.now() - timedelta(hours=1)
    newcomer = MembershipFactory.create(group=topic.group, role=Role.MEMBER, asked_at=since).person
    client = signed_in(newcomer)

    found = [client.post(page("answer", topic), keyed()).status_code for _ in range(11)]

    assert found == [302] * 10 + [429]


@pytest.mark.parametrize("members", [10, 1000])
def test_an_answer_costs_nine_queries_however_many_members(
    group: Group, participant: User, members: int
) -> None:
    User.objects.bulk_create(User(email=f"m{at}@guest.example") for at in range(members))
    Membership.objects.bulk_create(
        Membership(group=group, person=person, state="active", asked_at=timezone.now())
        for person in User.objects.filter(email__endswith="@guest.example")
    )
    topic = TopicFactory(group=group, posts=1)
    sent = {"key": str(uuid4()), "text": "Wir kommen gern.", "language": ""}
    client = signed_in(participant)
    client.post(
        reverse("discussions:answer", args=(group.slug, topic.pk)),
        {**sent, "key": str(uuid4()), "text": "Ja"},
    )

    with CaptureQueriesContext(connection) as queries:
        client.post(reverse("discussions:answer", args=(group.slug, topic.pk)), sent)

    statements = [
        query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    assert len(statements) == 9
    assert topic.posts.count() == 3


def test_pressing_again_leaves_the_next_answer_alone(topic: Topic, participant: User) -> None:
    """The first press took its draft with it. What is begun afterwards, in another window, is another text."""
    client, sent = signed_in(participant), {"key": str(uuid4()), "text": "Wir kommen.", "language": ""}
    first = client.post(page("answer", topic), sent)
    client.post(page("draft", topic), {"text": "Und noch etwas"})

    again = client.post(page("answer", topic), sent)

    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert Draft.objects.get(person=participant).text == "Und noch etwas"


def test_pressing_again_forgets_what_came_too_late(topic: Topic, participant: User) -> None:
    client, sent = signed_in(participant), {"key": str(uuid4()), "text": "Wir kommen.", "language": ""}
    client.post(page("answer", topic), sent)
    client.post(page("draft", topic), {"text": "Wir kommen."})

    client.post(page("answer", topic), sent)

    assert not Draft.objects.filter(person=participant).exists()
