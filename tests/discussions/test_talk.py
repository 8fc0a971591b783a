"""What happens to topics and posts. Its mails: test_mails; its pages: test_writing, test_talking."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.models import User
from core.conflicts import EditConflict
from core.markdown import RENDERER
from discussions.actions import talk
from discussions.actions.drafts import TooManyFiles, attach_files, take_files_out
from discussions.actions.groups import NotAllowed
from discussions.choices import Answer, Belonging, Following, GroupState, Role, TopicKind
from discussions.models import (
    Attachment,
    Draft,
    Group,
    Membership,
    Option,
    Post,
    PostVersion,
    Reaction,
    ReadMark,
    Topic,
    Vote,
)
from notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory
from tests.webinars.telling import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(partner: User, participant: User, coach: User) -> Group:
    room: Group = GroupFactory.create(members=[partner, participant], coach=coach)
    return room


@pytest.fixture
def topic(group: Group, partner: User, now: datetime) -> Topic:
    return begun(group, partner, now)


def begun(group: Group, by: User, now: datetime, **facts: object) -> Topic:
    values = {"kind": TopicKind.QUESTION, "title": "How do you pay the bus?", "text": "We cannot."} | facts
    return talk.start_topic(group=group, by=by, now=now, **values)


def draft_with_file(group: Group, topic: Topic | None, by: User, now: datetime, name: str = "a.pdf") -> Draft:
    draft = talk.save_draft(group=group, topic=topic, title="", text="", by=by, now=now)
    Attachment.objects.create(
        draft=draft, file=f"posts/{name}", original_name=name, content_type="application/pdf", size=3,
        uploaded_at=now,
    )  # fmt: skip
    return draft


# --- beginning


def test_a_topic_has_its_first_post(group: Group, partner: User, now: datetime) -> None:
    topic = begun(group, partner, now)

    post = topic.posts.get()
    assert (post.number, post.text, post.html, post.renderer) == (
        1,
        "We cannot.",
        "<p>We cannot.</p>\n",
        RENDERER,
    )
    assert (topic.last_number, topic.last_post_at, topic.last_author) == (1, now, partner)


def test_a_question_waits_for_the_coaches(group: Group, partner: User, now: datetime) -> None:
    topic = begun(group, partner, now)

    assert (topic.needs_answer, topic.waits_since) == (True, now)


def test_news_waits_for_nobody(group: Group, partner: User, now: datetime) -> None:
    topic = begun(group, partner, now, kind=TopicKind.NEWS)

    assert (topic.needs_answer, topic.waits_since) == (False, None)


def test_a_question_of_a_coach_waits_for_nobody(group: Group, coach: User, now: datetime) -> None:
    topic = begun(group, coach, now)

    assert topic.needs_answer is False


def test_where_nobody_coaches_a_question_waits_for_nobody(partner: User, now: datetime) -> None:
    topic = begun(GroupFactory.create(members=[partner]), partner, now)

    assert topic.needs_answer is False


def test_a_private_line_waits_for_the_coaches_and_is_that_of_its_writer(
    group: Group, partner: User, now: datetime
) -> None:
    topic = begun(group, partner, now, is_line=True)

    assert (topic.is_line, topic.line_of, topic.needs_answer) == (True, partner, True)


def test_a_poll_has_its_options_in_order(group: Group, partner: User, now: datetime) -> None:
    topic = begun(group, partner, now, kind=TopicKind.POLL, options=["Bus", "Train"], closes_at=now)

    assert list(topic.options.values_list("position", "text")) == [(0, "Bus"), (1, "Train")]
    assert topic.closes_at == now


def test_a_date_poll_has_its_dates(group: Group, partner: User, now: datetime) -> None:
    dates = [now + timedelta(days=1), now + timedelta(days=2)]

    topic = begun(group, partner, now, kind=TopicKind.DATES, dates=dates)

    assert list(topic.options.values_list("starts_at", flat=True)) == dates


def test_an_outsider_begins_nothing(group: Group, outsider: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        begun(group, outsider, now)

    assert not Topic.objects.exists()


def test_a_topic_without_a_word_is_not_begun(group: Group, partner: User, now: datetime) -> None:
    with pytest.raises(talk.NothingSaid):
        begun(group, partner, now, text=" \n")

    assert not Topic.objects.exists()


# --- posting


def test_a_post_takes_the_next_number(topic: Topic, participant: User, now: datetime) -> None:
    later = now + timedelta(minutes=5)

    said = talk.post(topic=topic, text="By *car*.", by=participant, now=later, language="de")

    topic.refresh_from_db()
    assert (said.number, said.language, said.html) == (2, "de", "<p>By <em>car</em>.</p>\n")
    assert (topic.last_number, topic.last_post_at, topic.last_author) == (2, later, participant)


def test_whoever_posts_has_read_so_far(topic: Topic, participant: User, now: datetime) -> None:
    talk.post(topic=topic, text="By car.", by=participant, now=now)

    assert ReadMark.objects.get(topic=topic, person=participant).number == 2


def test_all_members_but_the_writer_are_told(
    topic: Topic, partner: User, participant: User, coach: User
) -> None:
    told = Notice.objects.filter(kind="new_post").values_list("recipient", flat=True)

    assert sorted(told) == sorted([participant.pk, coach.pk])


@pytest.mark.django_db(transaction=True)
def test_eight_people_who_answer_at_once_get_eight_numbers(partner: User, now: datetime) -> None:
    people = UserFactory.create_batch(8)
    group = GroupFactory.create(members=[partner, *people])
    topic = begun(group, partner, now)

    outcomes = together(
        *(
            lambda person=person: talk.post(topic=topic, text="Me too.", by=person, now=now)
            for person in people
        )
    )

    topic.refresh_from_db()
    assert {type(outcome) for outcome in outcomes} == {Post}
    assert list(topic.posts.order_by("number").values_list("number", flat=True)) == list(range(1, 10))
    assert topic.last_number == 9
    assert set(topic.posts.exclude(number=1).values_list("author", flat=True)) == {one.pk for one in people}
    assert Notice.objects.filter(kind="new_post").count() == 9 * 8


def test_outsiders_visitors_of_an_open_group_and_former_members_do_not_post(
    group: Group, topic: Topic, outsider: User, participant: User, now: datetime
) -> None:
    Group.objects.filter(pk=group.pk).update(access=Group.Access.OPEN)
    Membership.objects.filter(person=participant).update(state="left")

    for person in (outsider, participant):
        with pytest.raises(NotAllowed):
            talk.post(topic=topic, text="Me, too.", by=person, now=now)

    assert topic.posts.count() == 1


def test_in_an_archived_group_nobody_posts(group: Group, topic: Topic, coach: User, now: datetime) -> None:
    Group.objects.filter(pk=group.pk).update(state=GroupState.ARCHIVED)

    with pytest.raises(NotAllowed):
        talk.post(topic=topic, text="Too late.", by=coach, now=now)

    assert topic.posts.count() == 1


def test_other_members_do_not_post_in_a_private_line(
    group: Group, partner: User, participant: User, now: datetime
) -> None:
    line = begun(group, partner, now, is_line=True)

    with pytest.raises(NotAllowed):
        talk.post(topic=line, text="I read this.", by=participant, now=now)

    assert line.posts.count() == 1


def test_nothing_said_is_no_post(topic: Topic, participant: User, now: datetime) -> None:
    empty = talk.save_draft(group=topic.group, topic=topic, title="", text="", by=participant, now=now)

    for draft in (None, empty):
        with pytest.raises(talk.NothingSaid):
            talk.post(topic=topic, text="  ", by=participant, now=now, draft=draft)

    topic.refresh_from_db()
    assert topic.last_number == 1


def test_a_file_alone_is_a_post_and_the_draft_is_gone(topic: Topic, participant: User, now: datetime) -> None:
    draft = draft_with_file(topic.group, topic, participant, now)

    said = talk.post(topic=topic, text="", by=participant, now=now, draft=draft)

    assert list(said.attachments.values_list("original_name", flat=True)) == ["a.pdf"]
    assert not Draft.objects.exists()


def test_a_mail_delivered_twice_is_one_post(topic: Topic, participant: User, now: datetime) -> None:
    mail = {"text": "By mail.", "by": participant, "now": now, "came_by_mail": True, "message_id": "<1@x>"}

    first = talk.post(topic=topic, **mail)
    second = talk.post(topic=topic, **mail)

    assert (first, first.came_by_mail) == (second, True)
    assert topic.posts.count() == 2


def test_members_of_a_day_write_ten_posts_an_hour(topic: Topic, participant: User, now: datetime) -> None:
    Membership.objects.filter(person=participant).update(since=now - timedelta(hours=1))
    for _number in range(10):
        talk.post(topic=topic, text="Hello", by=participant, now=now)

    with pytest.raises(talk.TooFast):
        talk.post(topic=topic, text="Hello", by=participant, now=now + timedelta(minutes=59))

    talk.post(topic=topic, text="Hello", by=participant, now=now + timedelta(hours=1))
    assert topic.posts.filter(author=participant).count() == 11


def test_other_members_write_sixty_posts_an_hour(topic: Topic, participant: User, now: datetime) -> None:
    Membership.objects.filter(person=participant).update(since=now - timedelta(days=2))
    for _number in range(60):
        PostFactory.create(topic=topic, author=participant, posted_at=now)

    with pytest.raises(talk.TooFast):
        talk.post(topic=topic, text="Hello", by=participant, now=now)

    assert topic.posts.filter(author=participant).count() == 60


def test_new_coaches_are_not_slowed_down_like_new_members(topic: Topic, coach: User, now: datetime) -> None:
    Membership.objects.filter(person=coach).update(since=now)
    for _number in range(10):
        PostFactory.create(topic=topic, author=coach, posted_at=now)

    said = talk.post(topic=topic, text="The eleventh", by=coach, now=now)

    assert said.number == 12


# --- whose turn it is


def test_what_a_coach_writes_answers_a_question(topic: Topic, coach: User, now: datetime) -> None:
    talk.post(topic=topic, text="Ask the district.", by=coach, now=now)

    topic.refresh_from_db()
    assert (topic.needs_answer, topic.waits_since) == (False, None)


def test_what_members_write_does_not(topic: Topic, participant: User, now: datetime) -> None:
    talk.post(topic=topic, text="No idea.", by=participant, now=now + timedelta(hours=1))

    topic.refresh_from_db()
    assert (topic.needs_answer, topic.waits_since) == (True, now)


def test_a_line_waits_again_when_its_person_writes_again(
    group: Group, partner: User, coach: User, now: datetime
) -> None:
    line = begun(group, partner, now, is_line=True)
    talk.post(topic=line, text="Gladly.", by=coach, now=now)
    later = now + timedelta(hours=1)

    talk.post(topic=line, text="One thing more.", by=partner, now=later)
    talk.post(topic=line, text="And another.", by=partner, now=later + timedelta(hours=1))

    line.refresh_from_db()
    assert (line.needs_answer, line.waits_since) == (True, later)


# --- changing and deleting


def test_what_a_post_said_before_is_kept(topic: Topic, partner: User, now: datetime) -> None:
    later = now + timedelta(minutes=1)

    row = talk.edit_post(
        post=topic.posts.get(), text="We can **now**.", by=partner, now=later, base_version=1
    )

    assert (row.text, row.html) == ("We can **now**.", "<p>We can <strong>now</strong>.</p>\n")
    assert (row.edited_at, row.version) == (later, 2)
    assert list(PostVersion.objects.values_list("text", "replaced_at")) == [("We cannot.", later)]


def test_the_same_text_changes_nothing(topic: Topic, partner: User, now: datetime) -> None:
    row = talk.edit_post(post=topic.posts.get(), text="We cannot.", by=partner, now=now, base_version=1)

    assert (row.version, row.edited_at) == (1, None)


def test_of_two_windows_the_second_sees_a_conflict(topic: Topic, partner: User, now: datetime) -> None:
    post = topic.posts.get()
    talk.edit_post(post=post, text="First", by=partner, now=now, base_version=1)

    with pytest.raises(EditConflict):
        talk.edit_post(post=post, text="Second", by=partner, now=now, base_version=1)

    post.refresh_from_db()
    assert post.text == "First"


def test_a_post_is_not_emptied_by_a_change(topic: Topic, partner: User, now: datetime) -> None:
    with pytest.raises(talk.NothingSaid):
        talk.edit_post(post=topic.posts.get(), text=" ", by=partner, now=now, base_version=1)

    assert topic.posts.get().text == "We cannot."


def test_nobody_writes_or_deletes_under_the_name_of_another(topic: Topic, coach: User, now: datetime) -> None:
    post = topic.posts.get()

    with pytest.raises(NotAllowed):
        talk.edit_post(post=post, text="We can.", by=coach, now=now, base_version=1)
    with pytest.raises(NotAllowed):
        talk.delete_post(post=post, by=coach, now=now)

    post.refresh_from_db()
    assert (post.text, post.deleted_at) == ("We cannot.", None)


def test_of_a_deleted_post_only_its_number_stays(topic: Topic, partner: User, now: datetime) -> None:
    draft = draft_with_file(topic.group, topic, partner, now)
    post = talk.post(topic=topic, text="Wrong", by=partner, now=now, draft=draft)
    talk.edit_post(post=post, text="Wrong again", by=partner, now=now, base_version=1)

    talk.delete_post(post=post, by=partner, now=now)
    talk.delete_post(post=post, by=partner, now=now + timedelta(days=1))

    post.refresh_from_db()
    assert (post.number, post.text, post.html, post.search_text) == (2, "", "", "")
    assert (post.deleted_at, post.version) == (now, 3)
    assert not Attachment.objects.exists()
    assert not PostVersion.objects.exists()


# --- reactions, reading, following


def test_a_reaction_is_there_once_and_can_be_taken_back(topic: Topic, participant: User) -> None:
    post = topic.posts.get()

    talk.react(post=post, feeling="thanks", by=participant, on=True)
    talk.react(post=post, feeling="thanks", by=participant, on=True)
    there = Reaction.objects.count()
    talk.react(post=post, feeling="thanks", by=participant, on=False)

    assert (there, Reaction.objects.count()) == (1, 0)


def test_outsiders_do_not_react(topic: Topic, outsider: User) -> None:
    with pytest.raises(NotAllowed):
        talk.react(post=topic.posts.get(), feeling="thanks", by=outsider, on=True)

    assert not Reaction.objects.exists()


def test_reading_never_goes_back(topic: Topic, participant: User, now: datetime) -> None:
    for number in (1, 2):
        PostFactory.create(topic=topic, posted_at=now + timedelta(hours=number))

    talk.mark_read(topic=topic, by=participant, number=2)
    talk.mark_read(topic=topic, by=participant, number=1)
    first = ReadMark.objects.get(person=participant).number
    talk.mark_read(topic=topic, by=participant, number=99)

    assert (first, ReadMark.objects.get(person=participant).number) == (2, 3)


def test_following_is_kept_beside_the_read_mark(topic: Topic, participant: User) -> None:
    talk.mark_read(topic=topic, by=participant, number=1)

    talk.follow(topic=topic, by=participant, following=Following.MUTE)

    mark = ReadMark.objects.get(person=participant)
    assert (mark.number, mark.following) == (1, Following.MUTE)


# --- settling


def test_who_leads_pins_and_others_do_not(topic: Topic, coach: User, participant: User) -> None:
    talk.pin(topic=topic, by=coach, on=True)
    with pytest.raises(NotAllowed):
        talk.pin(topic=topic, by=participant, on=False)

    topic.refresh_from_db()
    assert topic.is_pinned is True


def test_who_asked_says_what_answered_it_and_asks_again(topic: Topic, partner: User, now: datetime) -> None:
    answer = PostFactory.create(topic=topic)
    later = now + timedelta(hours=1)

    talk.mark_answered(topic=topic, answer=answer, by=partner, now=now)
    topic.refresh_from_db()
    answered = (topic.needs_answer, topic.waits_since, topic.answered_at, topic.answer)
    talk.ask_again(topic=topic, by=partner, now=later)
    topic.refresh_from_db()

    assert answered == (False, None, now, answer)
    assert (topic.needs_answer, topic.waits_since, topic.answered_at, topic.answer) == (
        True,
        later,
        None,
        None,
    )


def test_others_do_not_settle_a_question(topic: Topic, participant: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        talk.mark_answered(topic=topic, answer=None, by=participant, now=now)
    with pytest.raises(NotAllowed):
        talk.ask_again(topic=topic, by=participant, now=now)

    topic.refresh_from_db()
    assert (topic.needs_answer, topic.answered_at) == (True, None)


def test_a_question_is_taken_by_one_coach_who_gives_it_back(topic: Topic, coach: User) -> None:
    other = MembershipFactory.create(group=topic.group, role=Role.COACH).person

    talk.take_topic(topic=topic, by=coach, on=True)
    talk.take_topic(topic=topic, by=other, on=True)
    talk.take_topic(topic=topic, by=other, on=False)
    topic.refresh_from_db()
    taken = topic.taken_by
    talk.take_topic(topic=topic, by=coach, on=False)
    topic.refresh_from_db()

    assert (taken, topic.taken_by) == (coach, None)


def test_members_take_no_questions(topic: Topic, participant: User) -> None:
    with pytest.raises(NotAllowed):
        talk.take_topic(topic=topic, by=participant, on=True)

    topic.refresh_from_db()
    assert topic.taken_by is None


def test_who_leads_puts_a_topic_among_the_frequent_questions(
    topic: Topic, coach: User, partner: User
) -> None:
    talk.put_into_faq(topic=topic, by=coach, on=True)
    with pytest.raises(NotAllowed):
        talk.put_into_faq(topic=topic, by=partner, on=False)

    topic.refresh_from_db()
    assert topic.is_faq is True


def test_a_private_line_never_becomes_a_frequent_question(
    group: Group, partner: User, coach: User, now: datetime
) -> None:
    line = begun(group, partner, now, is_line=True)

    with pytest.raises(NotAllowed):
        talk.put_into_faq(topic=line, by=coach, on=True)

    line.refresh_from_db()
    assert line.is_faq is False


# --- voting


@pytest.fixture
def poll(group: Group, partner: User, now: datetime) -> Topic:
    return begun(
        group, partner, now, kind=TopicKind.POLL, options=["Bus", "Train"], closes_at=now + timedelta(days=1)
    )


def votes() -> list[tuple[str, str]]:
    return list(Vote.objects.order_by("option__position").values_list("option__text", "answer"))


def test_a_vote_is_changed_and_taken_back(poll: Topic, participant: User, now: datetime) -> None:
    bus, train = (option.pk for option in poll.options.all())

    talk.vote(topic=poll, answers={bus: Answer.YES}, by=participant, now=now)
    first = votes()
    talk.vote(topic=poll, answers={bus: Answer.NO, train: Answer.MAYBE}, by=participant, now=now)
    second = votes()
    talk.vote(topic=poll, answers={}, by=participant, now=now)

    assert first == [("Bus", "yes")]
    assert second == [("Bus", "no"), ("Train", "maybe")]
    assert votes() == []


def test_votes_for_other_polls_and_unknown_answers_do_not_count(
    poll: Topic, participant: User, now: datetime
) -> None:
    other = Option.objects.create(topic=TopicFactory.create(), position=0, text="Ship")

    talk.vote(
        topic=poll,
        answers={other.pk: Answer.YES, poll.options.all()[0].pk: "perhaps"},
        by=participant,
        now=now,
    )

    assert votes() == []


def test_after_its_end_nobody_votes(poll: Topic, participant: User, now: datetime) -> None:
    with pytest.raises(talk.Over):
        talk.vote(topic=poll, answers={}, by=participant, now=now + timedelta(days=1))

    assert votes() == []


def test_a_poll_without_end_is_open(group: Group, partner: User, now: datetime) -> None:
    poll = begun(group, partner, now, kind=TopicKind.POLL, options=["Bus", "Train"])

    talk.vote(
        topic=poll, answers={poll.options.all()[1].pk: "yes"}, by=partner, now=now + timedelta(days=900)
    )

    assert votes() == [("Train", "yes")]


def test_outsiders_do_not_vote(poll: Topic, outsider: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        talk.vote(topic=poll, answers={poll.options.all()[0].pk: "yes"}, by=outsider, now=now)

    assert votes() == []


@pytest.mark.django_db(transaction=True)
def test_one_person_who_votes_in_eight_windows_has_one_vote(partner: User, now: datetime) -> None:
    group = GroupFactory.create(members=[partner])
    poll = begun(group, partner, now, kind=TopicKind.POLL, options=["Bus", "Train"])
    bus = poll.options.all()[0].pk

    vote: Callable[[], object] = lambda: talk.vote(topic=poll, answers={bus: "yes"}, by=partner, now=now)  # noqa: E731
    outcomes = together(*[vote] * 8)

    assert outcomes == [None] * 8
    assert votes() == [("Bus", "yes")]


# --- drafts


def test_there_is_one_draft_for_each_topic_and_one_for_a_new_one(
    topic: Topic, participant: User, now: datetime
) -> None:
    for text in ("First", "Second"):
        talk.save_draft(group=topic.group, topic=topic, title="", text=text, by=participant, now=now)
        talk.save_draft(group=topic.group, topic=None, title="T", text=text, by=participant, now=now)

    found = Draft.objects.order_by("title").values_list("topic", "title", "text")
    assert list(found) == [(topic.pk, "", "Second"), (None, "T", "Second")]


def test_a_forgotten_draft_takes_its_files_along(topic: Topic, participant: User, now: datetime) -> None:
    draft = draft_with_file(topic.group, topic, participant, now)

    talk.forget_draft(draft=draft)

    assert not Attachment.objects.exists()
    assert not Draft.objects.exists()


def test_only_files_of_the_draft_are_taken_out(
    topic: Topic, partner: User, participant: User, now: datetime
) -> None:
    mine = draft_with_file(topic.group, topic, participant, now)
    draft_with_file(topic.group, topic, partner, now, "b.pdf")

    take_files_out(draft=mine, attachments=Attachment.objects.all())

    assert list(Attachment.objects.values_list("original_name", flat=True)) == ["b.pdf"]


def test_an_eleventh_file_is_refused(topic: Topic, participant: User, now: datetime) -> None:
    for number in range(10):
        draft = draft_with_file(topic.group, topic, participant, now, f"{number}.pdf")

    class Checked:
        name, size = "11.pdf", 5

    with pytest.raises(TooManyFiles):
        attach_files(draft=draft, uploads=[Checked()], now=now)  # type: ignore[list-item]

    assert draft.attachments.count() == 10


@pytest.mark.django_db(transaction=True)
def test_who_is_removed_while_waiting_for_the_topic_does_not_post(
    coach: User, participant: User, now: datetime
) -> None:
    group = GroupFactory(coach=coach, members=[participant])
    topic = TopicFactory(group=group)
    is_held = threading.Event()

    def hold_and_remove() -> None:
        try:
            with transaction.atomic():
                Topic.objects.select_for_update().get(pk=topic.pk)
                is_held.set()
                time.sleep(0.5)
                Membership.objects.filter(person=participant).update(state=Belonging.REMOVED)
        finally:
            connection.close()

    holder = threading.Thread(target=hold_and_remove)
    holder.start()
    is_held.wait(10)
    with pytest.raises(NotAllowed):
        talk.post(topic=topic, text="Noch schnell", by=participant, now=now)
    holder.join()

    assert not topic.posts.exists()
