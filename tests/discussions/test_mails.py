"""What groups tell people by mail."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from discussions.actions.groups import announce_deletion, archive_group
from discussions.actions.people import remove
from discussions.actions.talk import delete_post, post, start_topic
from discussions.incoming import read_reply_address
from discussions.models import Group, Membership, Topic
from notifications.delivery import deliver_due
from notifications.models import Notice
from notifications.scopes import scope_name, scopes_of
from tests.factories.discussions import GroupFactory

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=11)


@pytest.fixture
def group(partner: User, participant: User, coach: User) -> Group:
    return GroupFactory(name="Donaufest", members=[partner, participant], coach=coach)


@pytest.fixture
def topic(group: Group, participant: User, now: datetime) -> Topic:
    return start_topic(
        group=group, kind="news", title="Programm", text="Wer bringt **Fotos** mit?", by=participant, now=now
    )


def sent_to(person: User, *, now: datetime) -> list[EmailMultiAlternatives]:
    mail.outbox.clear()
    deliver_due(now=now + LATER)
    return [message for message in mail.outbox if message.to == [person.email]]


def whole(message: EmailMultiAlternatives) -> str:
    return "\n".join([message.subject, str(message.body), *(str(one[0]) for one in message.alternatives)])


def test_a_new_post_comes_with_its_text_author_and_group(topic: Topic, partner: User, now: datetime) -> None:
    message = sent_to(partner, now=now)[0]

    assert message.subject == "Programm (Donaufest)"
    assert "Wer bringt Fotos mit?" in message.body
    assert "Teilnehmer" in message.body
    assert "<strong>Fotos</strong>" in str(message.alternatives[0][0])


def test_the_author_is_not_told(topic: Topic, participant: User, now: datetime) -> None:
    assert sent_to(participant, now=now) == []


def test_a_group_that_sends_no_text_sends_a_link_only(
    group: Group, participant: User, partner: User, now: datetime
) -> None:
    Group.objects.filter(pk=group.pk).update(sends_text=False)
    group.refresh_from_db()
    started = start_topic(
        group=group, kind="news", title="Geheimplan", text="Streng vertraulich", by=participant, now=now
    )

    message = sent_to(partner, now=now)[0]

    told = whole(message)
    assert [word for word in ("Geheimplan", "vertraulich", "Teilnehmer") if word in told] == []
    assert settings.SITE_URL + started.get_absolute_url() in told


def test_posts_that_come_quickly_are_one_mail(
    topic: Topic, participant: User, partner: User, now: datetime
) -> None:
    post(topic=topic, text="Noch etwas", by=participant, now=now + timedelta(minutes=1))
    post(topic=topic, text="Und noch etwas", by=participant, now=now + timedelta(minutes=2))

    messages = sent_to(partner, now=now)

    assert [message.subject for message in messages] == ["3 new posts in “Donaufest”"]
    assert [text in messages[0].body for text in ("Noch etwas", "Und noch etwas")] == [True, True]


def test_a_deleted_post_is_not_told(topic: Topic, participant: User, partner: User, now: datetime) -> None:
    delete_post(post=topic.posts.get(), by=participant, now=now)

    assert sent_to(partner, now=now) == []


def test_who_was_removed_meanwhile_is_told_nothing(
    topic: Topic, group: Group, partner: User, coach: User, now: datetime
) -> None:
    remove(membership=Membership.objects.get(group=group, person=partner), by=coach, now=now)

    (mail,) = sent_to(partner, now=now)  # that the membership has ended, and nothing of the topic
    assert topic.title not in f"{mail.subject} {mail.body}"


def test_a_private_line_is_told_to_coaches_only(
    group: Group, participant: User, partner: User, coach: User, now: datetime
) -> None:
    start_topic(
        group=group,
        kind="question",
        title="Frage",
        text="Nur für Coaches",
        by=participant,
        now=now,
        is_line=True,
    )

    deliver_due(now=now + LATER)

    assert [message.to for message in mail.outbox if "Nur für Coaches" in whole(message)] == [[coach.email]]


def test_signs_of_html_in_a_title_are_letters(
    group: Group, participant: User, partner: User, now: datetime
) -> None:
    text = "<script>alert(1)</script>"
    start_topic(group=group, kind="news", title=text, text=text, by=participant, now=now)

    html = str(sent_to(partner, now=now)[0].alternatives[0][0])

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_link_to_another_post_leads_to_the_page(
    topic: Topic, participant: User, partner: User, now: datetime
) -> None:
    deliver_due(now=now + LATER)
    post(topic=topic, text="> **Teilnehmer**, [#1]\n> Fotos\n\nJa", by=participant, now=now + 2 * LATER)

    html = str(sent_to(partner, now=now + 2 * LATER)[0].alternatives[0][0])

    assert f'href="{settings.SITE_URL}{topic.get_absolute_url()}#post-1"' in html


def test_an_answer_goes_to_the_address_of_topic_and_reader(
    topic: Topic, partner: User, now: datetime, settings: object
) -> None:
    settings.REPLY_ADDRESS = "reply@vipad.example"  # type: ignore[attr-defined]

    message = sent_to(partner, now=now)[0]

    assert [read_reply_address(address) for address in message.reply_to] == [(topic.pk, partner.pk)]
    assert "reply to this mail" in message.body


def test_without_an_address_for_answers_nothing_is_said_of_them(
    topic: Topic, partner: User, now: datetime
) -> None:
    message = sent_to(partner, now=now)[0]

    assert message.reply_to == []
    assert "reply to this mail" not in message.body


def test_mails_of_an_archived_group_cannot_be_answered(
    topic: Topic, group: Group, partner: User, coach: User, now: datetime, settings: object
) -> None:
    settings.REPLY_ADDRESS = "reply@vipad.example"  # type: ignore[attr-defined]
    archive_group(group=group, by=coach, now=now)

    assert sent_to(partner, now=now)[0].reply_to == []


def test_every_member_is_told_of_a_deletion_and_nobody_else(
    group: Group, coach: User, participant: User, partner: User, outsider: User, now: datetime
) -> None:
    announce_deletion(group=group, by=coach, now=now)

    told = Notice.objects.filter(kind="group_deletion_announced").values_list("recipient", flat=True)

    assert set(told) == {coach.pk, participant.pk, partner.pk}


def test_a_group_may_be_set_apart_by_its_members_only(group: Group, partner: User, outsider: User) -> None:
    assert scope_name(partner, f"group:{group.pk}") == "Donaufest"
    assert scopes_of(outsider) == []
