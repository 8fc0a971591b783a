"""How long notices are kept, and what of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import actions
from notifications.models import Notice
from notifications.outbox import Guest, queue
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=1)


def kept():
    return sorted(Notice.objects.exclude(kind="").values_list("key", flat=True))


def test_after_90_days_the_mail_log_forgets_what_was_told(told, coordinator, now):
    for state in ("sent", "dropped", "failed", "bell", "waiting"):
        NoticeFactory(key=state, state=state, due_at=now, recipient=coordinator, email="")
    NoticeFactory(key="read", state="bell", read_at=now, due_at=now, recipient=coordinator, email="")

    early = actions.forget_old_notices(now=now + 90 * DAYS)
    late = actions.forget_old_notices(now=now + 91 * DAYS)

    assert (early, late, kept()) == (0, 4, ["bell", "waiting"])
    emptied = Notice.objects.filter(kind="")
    assert set(emptied.values_list("recipient", "email", "about_id", "scope")) == {(None, "", None, "")}


def test_what_stands_only_in_the_list_and_is_never_read_is_kept_for_a_year(told, coordinator, now):
    NoticeFactory(state="bell", due_at=now, recipient=coordinator, email="")

    assert [actions.forget_old_notices(now=now + days * DAYS) for days in (365, 366)] == [0, 1]


def test_what_is_told_once_is_not_told_again_when_the_log_has_forgotten_it(told, coordinator, outsider, now):
    for reader in (coordinator, Guest("guest@example.org", "de")):
        queue(told, to=[reader], about=outsider, now=now, once="anniversary 2028")
    Notice.objects.update(state="sent")
    later = now + 400 * DAYS
    actions.forget_old_notices(now=later)

    for reader in (coordinator, Guest("guest@example.org", "de")):
        queue(told, to=[reader], about=outsider, now=later, once="anniversary 2028")

    assert (Notice.objects.count(), kept()) == (2, [])


def test_after_three_years_nothing_is_left(told, coordinator, now):
    NoticeFactory(state="sent", due_at=now)
    actions.forget_old_notices(now=now + 91 * DAYS)

    actions.forget_old_notices(now=now + 3 * 366 * DAYS)

    assert Notice.objects.count() == 0


def test_the_clean_up_does_all_this(told, coordinator):
    from portal.tasks import CLEAN_UPS

    names = {forget.__name__ for forget in CLEAN_UPS}

    assert names >= {"forget_addresses", "forget_old_notices", "leave_unwanted_unread"}


def test_unread_ones_are_asked_about_also_when_they_cannot_be(told, coordinator, partner):
    moment = timezone.now()
    NoticeFactory(recipient=coordinator, email="", kind="kind_of_an_app_that_is_gone", due_at=moment)
    NoticeFactory(recipient=partner, email="", about=coordinator, due_at=moment)

    assert actions.leave_unwanted_unread(now=moment) == 1
