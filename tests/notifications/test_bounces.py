"""Mails that come back: with real reports of several mail servers."""

import io
import os
import smtplib
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError

from notifications import actions
from notifications.addresses import address_digest, bounce_address, notice_of_bounce
from notifications.bounces import read_report, refusal, says_mailbox_is_gone
from notifications.delivery import deliver_due
from notifications.mails import message
from notifications.models import MailStop, Notice
from notifications.outbox import Guest, queue
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db

REPORTS = Path(__file__).parent / "bounces"
GONE = {
    "postfix-unknown-user": "5.1.1",
    "exchange-not-found": "5.1.10",
    "gmail-no-such-user": "5.1.1",
    "exim-unrouteable": "5.1.1",
}
NOT_GONE = [
    "postfix-delayed",
    "postfix-expired",
    "postfix-delivered",
    "postfix-black-list",
    "exchange-mailbox-full",
    "out-of-office",
]


@pytest.fixture(autouse=True)
def _own_bounce_address(settings):
    settings.BOUNCE_ADDRESS = "bounces@vipad.example"


@pytest.fixture
def notice(told, partner):
    return NoticeFactory(recipient=partner, email="", state="sent")


def report(name, notice):
    return (REPORTS / f"{name}.eml").read_bytes().replace(b"TOKENADDRESS", bounce_address(notice).encode())


def receive(monkeypatch, raw, *arguments):
    """The exit code the mail server sees."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    with pytest.raises(SystemExit) as ended:
        call_command("receive_bounce", *arguments)
    return ended.value.code


class TestTheAddress:
    def test_the_envelope_carries_it_and_the_reader_sees_the_usual_sender(self, notice, settings):
        sent = message(notice)

        assert sent.from_email == bounce_address(notice)
        assert sent.message()["From"] == settings.DEFAULT_FROM_EMAIL
        assert sent.from_email.startswith(f"bounces+{notice.pk}-")
        assert len(sent.from_email.partition("@")[0]) <= 64

    def test_without_the_setting_the_usual_sender_is_used(self, notice, settings):
        settings.BOUNCE_ADDRESS = ""

        assert message(notice).from_email == settings.DEFAULT_FROM_EMAIL
        assert notice_of_bounce("bounces+1-0123456789abcdef@vipad.example") is None

    def test_it_leads_back_to_the_notice_however_it_is_written(self, notice):
        address = bounce_address(notice)

        assert notice_of_bounce(address) == notice_of_bounce(f"<{address.upper()}>") == notice

    @pytest.mark.parametrize(
        "foreign",
        ["", "bounces@vipad.example", "x@y", "bounces+1-0123456789abcdef@vipad.example", "bounces+1-é@x"],
    )
    def test_others_lead_nowhere(self, notice, foreign):
        assert notice_of_bounce(foreign) is None

    def test_one_digit_changed_leads_nowhere(self, notice):
        other = NoticeFactory(recipient=notice.recipient, email="")

        assert notice_of_bounce(bounce_address(notice).replace(f"+{notice.pk}-", f"+{other.pk}-")) is None

    def test_it_is_void_when_the_reader_has_another_address(self, notice):
        address = bounce_address(notice)
        notice.recipient.email = "new@example.org"
        notice.recipient.save()

        assert notice_of_bounce(address) is None

    def test_it_holds_when_the_address_of_a_guest_is_forgotten(self, told, coordinator, now):
        queue(told, to=[Guest("guest@example.org", "de")], about=coordinator, now=now)
        deliver_due(now=now)
        address = mail.outbox[0].from_email
        actions.forget_addresses(now=now)

        assert notice_of_bounce(address) == Notice.objects.get(email="")


class TestReports:
    @pytest.mark.parametrize("name", GONE)
    def test_a_mailbox_that_is_gone_gets_no_more_mails(self, notice, name, monkeypatch, partner):
        assert receive(monkeypatch, report(name, notice)) == os.EX_OK

        stop = MailStop.objects.get()
        assert (stop.person, stop.reason, stop.said) == (partner, "bounced", GONE[name])
        notice.refresh_from_db()
        assert notice.last_error == f"bounced {GONE[name]}"

    @pytest.mark.parametrize("name", NOT_GONE)
    def test_what_may_pass_or_is_our_fault_or_no_report_stops_nothing(self, notice, name, monkeypatch):
        assert receive(monkeypatch, report(name, notice)) == os.EX_OK
        assert MailStop.objects.count() == 0

    @pytest.mark.parametrize("way", ["argument", "environment"])
    def test_the_mail_server_may_name_the_address_itself(self, notice, way, monkeypatch):
        raw = report("postfix-unknown-user", notice).replace(
            bounce_address(notice).encode(), b"postmaster@x.example"
        )
        if way == "environment":
            monkeypatch.setenv("ORIGINAL_RECIPIENT", bounce_address(notice))

        receive(monkeypatch, raw, *([bounce_address(notice)] if way == "argument" else []))

        assert MailStop.objects.count() == 1

    def test_a_report_about_somebody_elses_mail_stops_nothing(self, notice, monkeypatch):
        raw = report("gmail-no-such-user", notice).replace(
            bounce_address(notice).encode(), b"bounces@vipad.example"
        )

        assert receive(monkeypatch, raw) == os.EX_OK
        assert MailStop.objects.count() == 0

    @pytest.mark.parametrize(
        "raw", [b"", b"\n \n", b"\xff\xfe\x00", b"Content-Type: multipart/report\n\nx", b"To: <<<>>,,\n\n"]
    )
    def test_nonsense_is_never_thrown_at_the_mail_server(self, raw, monkeypatch):
        assert receive(monkeypatch, raw) in {os.EX_OK, os.EX_DATAERR}

    def test_a_fault_of_ours_is_not_thrown_either(self, notice, monkeypatch):
        def breaks(raw):
            raise RuntimeError

        monkeypatch.setattr("notifications.management.commands.receive_bounce.read_report", breaks)

        assert receive(monkeypatch, b"To: x") == os.EX_DATAERR

    def test_without_database_the_mail_server_shall_try_again(self, notice, monkeypatch):
        def away(*args, **kwargs):
            raise OperationalError

        monkeypatch.setattr("notifications.management.commands.receive_bounce.note_bounce", away)

        assert receive(monkeypatch, report("gmail-no-such-user", notice)) == os.EX_TEMPFAIL

    def test_a_report_without_its_machine_readable_part_is_none(self):
        raw = b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain\n\n550 5.1.1\n--x--\n"

        assert read_report(raw) is None

    @pytest.mark.parametrize(
        ("status", "gone"),
        [
            ("5.1.1", True),
            ("5.1.10", True),
            ("5.2.1", True),
            ("5.4.1", True),
            ("5.4.4", True),
            ("5.0.0", True),
            ("5.2.2", False),
            ("5.3.4", False),
            ("5.4.7", False),
            ("5.7.1", False),
            ("5.7.606", False),
            ("4.1.1", False),
            ("2.0.0", False),
            ("550", True),
            ("552", False),
            ("554", False),
            ("450", False),
        ],
    )
    def test_which_words_mean_that_a_mailbox_is_gone(self, status, gone):
        assert says_mailbox_is_gone(status) == gone


class TestRefused:
    """By the mail server we speak to."""

    @pytest.mark.parametrize("answer", [(550, b"5.1.1 no such user"), (550, b"no"), (551, "5.1.6 moved")])
    def test_a_person_finds_it_in_the_list_and_gets_no_more_mails(self, told, partner, now, broken, answer):
        NoticeFactory(recipient=partner, email="", due_at=now)
        broken.append(smtplib.SMTPRecipientsRefused({partner.email: answer}))

        deliver_due(now=now)

        notice = Notice.objects.get()
        assert (notice.state, notice.tries, notice.last_error) == ("bell", 1, "SMTPRecipientsRefused")
        assert MailStop.objects.get().person == partner

    def test_for_a_guest_it_ends(self, told, now, broken):
        notice = NoticeFactory(due_at=now)
        broken.append(smtplib.SMTPRecipientsRefused({notice.email: (550, b"5.1.1 x")}))

        deliver_due(now=now)

        assert Notice.objects.get().state == "dropped"
        assert MailStop.objects.get().address == address_digest(notice.email)

    @pytest.mark.parametrize("answer", [(450, b"4.2.1 later"), (554, b"5.7.1 black list"), (552, b"full")])
    def test_any_other_refusal_is_tried_again(self, told, now, broken, answer):
        notice = NoticeFactory(due_at=now)
        broken.append(smtplib.SMTPRecipientsRefused({notice.email: answer}))

        deliver_due(now=now)

        assert (Notice.objects.get().state, MailStop.objects.count()) == ("waiting", 0)

    def test_the_reason_is_read_from_the_answer(self):
        assert refusal(smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.10 x")})) == "5.1.10"


class TestStopped:
    def test_nothing_goes_to_a_mailbox_that_is_gone_not_even_what_is_essential(self, told, partner, now):
        told.essential = True
        actions_stop(partner, now)
        NoticeFactory(recipient=partner, email="", due_at=now)

        deliver_due(now=now)

        assert (Notice.objects.get().state, mail.outbox) == ("bell", [])

    def test_another_address_is_written_to(self, told, partner, now):
        actions_stop(partner, now)
        partner.email = "new@example.org"
        partner.save()
        NoticeFactory(recipient=partner, email="", due_at=now)

        assert deliver_due(now=now) == 1

    def test_the_person_says_that_the_mailbox_works_again(self, told, partner, now):
        actions_stop(partner, now)
        actions.mailbox_works_again(partner, by=partner)
        NoticeFactory(recipient=partner, email="", due_at=now)

        assert deliver_due(now=now) == 1

    def test_who_ended_our_mails_without_account_chooses_anew_with_one(self, told, now):
        MailStop.objects.create(
            address=address_digest("a@example.org"), reason="unsubscribed", stopped_at=now
        )
        NoticeFactory(email="A@example.org", due_at=now)
        NoticeFactory(recipient=UserFactory(email="a@example.org"), email="", due_at=now)

        deliver_due(now=now)

        assert list(Notice.objects.order_by("id").values_list("state", flat=True)) == ["dropped", "sent"]

    def test_in_the_list_stands_only_what_is_still_wanted(self, told, partner, now):
        actions_stop(partner, now)
        told.wanted = False
        NoticeFactory(recipient=partner, email="", due_at=now)

        deliver_due(now=now)

        assert Notice.objects.get().state == "dropped"


def actions_stop(person, now):
    MailStop.objects.create(
        address=address_digest(person.email), person=person, reason="bounced", stopped_at=now
    )
