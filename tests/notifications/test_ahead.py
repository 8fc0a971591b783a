"""What the sweep reads ahead, and what it asks again for each row."""

import smtplib
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import ahead
from notifications.ahead import Ahead
from notifications.delivery import deliver_due
from notifications.models import MailStop, Notice, Preference
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db


def states():
    return list(Notice.objects.order_by("id").values_list("state", flat=True))


def statements(now):
    with CaptureQueriesContext(connection) as asked:
        deliver_due(now=now)
    return len(asked)


def test_each_further_mail_costs_its_claim_and_its_note(told, now):
    deliver_due(now=now)
    NoticeFactory(due_at=now, recipient=UserFactory(), about=UserFactory())
    one = statements(now)
    for _ in range(11):
        NoticeFactory(due_at=now, recipient=UserFactory(), about=UserFactory())

    eleven = statements(now)

    # Claim and note, and begin and end of the transaction.
    assert eleven - one == 10 * 4


def test_what_was_read_too_long_ago_is_read_again(told, now, monkeypatch):
    reader = UserFactory()
    first, second = (NoticeFactory(due_at=now, recipient=reader, email="") for _ in range(2))
    due = Ahead(now)
    assert due.claim().notice == first
    Preference.objects.create(person=reader, pace="bell")
    Notice.objects.filter(pk=first.pk).update(state=Notice.State.SENT)

    monkeypatch.setattr(ahead.time, "monotonic", lambda: 1e9)
    again = due.claim()

    assert (again.notice, again.chosen) == (second, {("", ""): "bell"})


def test_a_row_that_is_settled_meanwhile_is_not_claimed(told, now):
    first, second = NoticeFactory(due_at=now - timedelta(hours=1)), NoticeFactory(due_at=now)
    due = Ahead(now)
    due._read()
    Notice.objects.filter(pk=first.pk).update(state=Notice.State.DROPPED)

    assert due.claim().notice == second


def test_more_rows_than_are_read_at_once_are_all_sent(told, now, monkeypatch):
    monkeypatch.setattr(ahead, "MOST_ROWS", 2)
    for _ in range(5):
        NoticeFactory(due_at=now)

    assert deliver_due(now=now) == 5


def test_a_database_that_reads_slowly_stops_no_mail(told, now, monkeypatch):
    """What was read is too old at once, each time."""
    monkeypatch.setattr(ahead, "FRESH_FOR", 0)
    for _ in range(3):
        NoticeFactory(due_at=now)

    assert deliver_due(now=now) == 3


def test_a_row_about_a_table_that_is_gone_fails_alone(told, now, monkeypatch):
    monkeypatch.setattr(told, "still_wanted", lambda self, notice, *, now: notice.about is not None)
    gone = ContentType.objects.create(app_label="gone", model="gone")
    NoticeFactory(due_at=now - timedelta(hours=1), about_type=gone, about_id=1)
    NoticeFactory(due_at=now, about=UserFactory())

    assert deliver_due(now=now) == 1

    assert states() == ["waiting", "sent"]
    assert Notice.objects.get(state="waiting").tries == 1


def test_an_address_that_refuses_gets_no_second_mail_in_the_same_sweep(told, now, broken):
    reader = UserFactory()
    for number in range(2):
        NoticeFactory(due_at=now, recipient=reader, email="", key=f"to-one-{number}")
    broken.append(smtplib.SMTPRecipientsRefused({reader.email: (550, b"5.1.1 no such mailbox")}))

    deliver_due(now=now)

    assert len(broken.messages) == 1
    assert states() == ["bell", "bell"]
    assert MailStop.objects.get().reason == "bounced"


@pytest.mark.parametrize(("reason", "state"), [("unsubscribed", "sent"), ("bounced", "bell")])
def test_who_ended_mails_as_a_guest_and_has_an_account_now_chooses_anew(told, now, reason, state):
    reader = UserFactory()
    notice = NoticeFactory(due_at=now, recipient=reader, email="")
    MailStop.objects.create(address=ahead.reader_digest(notice), reason=reason, stopped_at=now)

    deliver_due(now=now)

    assert states() == [state]
    assert len(mail.outbox) == (1 if state == "sent" else 0)
