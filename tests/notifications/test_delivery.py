import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.message import EmailMessage
from django.db import connection

from notifications import kinds
from notifications.delivery import deliver_due
from notifications.mails import message, message_id
from notifications.models import Notice, SweepRun
from notifications.tasks import deliver
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db


def states():
    return list(Notice.objects.order_by("id").values_list("state", flat=True))


class TestSending:
    def test_what_is_due_is_sent_and_noted(self, told, now):
        due = NoticeFactory(due_at=now)
        NoticeFactory(due_at=now + timedelta(minutes=1))

        assert deliver_due(now=now) == 1

        due.refresh_from_db()
        assert (due.state, due.sent_at, due.tries, due.last_error) == ("sent", now, 1, "")
        assert states() == ["sent", "waiting"]
        assert [message.to for message in mail.outbox] == [[due.email]]

    def test_nothing_is_sent_twice(self, told, now):
        for _ in range(3):
            NoticeFactory(due_at=now)

        assert [deliver_due(now=now) for _ in range(3)] == [3, 0, 0]
        assert len(mail.outbox) == 3

    def test_the_longest_due_goes_first(self, told, now):
        for hours in (1, 3, 2):
            NoticeFactory(due_at=now - timedelta(hours=hours), email=f"{hours}@example.org")

        deliver_due(now=now)

        assert [message.to for message in mail.outbox] == [
            ["3@example.org"],
            ["2@example.org"],
            ["1@example.org"],
        ]

    def test_a_day_of_sweeps_sends_each_once(self, told, now):
        for hour in range(24):
            NoticeFactory(due_at=now + timedelta(hours=hour))

        sent = [deliver_due(now=now + timedelta(minutes=5 * step)) for step in range(24 * 12 + 1)]

        assert (sum(sent), len(mail.outbox)) == (24, 24)

    def test_the_sweep_leaves_its_time(self, now):
        deliver_due(now=now)

        assert SweepRun.objects.get(name="deliver").ran_at == now
        assert str(SweepRun.objects.get()) == "deliver"

    def test_the_clock_starts_it(self, told):
        NoticeFactory()

        deliver()

        assert len(mail.outbox) == 1


class TestNotWanted:
    def test_what_is_no_longer_wanted_is_dropped(self, told, now):
        NoticeFactory(due_at=now)
        told.wanted = False

        assert deliver_due(now=now) == 0

        assert (states(), mail.outbox) == (["dropped"], [])

    def test_an_inactive_reader_is_not_written_to_and_not_even_asked_about(self, told, now):
        NoticeFactory(due_at=now, recipient=UserFactory(is_active=False), email="")

        deliver_due(now=now)

        assert (states(), mail.outbox, told.asked) == (["dropped"], [], 0)

    def test_by_default_a_notice_about_something_gone_is_not_wanted(self, outsider, now):
        with_subject = NoticeFactory.build(about=outsider)
        without = NoticeFactory.build()

        answers = [kinds.Kind().still_wanted(notice, now=now) for notice in (with_subject, without)]

        assert answers == [True, False]
        assert (kinds.Kind().context(without), kinds.Kind().path(without)) == ({}, "/")


class TestFailing:
    def test_five_tries_with_growing_waits_then_it_is_parked(self, told, now, broken):
        notice = NoticeFactory(due_at=now)
        broken.append(smtplib.SMTPServerDisconnected("reader@example.org"))
        moment, waits = now, []

        for _ in range(5):
            assert deliver_due(now=moment) == 0
            assert deliver_due(now=moment) == 0  # not before its time
            notice.refresh_from_db()
            waits.append(notice.due_at - moment)
            moment = notice.due_at

        assert waits == [
            timedelta(minutes=2),
            timedelta(minutes=10),
            timedelta(hours=1),
            timedelta(hours=6),
            timedelta(0),
        ]
        assert (notice.state, notice.tries, notice.last_error) == ("failed", 5, "SMTPServerDisconnected")
        assert deliver_due(now=moment + timedelta(days=9)) == 0

    def test_what_is_worthless_later_is_tried_five_times_in_less_than_half_an_hour(self, told, now, broken):
        told.can_wait = False
        notice = NoticeFactory(due_at=now)
        broken.append(smtplib.SMTPServerDisconnected("reader@example.org"))
        moment, waits = now, []

        for _ in range(5):
            assert deliver_due(now=moment) == 0
            notice.refresh_from_db()
            waits.append(int((notice.due_at - moment).total_seconds() / 60))
            moment = notice.due_at

        assert waits == [1, 3, 6, 15, 0]
        assert notice.state == "failed"

    def test_a_try_that_succeeds_forgets_the_error(self, told, now, broken):
        notice = NoticeFactory(due_at=now)
        broken.append(ConnectionRefusedError())
        deliver_due(now=now)
        broken.clear()

        assert deliver_due(now=now + timedelta(minutes=2)) == 1

        notice.refresh_from_db()
        assert (notice.state, notice.tries, notice.last_error) == ("sent", 2, "")

    def test_the_text_of_the_error_is_not_kept(self, told, now, broken):
        notice = NoticeFactory(due_at=now, email="reader@example.org")
        broken.append(smtplib.SMTPRecipientsRefused({"reader@example.org": (550, b"no")}))

        deliver_due(now=now)

        notice.refresh_from_db()
        assert notice.last_error == "SMTPRecipientsRefused"

    def test_one_that_cannot_be_rendered_does_not_keep_the_others(self, told, now, monkeypatch):
        NoticeFactory(due_at=now - timedelta(hours=1), kind="kind_of_an_app_that_is_gone")
        NoticeFactory(due_at=now)

        assert deliver_due(now=now) == 1

        assert states() == ["waiting", "sent"]
        assert Notice.objects.order_by("id").first().last_error == "KeyError"

    def test_a_failed_query_while_asking_does_not_keep_the_others(self, told, now, monkeypatch):
        def ask(self, notice, *, now):
            if notice.email == "bad@example.org":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1/0")
            return True

        monkeypatch.setattr(told, "still_wanted", ask)
        NoticeFactory(due_at=now - timedelta(hours=1), email="bad@example.org")
        NoticeFactory(due_at=now)

        assert deliver_due(now=now) == 1

        assert states() == ["waiting", "sent"]

    @pytest.mark.parametrize("email", ["a@example.org\nBcc: b@example.org", "a@example.org\r\nX: y"])
    def test_an_address_with_a_line_break_is_never_written_to(self, told, now, email):
        NoticeFactory(due_at=now - timedelta(hours=1), email=email)
        NoticeFactory(due_at=now)

        deliver_due(now=now)

        assert states() == ["waiting", "sent"]
        assert len(mail.outbox) == 1


class TestTheMail:
    def test_speaks_the_language_and_zone_of_its_reader(self, told, coordinator, partner, now):
        NoticeFactory(recipient=coordinator, email="", due_at=now)
        NoticeFactory(recipient=partner, email="", due_at=now)
        NoticeFactory(language="en", due_at=now)
        NoticeFactory(language="en", time_zone="Europe/Kyiv", due_at=now)

        ulm, bucharest, guest, kyiv = (message(notice) for notice in Notice.objects.order_by("id"))

        assert "10:00 CET" in ulm.body
        assert "11:00 EET" in bucharest.body
        assert "10:00 CET" in guest.body
        assert "11:00 EET" in kyiv.body
        assert [m.extra_headers["Content-Language"] for m in (ulm, bucharest, guest)] == ["de", "en", "en"]
        assert 'lang="en"' in bucharest.alternatives[0].content

    def test_has_one_recipient_and_both_forms(self, told, partner, settings):
        sent = message(NoticeFactory(recipient=partner, email=""))

        assert sent.recipients() == [partner.email]
        assert (sent.subject, sent.cc, sent.bcc) == ("Über Győr", [], [])
        assert f"{settings.SITE_URL}/there/" in sent.body
        assert [(part.mimetype, "style=" in part.content) for part in sent.alternatives] == [
            ("text/html", True)
        ]
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"

    @pytest.mark.parametrize("shown", ["Ulm\nBcc: b@example.org", "Ulm\r\n\r\n<b>", "Ulm\u2028X: y"])
    def test_nothing_in_a_subject_becomes_a_header(self, told, shown):
        told.shown = shown

        raw = message(NoticeFactory()).message()

        assert "\n" not in message(NoticeFactory()).subject
        assert raw["Bcc"] is None
        assert raw["X"] is None
        assert raw["To"].endswith("@example.org")

    def test_the_same_notice_is_the_same_mail_to_every_mailbox(self, told, now, broken):
        notice, other = NoticeFactory(due_at=now), NoticeFactory(due_at=now)
        first = message(notice).extra_headers["Message-ID"]
        broken.append(smtplib.SMTPServerDisconnected())
        deliver_due(now=now)
        broken.clear()
        deliver_due(now=now + timedelta(minutes=2))

        sent = {m.to[0]: m.message()["Message-ID"] for m in mail.outbox}

        assert sent[notice.email] == first == message_id(notice)
        assert sent[other.email] != first
        assert first.endswith("@localhost>")
        assert isinstance(message(notice), EmailMessage)


def test_two_kinds_with_one_name_are_a_mistake_found_at_start(told):
    with pytest.raises(ValueError, match="test_notice"):
        type("Again", (kinds.Kind,), {"name": "test_notice", "title": "x"})
