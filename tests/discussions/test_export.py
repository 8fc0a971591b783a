"""A member's copy of a group: all that the member may read, nothing else, harmless on every computer."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from discussions.choices import Access
from discussions.export import group_archive
from discussions.models import Attachment, Group, Post, Topic
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def group(partner: User, participant: User, coach: User) -> Group:
    return GroupFactory(name="Donaufest Ärger", members=[partner, participant], coach=coach)


@pytest.fixture
def topic(group: Group, participant: User) -> Topic:
    return TopicFactory(group=group, author=participant, title="Programm", posts=1)


def unpacked(group: Group, person: User, now: datetime) -> dict[str, bytes]:
    with group_archive(group=group, person=person, now=now) as content, zipfile.ZipFile(content) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def data_of(found: dict[str, bytes]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(found["group.json"])
    return data


def attach(post: Post, name: str, content: bytes, now: datetime) -> Attachment:
    kept = default_storage.save(f"posts/aa/{post.pk}", ContentFile(content))
    return Attachment.objects.create(
        post=post,
        file=kept,
        original_name=name,
        content_type="application/pdf",
        size=len(content),
        uploaded_at=now,
    )


def address_of(group: Group) -> str:
    return reverse("discussions:export", args=[group.slug])


def test_a_member_gets_a_file_to_save(group: Group, topic: Topic, participant: User) -> None:
    answer = signed_in(participant).get(address_of(group))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="donaufest-arger-')
    assert "no-store" in answer["Cache-Control"]
    found = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert sorted(found.namelist()) == ["group.json", "index.html", f"topics/{topic.pk}.html"]


def test_for_outsiders_there_is_nothing(group: Group, outsider: User, admin: User) -> None:
    found = [signed_in(person).get(address_of(group)).status_code for person in (outsider, admin)]

    assert found == [404, 404]


def test_visitors_are_asked_to_sign_in(group: Group) -> None:
    assert Client().get(address_of(group)).status_code == 302


def test_who_reads_an_open_group_without_belonging_to_it_gets_no_copy(group: Group, outsider: User) -> None:
    Group.objects.filter(pk=group.pk).update(access=Access.OPEN)

    assert signed_in(outsider).get(address_of(group)).status_code == 403


def test_posts_and_members_are_in_it_and_no_addresses(
    group: Group, topic: Topic, participant: User, partner: User, now: datetime
) -> None:
    PostFactory(topic=topic, author=partner, text="Ich bringe **Fotos**.")
    PostFactory(topic=topic, author=None, text="Bin weg.")

    found = unpacked(group, participant, now)

    told = data_of(found)["topics"][0]
    assert [(one["number"], one["author"], one["text"]) for one in told["posts"][1:]] == [
        (2, "Partner Timișoara", "Ich bringe **Fotos**."),
        (3, None, "Bin weg."),
    ]
    assert {member["name"] for member in data_of(found)["members"]} == {
        "Coach A",
        "Partner Timișoara",
        "Teilnehmer",
    }
    assert b"<strong>Fotos</strong>" in found[f"topics/{topic.pk}.html"]
    assert b"@timisoara.example" not in b"".join(found.values())


def test_the_shape_of_the_data_is_the_one_that_is_described(
    group: Group, topic: Topic, participant: User, now: datetime
) -> None:
    attach(topic.posts.get(), "plan.pdf", b"%PDF", now)

    data = data_of(unpacked(group, participant, now))

    told, said = data["topics"][0], data["topics"][0]["posts"][0]
    assert (data["format"], data["version"], data["made_at"]) == (
        "vipad-group",
        1,
        "2027-03-26T09:00:00+00:00",
    )
    assert sorted(data) == ["format", "group", "made_at", "members", "topics", "version"]
    assert sorted(told) == [
        "answer", "answered_at", "author", "closes_at", "created_at", "is_private_line", "kind", "number", "options",
        "posts", "title",
    ]  # fmt: skip
    assert sorted(said) == [
        "author", "came_by_mail", "edited_at", "files", "language", "number", "posted_at", "state", "text",
        "translations",
    ]  # fmt: skip
    assert sorted(said["files"][0]) == ["content_type", "name", "path", "size"]


@pytest.mark.parametrize(("reader", "reads"), [("participant", True), ("coach", True), ("partner", False)])
def test_a_private_line_is_only_in_copies_of_who_reads_it(
    group: Group, cast: dict[str, User], now: datetime, reader: str, reads: bool
) -> None:
    line = TopicFactory(
        group=group, author=cast["participant"], title="Unter uns", is_line=True, line_of=cast["participant"]
    )
    attach(
        PostFactory(topic=line, author=cast["participant"], text="Vertraulich"), "brief.pdf", b"Geheim", now
    )

    found = unpacked(group, cast[reader], now)

    told = [name for name, content in found.items() if b"Unter uns" in content or b"Geheim" in content]
    assert len(told) == (4 if reads else 0)


def test_deleted_and_hidden_posts_leave_a_mark_only(
    group: Group, topic: Topic, participant: User, now: datetime
) -> None:
    hidden = PostFactory(topic=topic, text="Verborgen", hidden_at=now, hidden_reason="Regel 2")
    attach(hidden, "verborgen.pdf", b"Verborgen", now)
    PostFactory(topic=topic, text="", html="", deleted_at=now)

    found = unpacked(group, participant, now)

    assert [one["state"] for one in data_of(found)["topics"][0]["posts"]] == ["readable", "hidden", "deleted"]
    assert b"Verborgen" not in b"".join(found.values())


def test_another_group_is_not_in_it(group: Group, topic: Topic, participant: User, now: datetime) -> None:
    TopicFactory(group=GroupFactory(members=[participant]), title="Nebenan", posts=1)

    found = unpacked(group, participant, now)

    assert b"Nebenan" not in b"".join(found.values())


def test_signs_of_html_are_letters(group: Group, participant: User, now: datetime) -> None:
    hostile = "<script>alert(1)</script>"
    Group.objects.filter(pk=group.pk).update(name=hostile, purpose=hostile, rules=hostile)
    group.refresh_from_db()
    participant.display_name = hostile
    participant.save()
    topic = TopicFactory(group=group, title=hostile, author=participant)
    attach(PostFactory(topic=topic, author=participant, text=hostile), hostile, b"x", now)

    found = unpacked(group, participant, now)

    pages = [content for name, content in found.items() if name.endswith(".html")]
    assert len(pages) == 2
    assert [b"<script" in page for page in pages] == [False, False]
    assert [b"&lt;script" in page for page in pages] == [True, True]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\autorun.inf", "/etc/x.pdf", "a\nb.pdf", "C:evil.pdf", ""]
)
def test_names_of_files_stay_in_their_folder(
    group: Group, topic: Topic, participant: User, now: datetime, name: str
) -> None:
    attachment = attach(topic.posts.get(), name, b"x", now)

    found = [one for one in unpacked(group, participant, now) if one.startswith("files")]

    assert len(found) == 1
    assert found[0].startswith(f"files/{attachment.pk}-")
    assert found[0].count("/") == 1
    assert not {"\\", ":", "\n"} & set(found[0])


def test_two_files_of_one_name_are_both_there(
    group: Group, topic: Topic, participant: User, now: datetime
) -> None:
    for content in (b"eins", b"zwei"):
        attach(topic.posts.get(), "plan.pdf", content, now)

    found = unpacked(group, participant, now)

    assert sorted(content for name, content in found.items() if name.startswith("files/")) == [
        b"eins",
        b"zwei",
    ]


def test_a_lost_file_is_named_and_keeps_nothing_else_away(
    group: Group, topic: Topic, participant: User, now: datetime
) -> None:
    attachment = attach(topic.posts.get(), "plan.pdf", b"x", now)
    default_storage.delete(attachment.file)

    found = unpacked(group, participant, now)

    file = data_of(found)["topics"][0]["posts"][0]["files"][0]
    assert (file["name"], file["path"]) == ("plan.pdf", None)


def test_an_archived_group_can_be_copied(group: Group, topic: Topic, participant: User) -> None:
    Group.objects.filter(pk=group.pk).update(state=Group.State.ARCHIVED)

    answer = signed_in(participant).get(address_of(group))

    assert answer.status_code == 200
    answer.close()
