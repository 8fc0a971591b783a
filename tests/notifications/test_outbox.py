from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from accounts.models import User
from notifications.models import Notice
from notifications.outbox import Guest, once_of, queue, queue_each
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db


def test_each_reader_gets_one_row(told, coordinator, partner, now):
    queue(told, to=[coordinator, partner, Guest("guest@example.org", "hu")], about=coordinator, now=now)

    rows = Notice.objects.order_by("id").values_list(
        "recipient", "email", "language", "state", "due_at", "queued_at"
    )
    assert list(rows) == [
        (coordinator.pk, "", "", "waiting", now, now),
        (partner.pk, "", "", "waiting", now, now),
        (None, "guest@example.org", "hu", "waiting", now, now),
    ]
    assert Notice.objects.first().about == coordinator


def test_the_same_thing_is_told_once(told, coordinator, now):
    for _ in range(3):
        queue(told, to=[coordinator, coordinator], about=coordinator, now=now)

    assert Notice.objects.count() == 1


def test_what_is_new_is_told_again(told, coordinator, now):
    queue(told, to=[coordinator], about=coordinator, now=now)
    queue(told, to=[coordinator], about=coordinator, once="moved to Friday", now=now)

    assert Notice.objects.count() == 2


def test_one_guest_written_in_two_ways_is_one_reader(told, coordinator, now):
    for email in ("Guest@Example.org", "guest@example.org "):
        queue(told, to=[Guest(email, "de")], about=coordinator, now=now)

    assert Notice.objects.count() == 1


def test_the_key_does_not_hold_the_address_and_fits_for_the_longest(told, coordinator, now):
    longest = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".org"

    queue(told, to=[Guest(longest, "de")], about=coordinator, now=now)

    notice = Notice.objects.get()
    assert notice.email == longest
    assert longest not in notice.key


def test_it_may_be_due_later(told, coordinator, now):
    later = now.replace(year=2028)

    queue(told, to=[coordinator], about=coordinator, now=now, due_at=later)

    assert (Notice.objects.due(now).count(), Notice.objects.due(later).count()) == (0, 1)


def test_nobody_to_tell_is_no_error(told, coordinator, now):
    queue(told, to=[], about=coordinator, now=now)

    assert Notice.objects.count() == 0


def test_what_is_rolled_back_is_not_told(told, coordinator, now):
    with transaction.atomic():
        queue(told, to=[coordinator], about=coordinator, now=now)
        transaction.set_rollback(True)

    assert Notice.objects.count() == 0


def test_a_waiting_notice_has_a_reader():
    with pytest.raises(IntegrityError):
        NoticeFactory(email="")


def test_a_notice_is_seen_by_its_reader_only(cast, now):
    for person in cast.values():
        NoticeFactory(recipient=person, email="")
    NoticeFactory()

    from django.contrib.auth.models import AnonymousUser

    seen = {name: list(Notice.objects.visible_to(person)) for name, person in cast.items()}

    assert seen == {name: list(Notice.objects.filter(recipient=person)) for name, person in cast.items()}
    assert Notice.objects.visible_to(AnonymousUser()).count() == 0
    assert str(NoticeFactory(key="a", recipient=UserFactory())) == "a"


def test_a_thousand_readers_are_one_statement(told, coordinator, now, django_assert_num_queries):
    people = User.objects.bulk_create([User(email=f"reader{number}@example.org") for number in range(1000)])
    ContentType.objects.get_for_model(coordinator)

    with django_assert_num_queries(1):
        queue(told, to=people, about=coordinator, now=now)

    assert Notice.objects.count() == 1000


def test_the_row_says_which_scope_and_when_it_is_told(told, coordinator, partner, now):
    told.scope = lambda self, notice: f"group:{notice.about.pk}"
    told.wait = timedelta(minutes=10)

    queue(told, to=[partner], about=coordinator, now=now)

    notice = Notice.objects.get()
    assert (notice.scope, notice.bell_at, notice.due_at) == (
        f"group:{coordinator.pk}",
        now,
        now + timedelta(minutes=10),
    )


def test_a_guest_may_have_a_clock_of_its_own(told, coordinator, now):
    queue(told, to=[Guest("guest@example.org", "uk", "Europe/Kyiv")], about=coordinator, now=now)

    assert Notice.objects.get().time_zone == "Europe/Kyiv"


def test_each_reader_is_told_about_a_row_of_its_own(
    told, coordinator, partner, now, django_assert_num_queries
):
    ContentType.objects.get_for_model(User)

    with django_assert_num_queries(1):
        queue_each(told, [(coordinator, partner), (partner, coordinator)], now=now, once="1d-4711")

    rows = Notice.objects.order_by("id")
    assert [(row.recipient_id, row.about_id) for row in rows] == [
        (coordinator.pk, partner.pk),
        (partner.pk, coordinator.pk),
    ]
    assert {once_of(row) for row in rows} == {"1d-4711"}


def test_nobody_with_a_row_of_its_own_is_no_error(told, now):
    queue_each(told, [], now=now)

    assert not Notice.objects.exists()
