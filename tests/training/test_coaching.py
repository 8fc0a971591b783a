"""The coaches' desk: what waits, who is stuck and why, and that nobody else finds it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.strategies import make_coach, strategy_of, write
from tests.factories.training import CourseFactory, EnrolmentFactory, ModuleFactory
from training.actions import strategies
from training.actions.taking_part import mark_lesson
from training.models import Course, Enrolment, Strategy

pytestmark = pytest.mark.django_db

PAGES = ("/coaching/sections/", "/coaching/participants/", "/coaching/strategies/", "/coaching/figures/")


@pytest.fixture
def coaching(coach: User) -> Client:
    return signed_in(make_coach(coach), "en")


@pytest.fixture
def course(db: None) -> Course:
    return ModuleFactory(course=CourseFactory(slug="kurs", title_en="Together"), lessons=3).course


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def names(html: str) -> list[str]:
    return [name.strip() for name in re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', html)]


def sent(by: User, days: int, **more: Any) -> Strategy:
    strategy = strategy_of(by, **more)
    write(strategy, "S1", by, history="Seit 1986.")
    now = timezone.now() - timedelta(days=days)
    strategies.send_sections(strategy=strategy, codes=["S1"], by=by, now=now)
    return strategy


def enrolled(course: Course, name: str, **ago: int | None) -> None:
    now = timezone.now()
    moments = {
        f"{what}_at": None if days is None else now - timedelta(days=days) for what, days in ago.items()
    }
    EnrolmentFactory(course=course, person=UserFactory(display_name=name), **moments)


@pytest.mark.parametrize("page", PAGES)
def test_coaches_only(page: str, coaching: Client, outsider: User, admin: User) -> None:
    assert coaching.get(page).status_code == 200
    for person in (outsider, admin):
        assert signed_in(person).get(page).status_code == 404
    assert Client().get(page).status_code == 302


class TestQueue:
    def test_who_waits_longest_comes_first(self, coaching: Client, participant: User, partner: User) -> None:
        late, early = sent(participant, 2), sent(partner, 9)

        html = text(coaching, "/coaching/sections/")

        assert html.index(early.get_absolute_url()) < html.index(late.get_absolute_url())
        assert "for 9 days" in html
        assert "nobody yet" in html

    def test_the_own_partnership_is_for_others(self, coaching: Client, coach: User) -> None:
        sent(coach, 2)

        assert "Nothing waits." in text(coaching, "/coaching/sections/")

    def test_examples_are_left_out_where_they_are_not_shown(
        self, coaching: Client, participant: User, settings: Any
    ) -> None:
        sent(participant, 2, is_demo=True)
        settings.SHOW_DEMO = False

        assert "Nothing waits." in text(coaching, "/coaching/sections/")

    @pytest.mark.parametrize("number", [1, 5])
    def test_costs_the_same(
        self, coaching: Client, number: int, django_assert_num_queries: Any, participant: User
    ) -> None:
        for _at in range(number):
            sent(UserFactory(), 2)
        coaching.get("/coaching/sections/")

        with django_assert_num_queries(8):
            coaching.get("/coaching/sections/")


class TestParticipants:
    @pytest.fixture
    def all_kinds(self, course: Course) -> None:
        enrolled(course, "Rot", enrolled=90, active=28)
        enrolled(course, "Nie begonnen", enrolled=40)
        enrolled(course, "Gelb", enrolled=90, active=14)
        enrolled(course, "Grün", enrolled=90, active=13)
        enrolled(course, "Fertig", enrolled=90, active=60, finished=60)
        enrolled(course, "Weg", enrolled=90, active=60, left=50)

    @pytest.mark.parametrize(
        ("light", "expected"),
        [
            ("red", ["Nie begonnen", "Rot"]),
            ("amber", ["Gelb"]),
            ("green", ["Grün"]),
            ("x", ["Nie begonnen", "Rot"]),
        ],
    )
    def test_the_lights(self, coaching: Client, all_kinds: None, light: str, expected: list[str]) -> None:
        html = text(coaching, f"/coaching/participants/?light={light}")

        assert names(html) == expected
        assert re.findall(r'tabs__count">(\d+)', html) == ["2", "1", "1"]

    def test_it_opens_where_somebody_is(self, coaching: Client, course: Course) -> None:
        enrolled(course, "Gelb", enrolled=90, active=14)
        enrolled(course, "Grün", enrolled=90, active=13)

        assert names(text(coaching, "/coaching/participants/")) == ["Gelb"]
        assert names(text(coaching, "/coaching/participants/?light=red")) == []

    def test_the_reason_is_said(self, coaching: Client, all_kinds: None) -> None:
        html = text(coaching, "/coaching/participants/")

        assert "Has not begun since enrolling 40 days ago." in html
        assert "Nothing for 28 days." in html
        assert "0 of 3" in html

    def test_a_step_makes_it_green(self, coaching: Client, course: Course, participant: User) -> None:
        row = EnrolmentFactory(
            course=course, person=participant, enrolled_at=timezone.now() - timedelta(days=60)
        )
        lesson = course.modules.get().lessons.first()
        mark_lesson(enrolment=row, lesson=lesson, done=True, now=timezone.now())

        html = text(coaching, "/coaching/participants/?light=green")

        assert names(html) == ["Teilnehmer"]
        assert "1 of 3" in html
        assert "Was at it today." in html

    def test_of_one_course(self, coaching: Client, all_kinds: None) -> None:
        enrolled(ModuleFactory(course=CourseFactory(slug="zwei")).course, "Anderswo", enrolled=50)

        assert names(text(coaching, "/coaching/participants/?course=zwei")) == ["Anderswo"]

    @pytest.mark.parametrize("number", [1, 19])
    def test_costs_the_same(
        self, coaching: Client, course: Course, number: int, django_assert_num_queries: Any
    ) -> None:
        for at in range(number):
            enrolled(course, f"Person {at}", enrolled=50)
        coaching.get("/coaching/participants/")

        with django_assert_num_queries(11):
            coaching.get("/coaching/participants/")

        # A course that asks for a date costs one query more, whoever waits.
        Course.objects.update(needs_dates=1)
        with django_assert_num_queries(12):
            coaching.get("/coaching/participants/")


class TestReminding:
    def test_one_mail_a_week(self, coaching: Client, course: Course) -> None:
        enrolled(course, "Rot", enrolled=40)
        row = Enrolment.objects.get()

        said = []
        for _time in range(2):
            answer = coaching.post(f"/coaching/participants/{row.pk}/remind/?light=red")
            assert answer["Location"] == "/coaching/participants/?light=red"
            said.append(text(coaching, answer["Location"]))

        assert "Rot gets a friendly mail with the next step." in said[0]
        assert "Rot was reminded less than seven days ago and gets no other mail." in said[1]
        assert [notice.recipient for notice in Notice.objects.filter(kind="coach_reminder")] == [row.person]

    def test_who_gets_on_has_no_button_and_gets_no_mail(self, coaching: Client, course: Course) -> None:
        enrolled(course, "Grün", enrolled=40, active=2)
        address = f"/coaching/participants/{Enrolment.objects.get().pk}/remind/"

        assert address not in text(coaching, "/coaching/participants/?light=green")
        answer = coaching.post(address, follow=True)

        assert "Grün is getting on and needs no reminder." in answer.content.decode()
        assert not Notice.objects.exists()

    def test_nobody_who_has_finished_or_left(self, coaching: Client, course: Course) -> None:
        rows = [
            EnrolmentFactory(course=course, **{name: timezone.now()}) for name in ("finished_at", "left_at")
        ]

        for row in rows:
            assert coaching.post(f"/coaching/participants/{row.pk}/remind/").status_code == 404

    def test_others_find_no_button(self, outsider: User, course: Course, participant: User) -> None:
        row = EnrolmentFactory(course=course, person=participant)

        answer = signed_in(outsider).post(f"/coaching/participants/{row.pk}/remind/")

        assert answer.status_code == 404
        assert not Notice.objects.exists()


class TestFigures:
    def test_counted_by_hand(self, coaching: Client, course: Course) -> None:
        for name, ago in {
            "a": {"enrolled": 90, "active": 1},
            "b": {"enrolled": 90, "active": 20},
            "c": {"enrolled": 90, "active": 30},
            "d": {"enrolled": 90, "active": None},
            "e": {"enrolled": 90, "finished": 2},
            "f": {"enrolled": 90, "left": 2},
        }.items():
            enrolled(course, name, **ago)
        CourseFactory(slug="leer", title_en="Empty")

        rows = re.findall(r"<tr role=.row.><th.*?</tr>", text(coaching, "/coaching/figures/"))
        figures = {re.findall(r">([^<]+)</a>", row)[0]: re.findall(r">(\d+)</td>", row) for row in rows[1:]}

        # take part, getting on, slow, stuck, finished
        assert figures == {"Together": ["5", "1", "1", "2", "1"], "Empty": ["0"] * 5}


class TestStrategies:
    def test_lights_and_reasons(self, coaching: Client, participant: User, partner: User) -> None:
        sent(participant, 2)
        strategy_of(partner)

        html = text(coaching, "/coaching/strategies/")

        assert "Waits for our answer." in html
        assert len(names(html)) == 2

    def test_after_approval_a_sentence_says_how_it_is(self, coaching: Client, participant: User) -> None:
        row = strategy_of(participant)
        for state, words in (
            ("carried_out", "The team is carrying out its measures."),
            ("reviewed", "The team has looked back at what has come of it."),
        ):
            Strategy.objects.filter(pk=row.pk).update(state=state)
            assert words in text(coaching, "/coaching/strategies/")

    @pytest.mark.parametrize("number", [1, 5])
    def test_costs_the_same(self, coaching: Client, number: int, django_assert_num_queries: Any) -> None:
        for _at in range(number):
            strategy_of(UserFactory())
        coaching.get("/coaching/strategies/")

        with django_assert_num_queries(8):
            coaching.get("/coaching/strategies/")


def test_the_desk_says_what_waits(coach: User, participant: User) -> None:
    sent(participant, 2)

    html = text(signed_in(make_coach(coach), "en"), "/desk/")

    assert "1 strategy waits for a coach" in html
    assert 'href="/coaching/sections/"' in html
