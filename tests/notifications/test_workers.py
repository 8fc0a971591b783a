"""Several workers at once, with connections of their own: each notice is sent exactly once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection, transaction

from notifications import actions
from notifications.delivery import deliver_due
from notifications.models import Notice, Preference
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


def _wants_one_mail(told, person, now, number=12):
    for _ in range(number):
        NoticeFactory(recipient=person, email="", due_at=now - timedelta(hours=2), about=UserFactory())


@pytest.mark.parametrize("run", range(3))
def test_one_readers_digest_is_one_mail_whoever_sends_it(told, now, run):
    person = UserFactory()
    Preference.objects.create(person=person, pace="daily")
    _wants_one_mail(told, person, now - timedelta(days=1))

    sent = at_once(4, lambda: deliver_due(now=now))

    assert (sum(sent), len(mail.outbox)) == (1, 1)
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize("run", range(3))
def test_what_waited_for_each_other_is_one_mail_whoever_sends_it(told, now, run):
    told.merge, told.wait = True, timedelta(minutes=10)
    people = [UserFactory() for _ in range(5)]
    for person in people:
        _wants_one_mail(told, person, now, number=4)

    at_once(4, lambda: deliver_due(now=now))
    deliver_due(now=now)

    assert Counter(m.to[0] for m in mail.outbox) == {person.email: 1 for person in people}
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_a_reader_whose_notices_are_being_gathered_is_left_to_that_worker(told, now, monkeypatch):
    """Neither a second mail nor a loop that turns until the first worker is done."""
    person = UserFactory()
    Preference.objects.create(person=person, pace="daily")
    _wants_one_mail(told, person, now - timedelta(days=1), number=3)
    reached, go_on = threading.Event(), threading.Event()
    send = locmem.EmailBackend.send_messages

    def wait(self, messages):
        reached.set()
        assert go_on.wait(10)
        return send(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", wait)

    def first_worker():
        try:
            return deliver_due(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(first_worker)
        assert reached.wait(10)
        NoticeFactory(recipient=person, email="", due_at=now - timedelta(days=1), about=person)
        second = deliver_due(now=now)
        go_on.set()
        # The first worker goes on with what came too late for its first mail.
        assert (first.result(10), second) == (2, 0)


def test_a_page_does_not_wait_for_the_mail_server(told, now, monkeypatch):
    """Choosing and reading pass over what is being sent at this moment."""
    person = UserFactory()
    NoticeFactory(recipient=person, email="", due_at=now, about=person)
    reached, go_on = threading.Event(), threading.Event()

    def wait(self, messages):
        reached.set()
        assert go_on.wait(10)
        return 1

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", wait)

    def worker():
        try:
            return deliver_due(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(worker)
        assert reached.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        marked = actions.mark_all_read(by=person, now=now)
        actions.choose_paces(person, {("", ""): "weekly"}, now=now)
        go_on.set()
        assert (sending.result(10), marked) == (1, 0)


def test_a_choice_made_by_many_at_once_is_one_row(told, now):
    person = UserFactory()

    at_once(6, lambda: actions.choose_paces(person, {("", ""): "weekly"}, now=now))

    assert Preference.objects.count() == 1
