"""Reporting, hiding, appealing: people decide, nobody about the own post, and everybody concerned learns why."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import erase
from accounts.models import User
from discussions.actions import moderation as actions
from discussions.actions import people
from discussions.actions.groups import NotAllowed
from discussions.actions.notices import forget_old_reports
from discussions.choices import Access, ReportState, Role
from discussions.models import Group, Membership, Post, Report
from discussions.permissions import can_decide_report, deciding
from discussions.views import moderating
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db
QUERIES_OF_QUEUE = 9


@pytest.fixture
def moderator() -> User:
    return UserFactory(display_name="Moderatorin", language="en")


@pytest.fixture
def group(coach: User, moderator: User, participant: User, partner: User) -> Group:
    return GroupFactory(
        name="Geheime Jugend", coach=coach, moderator=moderator, members=[participant, partner]
    )


@pytest.fixture
def post(group: Group, partner: User) -> Post:
    """Of the partner, who reads English."""
    return PostFactory(topic=TopicFactory(group=group, title="Ausflug"), author=partner, text="Kauft *Öl*!")


@pytest.fixture
def reported(post: Post, participant: User, now: datetime) -> Report:
    return actions.report_post(post=post, text="Das ist Werbung.", by=participant, now=now)


@pytest.fixture
def hidden(post: Post, coach: User, now: datetime) -> Report:
    return actions.hide_post(post=post, reason="Werbung", by=coach, now=now)


@pytest.fixture
def appealed(hidden: Report, partner: User, now: datetime) -> Report:
    actions.appeal(report=hidden, text="Das war ein Rezept.", by=partner, now=now)
    hidden.refresh_from_db()
    return hidden


def told(kind: str) -> set[str]:
    return {notice.recipient.email for notice in Notice.objects.filter(kind=kind) if notice.recipient}


def at(name: str, *args: object) -> str:
    return reverse(f"discussions:{name}", args=args)


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def send(client: Client, address: str, key: str = "", **values: str) -> Any:
    return client.post(address, {"key": key or str(uuid.uuid4()), **values})


class TestReporting:
    def test_who_leads_is_told(
        self, reported: Report, coach: User, moderator: User, participant: User
    ) -> None:
        assert reported.state == ReportState.OPEN
        assert reported.reporter == participant
        assert told("post_reported") == {coach.email, moderator.email}

    def test_the_mail_says_what_and_names_nobody(
        self, reported: Report, participant: User, now: datetime
    ) -> None:
        deliver_due(now=now)

        body = next(str(one.body) for one in mail.outbox)
        assert "Das ist Werbung." in body
        assert participant.display_name not in body
        assert "Kauft" not in body

    def test_the_reference_is_read_out_without_mistakes(self, reported: Report) -> None:
        start, first, second = reported.reference.split("-")

        assert (start, len(first), len(second)) == ("V", 4, 4)
        assert not set(first + second) & set("01OILBSZ8")

    def test_twice_is_one(self, reported: Report, post: Post, participant: User, now: datetime) -> None:
        again = actions.report_post(post=post, text="Nochmal", by=participant, now=now)

        assert again == reported
        assert Report.objects.get().text == "Das ist Werbung."

    def test_nobody_reports_the_own_or_what_is_gone(
        self, post: Post, partner: User, participant: User, now: datetime
    ) -> None:
        with pytest.raises(NotAllowed):
            actions.report_post(post=post, text="x", by=partner, now=now)
        Post.objects.filter(pk=post.pk).update(deleted_at=now)
        with pytest.raises(NotAllowed):
            actions.report_post(post=post, text="x", by=participant, now=now)

    def test_outsiders_do_not_report(self, post: Post, outsider: User, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            actions.report_post(post=post, text="x", by=outsider, now=now)

    def test_about_the_only_leader_the_office_decides(
        self, participant: User, coach: User, admin: User, now: datetime
    ) -> None:
        group = GroupFactory(coach=coach, members=[participant])
        post = PostFactory(topic=TopicFactory(group=group), author=coach)

        report = actions.report_post(post=post, text="Er beleidigt mich.", by=participant, now=now)

        assert told("post_reported") == set()
        assert told("report_for_office") == {admin.email}
        assert can_decide_report(admin, report)
        assert not can_decide_report(coach, report)

    def test_while_somebody_in_the_group_can_decide_the_office_cannot(
        self, reported: Report, admin: User
    ) -> None:
        assert not can_decide_report(admin, reported)

    def test_of_a_private_line_only_those_learn_who_read_it(
        self, group: Group, coach: User, moderator: User, participant: User, now: datetime
    ) -> None:
        second = UserFactory()
        MembershipFactory(group=group, person=second, role=Role.COACH)
        line = TopicFactory(group=group, is_line=True, line_of=participant)
        post = PostFactory(topic=line, author=coach)

        actions.report_post(post=post, text="x", by=participant, now=now)

        assert told("post_reported") == {second.email}
        assert not deciding(post).filter(person=moderator).exists()


class TestDeciding:
    def test_hidden_the_text_stays_in_the_row_and_is_shown_nowhere(
        self, reported: Report, post: Post, coach: User, participant: User, now: datetime
    ) -> None:
        actions.hide_post(post=post, reason="Werbung", by=coach, now=now, report=reported)

        post.refresh_from_db()
        assert (post.text, post.hidden_reason, post.hidden_by) == ("Kauft *Öl*!", "Werbung", coach)
        page = words(signed_in(participant, "en").get(post.topic.get_absolute_url()))
        assert "Kauft" not in page
        assert "Werbung" in page

    def test_everybody_concerned_is_told(
        self, reported: Report, post: Post, coach: User, partner: User, participant: User, now: datetime
    ) -> None:
        statement = actions.hide_post(post=post, reason="Werbung", by=coach, now=now, report=reported)

        assert statement == reported
        assert told("post_hidden") == {partner.email}
        assert told("post_report_decided") == {participant.email}

    def test_the_author_reads_why_what_and_how_to_appeal(
        self, hidden: Report, partner: User, now: datetime
    ) -> None:
        deliver_due(now=now)

        sent = next(one for one in mail.outbox if one.to == [partner.email])
        body = " ".join(str(one) for one in [sent.subject, sent.body]).replace("\n", " ")
        assert "was hidden" in body  # in English, as she reads it
        assert "Werbung" in body
        assert "Kauft" in body
        assert "no machine" in body
        assert "appeal" in body
        assert hidden.reference in body

    def test_where_mails_are_links_the_text_is_not_in_it(
        self, group: Group, post: Post, coach: User, partner: User, now: datetime
    ) -> None:
        Group.objects.filter(pk=group.pk).update(sends_text=False)
        actions.hide_post(post=post, reason="Werbung", by=coach, now=now)
        deliver_due(now=now)

        sent = next(one for one in mail.outbox if one.to == [partner.email])
        assert "Kauft" not in str(sent.body)

    def test_all_open_reports_are_decided_by_it(
        self, reported: Report, post: Post, group: Group, coach: User, now: datetime
    ) -> None:
        second = MembershipFactory(group=group).person
        other = actions.report_post(post=post, text="Auch ich.", by=second, now=now)

        actions.hide_post(post=post, reason="Werbung", by=coach, now=now, report=other)

        assert set(Report.objects.values_list("state", flat=True)) == {ReportState.HIDDEN}
        assert Report.objects.get(is_statement=True) == other

    def test_kept_who_reported_learns_why(
        self, reported: Report, post: Post, moderator: User, participant: User, now: datetime
    ) -> None:
        actions.keep_post(report=reported, reason="Kein Verkauf.", by=moderator, now=now)

        post.refresh_from_db()
        assert post.hidden_at is None
        assert told("post_report_decided") == {participant.email}
        assert told("post_hidden") == set()

    def test_decided_twice_the_first_decision_stays(
        self, reported: Report, post: Post, moderator: User, coach: User, now: datetime
    ) -> None:
        actions.keep_post(report=reported, reason="Kein Verkauf.", by=moderator, now=now)

        with pytest.raises(actions.AlreadyDecided):
            actions.keep_post(report=reported, reason="Doch", by=coach, now=now)
        with pytest.raises(actions.AlreadyDecided):
            actions.hide_post(post=post, reason="Doch", by=coach, now=now, report=reported)

    def test_hidden_twice_the_first_reason_stays(
        self, hidden: Report, post: Post, moderator: User, now: datetime
    ) -> None:
        with pytest.raises(actions.AlreadyDecided):
            actions.hide_post(post=post, reason="anders", by=moderator, now=now)

    def test_members_do_not_decide(
        self, reported: Report, post: Post, participant: User, now: datetime
    ) -> None:
        with pytest.raises(NotAllowed):
            actions.hide_post(post=post, reason="x", by=participant, now=now)
        with pytest.raises(NotAllowed):
            actions.keep_post(report=reported, reason="x", by=participant, now=now)

    def test_no_leader_decides_about_the_own_post(
        self, group: Group, moderator: User, participant: User, now: datetime
    ) -> None:
        post = PostFactory(topic=TopicFactory(group=group), author=moderator)
        report = actions.report_post(post=post, text="x", by=participant, now=now)

        assert moderator.email not in told("post_reported")
        with pytest.raises(NotAllowed):
            actions.keep_post(report=report, reason="x", by=moderator, now=now)
        with pytest.raises(NotAllowed):
            actions.hide_post(post=post, reason="x", by=moderator, now=now)

    def test_who_left_is_told_no_more_of_the_report_but_of_the_own_post(
        self, reported: Report, post: Post, coach: User, participant: User, partner: User, now: datetime
    ) -> None:
        Membership.objects.filter(person__in=(participant, partner)).update(state="left")
        actions.hide_post(post=post, reason="Werbung", by=coach, now=now, report=reported)
        mail.outbox.clear()
        deliver_due(now=now)

        assert [one.to for one in mail.outbox] == [[partner.email]]


class TestAppealing:
    def test_another_leader_is_asked(self, appealed: Report, coach: User, moderator: User) -> None:
        assert appealed.appeal == "Das war ein Rezept."
        assert told("appeal_made") == {moderator.email}

    def test_overturned_the_post_is_shown_again(
        self, appealed: Report, post: Post, moderator: User, partner: User, now: datetime
    ) -> None:
        actions.decide_appeal(report=appealed, uphold=False, reason="Ein Rezept.", by=moderator, now=now)

        post.refresh_from_db()
        appealed.refresh_from_db()
        assert (post.hidden_at, post.hidden_reason, post.hidden_by) == (None, "", None)
        assert appealed.state == ReportState.RESTORED
        assert told("appeal_decided") == {partner.email}
        page = words(signed_in(partner, "en").get(post.topic.get_absolute_url()))
        assert "Kauft" in page

    def test_upheld_it_stays_hidden(
        self, appealed: Report, post: Post, moderator: User, partner: User, now: datetime
    ) -> None:
        actions.decide_appeal(report=appealed, uphold=True, reason="Doch Werbung.", by=moderator, now=now)

        post.refresh_from_db()
        assert post.hidden_at is not None
        assert told("appeal_decided") == {partner.email}

    def test_shown_again_who_reported_it_learns_it(
        self,
        reported: Report,
        post: Post,
        coach: User,
        moderator: User,
        partner: User,
        participant: User,
        now: datetime,
    ) -> None:
        actions.hide_post(post=post, reason="Werbung", by=coach, now=now, report=reported)
        actions.appeal(report=reported, text="Nein", by=partner, now=now)
        actions.decide_appeal(report=reported, uphold=False, reason="Gut", by=moderator, now=now)
        deliver_due(now=now)

        sent = [one for one in mail.outbox if one.to == [participant.email]]
        assert sent
        assert Notice.objects.filter(kind="post_report_decided", recipient=participant).count() == 2

    def test_not_who_has_hidden_it(self, appealed: Report, coach: User, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            actions.decide_appeal(report=appealed, uphold=True, reason="x", by=coach, now=now)

    def test_without_another_leader_the_office_decides(
        self, coach: User, partner: User, admin: User, now: datetime
    ) -> None:
        group = GroupFactory(coach=coach, members=[partner])
        post = PostFactory(topic=TopicFactory(group=group), author=partner)
        report = actions.hide_post(post=post, reason="x", by=coach, now=now)

        actions.appeal(report=report, text="Warum?", by=partner, now=now)
        actions.decide_appeal(report=report, uphold=False, reason="Kein Grund.", by=admin, now=now)

        assert told("report_for_office") == {admin.email}
        assert Post.objects.get(pk=post.pk).hidden_at is None

    def test_once(self, appealed: Report, partner: User, now: datetime) -> None:
        with pytest.raises(actions.NoAppeal):
            actions.appeal(report=appealed, text="Noch einmal", by=partner, now=now)

    def test_within_six_months(self, hidden: Report, partner: User, now: datetime) -> None:
        with pytest.raises(actions.NoAppeal):
            actions.appeal(report=hidden, text="x", by=partner, now=now + timedelta(days=185))
        actions.appeal(report=hidden, text="x", by=partner, now=now + timedelta(days=183))

    def test_only_the_author(self, hidden: Report, participant: User, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            actions.appeal(report=hidden, text="x", by=participant, now=now)

    def test_who_was_removed_may_appeal(
        self, group: Group, hidden: Report, partner: User, coach: User, now: datetime
    ) -> None:
        row = Membership.objects.get(group=group, person=partner)
        people.remove(membership=row, by=coach, now=now, ban=True)

        actions.appeal(report=hidden, text="Das war ein Rezept.", by=partner, now=now)

        assert Report.objects.get().appeal_waits


class TestReportPage:
    def test_a_member_reports_and_reads_the_reference(self, post: Post, participant: User) -> None:
        browser = signed_in(participant, "en")
        assert "never a machine" in words(browser.get(at("report", post.pk)))

        answer = send(browser, at("report", post.pk), text="Das ist Werbung.")

        report = Report.objects.get()
        assert answer.url == at("decision", report.reference)
        page = words(browser.get(answer.url))
        assert report.reference in page
        assert "waits for a decision" in page

    def test_sent_twice_it_is_done_once(self, post: Post, participant: User) -> None:
        browser, key = signed_in(participant, "en"), str(uuid.uuid4())

        first, second = (send(browser, at("report", post.pk), key, text="Werbung") for _time in range(2))

        assert first.url == second.url
        assert Report.objects.count() == 1

    def test_something_must_be_said(self, post: Post, participant: User) -> None:
        answer = send(signed_in(participant, "en"), at("report", post.pk), text=" ")

        assert answer.status_code == 422
        assert "id_text" in words(answer)
        assert not Report.objects.exists()

    def test_there_is_a_limit_each_day(
        self, post: Post, participant: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(moderating, "MOST_REPORTS_A_DAY", 0)

        assert send(signed_in(participant, "en"), at("report", post.pk), text="x").status_code == 429
        assert not Report.objects.exists()

    @pytest.mark.parametrize("name", ["report", "hide"])
    def test_outsiders_learn_nothing(self, post: Post, outsider: User, admin: User, name: str) -> None:
        for person in (outsider, admin):
            browser = signed_in(person, "en")
            here, nowhere = (browser.get(at(name, number)) for number in (post.pk, 10**8))
            assert (here.status_code, nowhere.status_code) == (404, 404)

    @pytest.mark.parametrize("name", ["report", "hide"])
    def test_visitors_are_asked_to_sign_in(self, post: Post, name: str) -> None:
        assert [Client().get(at(name, number)).status_code for number in (post.pk, 10**8)] == [302, 302]

    def test_readers_of_an_open_group_are_refused(self, group: Group, post: Post, outsider: User) -> None:
        Group.objects.filter(pk=group.pk).update(access=Access.OPEN)

        assert signed_in(outsider).get(at("report", post.pk)).status_code == 403

    def test_the_own_post_is_not_reported(self, post: Post, partner: User) -> None:
        assert signed_in(partner).get(at("report", post.pk)).status_code == 403

    def test_the_topic_offers_what_one_may(
        self, post: Post, participant: User, partner: User, coach: User
    ) -> None:
        for person, ways in ((participant, ["report"]), (partner, []), (coach, ["report", "hide"])):
            page = words(signed_in(person, "en").get(post.topic.get_absolute_url()))
            assert [name for name in ("report", "hide") if at(name, post.pk) in page] == ways


class TestHidePage:
    def test_who_leads_hides(self, post: Post, moderator: User) -> None:
        browser, key = signed_in(moderator, "en"), str(uuid.uuid4())

        first, second = (send(browser, at("hide", post.pk), key, reason="Werbung") for _time in range(2))

        assert first.status_code == second.status_code == 302
        assert first.url == second.url
        assert Post.objects.get(pk=post.pk).hidden_reason == "Werbung"
        assert Notice.objects.filter(kind="post_hidden").count() == 1

    def test_a_reason_is_needed(self, post: Post, moderator: User) -> None:
        assert send(signed_in(moderator, "en"), at("hide", post.pk), reason="").status_code == 422
        assert Post.objects.get(pk=post.pk).hidden_at is None

    def test_members_are_refused_and_so_is_the_author(
        self, group: Group, post: Post, participant: User, moderator: User
    ) -> None:
        own = PostFactory(topic=post.topic, author=moderator)

        assert send(signed_in(participant), at("hide", post.pk), reason="x").status_code == 403
        assert send(signed_in(moderator), at("hide", own.pk), reason="x").status_code == 403


class TestQueue:
    def test_shows_what_waits_and_what_was_decided(
        self, reported: Report, group: Group, post: Post, coach: User, moderator: User, participant: User
    ) -> None:
        other = PostFactory(topic=post.topic, author=participant)
        decided = actions.hide_post(post=other, reason="Beleidigung", by=coach, now=timezone.now())

        page = words(signed_in(moderator, "en").get(at("reports", group.slug)))

        assert reported.reference in page
        assert decided.reference in page
        assert "Das ist Werbung." in page

    def test_nothing_about_oneself(
        self, group: Group, post: Post, moderator: User, participant: User
    ) -> None:
        own = PostFactory(topic=post.topic, author=moderator)
        report = actions.report_post(post=own, text="Er irrt.", by=participant, now=timezone.now())
        browser = signed_in(moderator, "en")

        assert report.reference not in words(browser.get(at("reports", group.slug)))
        assert browser.get(at("decide", report.reference)).status_code == 404

    def test_only_for_who_leads(
        self, reported: Report, group: Group, participant: User, outsider: User, admin: User
    ) -> None:
        assert signed_in(participant).get(at("reports", group.slug)).status_code == 403
        assert signed_in(outsider).get(at("reports", group.slug)).status_code == 404
        assert signed_in(admin).get(at("reports", group.slug)).status_code == 404
        assert Client().get(at("reports", group.slug)).status_code == 302

    def test_the_settings_lead_there(self, group: Group, coach: User) -> None:
        page = words(signed_in(coach, "en").get(at("settings", group.slug)))

        assert at("reports", group.slug) in page

    def test_it_needs_the_same_queries_for_many(
        self, reported: Report, group: Group, post: Post, coach: User, participant: User
    ) -> None:
        browser = signed_in(coach, "en")
        browser.get(at("reports", group.slug))
        assert self.queries(browser, group) == QUERIES_OF_QUEUE
        for number in range(8):
            other = PostFactory(topic=post.topic)
            row = actions.report_post(post=other, text=f"Nr. {number}", by=participant, now=timezone.now())
            if number % 2:
                actions.keep_post(report=row, reason="Gut", by=coach, now=timezone.now())

        assert self.queries(browser, group) == QUERIES_OF_QUEUE

    def queries(self, browser: Client, group: Group) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(at("reports", group.slug)).status_code == 200
        return len(seen)


class TestDecidePage:
    def test_a_report_is_decided(self, reported: Report, group: Group, post: Post, moderator: User) -> None:
        browser, key = signed_in(moderator, "en"), str(uuid.uuid4())
        page = words(browser.get(at("decide", reported.reference)))
        assert "Das ist Werbung." in page
        assert "Kauft" in page

        for _time in range(2):
            answer = send(browser, at("decide", reported.reference), key, decision="hide", reason="Werbung")
            assert answer.url == at("reports", group.slug)

        post.refresh_from_db()
        assert post.hidden_by == moderator
        assert Notice.objects.filter(kind="post_hidden").count() == 1

    def test_a_report_is_refused(self, reported: Report, post: Post, moderator: User) -> None:
        send(signed_in(moderator), at("decide", reported.reference), decision="keep", reason="Harmlos")

        reported.refresh_from_db()
        assert (reported.state, reported.decision) == (ReportState.KEPT, "Harmlos")

    def test_what_is_deleted_is_only_closed(
        self, reported: Report, post: Post, moderator: User, now: datetime
    ) -> None:
        Post.objects.filter(pk=post.pk).update(deleted_at=now)
        browser = signed_in(moderator, "en")

        answer = send(browser, at("decide", reported.reference), decision="hide", reason="x")
        assert answer.status_code == 422
        send(browser, at("decide", reported.reference), decision="keep", reason="Gelöscht")

        reported.refresh_from_db()
        assert reported.state == ReportState.KEPT

    def test_an_appeal_is_decided(self, appealed: Report, post: Post, moderator: User) -> None:
        browser = signed_in(moderator, "en")
        assert "Das war ein Rezept." in words(browser.get(at("decide", appealed.reference)))

        send(browser, at("decide", appealed.reference), decision="show", reason="Ein Rezept")

        assert Post.objects.get(pk=post.pk).hidden_at is None

    def test_not_by_who_has_hidden_it(self, appealed: Report, coach: User) -> None:
        browser = signed_in(coach, "en")

        assert "somebody else decides" in words(browser.get(at("decide", appealed.reference)))
        answer = send(browser, at("decide", appealed.reference), decision="uphold", reason="x")
        assert answer.status_code == 403

    def test_both_answers_are_needed(self, reported: Report, moderator: User) -> None:
        answer = send(signed_in(moderator, "en"), at("decide", reported.reference), decision="", reason="")

        assert answer.status_code == 422

    def test_for_others_there_is_none(
        self, reported: Report, participant: User, partner: User, outsider: User, admin: User
    ) -> None:
        for person in (participant, partner, outsider, admin):
            browser = signed_in(person)
            for reference in (reported.reference, "V-2222-3333", "Unsinn"):
                assert browser.get(at("decide", reference)).status_code == 404
        assert Client().get(at("decide", reported.reference)).status_code == 302

    def test_a_moderator_decides_about_no_private_line(
        self, group: Group, coach: User, moderator: User, participant: User, now: datetime
    ) -> None:
        MembershipFactory(group=group, role=Role.COACH)
        line = TopicFactory(group=group, is_line=True, line_of=participant)
        report = actions.report_post(
            post=PostFactory(topic=line, author=coach), text="Geheimes", by=participant, now=now
        )
        browser = signed_in(moderator, "en")

        assert browser.get(at("decide", report.reference)).status_code == 404
        assert "Geheimes" not in words(browser.get(at("reports", group.slug)))


class TestDecisionPage:
    def test_the_author_reads_it_and_appeals(self, post: Post, coach: User, partner: User) -> None:
        hidden = actions.hide_post(post=post, reason="Werbung", by=coach, now=timezone.now())
        browser, key = signed_in(partner, "en"), str(uuid.uuid4())
        page = words(browser.get(at("decision", hidden.reference.lower())))
        assert "Werbung" in page
        assert "Kauft" in page
        assert "never a machine" in page

        for _time in range(2):
            answer = send(browser, at("decision", hidden.reference), key, text="Das war ein Rezept.")
            assert answer.url == at("decision", hidden.reference)

        hidden.refresh_from_db()
        assert hidden.appeal == "Das war ein Rezept."
        assert "waits for a decision" in words(browser.get(answer.url))

    def test_an_appeal_says_something(self, post: Post, coach: User, partner: User) -> None:
        hidden = actions.hide_post(post=post, reason="Werbung", by=coach, now=timezone.now())

        assert send(signed_in(partner, "en"), at("decision", hidden.reference), text="").status_code == 422

    def test_the_author_learns_nothing_of_the_report(
        self, reported: Report, post: Post, coach: User, partner: User, participant: User
    ) -> None:
        browser = signed_in(partner, "en")
        assert browser.get(at("decision", reported.reference)).status_code == 404

        actions.hide_post(post=post, reason="Verkauf", by=coach, now=timezone.now(), report=reported)

        page = words(browser.get(at("decision", reported.reference)))
        assert "Das ist Werbung." not in page
        assert participant.display_name not in page

    def test_after_six_months_there_is_no_form(self, hidden: Report, partner: User) -> None:
        Report.objects.update(decided_at=timezone.now() - timedelta(days=200))
        browser = signed_in(partner, "en")

        assert "not possible to appeal" in words(browser.get(at("decision", hidden.reference)))
        assert send(browser, at("decision", hidden.reference), text="x").status_code == 302
        assert Report.objects.get().appealed_at is None

    def test_who_left_reads_the_own_text_and_no_names(
        self, hidden: Report, group: Group, partner: User
    ) -> None:
        Membership.objects.filter(person=partner).update(state="left")

        page = words(signed_in(partner, "en").get(at("decision", hidden.reference)))

        assert "Kauft" in page
        for secret in ("Geheime Jugend", "Ausflug", group.slug):
            assert secret not in page

    def test_for_others_there_is_none(
        self, hidden: Report, participant: User, coach: User, outsider: User, admin: User
    ) -> None:
        for person in (participant, coach, outsider, admin):
            assert signed_in(person).get(at("decision", hidden.reference)).status_code == 404
        assert Client().get(at("decision", hidden.reference)).status_code == 302


class TestBanning:
    @pytest.mark.parametrize(("ban", "said"), [(True, "cannot join it again"), (False, "no more mails")])
    def test_the_person_is_told_why(
        self, group: Group, coach: User, partner: User, now: datetime, ban: bool, said: str
    ) -> None:
        row = Membership.objects.get(group=group, person=partner)
        people.remove(membership=row, by=coach, now=now, reason="Viel Werbung", ban=ban)
        deliver_due(now=now)

        sent = [one for one in mail.outbox if one.to == [partner.email]]
        body = str(sent[0].body).replace("\n", " ")
        assert len(sent) == 1
        assert "Geheime Jugend" in body
        assert "Viel Werbung" in body
        assert said in body


def test_texts_are_forgotten_a_year_after_the_decision(reported: Report, coach: User, now: datetime) -> None:
    actions.keep_post(report=reported, reason="Harmlos", by=coach, now=now)
    assert forget_old_reports(now=now + timedelta(days=364)) == 0

    assert forget_old_reports(now=now + timedelta(days=366)) == 1

    reported.refresh_from_db()
    assert (reported.text, reported.decision, reported.state) == ("", "", ReportState.KEPT)


def test_what_waits_is_not_forgotten(
    reported: Report, post: Post, coach: User, partner: User, now: datetime
) -> None:
    actions.hide_post(post=post, reason="Werbung", by=coach, now=now, report=reported)
    actions.appeal(report=reported, text="Nein", by=partner, now=now)

    assert forget_old_reports(now=now + timedelta(days=700)) == 0


def test_open_reports_of_what_is_gone_go(reported: Report, group: Group, now: datetime) -> None:
    group.delete()

    assert forget_old_reports(now=now) == 1
    assert not Report.objects.exists()


def test_an_erased_author_leaves_no_appeal(
    appealed: Report, partner: User, admin: User, now: datetime
) -> None:
    erase(partner, by=admin, now=now)

    appealed.refresh_from_db()
    assert (appealed.appeal, appealed.appeal_waits) == ("", False)
