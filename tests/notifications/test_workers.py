"""Several workers at once, with connections of their own: each notice is sent exactly once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection, transaction

from notifications.delivery import deliver_due
from notifications.models import Notice
from notifications.outbox import Guest, queue
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(number, work):
    """Run `work` in so many threads that start together; each closes its connection."""
    barrier = threading.Barrier(number)

    def run(_):
        try:
            barrier.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_four_workers_send_sixty_notices_once_each(told, now):
    for _ in range(60):
        NoticeFactory(due_at=now)

    sent = at_once(4, lambda: deliver_due(now=now))

    assert sum(sent) == 60
    assert Counter(m.to[0] for m in mail.outbox) == Counter(Notice.objects.values_list("email", flat=True))
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_a_notice_that_is_being_sent_is_passed_over(told, now, monkeypatch):
    """While one worker waits for the mail server, another one goes on with the rest."""
    slow, quick = NoticeFactory(due_at=now.replace(hour=1)), NoticeFactory(due_at=now)
    reached, go_on = threading.Event(), threading.Event()
    send = locmem.EmailBackend.send_messages

    def wait_for_the_slow_one(self, messages):
        if messages[0].to == [slow.email]:
            reached.set()
            assert go_on.wait(10)
        return send(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", wait_for_the_slow_one)

    def first_worker():
        try:
            return deliver_due(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(first_worker)
        assert reached.wait(10)
        second = deliver_due(now=now)
        go_on.set()
        assert (first.result(10), second) == (1, 1)

    assert [m.to for m in mail.outbox] == [[quick.email], [slow.email]]


def test_a_worker_that_dies_frees_its_notice(told, now, monkeypatch):
    NoticeFactory(due_at=now)

    class Killed(BaseException):
        pass

    def die(self, messages):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", die)
        with pytest.raises(Killed):
            deliver_due(now=now)

    assert Notice.objects.get().state == "waiting"
    assert deliver_due(now=now) == 1


def test_the_same_thing_told_by_many_at_once_is_one_notice(told, now):
    person = UserFactory()

    def tell():
        with transaction.atomic():
            queue(told, to=[person, Guest("guest@example.org", "de")], about=person, now=now)

    at_once(6, tell)

    assert Notice.objects.count() == 2
