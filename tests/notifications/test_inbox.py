"""The list of notices behind the bell."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import actions, queries
from notifications.models import Notice
from notifications.outbox import queue
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db

LIST = "/notices/"


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator, "en")


def listed(person, number=1, **more):
    """That many in the person's list, the last one the newest."""
    moment = timezone.now() - timedelta(days=1)
    return [
        NoticeFactory(
            recipient=person, email="", due_at=moment + timedelta(minutes=step), about=UserFactory(), **more
        )
        for step in range(number)
    ]


def subjects(response):
    return [entry.subject for entry in response.context["entries"]]


def test_the_newest_stands_first_in_the_readers_language_of_now(told, client, coordinator):
    old, new = listed(coordinator, 2)

    response = client.get(LIST)

    assert subjects(response) == [f"Über Győr {new.about_id}", f"Über Győr {old.about_id}"]


@pytest.mark.parametrize("state", ["waiting", "sent", "bell", "failed"])
def test_it_stands_there_however_its_mail_fared(told, client, coordinator, state):
    listed(coordinator, state=state)

    assert len(subjects(client.get(LIST))) == 1


def test_what_is_over_gone_or_to_be_told_later_stands_not(told, client, coordinator):
    shown, unwanted, later, broken, dropped = listed(coordinator, 5)
    told.unwanted = (unwanted.about_id,)
    Notice.objects.filter(pk=later.pk).update(bell_at=timezone.now() + timedelta(days=1))
    Notice.objects.filter(pk=broken.pk).update(kind="kind_of_an_app_that_is_gone")
    Notice.objects.filter(pk=dropped.pk).update(state="dropped")

    assert subjects(client.get(LIST)) == [f"Über Győr {shown.about_id}"]


def test_what_cannot_be_rendered_does_not_break_the_list(told, client, coordinator, monkeypatch):
    listed(coordinator)
    monkeypatch.setattr(told, "context", lambda self, notice: 1 / 0)

    assert subjects(client.get(LIST)) == []


def test_nobody_sees_those_of_others(told, cast):
    listed(cast["partner"])

    seen = {name: len(subjects(signed_in(person).get(LIST))) for name, person in cast.items()}

    assert seen == {**dict.fromkeys(cast, 0), "partner": 1}


def test_new_ones_are_marked_by_words(told, client, coordinator):
    listed(coordinator, 2)
    Notice.objects.filter(pk=Notice.objects.first().pk).update(read_at=timezone.now())

    html = client.get(LIST).content.decode()

    assert html.count('<span class="notices__mark">new</span>') == 1


def test_opening_one_reads_it_and_leads_to_its_page(told, client, coordinator):
    (notice,) = listed(coordinator)

    answer = client.post(f"/notices/{notice.pk}/open/")

    notice.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/there/")
    assert notice.read_at is not None


def test_nobody_opens_those_of_others(told, outsider, coordinator):
    (notice,) = listed(coordinator)

    assert signed_in(outsider).post(f"/notices/{notice.pk}/open/").status_code == 404
    assert signed_in(outsider).post("/notices/999999/open/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_all_are_marked_as_read_but_not_what_is_told_later_nor_those_of_others(
    told, client, coordinator, partner
):
    _, later = listed(coordinator, 2)
    Notice.objects.filter(pk=later.pk).update(bell_at=timezone.now() + timedelta(days=1))
    listed(partner)

    client.post("/notices/read/")

    assert Notice.objects.exclude(read_at=None).count() == 1


def test_the_head_of_every_page_says_how_many_are_new(told, client, coordinator):
    none = client.get("/").content.decode()
    listed(coordinator, 3)
    some = client.get("/").content.decode()
    Notice.objects.update(recipient=coordinator)
    listed(coordinator, 100)
    many = client.get("/").content.decode()

    assert ('class="count"' in none, ">3<" in some.replace("– </span>", ">"), "99+" in many) == (
        False,
        True,
        True,
    )


def test_a_visitor_costs_no_query_for_it(told, db):
    with CaptureQueriesContext(connection) as asked:
        Client().get("/")

    assert [query["sql"] for query in asked if "notifications_notice" in query["sql"]] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries(told, client, coordinator, rows, django_assert_num_queries):
    listed(coordinator, rows)
    client.get(LIST)

    # session, person, number, rows, what they are about, number of new ones
    with django_assert_num_queries(6):
        client.get(LIST)


def test_it_is_paged_and_says_when_a_page_is_over(told, client, coordinator):
    listed(coordinator, 21)
    told.unwanted = (Notice.objects.order_by("bell_at").first().about_id,)

    first, second = client.get(LIST), client.get(f"{LIST}?page=2")

    assert (len(subjects(first)), subjects(second)) == (20, [])
    assert "What stood on this page is over." in second.content.decode()


def test_an_empty_list_says_what_will_be_there(client):
    assert "No notices yet" in client.get(LIST).content.decode()


def test_what_is_over_does_not_count_as_new_for_ever(told, coordinator, partner, now):
    kept, over = listed(coordinator, 2)
    told.unwanted = (over.about_id,)

    assert actions.leave_unwanted_unread(now=timezone.now()) == 1
    assert queries.unread_count(coordinator, now=timezone.now()) == 1
    assert Notice.objects.get(read_at=None) == kept


def test_what_is_told_now_is_new_at_once(told, coordinator, partner):
    queue(told, to=[coordinator], about=partner, now=timezone.now())

    assert queries.unread_count(coordinator, now=timezone.now()) == 1
