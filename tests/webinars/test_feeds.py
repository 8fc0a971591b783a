"""The address of a calendar: a new one ends the old one."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from core.links import make_token
from tests.factories.webinars import GuestFactory
from tests.webinars.telling import planned
from webinars import actions, links
from webinars.models import CalendarFeed

pytestmark = pytest.mark.django_db


def token_of(feed: CalendarFeed) -> str:
    return links.feed_url(feed).rpartition("/")[2].removesuffix(".ics")


def test_an_address_leads_to_its_person(participant: User, now: datetime) -> None:
    feed = actions.new_feed(person=participant, now=now)

    found = links.feed_behind(token_of(feed))

    assert found == feed
    assert (feed.person, feed.made_at) == (participant, now)


def test_a_new_address_ends_the_old_one(participant: User, now: datetime) -> None:
    old = token_of(actions.new_feed(person=participant, now=now))

    new = actions.new_feed(person=participant, now=now + timedelta(days=1))

    assert CalendarFeed.objects.get().made_at == now + timedelta(days=1)
    assert links.feed_behind(old) is None
    assert links.feed_behind(token_of(new)) == new


def test_an_ended_feed_leads_nowhere(participant: User, partner: User, now: datetime) -> None:
    ended, other = (actions.new_feed(person=person, now=now) for person in (participant, partner))

    actions.end_feed(person=participant)
    actions.end_feed(person=participant)

    assert links.feed_behind(token_of(ended)) is None
    assert links.feed_behind(token_of(other)) == other


def test_who_may_not_sign_in_has_no_feed(participant: User, now: datetime) -> None:
    feed = actions.new_feed(person=participant, now=now)

    User.objects.filter(pk=participant.pk).update(is_active=False)

    assert links.feed_behind(token_of(feed)) is None


def test_a_token_for_something_else_is_no_feed(participant: User, now: datetime) -> None:
    feed = actions.new_feed(person=participant, now=now)

    assert links.feed_behind(make_token(links.SEAT, feed.pk, feed.nonce)) is None
    assert links.feed_behind("nonsense") is None


def test_a_seat_is_found_by_its_own_token_only(participant: User, now: datetime) -> None:
    row = GuestFactory(session=planned(now))
    token = links.seat_token(row)
    feed = make_token(links.FEED, row.pk, row.nonce)

    assert links.registration_behind(token) == row
    assert links.registration_behind(feed) is None
    assert links.registration_behind(make_token(links.SEAT, row.pk, "0" * 32)) is None
    assert links.registration_behind(make_token(links.SEAT, row.pk + 1, row.nonce)) is None
