"""Files of posts and drafts: for whom the post is, and for nobody else."""

from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import files
from discussions.actions import talk
from discussions.actions.drafts import attach_files
from discussions.choices import Belonging
from discussions.models import Attachment, Group, Membership, Post, Topic
from tests.conftest import opened, signed_in
from tests.factories import uploads
from tests.factories.discussions import GroupFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def group(participant: User, partner: User, coach: User) -> Group:
    return GroupFactory(members=[participant, partner], coach=coach)


@pytest.fixture
def topic(group: Group, partner: User) -> Topic:
    return TopicFactory(group=group, author=partner, posts=1)


def kept(
    topic: Topic, by: User, *, is_sent: bool = True, content: bytes = b"", name: str = "plan.pdf"
) -> Attachment:
    """A file in a post of that person, or still in the draft."""
    now = timezone.now()
    draft = talk.save_draft(group=topic.group, topic=topic, title="", text="Siehe Datei", by=by, now=now)
    upload = files.check_upload(uploads.upload(name, content or uploads.pdf()))
    attach_files(draft=draft, uploads=[upload], now=now)
    row = draft.attachments.get()
    if is_sent:
        talk.post(topic=topic, text="Siehe Datei", by=by, now=now, draft=draft)
    return row


def code(person: User, row: Attachment, part: str = "") -> int:
    return opened(signed_in(person), f"/groups/files/{row.pk}/{part}").status_code


class TestOfAPost:
    def test_members_get_the_file_for_saving(self, participant: User, partner: User, topic: Topic) -> None:
        row = kept(topic, partner)

        answer = signed_in(participant).get(f"/groups/files/{row.pk}/")

        assert b"".join(answer.streaming_content) == uploads.pdf()  # type: ignore[attr-defined]
        assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
        assert answer["Cache-Control"] == "private, no-store"

    def test_of_a_picture_there_is_a_small_one(self, participant: User, partner: User, topic: Topic) -> None:
        row = kept(topic, partner, content=uploads.picture(), name="chor.jpg")

        assert (code(participant, row), code(participant, row, "small/")) == (200, 200)

    def test_of_a_paper_there_is_no_small_one(self, participant: User, partner: User, topic: Topic) -> None:
        row = kept(topic, partner)

        assert (code(participant, row), code(participant, row, "small/")) == (200, 404)

    @pytest.mark.parametrize("part", ["", "small/"])
    def test_outsiders_and_superusers_get_what_a_missing_file_gives(
        self, outsider: User, admin: User, partner: User, topic: Topic, part: str
    ) -> None:
        row = kept(topic, partner, content=uploads.picture(), name="chor.jpg")

        assert [code(person, row, part) for person in (outsider, admin, partner)] == [404, 404, 200]

    def test_a_visitor_signs_in_first_whether_there_is_such_a_file_or_not(
        self, partner: User, topic: Topic
    ) -> None:
        row = kept(topic, partner)

        codes = [Client().get(f"/groups/files/{number}/").status_code for number in (row.pk, row.pk + 1)]

        assert codes == [302, 302]

    def test_who_has_left_gets_it_no_more(self, participant: User, partner: User, topic: Topic) -> None:
        row = kept(topic, partner)
        assert code(participant, row) == 200

        Membership.objects.filter(person=participant).update(state=Belonging.LEFT)

        assert code(participant, row) == 404

    def test_of_a_hidden_post_nobody_gets_it(
        self, partner: User, coach: User, topic: Topic, now: datetime
    ) -> None:
        row = kept(topic, partner)
        assert [code(person, row) for person in (partner, coach)] == [200, 200]

        Post.objects.filter(pk__gt=0).update(hidden_at=now)

        assert [code(person, row) for person in (partner, coach)] == [404, 404]

    def test_is_gone_with_its_post(
        self,
        participant: User,
        partner: User,
        topic: Topic,
        media: Path,
        django_capture_on_commit_callbacks,
    ) -> None:
        row = kept(topic, partner)
        assert code(participant, row) == 200

        with django_capture_on_commit_callbacks(execute=True):
            talk.delete_post(post=topic.posts.latest("number"), by=partner, now=timezone.now())

        assert code(participant, row) == 404
        assert [path for path in media.rglob("*") if path.is_file()] == []

    def test_of_a_private_line_only_its_person_and_coaches_get_it(
        self, participant: User, partner: User, coach: User, group: Group
    ) -> None:
        line = TopicFactory(group=group, is_line=True, line_of=participant, author=participant)
        row = kept(line, participant)

        assert [code(person, row) for person in (participant, coach, partner)] == [200, 200, 404]


class TestOfADraft:
    def test_only_its_writer_gets_it(
        self, participant: User, partner: User, coach: User, topic: Topic
    ) -> None:
        row = kept(topic, partner, is_sent=False)

        assert [code(person, row) for person in (partner, participant, coach)] == [200, 404, 404]

    def test_not_after_leaving_the_group(self, partner: User, topic: Topic) -> None:
        row = kept(topic, partner, is_sent=False)
        assert code(partner, row) == 200

        Membership.objects.filter(person=partner).update(state=Belonging.LEFT)

        assert code(partner, row) == 404
