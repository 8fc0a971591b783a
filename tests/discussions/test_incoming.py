"""Answers by mail become posts: only of whom the address belongs to, and once."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError

from accounts.models import User
from core.files import CannotBeKept
from discussions.actions.groups import archive_group
from discussions.actions.incoming import MOST_MAILS, Outcome, take_mail
from discussions.actions.people import remove
from discussions.actions.talk import MOST_AN_HOUR
from discussions.incoming import reply_address
from discussions.management.commands import take_mail as command
from discussions.models import Attachment, Draft, Group, Membership, Post, Topic
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory
from tests.factories.uploads import pdf, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_address(settings: Any, tmp_path: Path) -> None:
    settings.REPLY_ADDRESS = "reply@vipad.example"
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def group(partner: User, participant: User, coach: User) -> Group:
    return GroupFactory(name="Donaufest", members=[partner, participant], coach=coach)


@pytest.fixture
def topic(group: Group, participant: User) -> Topic:
    return TopicFactory(group=group, author=participant, title="Programm", posts=1)


def letter(
    topic: Topic,
    person: User,
    text: str = "Ich komme gern.",
    *,
    sender: str = "",
    message_id: str = "<one@mail.example>",
    files: list[tuple[str, bytes]] | None = None,
    **headers: str,
) -> bytes:
    message = EmailMessage()
    message["From"] = sender or f"Partner <{person.email}>"
    message["To"] = reply_address(topic.pk, person.pk)
    message["Subject"] = "Re: Programm"
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files or []:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def answers(topic: Topic) -> list[tuple[str, int | None, bool]]:
    posts = topic.posts.filter(number__gt=1).order_by("number")
    return list(posts.values_list("text", "author", "came_by_mail"))


def test_an_answer_becomes_a_post_without_the_history(topic: Topic, partner: User, now: datetime) -> None:
    text = "Ich komme gern.\n\nAm 25. März 2027 schrieb Teilnehmer <a@vipad.example>:\n\n> Wer kommt?\n"

    outcome = take_mail(letter(topic, partner, text), now=now)

    assert outcome == Outcome.POSTED
    assert answers(topic) == [("Ich komme gern.", partner.pk, True)]
    assert mail.outbox == []


def test_the_same_mail_twice_posts_once(topic: Topic, partner: User, now: datetime) -> None:
    raw = letter(topic, partner)

    outcomes = [take_mail(raw, now=now), take_mail(raw, now=now)]

    assert outcomes == [Outcome.POSTED, Outcome.KNOWN]
    assert len(answers(topic)) == 1
    assert mail.outbox == []


@pytest.mark.parametrize("message_id", ["", f"<{'x' * 300}@mail.example>"])
def test_a_mail_without_a_usable_number_posts_once_too(
    topic: Topic, partner: User, now: datetime, message_id: str
) -> None:
    raw = letter(topic, partner, message_id=message_id)

    outcomes = [take_mail(raw, now=now), take_mail(raw, now=now)]

    assert outcomes == [Outcome.POSTED, Outcome.KNOWN]


def test_another_sender_posts_nothing_and_is_told_once_an_hour(
    topic: Topic, partner: User, now: datetime
) -> None:
    raw = letter(topic, partner, sender="stranger@example.org")

    outcomes = [take_mail(raw, now=now), take_mail(raw, now=now)]

    assert outcomes == [Outcome.STRANGER, Outcome.STRANGER]
    assert answers(topic) == []
    assert [message.to for message in mail.outbox] == [["stranger@example.org"]]


def test_a_refusal_tells_nothing_of_group_topic_and_person(
    topic: Topic, partner: User, now: datetime
) -> None:
    take_mail(letter(topic, partner, sender="stranger@example.org"), now=now)

    message = mail.outbox[0]
    told = f"{message.subject} {message.body} {message.extra_headers}"
    secrets = (topic.group.name, topic.group.slug, topic.title, partner.email, partner.display_name)
    assert [secret for secret in secrets if secret in told] == []
    assert message.extra_headers["Auto-Submitted"] == "auto-replied"


def test_another_member_with_the_address_of_somebody_posts_nothing(
    topic: Topic, partner: User, participant: User, now: datetime
) -> None:
    outcome = take_mail(letter(topic, partner, sender=participant.email), now=now)

    assert outcome == Outcome.STRANGER
    assert answers(topic) == []


def test_an_address_that_is_not_confirmed_is_a_strangers(topic: Topic, partner: User, now: datetime) -> None:
    partner.emailaddress_set.create(email="new@example.org", verified=False)

    assert take_mail(letter(topic, partner, sender="new@example.org"), now=now) == Outcome.STRANGER


def test_an_automatic_answer_is_neither_posted_nor_answered(
    topic: Topic, partner: User, now: datetime
) -> None:
    raw = letter(topic, partner, Auto_Submitted="auto-replied")

    outcome = take_mail(raw, now=now)

    assert outcome == Outcome.AUTOMATIC
    assert answers(topic) == []
    assert mail.outbox == []


def test_an_address_we_have_not_made_is_not_answered(topic: Topic, partner: User, now: datetime) -> None:
    raw = letter(topic, partner).replace(b"To: reply+", b"To: reply+aa")

    assert take_mail(raw, now=now) == Outcome.NOT_FOR_US
    assert mail.outbox == []


def test_who_was_removed_posts_nothing_more(
    topic: Topic, group: Group, partner: User, coach: User, now: datetime
) -> None:
    remove(membership=Membership.objects.get(group=group, person=partner), by=coach, now=now)

    outcome = take_mail(letter(topic, partner), now=now)

    assert outcome == Outcome.CLOSED
    assert answers(topic) == []
    assert len(mail.outbox) == 1


def test_in_an_archived_group_nothing_is_posted(
    topic: Topic, group: Group, partner: User, coach: User, now: datetime
) -> None:
    archive_group(group=group, by=coach, now=now)

    assert take_mail(letter(topic, partner), now=now) == Outcome.CLOSED
    assert answers(topic) == []


def test_the_private_line_of_another_takes_no_answer(
    group: Group, participant: User, partner: User, now: datetime
) -> None:
    line = TopicFactory(group=group, author=participant, is_line=True, line_of=participant, posts=1)

    assert take_mail(letter(line, partner), now=now) == Outcome.CLOSED
    assert answers(line) == []


def test_a_topic_that_was_deleted_is_told(topic: Topic, partner: User, now: datetime) -> None:
    raw = letter(topic, partner)
    topic.delete()

    assert take_mail(raw, now=now) == Outcome.CLOSED
    assert len(mail.outbox) == 1


def test_only_history_is_no_post(topic: Topic, partner: User, now: datetime) -> None:
    text = "Am 25. März 2027 schrieb Teilnehmer <a@vipad.example>:\n\n> Wer kommt?\n"

    assert take_mail(letter(topic, partner, text), now=now) == Outcome.EMPTY
    assert answers(topic) == []


def test_a_text_that_is_too_long_is_told(topic: Topic, partner: User, now: datetime) -> None:
    assert take_mail(letter(topic, partner, "Wort " * 5000), now=now) == Outcome.TOO_LONG
    assert answers(topic) == []


def test_a_mail_that_is_too_large_is_told_and_not_read(topic: Topic, partner: User, now: datetime) -> None:
    raw = letter(topic, partner) + b"x" * (25 * 1024 * 1024)

    assert take_mail(raw, now=now) == Outcome.TOO_LARGE
    assert answers(topic) == []
    assert [message.to for message in mail.outbox] == [[partner.email]]


def test_too_many_posts_in_an_hour_are_told(topic: Topic, partner: User, now: datetime) -> None:
    for _number in range(MOST_AN_HOUR):
        PostFactory(topic=topic, author=partner, posted_at=now - timedelta(minutes=5))

    assert take_mail(letter(topic, partner), now=now) == Outcome.TOO_FAST


def test_a_flood_of_mails_is_neither_posted_nor_answered(topic: Topic, partner: User, now: datetime) -> None:
    raw = letter(topic, partner, sender="stranger@example.org")
    outcomes = [take_mail(raw, now=now) for _number in range(MOST_MAILS + 1)]

    assert outcomes[-2:] == [Outcome.STRANGER, Outcome.FLOOD]
    assert len(mail.outbox) == 1


def test_files_come_with_the_post_and_unsuitable_ones_are_named(
    topic: Topic, partner: User, now: datetime
) -> None:
    files = [("plan.pdf", pdf()), ("foto.jpg", picture(size=(300, 200))), ("virus.exe", b"MZ" + b"x" * 99)]

    outcome = take_mail(letter(topic, partner, files=files), now=now)

    assert outcome == Outcome.POSTED
    kept = Attachment.objects.filter(post__topic=topic).values_list("original_name", flat=True)
    assert list(kept) == ["plan.pdf", "foto.jpg"]
    assert [message.to for message in mail.outbox] == [[partner.email]]
    assert "virus.exe" in mail.outbox[0].body
    assert "plan.pdf" not in mail.outbox[0].body


def test_a_file_without_a_word_is_a_post(topic: Topic, partner: User, now: datetime) -> None:
    outcome = take_mail(letter(topic, partner, "\n", files=[("plan.pdf", pdf())]), now=now)

    assert outcome == Outcome.POSTED
    assert answers(topic) == [("plan.pdf", partner.pk, True)]


def test_a_draft_on_the_page_stays_as_it_is(topic: Topic, partner: User, now: datetime) -> None:
    draft = Draft.objects.create(person=partner, group=topic.group, topic=topic, text="Halb", changed_at=now)

    take_mail(letter(topic, partner, files=[("plan.pdf", pdf())]), now=now)

    draft.refresh_from_db()
    assert (draft.text, draft.attachments.count()) == ("Halb", 0)


def test_what_looks_like_html_is_text(topic: Topic, partner: User, now: datetime) -> None:
    take_mail(letter(topic, partner, "<script>alert(1)</script>"), now=now)

    assert "<script" not in Post.objects.get(topic=topic, number=2).html


def run(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> int:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BytesIO(raw)))
    with pytest.raises(SystemExit) as ended:
        call_command("take_mail")
    return int(ended.value.code or 0)


def test_the_command_posts_and_ends_well(
    topic: Topic, partner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, letter(topic, partner)) == os.EX_OK
    assert answers(topic) == [("Ich komme gern.", partner.pk, True)]


@pytest.mark.parametrize(
    ("error", "code"),
    [(OperationalError, os.EX_TEMPFAIL), (CannotBeKept, os.EX_TEMPFAIL), (ZeroDivisionError, os.EX_DATAERR)],
)
def test_the_command_asks_for_another_try_only_where_that_helps(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], code: int
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(command, "take_mail", fail)

    assert run(monkeypatch, b"From: a@example.org\n\nx") == code


def test_without_a_database_the_mail_comes_again(topic: Topic, partner: User) -> None:
    """The real command, in a process of its own."""
    raw = letter(topic, partner)
    away = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none", "ENVIRONMENT": "development"}
    away |= {"SECRET_KEY": django_settings.SECRET_KEY, "REPLY_ADDRESS": "reply@vipad.example"}

    ended = subprocess.run(
        [sys.executable, "manage.py", "take_mail"],
        input=raw,
        env=away,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        check=False,
    )

    assert ended.returncode == os.EX_TEMPFAIL
