from datetime import timedelta

import pytest

from notifications.models import Notice, SweepRun
from portal import queries
from portal.placeholders import highlighted, placeholders
from tests.factories.portal import AnnouncementFactory

GERMAN = {"title": "Titel", "body": "Ein Satz."}


@pytest.mark.parametrize("language, shown", [("de", "de"), ("en", "de")])
def test_a_missing_language_is_shown_in_another_one(language, shown):
    text = queries.page_text({"de": GERMAN, "en": {"title": "Only a title", "body": ""}}, language)

    assert (text.title, text.html, text.language) == ("Titel", "<p>Ein Satz.</p>\n", shown)


def test_a_page_without_any_words_is_empty_and_no_error():
    assert queries.page_text({}, "en") == queries.PageText("", "", "en")


def test_placeholders_are_found_and_marked_but_not_inside_of_tags():
    text = "a [[Name\nand address]] b [[second]] [one] [[]]"

    assert placeholders(text) == ["Name and address", "second"]
    assert highlighted('<a href="/?[[x]]">[[Name]]</a>') == (
        '<a href="/?[[x]]"><mark class="placeholder">[[Name]]</mark></a>'
    )


def test_announcements_are_shown_between_their_two_moments_to_the_second(db, now):
    AnnouncementFactory(text_en="now", starts_at=now - timedelta(days=1), ends_at=now + timedelta(seconds=30))
    AnnouncementFactory(text_en="soon", starts_at=now + timedelta(seconds=20))
    AnnouncementFactory(text_en="over", starts_at=now - timedelta(days=2), ends_at=now)
    AnnouncementFactory(text_en="later", starts_at=now + timedelta(days=1))

    def shown(seconds):
        rows = queries.announcements("en", now=now + timedelta(seconds=seconds))
        return sorted(row.html for row in rows)

    assert shown(0) == ["<p>now</p>"]
    assert shown(19) == ["<p>now</p>"]
    assert shown(20) == ["<p>now</p>", "<p>soon</p>"]
    assert shown(30) == ["<p>soon</p>"]


def test_kept_announcements_cost_no_query(db, now, django_assert_num_queries):
    AnnouncementFactory(starts_at=now)
    queries.announcements("de", now=now)

    with django_assert_num_queries(0):
        shown = queries.announcements("en", now=now)

    assert [row.html for row in shown] == ["<p>Maintenance today</p>"]


def test_nor_do_they_in_the_next_minute_when_one_begins(db, now, django_assert_num_queries):
    """A page asked for over the change of a minute would cost a query that nobody counts on."""
    AnnouncementFactory(text_en="soon", starts_at=now + timedelta(minutes=1))
    assert queries.announcements("en", now=now) == []

    with django_assert_num_queries(0):
        shown = queries.announcements("en", now=now + timedelta(minutes=1))

    assert [row.html for row in shown] == ["<p>soon</p>"]


def test_an_announcement_is_escaped_and_says_in_which_language_it_is(db, now):
    AnnouncementFactory(text_de="<b>Ulm & Pécs</b>", text_en="", starts_at=now)

    assert queries.announcements("de", now=now)[0].html == "<p>&lt;b&gt;Ulm &amp; Pécs&lt;/b&gt;</p>"
    assert (
        queries.announcements("en", now=now)[0].html == '<p lang="de">&lt;b&gt;Ulm &amp; Pécs&lt;/b&gt;</p>'
    )


def test_the_longest_waiting_notice_counts_and_only_what_is_due(coordinator, now):
    for key, due_at, state in (
        ("a", now - timedelta(hours=2), Notice.State.SENT),
        ("b", now - timedelta(hours=1), Notice.State.WAITING),
        ("c", now - timedelta(minutes=1), Notice.State.WAITING),
        ("d", now + timedelta(hours=1), Notice.State.WAITING),
    ):
        Notice.objects.create(
            key=key, kind="x", recipient=coordinator, due_at=due_at, state=state, queued_at=now
        )

    assert queries.oldest_unsent_notice(now=now) == now - timedelta(hours=1)


def test_without_sweep_and_notices_nothing_is_known(db, now):
    assert (queries.last_sweep(), queries.oldest_unsent_notice(now=now)) == (None, None)

    SweepRun.objects.create(name="deliver", ran_at=now)

    assert queries.last_sweep() == now
