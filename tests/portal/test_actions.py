from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import texts
from portal import actions, queries
from portal.models import Announcement, Page, PageVersion
from portal.pages import KINDS, load_pages
from tests.factories.portal import AnnouncementFactory, PageFactory


def numbers(page: Page) -> list[int]:
    return [number for number, _ in queries.versions_of(page)]


def test_a_new_page_begins_with_version_one(admin, now):
    page = PageFactory.build()

    is_new = actions.save_page(page, by=admin, now=now)

    version = PageVersion.objects.get()
    assert is_new is True
    assert (page.version, version.number, version.saved_at, version.saved_by) == (1, 1, now, admin)
    assert version.texts == {
        "de": {"title": "Überschrift", "body": "Ein Satz."},
        "en": {"title": "Heading", "body": "A sentence."},
    }


def test_a_new_wording_is_a_new_version_and_the_old_one_stays(admin, now):
    page = PageFactory.build()
    actions.save_page(page, by=admin, now=now)

    page.body_en = "Another sentence."
    actions.save_page(page, by=admin, now=now)

    assert (page.version, numbers(page)) == (2, [2, 1])
    assert queries.version_of_page(page, 1).texts["en"]["body"] == "A sentence."
    assert queries.version_of_page(page, 2).texts["en"]["body"] == "Another sentence."


def test_the_same_wording_is_no_new_version(admin, now):
    page = PageFactory.build()
    actions.save_page(page, by=admin, now=now)

    page.kind = Page.Kind.LEGAL
    is_new = actions.save_page(page, by=admin, now=now)

    page.refresh_from_db()
    assert (is_new, page.version, page.kind, numbers(page)) == (False, 1, Page.Kind.LEGAL, [1])


def test_a_page_without_versions_gets_its_first(admin, now):
    page = PageFactory()

    actions.save_page(page, by=admin, now=now)

    assert numbers(page) == [1]


def test_a_stale_page_does_not_take_a_number_twice(admin, now):
    page = PageFactory.build()
    actions.save_page(page, by=admin, now=now)
    stale = Page.objects.get()
    page.body_de = "Eins."
    actions.save_page(page, by=admin, now=now)

    stale.body_de = "Zwei."
    actions.save_page(stale, by=admin, now=now)

    assert numbers(page) == [3, 2, 1]


def test_first_pages_are_created_once_and_edited_ones_stay(db, admin, now):
    created = load_pages(now=now)
    page = Page.objects.get(slug="help")
    page.body_de = "Vom Träger geändert."
    actions.save_page(page, by=admin, now=now)

    again = load_pages(now=now)

    assert (sorted(created), again) == (sorted(KINDS), [])
    assert Page.objects.get(slug="help").body_de == "Vom Träger geändert."
    assert set(PageVersion.objects.values_list("number", flat=True)) == {1, 2}


def test_the_terms_in_force_are_the_version_of_their_page(db, admin, now):
    before = texts.current_version(texts.TERMS)
    load_pages(now=now)
    page = Page.objects.get(slug="terms")
    page.body_en += "\nOne more sentence."
    actions.save_page(page, by=admin, now=now)

    assert (before, texts.current_version(texts.TERMS)) == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_an_announcement_is_shown_at_once_and_gone_at_once(now):
    assert queries.announcements("en", now=now) == []

    announcement = AnnouncementFactory.build(starts_at=now)
    actions.save_announcement(announcement)
    shown = queries.announcements("en", now=now)
    actions.delete_announcement(announcement)

    assert [row.html for row in shown] == ["<p>Maintenance today</p>"]
    assert queries.announcements("en", now=now) == []
    assert Announcement.objects.count() == 0


def test_ended_sessions_leave_nothing_behind(admin, coordinator, client):
    client.force_login(admin)
    client.get("/accounts/login/")
    ended = client.session
    Session.objects.filter(session_key=ended.session_key).update(
        expire_date=timezone.now() - timedelta(days=1)
    )
    UserSession.objects.get_or_create(
        session_key=ended.session_key, defaults={"user": admin, "ip": "192.0.2.1", "user_agent": "Firefox"}
    )
    Session.objects.create(
        session_key="open", session_data="", expire_date=timezone.now() + timedelta(days=1)
    )
    UserSession.objects.create(user=coordinator, session_key="open", ip="192.0.2.2", user_agent="Firefox")

    number = actions.forget_ended_sessions(now=timezone.now())

    assert number == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["open"]
