"""What goes by itself: groups whose notice is over, drafts, addresses, notes, files without a row."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import checks as django_checks

from accounts.models import User
from core.files import check_upload
from discussions import checks, tasks
from discussions.actions import groups as actions
from discussions.actions import people, retention, talk
from discussions.actions.drafts import attach_files
from discussions.choices import Access, Belonging
from discussions.models import Attachment, Draft, Group, Invitation, Membership, Post, Topic, Vote
from notifications.models import Notice, Preference
from portal.tasks import CLEAN_UPS
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory
from tests.factories.uploads import pdf, picture, upload
from vipad.celery import app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def group(coach: User, participant: User) -> Group:
    return GroupFactory(coach=coach, members=[participant])


def draft_with_file(group: Group, person: User, now: datetime, topic: Topic | None = None) -> Draft:
    draft = talk.save_draft(group=group, topic=topic, title="", text="Entwurf", by=person, now=now)
    attach_files(draft=draft, uploads=[check_upload(upload("plan.pdf", pdf()))], now=now)
    return draft


def files_in(media: Path) -> int:
    return sum(path.is_file() for path in media.rglob("*"))


class TestDueGroups:
    def test_with_all_that_hangs_on_it(
        self,
        group: Group,
        coach: User,
        participant: User,
        now: datetime,
        media: Path,
        django_capture_on_commit_callbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            draft = talk.save_draft(group=group, topic=None, title="", text="", by=participant, now=now)
            attach_files(
                draft=draft,
                uploads=[check_upload(upload("foto.jpg", picture())), check_upload(upload("a.pdf", pdf()))],
                now=now,
            )
            poll = talk.start_topic(
                group=group,
                kind="poll",
                title="Wer?",
                text="x",
                by=participant,
                now=now,
                options=["ja"],
                draft=draft,
            )
            talk.vote(topic=poll, answers={poll.options.get().pk: "yes"}, by=coach, now=now)
            draft_with_file(group, coach, now, topic=poll)
            people.invite(group=group, emails=["new@guest.example"], language="de", by=coach, now=now)
            actions.announce_deletion(group=group, by=coach, now=now)
        Preference.objects.create(person=coach, scope=f"group:{group.pk}", pace="never")
        assert files_in(media) >= 3

        with django_capture_on_commit_callbacks(execute=True):
            gone = retention.delete_due_groups(now=now + timedelta(days=14))

        assert gone == 1
        left = (Group, Membership, Topic, Post, Draft, Attachment, Vote, Invitation, Notice, Preference)
        assert [model.__name__ for model in left if model.objects.exists()] == []
        assert files_in(media) == 0

    def test_not_before_the_day(self, group: Group, coach: User, now: datetime) -> None:
        actions.announce_deletion(group=group, by=coach, now=now)

        assert retention.delete_due_groups(now=now + timedelta(days=13, hours=23)) == 0
        assert Group.objects.exists()

    def test_taken_back_it_stays(self, group: Group, coach: User, now: datetime) -> None:
        actions.announce_deletion(group=group, by=coach, now=now)
        actions.take_deletion_back(group=group, by=coach, now=now)

        assert retention.delete_due_groups(now=now + timedelta(days=30)) == 0
        assert Membership.objects.count() == 2

    def test_taken_back_at_the_last_moment(
        self, group: Group, coach: User, now: datetime, monkeypatch
    ) -> None:
        actions.announce_deletion(group=group, by=coach, now=now)
        real = retention.locked

        def late(row: Group) -> Group:
            actions.take_deletion_back(group=row, by=coach, now=now)
            return real(row)

        monkeypatch.setattr(retention, "locked", late)

        assert retention.delete_due_groups(now=now + timedelta(days=14)) == 0
        assert Membership.objects.count() == 2

    def test_others_are_not_touched(self, group: Group, coach: User, now: datetime) -> None:
        other = GroupFactory(coach=coach)
        topic = TopicFactory(group=other, posts=2)
        talk.post(topic=topic, text="bleibt", by=coach, now=now)
        MembershipFactory(group=other, person=UserFactory())
        actions.announce_deletion(group=group, by=coach, now=now)
        actions.announce_deletion(group=other, by=coach, now=now + timedelta(days=3))
        before = Notice.objects.filter(about_type__model="group", about_id=other.pk).count()

        retention.delete_due_groups(now=now + timedelta(days=14))

        assert list(Group.objects.all()) == [other]
        assert topic.posts.count() == 3
        assert Notice.objects.filter(about_type__model="group").count() == before > 0

    def test_many_posts_go_in_several_steps(self, group: Group, coach: User, now: datetime, monkeypatch):
        monkeypatch.setattr(retention, "POSTS_AT_ONCE", 2)
        topic = TopicFactory(group=group, posts=5)
        Topic.objects.filter(pk=topic.pk).update(answer=topic.posts.first())
        actions.announce_deletion(group=group, by=coach, now=now)

        assert retention.delete_due_groups(now=now + timedelta(days=14)) == 1
        assert not Post.objects.exists()

    def test_stopped_halfway_the_next_run_goes_on_and_nobody_reads_meanwhile(
        self, group: Group, coach: User, now: datetime, monkeypatch
    ) -> None:
        group.access = Access.OPEN
        group.save()
        TopicFactory(group=group, posts=3)
        actions.announce_deletion(group=group, by=coach, now=now)

        def stopped(numbers: object) -> None:
            raise RuntimeError

        with monkeypatch.context() as patched:
            patched.setattr(retention, "_delete_posts", stopped)
            with pytest.raises(RuntimeError):
                retention.delete_due_groups(now=now + timedelta(days=14))

        assert not Group.objects.visible_to(coach).exists()
        assert retention.delete_due_groups(now=now + timedelta(days=14)) == 1
        assert not Group.objects.exists()

    def test_the_clock_starts_it(self, group: Group, coach: User, now: datetime) -> None:
        actions.announce_deletion(group=group, by=coach, now=now)
        Group.objects.update(delete_at=now - timedelta(days=365))
        planned = [row["task"] for row in app.conf.beat_schedule.values()]

        tasks.delete_groups()

        assert Group.objects.exists() is False
        assert "discussions.tasks.delete_groups" in planned


class TestCleanUps:
    def test_all_of_them_run(self) -> None:
        assert set(CLEAN_UPS) >= {
            retention.forget_old_post_drafts,
            retention.forget_invited_to_groups,
            retention.forget_notes_of_members,
            retention.delete_orphaned_post_files,
        }

    def test_drafts_of_three_months_go_with_their_files(
        self,
        group: Group,
        coach: User,
        participant: User,
        now: datetime,
        media: Path,
        django_capture_on_commit_callbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            draft_with_file(group, coach, now - timedelta(days=91))
            kept = draft_with_file(group, participant, now - timedelta(days=89))
        assert files_in(media) == 2

        with django_capture_on_commit_callbacks(execute=True):
            gone = retention.forget_old_post_drafts(now=now)

        assert gone == 1
        assert list(Draft.objects.all()) == [kept]
        assert files_in(media) == 1

    def test_a_draft_somebody_goes_on_with_stays(self, group: Group, coach: User, now: datetime) -> None:
        draft = talk.save_draft(group=group, topic=None, title="", text="x", by=coach, now=now)

        assert retention._forget_draft(draft.pk, now) == 0
        assert Draft.objects.exists()

    def test_addresses_of_invitations_that_are_over(self, group: Group, coach: User, now: datetime) -> None:
        people.invite(group=group, emails=["old@guest.example"], language="de", by=coach, now=now)
        later = now + timedelta(days=31)
        people.invite(group=group, emails=["new@guest.example"], language="de", by=coach, now=later)

        assert retention.forget_invited_to_groups(now=later) == 1
        assert sorted(Invitation.objects.values_list("email", flat=True)) == ["", "new@guest.example"]

    def test_notes_a_year_after_somebody_went(self, group: Group, now: datetime) -> None:
        long_ago = now - timedelta(days=366)
        for state, ended_at in (
            (Belonging.LEFT, long_ago),
            (Belonging.REMOVED, long_ago),
            (Belonging.REMOVED, now),
            (Belonging.BANNED, long_ago),
            (Belonging.ACTIVE, None),
        ):
            MembershipFactory(group=group, state=state, ended_at=ended_at, note="Grund")

        assert retention.forget_notes_of_members(now=now) == 2
        kept = Membership.objects.exclude(note="").values_list("state", flat=True)
        assert sorted(kept) == ["active", "banned", "removed"]

    def test_files_without_a_row(self, group: Group, coach: User, now: datetime, media: Path) -> None:
        draft_with_file(group, coach, now)
        orphan = media / "posts" / "aa" / "orphan.pdf"
        orphan.parent.mkdir(parents=True, exist_ok=True)
        orphan.write_bytes(b"x")
        assert files_in(media) == 2

        gone = retention.delete_orphaned_post_files(now=datetime.now(tz=now.tzinfo) + timedelta(days=2))

        assert gone == 1
        assert not orphan.exists()

    def test_a_post_keeps_its_files(self, group: Group, coach: User, now: datetime, media: Path) -> None:
        topic = TopicFactory(group=group)
        talk.post(topic=topic, text="", by=coach, now=now, draft=draft_with_file(group, coach, now, topic))

        retention.delete_orphaned_post_files(now=datetime.now(tz=now.tzinfo) + timedelta(days=2))

        assert files_in(media) == 1


class TestChecks:
    @pytest.mark.parametrize(
        ("address", "errors"),
        [
            ("", []),
            ("reply@vipad.example", []),
            ("antworten1@vipad.example", []),
            ("antworten12@vipad.example", ["discussions.E002"]),
            ("re+ply@vipad.example", ["discussions.E002"]),
            ("reply", ["discussions.E001"]),
            ("Reply <reply@vipad.example>", ["discussions.E001"]),
        ],
    )
    def test_reply_address(self, settings, address: str, errors: list[str]) -> None:
        settings.REPLY_ADDRESS = address

        assert [found.id for found in checks.answers_can_arrive()] == errors

    @pytest.mark.parametrize(
        ("address", "errors"),
        [
            ("", []),
            ("imaps://reply:p@mail.vipad.example/INBOX", []),
            ("imap://reply:p@127.0.0.1:1143/INBOX", []),
            ("https://mail.vipad.example", ["discussions.E003"]),
            ("imaps:///INBOX", ["discussions.E003"]),
            ("imaps://host:port/INBOX", ["discussions.E003"]),
        ],
    )
    def test_mailbox(self, settings, address: str, errors: list[str]) -> None:
        settings.REPLY_IMAP_URL = address

        found = checks.mailbox_is_an_address()

        assert [one.id for one in found] == errors
        assert "secretword" not in str(found)

    def test_they_are_asked_at_start(self, settings) -> None:
        settings.REPLY_ADDRESS = "much-too-long-for-it@vipad.example"

        assert "discussions.E002" in {found.id for found in django_checks.run_checks()}
