"""Every page about sessions: axe finds nothing in light and dark, and at 320 px nothing has to be scrolled sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page

from accounts.models import User
from tests.browser import session_places
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from webinars.models import Session
from webinars.permissions import LEADS

Look = Callable[..., list[str]]


@pytest.fixture
def host(transactional_db: None) -> User:
    person = UserFactory(email="coach@vipad.example", display_name="Coach Kraft", language="de")
    person.groups.add(Group.objects.get_or_create(name=LEADS[0])[0])
    return person


@pytest.fixture
def sessions(host: User) -> dict[str, Session]:
    return session_places.sessions_led_by(host)


def test_pages_for_visitors(
    sessions: dict[str, Session], read_in: Callable[[str], None], faults: Look
) -> None:
    read_in("de")

    assert faults(session_places.for_visitors(sessions)) == []
    assert faults(session_places.CUT_OFF, status=404) == []


def test_pages_behind_the_link_of_a_mail(sessions: dict[str, Session], faults: Look) -> None:
    assert faults(session_places.for_guests(sessions)) == []


def test_pages_for_members(sessions: dict[str, Session], page: Page, live_server: Any, faults: Look) -> None:
    member = UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de")
    addresses = session_places.for_members(sessions, member)
    sign_in(page, live_server.url, member)

    assert faults(addresses) == []


def test_pages_for_hosts(
    sessions: dict[str, Session], host: User, page: Page, live_server: Any, faults: Look
) -> None:
    addresses = session_places.for_hosts(sessions)
    sign_in(page, live_server.url, host)

    assert faults(addresses) == []
