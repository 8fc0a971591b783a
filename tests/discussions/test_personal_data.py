"""What groups hold about a person, and that nothing in the database names who was erased."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from accounts import personal_data
from accounts.actions import erase
from accounts.models import User
from core.markdown import quote
from discussions.actions.talk import edit_post, post, react, rendered, start_topic, vote
from discussions.choices import Answer, Feeling
from discussions.models import (
    Attachment,
    Draft,
    Entry,
    Group,
    Invitation,
    Membership,
    Post,
    PostVersion,
    Reaction,
    ReadMark,
    Report,
    Term,
    Topic,
    Translation,
    Vote,
)
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db

NAME, ADDRESS = "Zdeněk Přemyslovec", "premyslovec@example.org"


@pytest.fixture
def leaving(db: None) -> User:
    return UserFactory(email=ADDRESS, display_name=NAME)


@pytest.fixture
def group(leaving: User, partner: User, coach: User) -> Group:
    return GroupFactory(members=[leaving, partner], coach=coach)


@pytest.fixture
def topic(group: Group, leaving: User, now: datetime) -> Topic:
    return start_topic(group=group, kind="news", title="Fest", text="Alle kommen", by=leaving, now=now)


def texts_with(*words: str) -> list[str]:
    """Where one of the words stands in any column of any table: table, column, and row."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        kinds = (models.CharField, models.TextField, models.JSONField, ArrayField)
        columns = [field.attname for field in model._meta.concrete_fields if isinstance(field, kinds)]
        for row in model._default_manager.values("pk", *columns) if columns else ():
            said = {name: json.dumps(row[name], ensure_ascii=False, default=str) for name in columns}
            found += [
                f"{model._meta.label}.{name} {row['pk']}"
                for name, text in said.items()
                if any(word.casefold() in text.casefold() for word in words)
            ]
    return found


def mention_of(person: User) -> str:
    return f"@[{person.display_name}](person:{person.pk})"


def test_nothing_in_the_database_names_who_was_erased(
    leaving: User, partner: User, coach: User, admin: User, group: Group, topic: Topic, now: datetime
) -> None:
    asked = post(topic=topic, text="Wer hilft?", by=leaving, now=now, message_id=f"1.{ADDRESS}")
    said = post(
        topic=topic, text=quote(asked.text, name=NAME, number=asked.number) + "Ich", by=partner, now=now
    )
    named = post(topic=topic, text=f"Danke, {mention_of(leaving)}!", by=coach, now=now)
    edit_post(post=named, text=f"Vielen Dank, {mention_of(leaving)}!", by=coach, base_version=1, now=now)
    text = f"Thanks, {mention_of(leaving)}!"
    Translation.objects.create(post=named, language="en", text=text, html=rendered(text, topic))
    Draft.objects.create(person=partner, group=group, topic=topic, text=text, changed_at=now)
    Draft.objects.create(person=leaving, group=group, text=NAME, title=NAME, changed_at=now)
    Invitation.objects.create(
        group=group, email=ADDRESS.upper(), language="de", nonce="x", invited_at=now, expires_at=now
    )
    Report.objects.create(
        reference="R1",
        post=said,
        reporter=leaving,
        email=ADDRESS,
        text="Regel 2",
        language="de",
        reported_at=now,
    )
    assert {place.split()[0] for place in texts_with(NAME, ADDRESS)} >= {
        "discussions.Draft.text",
        "discussions.Invitation.email",
        "discussions.Post.html",
        "discussions.Post.message_id",
        "discussions.Post.search_text",
        "discussions.Post.text",
        "discussions.PostVersion.text",
        "discussions.Report.email",
        "discussions.Translation.html",
        "discussions.Translation.text",
    } - ({"discussions.Post.search_text"} if NAME.casefold() not in said.search_text else set())

    erase(leaving, by=admin, now=now)

    assert texts_with(NAME, "Přemyslovec", "premyslovec", ADDRESS) == []


def test_the_cache_never_knew_a_name_an_address_or_a_text(
    leaving: User, partner: User, group: Group, topic: Topic, now: datetime
) -> None:
    """So nothing of a person has to be found there again when they go."""
    post(topic=topic, text="Geheimwort", by=leaving, now=now)
    for person in (leaving, partner):
        client = signed_in(person)
        for page in (
            "/groups/",
            group.get_absolute_url(),
            topic.get_absolute_url(),
            "/desk/",
            "/search/?q=fest",
        ):
            assert client.get(page).status_code == 200
        assert client.get(f"{group.get_absolute_url()}search/?q=Geheimwort").status_code == 200
        assert client.get(f"{group.get_absolute_url()}people/").status_code == 200

    kept = [key + value for key, value in cached()]

    assert kept
    words = [NAME, "Přemyslovec", ADDRESS, "Geheimwort", "Alle kommen", group.name, group.slug]
    assert [word for word in words if any(word.encode() in entry for entry in kept)] == []


def cached() -> Iterator[tuple[bytes, bytes]]:
    """Key and value of all that Valkey holds for us."""
    client = caches["default"]._cache.get_client()  # type: ignore[attr-defined]
    for key in client.scan_iter():
        yield key, client.get(key) or b""


def test_posts_stay_readable_without_their_author(
    leaving: User, admin: User, topic: Topic, now: datetime
) -> None:
    erase(leaving, by=admin, now=now)

    assert list(topic.posts.values_list("text", "author")) == [("Alle kommen", None)]
    topic.refresh_from_db()
    assert (topic.author, topic.last_author) == (None, None)


def test_mention_and_quote_say_former_member(
    leaving: User, partner: User, admin: User, topic: Topic, now: datetime
) -> None:
    text = quote("Alle kommen", name=NAME, number=1) + f"Danke, {mention_of(leaving)}!"
    said = post(topic=topic, text=text, by=partner, now=now)

    erase(leaving, by=admin, now=now)

    said.refresh_from_db()
    assert said.text == "> **Ehemaliges Mitglied**, [#1]\n> Alle kommen\n\nDanke, Ehemaliges Mitglied!"
    assert said.html == rendered(said.text, topic)
    assert said.version == 1


def test_mentions_and_quotes_of_others_stay(
    leaving: User, partner: User, coach: User, admin: User, topic: Topic, now: datetime
) -> None:
    post(topic=topic, text="Ich auch", by=partner, now=now)
    text = quote("Ich auch", name="Partner", number=2) + f"{mention_of(partner)} @[X](person:{leaving.pk}0)"
    said = post(topic=topic, text=text, by=coach, now=now)

    erase(leaving, by=admin, now=now)

    said.refresh_from_db()
    assert said.text == text


def test_a_private_line_stays_with_the_coaches(
    leaving: User, coach: User, partner: User, admin: User, group: Group, now: datetime
) -> None:
    line = start_topic(
        group=group, kind="question", title="Frage", text="Unter uns", by=leaving, now=now, is_line=True
    )

    erase(leaving, by=admin, now=now)

    line.refresh_from_db()
    assert (line.line_of, line.is_line) == (None, True)
    assert [Topic.objects.visible_to(one).filter(pk=line.pk).exists() for one in (coach, partner)] == [
        True,
        False,
    ]


def test_own_rows_are_gone_and_those_of_others_stay(
    leaving: User, partner: User, admin: User, group: Group, topic: Topic, now: datetime
) -> None:
    poll = start_topic(
        group=group, kind="poll", title="Wann?", text="Bitte", by=partner, now=now, options=["Mai", "Juni"]
    )
    option = poll.options.first()
    assert option is not None
    for person in (leaving, partner):
        vote(topic=poll, answers={option.pk: Answer.YES}, by=person, now=now)
        react(post=topic.posts.get(), feeling=Feeling.JOY, by=person, on=True)
        Draft.objects.create(person=person, group=group, text="Halb", changed_at=now)
        ReadMark.objects.get_or_create(topic=topic, person=person)

    erase(leaving, by=admin, now=now)

    for model in (Vote, Reaction, Draft, ReadMark):
        assert set(model._default_manager.values_list("person", flat=True)) == {partner.pk}
    assert not Membership.objects.filter(person=leaving).exists()


def test_files_of_drafts_go_with_them(
    leaving: User,
    admin: User,
    group: Group,
    now: datetime,
    settings: Any,
    tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    draft = Draft.objects.create(person=leaving, group=group, changed_at=now)
    name = default_storage.save("posts/aa/a.pdf", ContentFile(b"x"))
    Attachment.objects.create(draft=draft, file=name, original_name="a.pdf", size=1, uploaded_at=now)

    with django_capture_on_commit_callbacks(execute=True):
        erase(leaving, by=admin, now=now)

    assert not default_storage.exists(name)


def test_keys_of_rows_that_stay_are_emptied(
    leaving: User, partner: User, admin: User, group: Group, topic: Topic, now: datetime
) -> None:
    Group.objects.filter(pk=group.pk).update(created_by=leaving)
    Membership.objects.filter(person=partner).update(invited_by=leaving)
    Invitation.objects.create(group=group, language="de", invited_by=leaving, invited_at=now, expires_at=now)
    Entry.objects.create(group=group, person=leaving, reason="Meldung", at=now)
    Topic.objects.filter(pk=topic.pk).update(taken_by=leaving)
    hidden = PostFactory(topic=topic, hidden_by=leaving)
    Translation.objects.create(post=hidden, language="en", text="x", translator=leaving)
    Report.objects.create(
        reference="R2", text="x", language="de", reported_at=now, reporter=leaving, decided_by=leaving
    )
    Term.objects.create(words={"de": "Städtepartnerschaft"}, added_by=leaving)

    erase(leaving, by=admin, now=now)

    keys = [
        (model._meta.label, field.name)
        for model in apps.get_app_config("discussions").get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User and model._default_manager.filter(**{field.name: leaving}).exists()
    ]
    assert keys == []
    counts = [
        model._default_manager.count() for model in (Group, Invitation, Entry, Translation, Report, Term)
    ]
    assert counts == [1, 1, 1, 1, 1, 1]


def test_the_export_holds_what_the_person_wrote_and_not_what_others_did(
    leaving: User, partner: User, topic: Topic, group: Group, now: datetime
) -> None:
    post(topic=topic, text="Von jemand anderem", by=partner, now=now)
    own = topic.posts.get(number=1)
    edit_post(post=own, text="Alle kommen gern", by=leaving, base_version=1, now=now + timedelta(minutes=1))
    Report.objects.create(
        reference="R3", post=own, email=ADDRESS, text="Mein Anliegen", language="de", reported_at=now
    )

    exported = personal_data.export(leaving)

    assert [row["text"] for row in exported["discussions.Post"]] == ["Alle kommen gern"]
    assert [row["text"] for row in exported["discussions.PostVersion"]] == ["Alle kommen"]
    assert [row["group"] for row in exported["discussions.Membership"]] == [group.name]
    assert [row["text"] for row in exported["discussions.Report"]] == ["Mein Anliegen"]
    assert [row["title"] for row in exported["discussions.Topic"]] == ["Fest"]
    json.dumps(exported)


def test_posts_of_others_that_the_person_hid_are_not_exported(leaving: User, partner: User) -> None:
    PostFactory(topic=TopicFactory(), author=partner, text="Fremd", hidden_by=leaving)

    assert personal_data.export(leaving)["discussions.Post"] == []
    assert (Post.objects.count(), PostVersion.objects.count()) == (1, 0)
