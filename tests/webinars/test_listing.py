"""The list of sessions and the month."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from directory import list_cache
from directory.models import Municipality, Topic
from tests.conftest import signed_in
from tests.factories.directory import MunicipalityFactory, TopicFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import actions
from webinars.choices import Audience, Format, Seat, State
from webinars.models import Invitation, Session

pytestmark = pytest.mark.django_db
SECRET = "https://room.example/secret"
ODD = [
    "page=0", "page=abc", "page=99999999999999999999", "language=xx", "topic=..%2F", "format=%00", "month=2027-13",
    "month=abcd-ef", "month=9999-12", "month=²027-01", "seats=;", "when=%00", "show=9999999", "language=de&language=en",
]  # fmt: skip


@pytest.fixture
def english(db: None) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def titles(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'<p class="row__title"><a[^>]*>([^<]*)</a>', page)


def row_of(client: Client, address: str) -> str:
    """The words of the only row."""
    page = client.get(address).content.decode()
    (row,) = re.findall(r'<li class="row">.*?</li>', page)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


@pytest.mark.parametrize("path", ["/sessions/", "/sessions/month/"])
@pytest.mark.parametrize("query", ODD)
def test_odd_addresses_give_a_page(client: Client, path: str, query: str) -> None:
    SessionFactory()

    assert client.get(f"{path}?{query}").status_code == 200


class TestWhoSeesWhat:
    @pytest.fixture(autouse=True)
    def _sessions(self, partner: User) -> None:
        SessionFactory(title_en="Public")
        SessionFactory(title_en="Draft", state=State.DRAFT)
        SessionFactory(title_en="Members", audience=Audience.MEMBERS)
        invited = SessionFactory(title_en="Invited", audience=Audience.INVITED)
        Invitation.objects.create(session=invited, person=partner, invited_at=timezone.now())

    def test_a_visitor_sees_public_ones(self, english: Client) -> None:
        assert titles(english, "/sessions/") == ["Public"]

    def test_a_member_sees_those_for_members(self, outsider: User) -> None:
        assert sorted(titles(signed_in(outsider, "en"), "/sessions/")) == ["Members", "Public"]

    def test_who_is_invited_sees_the_invitation(self, partner: User) -> None:
        assert sorted(titles(signed_in(partner, "en"), "/sessions/")) == ["Invited", "Members", "Public"]

    def test_invented_examples_stay_out_of_production(self, english: Client, settings: Any) -> None:
        SessionFactory(title_en="Example", is_demo=True)
        settings.SHOW_DEMO = False

        assert titles(english, "/sessions/") == ["Public"]


class TestFilters:
    @pytest.fixture(autouse=True)
    def _sessions(self, db: None) -> None:
        youth = TopicFactory(code="youth")
        SessionFactory(title_en="English", languages=["en"]).topics.add(youth)
        SessionFactory(title_en="German on site", languages=["de"], format=Format.ONSITE, capacity=1)
        SessionFactory(title_en="Both", languages=["de", "en"], capacity=None)
        full = Session.objects.get(title_en="German on site")
        RegistrationFactory(session=full)

    @pytest.mark.parametrize(
        ("query", "left"),
        [
            ("language=en", ["Both", "English"]),
            ("language=de&format=onsite", ["German on site"]),
            ("topic=youth", ["English"]),
            ("seats=open", ["Both", "English"]),
            ("language=hu", []),
        ],
    )
    def test_each_leaves_what_fits(self, english: Client, query: str, left: list[str]) -> None:
        assert sorted(titles(english, f"/sessions/?{query}")) == left

    def test_the_count_stands_in_the_heading(self, english: Client) -> None:
        page = english.get("/sessions/?language=en").content.decode()

        assert re.search(r"<h1>\s*2 sessions\s*</h1>", page)

    def test_a_month_is_that_of_the_readers_clock(self, partner: User, english: Client) -> None:
        SessionFactory(
            title_en="Late", zone="Europe/Berlin", starts_at=datetime(2031, 1, 31, 22, 30, tzinfo=UTC)
        )

        assert titles(english, "/sessions/?month=2031-01") == ["Late"]
        assert titles(signed_in(partner, "en"), "/sessions/?month=2031-02") == ["Late"]

    def test_a_facet_counts_heedless_of_itself(self, english: Client) -> None:
        page = english.get("/sessions/?language=en").content.decode()

        link = r'href="\?language=de"><span>German</span><span class="facet__count">2</span>'
        assert re.search(link, page)


class TestPast:
    def test_what_is_over_stands_on_its_own_page_newest_first(self, english: Client) -> None:
        for days in (9, 2):
            SessionFactory(title_en=f"{days} days ago", starts_at=timezone.now() - timedelta(days=days))
        SessionFactory(title_en="Ahead")

        assert titles(english, "/sessions/?when=past") == ["2 days ago", "9 days ago"]
        assert titles(english, "/sessions/") == ["Ahead"]


class TestARow:
    def test_tells_both_clocks(self, partner: User) -> None:
        SessionFactory(title_en="Talk", starts_at=datetime(2031, 3, 28, 15, 0, tzinfo=UTC))

        row = row_of(signed_in(partner, "en"), "/sessions/")

        assert row.startswith(
            "Fri, 28 March 2031, 17:00–18:00 Bucharest (EET) (16:00–17:00 Berlin (CET)) Talk"
        )

    def test_tells_one_clock_where_both_show_the_same(self, outsider: User) -> None:
        SessionFactory(zone="Europe/Budapest", starts_at=datetime(2031, 3, 28, 15, 0, tzinfo=UTC))

        row = row_of(signed_in(outsider, "en"), "/sessions/")

        assert "16:00–17:00 Berlin (CET)" in row
        assert "Budapest" not in row

    def test_names_the_other_day_where_days_differ(self, partner: User) -> None:
        SessionFactory(starts_at=datetime(2031, 1, 31, 22, 30, tzinfo=UTC))

        row = row_of(signed_in(partner, "en"), "/sessions/")

        assert "Sat, 1 February 2031, 00:30–01:30 Bucharest" in row
        assert "Fri, 31 January 2031, 23:30–00:30 Berlin" in row

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"capacity": 5}, "5 free seats"),
            ({"capacity": None}, "free seats"),
            ({"capacity": 0}, "full, with a waiting list"),
            ({"closes_at": timezone.now() - timedelta(hours=1)}, "registration is closed"),
            ({"opens_at": datetime(2030, 5, 1, 8, 0, tzinfo=UTC)}, "registration from 1 May 2030"),
            ({"state": State.CANCELLED}, "cancelled"),
            ({"moved_at": timezone.now()}, "moved 20 free seats"),
            ({"starts_at": timezone.now() - timedelta(minutes=5)}, "is running now"),
        ],
    )
    def test_says_how_it_stands(self, english: Client, facts: dict[str, Any], words: str) -> None:
        SessionFactory(**({"starts_at": datetime(2031, 3, 28, 15, 0, tzinfo=UTC)} | facts))

        assert row_of(english, "/sessions/").endswith(f" {words}")

    def test_offered_seats_count_as_taken_and_asked_ones_do_not(self, english: Client) -> None:
        session = SessionFactory(capacity=5)
        RegistrationFactory(session=session)
        RegistrationFactory(session=session, state=Seat.OFFERED)
        GuestFactory(session=session, state=Seat.ASKED)
        RegistrationFactory(session=session, state=Seat.CANCELLED)

        assert row_of(english, "/sessions/").endswith(" 3 free seats")

    def test_a_free_seat_is_for_who_waits(self, english: Client) -> None:
        session = SessionFactory(capacity=5)
        RegistrationFactory(session=session, state=Seat.WAITING)

        assert row_of(english, "/sessions/").endswith("full, with a waiting list")

    def test_a_title_in_the_other_language_says_so(self, english: Client) -> None:
        SessionFactory(title_de="Auf Deutsch", title_en="")

        page = english.get("/sessions/").content.decode()

        assert 'lang="de">Auf Deutsch</a> <span class="muted small">(German)</span>' in page

    def test_typed_words_are_escaped(self, english: Client) -> None:
        SessionFactory(title_en="<script>alert(1)</script>")

        page = english.get("/sessions/").content.decode()

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (Seat.SEAT, "You have a seat"),
            (Seat.WAITING, "You are on the waiting list"),
            (Seat.OFFERED, "A seat is offered to you"),
        ],
    )
    def test_marks_the_readers_own(self, outsider: User, partner: User, state: Seat, words: str) -> None:
        session = SessionFactory()
        RegistrationFactory(session=session, person=outsider, state=state)

        assert words in row_of(signed_in(outsider, "en"), "/sessions/")
        assert words not in row_of(signed_in(partner, "en"), "/sessions/")

    def test_a_guests_seat_is_not_a_visitors(self, english: Client) -> None:
        GuestFactory(session=SessionFactory(capacity=5))

        row = row_of(english, "/sessions/")

        assert row.endswith(" 4 free seats")
        assert "You have a seat" not in row

    def test_never_tells_the_room(self, outsider: User) -> None:
        session = SessionFactory(room_link=SECRET)
        RegistrationFactory(session=session, person=outsider)
        client = signed_in(outsider)

        pages = [
            client.get(path).content.decode()
            for path in ("/sessions/", "/sessions/month/", "/sessions/mine/")
        ]

        assert "room.example" not in "".join(pages)


class TestPages:
    def test_fifty_rows_and_two_hundred_where_asked(self, english: Client) -> None:
        SessionFactory.create_batch(60)

        assert len(titles(english, "/sessions/")) == 50
        assert len(titles(english, "/sessions/?page=2")) == 10
        assert len(titles(english, "/sessions/?show=200")) == 60


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("path", ["/sessions/", "/sessions/?when=past", "/sessions/month/"])
def test_few_queries_however_many_rows(
    outsider: User, rows: int, path: str, django_assert_num_queries: Any
) -> None:
    starts_at = timezone.now() - timedelta(days=3 if "past" in path else 0)
    for _ in range(rows):
        session = SessionFactory(starts_at=starts_at)
        session.topics.add(TopicFactory())
        RegistrationFactory(session=session, person=outsider)
    client = signed_in(outsider)
    assert len(titles(client, path)) == rows

    with django_assert_num_queries(4):  # browser session, account, how it stands with the sessions, notices
        client.get(path)
    Session.objects.update(version=2)
    with django_assert_num_queries(6):  # what the sessions are, and their topics
        client.get(path)


def test_sessions_that_are_not_for_all_cost_one_query_more(
    outsider: User, django_assert_num_queries: Any
) -> None:
    for audience in (Audience.EVERYBODY, Audience.MEMBERS, Audience.INVITED):
        SessionFactory(audience=audience)
    client = signed_in(outsider)
    client.get("/sessions/")

    with django_assert_num_queries(5):
        client.get("/sessions/")


class TestKeptFacts:
    """What a session is, is read once; what changed since shows all the same."""

    def test_an_edit_shows_at_once(self, english: Client, outsider: User, now: datetime) -> None:
        session = SessionFactory(title_en="Before")
        TopicFactory(code="youth")
        before = titles(english, "/sessions/"), titles(english, "/sessions/?topic=youth")

        actions.edit_session(
            session=session,
            facts={"title_en": "After", "topics": Topic.objects.filter(code="youth")},
            by=outsider,
            now=now,
        )

        assert before == (["Before"], [])
        assert titles(english, "/sessions/") == ["After"]
        assert titles(english, "/sessions/?topic=youth") == ["After"]

    def test_a_time_moved_by_new_rules_of_a_zone_shows(self, english: Client, now: datetime) -> None:
        session = SessionFactory(zone="Europe/Berlin", starts_at=datetime(2031, 3, 28, 15, 0, tzinfo=UTC))
        Session.objects.filter(pk=session.pk).update(
            starts_at=datetime(2031, 3, 28, 14, 0, tzinfo=UTC),
            ends_at=datetime(2031, 3, 28, 15, 0, tzinfo=UTC),
        )
        before = row_of(english, "/sessions/")

        actions.refresh_moments(now=now)

        assert before.startswith("Fri, 28 March 2031, 15:00")
        assert row_of(english, "/sessions/").startswith("Fri, 28 March 2031, 16:00")

    def test_a_new_name_of_a_town_shows(self, english: Client) -> None:
        session = SessionFactory(format=Format.ONSITE, municipality=MunicipalityFactory(name="Oldtown"))
        before = row_of(english, "/sessions/")
        Municipality.objects.filter(pk=session.municipality_id).update(name="Newtown")

        list_cache.forget()

        assert "On site: Oldtown" in before
        assert "On site: Newtown" in row_of(english, "/sessions/")

    def test_a_seat_that_is_taken_shows_at_once(self, english: Client, outsider: User) -> None:
        session = SessionFactory(capacity=5)
        before = row_of(english, "/sessions/")

        RegistrationFactory(session=session, person=outsider)

        assert before.endswith(" 5 free seats")
        assert row_of(english, "/sessions/").endswith(" 4 free seats")

    def test_another_language_says_it_in_its_words(self, english: Client, client: Client) -> None:
        SessionFactory(title_de="Auf Deutsch", title_en="In English")

        assert titles(english, "/sessions/") == ["In English"]
        assert titles(client, "/sessions/") == ["Auf Deutsch"]

    def test_past_ones_stand_newest_first_after_the_month_was_read(self, english: Client) -> None:
        for days in (9, 2):
            SessionFactory(
                title_en=f"{days} days ago", starts_at=datetime(2026, 5, 20 - days, 9, 0, tzinfo=UTC)
            )
        english.get("/sessions/month/?month=2026-05")

        assert titles(english, "/sessions/?when=past") == ["2 days ago", "9 days ago"]


class TestMonth:
    def test_shows_the_sessions_of_one_month_twice(self, english: Client) -> None:
        SessionFactory(title_en="In May", starts_at=datetime(2031, 5, 14, 15, 0, tzinfo=UTC))
        SessionFactory(title_en="In June", starts_at=datetime(2031, 6, 14, 15, 0, tzinfo=UTC))

        page = english.get("/sessions/month/?month=2031-05").content.decode()

        assert page.count("In May</a>") == 2
        assert "In June" not in page
        assert '<time datetime="2031-05-14">14</time>' in page
        assert "?month=2031-04" in page
        assert "?month=2031-06" in page

    def test_weeks_begin_on_monday(self, english: Client) -> None:
        page = english.get("/sessions/month/?month=2031-05").content.decode()

        days = re.findall(r'<th scope="col">(\w+)</th>', page)
        first = re.search(r'<time datetime="([^"]+)"', page)
        assert (days[0], days[6], first and first[1]) == ("Monday", "Sunday", "2031-04-28")

    def test_names_public_holidays_of_baden_wuerttemberg(self, english: Client) -> None:
        page = english.get("/sessions/month/?month=2031-06").content.decode()

        assert 'datetime="2031-06-12">12</time><span class="month__holiday">Corpus Christi</span>' in page

    def test_filters_stay_in_the_month(self, english: Client) -> None:
        SessionFactory(languages=["en"], starts_at=datetime(2031, 5, 14, 15, 0, tzinfo=UTC))

        page = english.get("/sessions/month/?month=2031-05&format=online").content.decode()

        assert 'href="?format=online&amp;language=en&amp;month=2031-05"' in page
        assert 'href="?format=online&amp;month=2031-06"' in page
        assert 'href="/sessions/?format=online"' in page
        assert 'class="chip" href="?month=2031-05"' in page
