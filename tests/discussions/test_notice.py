"""Notices of people without an account, and what the office decides. Neither tells whether a group or post exists."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.actions import moderation
from discussions.actions import notices as actions
from discussions.actions.groups import NotAllowed
from discussions.choices import ReportState
from discussions.models import Post, Report
from discussions.queries.moderation import for_the_office
from discussions.views import notices as views
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import grant, signed_in
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/discussions/report/"
PAGE = "/notice/"
EMAIL = "eva@example.org"
LANGUAGES = ["bg", "bs", "cs", "de", "en", "hr", "hu", "ro", "sk", "sl", "sr", "sr-latn", "uk"]


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> Iterator[None]:
    settings.STAFF_NEED_SECOND_FACTOR = False
    return


@pytest.fixture
def notice(admin: User, now: datetime) -> Report:
    return actions.take_notice(
        address="https://vipad.example/groups/xyz/12/",
        text="Dort steht mein Name ohne Erlaubnis.",
        email=EMAIL,
        language="hu",
        now=now,
    )


def data(**changes: str) -> dict[str, str]:
    start = {
        "address": "https://vipad.example/groups/xyz/12/",
        "text": "Dort steht mein Name ohne Erlaubnis.",
        "email": EMAIL,
        "in_good_faith": "on",
        "website": "",
        "key": str(uuid.uuid4()),
    }
    return start | changes


class TestTaking:
    def test_the_office_is_told_and_the_number_is_mailed(
        self, notice: Report, admin: User, now: datetime
    ) -> None:
        deliver_due(now=now)

        by_address = {one.to[0]: one for one in mail.outbox}
        assert set(by_address) == {admin.email, EMAIL}
        assert notice.reference in str(by_address[EMAIL].body)
        assert by_address[EMAIL].extra_headers["Content-Language"] == "hu"
        assert notice.text in str(by_address[admin.email].body)

    def test_without_an_address_nobody_is_written_to(self, admin: User, now: datetime) -> None:
        actions.take_notice(address="x", text="Lange genug", email="", language="de", now=now)

        assert list(Notice.objects.values_list("kind", flat=True)) == ["report_for_office"]

    def test_answered_once_in_its_language(self, notice: Report, admin: User, now: datetime) -> None:
        actions.answer_notice(report=notice, acted=True, reason="Berichtigt.", by=admin, now=now)
        with pytest.raises(actions.AlreadyDecided):
            actions.answer_notice(report=notice, acted=False, reason="Doch nicht", by=admin, now=now)
        deliver_due(now=now)

        answers = [one for one in mail.outbox if "Berichtigt." in str(one.body)]
        assert [one.to for one in answers] == [[EMAIL]]
        assert answers[0].extra_headers["Content-Language"] == "hu"

    def test_only_the_office_answers(self, notice: Report, coach: User, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            actions.answer_notice(report=notice, acted=True, reason="x", by=coach, now=now)


class TestForgetting:
    def test_the_address_goes_once_the_answer_is_out(
        self, notice: Report, admin: User, now: datetime
    ) -> None:
        actions.answer_notice(report=notice, acted=True, reason="Berichtigt.", by=admin, now=now)
        assert actions.forget_notifiers(now=now) == 0
        deliver_due(now=now)

        assert actions.forget_notifiers(now=now) == 1
        notice.refresh_from_db()
        assert notice.email == ""

    def test_after_90_days_it_goes_in_any_case(self, notice: Report, now: datetime) -> None:
        assert actions.forget_notifiers(now=now + timedelta(days=89)) == 0
        assert actions.forget_notifiers(now=now + timedelta(days=91)) == 1

    def test_the_texts_go_after_a_year(self, notice: Report, admin: User, now: datetime) -> None:
        actions.answer_notice(report=notice, acted=True, reason="Berichtigt.", by=admin, now=now)

        assert actions.forget_old_reports(now=now + timedelta(days=366)) == 1
        notice.refresh_from_db()
        assert (notice.text, notice.address, notice.decision) == ("", "", "")


class TestPage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_there_in_every_language(self, language: str) -> None:
        answer = Client().get(f"{PAGE}?lang={language}")

        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == language

    def test_a_notice_is_taken(self) -> None:
        browser = Client()

        answer = browser.post(f"{PAGE}?lang=ro", data())

        report = Report.objects.get()
        assert (report.is_notice, report.post, report.language, report.email) == (True, None, "ro", EMAIL)
        assert report.reference in answer.url
        assert "lang=ro" in answer.url
        assert report.reference in browser.get(answer.url).content.decode()

    def test_sent_twice_it_is_one(self) -> None:
        same = data()

        first, second = (Client().post(PAGE, same) for _time in range(2))

        assert first.url == second.url
        assert Report.objects.count() == 1

    def test_says_the_same_of_what_is_there_and_what_is_not(self, coach: User, outsider: User) -> None:
        post = PostFactory(topic=TopicFactory(group=GroupFactory(coach=coach)), text="Streng geheim")
        there = f"http://testserver{post.topic.get_absolute_url()}"
        seen = []
        for address in (there, "http://testserver/groups/nirgends/1/"):
            browser = signed_in(outsider, "en")
            answer = browser.post(f"{PAGE}?lang=en", data(address=address))
            reference = Report.objects.latest("pk").reference
            page = browser.get(answer.url).content.decode()
            seen.append(answer.url.replace(reference, "") + page.replace(reference, ""))
        assert seen[0] == seen[1]
        assert not Report.objects.exclude(post=None).exists()
        assert set(Notice.objects.values_list("kind", flat=True)) <= {"notice_taken", "report_for_office"}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"address": ""}, "address"),
            ({"text": "kurz"}, "text"),
            ({"text": "x" * 4001}, "text"),
            ({"email": "keine"}, "email"),
            ({"in_good_faith": ""}, "in_good_faith"),
        ],
    )
    def test_mistakes_are_named(self, changes: dict[str, str], field: str) -> None:
        answer = Client().post(f"{PAGE}?lang=en", data(**changes))

        assert answer.status_code == 422
        assert f'href="#id_{field}"' in answer.content.decode()
        assert not Report.objects.exists()

    def test_programs_leave_nothing(self) -> None:
        answer = Client().post(PAGE, data(website="https://spam.example"))

        assert answer.status_code == 302
        assert not Report.objects.exists()
        assert Client().get(answer.url).status_code == 200

    def test_there_is_a_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(views, "MOST_AN_HOUR", 1)
        same = data()

        # The same form again is not counted again.
        states = [Client().post(PAGE, same).status_code for _time in range(2)]
        states.append(Client().post(PAGE, data()).status_code)

        assert states == [302, 302, 429]

    def test_the_page_afterwards_shows_no_words_of_others(self) -> None:
        page = Client().get("/notice/sent/?number=<b>Gewonnen</b>&lang=en").content.decode()

        assert "Gewonnen" not in page.split("<main")[1]

    def test_every_page_leads_there(self, outsider: User) -> None:
        page = Client().get(reverse("portal:start")).content.decode()

        assert f'href="{PAGE}"' in page.split("<footer")[1]


class TestOffice:
    @pytest.fixture
    def lonely(self, coach: User, participant: User, now: datetime) -> Report:
        """Of a post of the only leader."""
        group = GroupFactory(
            name="Geheimbund", slug="zgeheim", purpose="Zweckgeheim", coach=coach, members=[participant]
        )
        topic = TopicFactory(group=group, title="Titelgeheim")
        post = PostFactory(topic=topic, author=coach, text="Textgeheim")
        return moderation.report_post(post=post, text="Er beleidigt mich.", by=participant, now=now)

    def test_sees_notices_and_what_nobody_else_can_decide(
        self, notice: Report, lonely: Report, participant: User, coach: User, now: datetime
    ) -> None:
        group = GroupFactory(coach=coach, members=[participant])
        post = PostFactory(topic=TopicFactory(group=group), author=participant)
        other = MembershipFactory(group=group).person
        moderation.report_post(post=post, text="In der Gruppe", by=other, now=now)

        assert set(for_the_office()) == {notice, lonely}

    def test_a_moderator_who_reads_no_line_does_not_count(
        self, coach: User, participant: User, now: datetime
    ) -> None:
        group = GroupFactory(coach=coach, moderator=MembershipFactory().person, members=[participant])
        line = TopicFactory(group=group, is_line=True, line_of=participant)
        post = PostFactory(topic=line, author=coach)
        report = moderation.report_post(post=post, text="x", by=participant, now=now)

        assert list(for_the_office()) == [report]
        MembershipFactory(group=group, role="coach")
        assert list(for_the_office()) == []

    def test_reads_what_was_written_and_nothing_of_the_group(
        self, lonely: Report, notice: Report, admin: User
    ) -> None:
        browser = signed_in(admin, "en")
        for address in (LIST, f"{LIST}{lonely.pk}/change/", f"{LIST}?q=geheim", f"{LIST}{notice.pk}/change/"):
            page = browser.get(address).content.decode()
            for secret in ("Geheimbund", "zgeheim", "Zweckgeheim", "Titelgeheim", "Textgeheim"):
                assert secret not in page
        page = browser.get(f"{LIST}{lonely.pk}/change/").content.decode()
        assert "Er beleidigt mich." in page
        assert lonely.reference in page

    def test_answers_a_notice(self, notice: Report, admin: User) -> None:
        browser = signed_in(admin, "en")

        browser.post(f"{LIST}{notice.pk}/change/", {"choice": "acted", "reason": "Berichtigt."})

        notice.refresh_from_db()
        assert (notice.state, notice.decision, notice.decided_by) == (
            ReportState.HIDDEN,
            "Berichtigt.",
            admin,
        )
        assert Notice.objects.filter(kind="notice_answered", email=EMAIL).count() == 1
        assert 'name="reason"' not in browser.get(f"{LIST}{notice.pk}/change/").content.decode()

    def test_a_reason_is_needed(self, notice: Report, admin: User) -> None:
        answer = signed_in(admin, "en").post(f"{LIST}{notice.pk}/change/", {"choice": "no", "reason": ""})

        assert answer.status_code == 200
        assert Report.objects.get().state == ReportState.OPEN

    def test_hides_where_nobody_else_can(self, lonely: Report, admin: User) -> None:
        browser = signed_in(admin, "en")
        too_long = {"choice": "hide", "reason": "x" * 401}
        assert browser.post(f"{LIST}{lonely.pk}/change/", too_long).status_code == 200

        answer = browser.post(f"{LIST}{lonely.pk}/change/", {"choice": "hide", "reason": "Beleidigung"})

        assert answer.url == LIST
        assert Post.objects.get(pk=lonely.post_id).hidden_by == admin

    def test_keeps_where_nobody_else_can(self, lonely: Report, admin: User) -> None:
        signed_in(admin).post(f"{LIST}{lonely.pk}/change/", {"choice": "keep", "reason": "Harmlos"})

        assert Report.objects.get().state == ReportState.KEPT

    def test_decides_an_appeal(self, coach: User, partner: User, admin: User) -> None:
        post = PostFactory(topic=TopicFactory(group=GroupFactory(coach=coach, members=[partner])))
        Post.objects.filter(pk=post.pk).update(author=partner)
        hidden = moderation.hide_post(post=post, reason="x", by=coach, now=timezone.now())
        moderation.appeal(report=hidden, text="Bitte nochmals lesen.", by=partner, now=timezone.now())
        browser = signed_in(admin, "en")
        assert "Bitte nochmals lesen." in browser.get(f"{LIST}{hidden.pk}/change/").content.decode()

        browser.post(f"{LIST}{hidden.pk}/change/", {"choice": "show", "reason": "Kein Grund"})

        assert Post.objects.get(pk=post.pk).hidden_at is None
        assert Notice.objects.filter(kind="appeal_decided", recipient=partner).count() == 1

    def test_who_may_only_look_does_not_decide(self, notice: Report, outsider: User) -> None:
        outsider.is_staff = True
        outsider.save()
        browser = signed_in(outsider, "en")
        assert browser.get(LIST).status_code == 403
        grant(outsider, "discussions.view_report")

        page = signed_in(outsider, "en").get(f"{LIST}{notice.pk}/change/")
        assert page.status_code == 200
        assert 'name="reason"' not in page.content.decode()

    def test_members_have_no_page(self, notice: Report, coach: User) -> None:
        assert signed_in(coach).get(LIST).status_code in (302, 403, 404)
