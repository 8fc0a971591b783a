from datetime import timedelta

import pytest
from django.core import mail

from notifications import actions
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db


def test_a_failed_notice_is_sent_again_with_all_its_tries(told, admin, now):
    notice = NoticeFactory(
        state="failed", tries=5, last_error="SMTPException", due_at=now - timedelta(days=1)
    )

    actions.send_again(notice=notice, by=admin, now=now)
    deliver_due(now=now)

    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.last_error, len(mail.outbox)) == ("sent", 1, "", 1)


@pytest.mark.parametrize("state", ["waiting", "sent", "dropped"])
def test_nothing_else_is_sent_again(admin, now, state):
    notice = NoticeFactory(state=state)

    with pytest.raises(actions.NotFailed):
        actions.send_again(notice=notice, by=admin, now=now)

    assert Notice.objects.get().state == state


def test_without_a_reader_nobody_can_be_told(admin, now):
    notice = NoticeFactory(state="failed", email="")

    with pytest.raises(actions.NoReader):
        actions.send_again(notice=notice, by=admin, now=now)

    assert Notice.objects.get().state == "failed"


def test_addresses_of_guests_are_forgotten_when_their_mail_is_settled(coordinator, now):
    for state in ("sent", "dropped", "failed", "waiting"):
        NoticeFactory(state=state, due_at=now)
    NoticeFactory(state="sent", due_at=now, recipient=coordinator, email="")

    forgotten = actions.forget_addresses(now=now)
    later = actions.forget_addresses(now=now + timedelta(days=91))

    kept = list(Notice.objects.exclude(email="").values_list("state", flat=True))
    assert (forgotten, later, kept) == (2, 1, ["waiting"])
