"""Live dates in a course: in their place, in the reader's zone, done by who was there, and known only to who may."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories.training import CourseDateFactory, CourseFactory, EnrolmentFactory, ModuleFactory
from tests.factories.webinars import RegistrationFactory
from training.queries.reading import outline_of
from webinars.models import Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    course = CourseFactory(slug="kurs")
    for number in (1, 9):
        ModuleFactory(course=course, number=number, questions=1)
    return course


def date(course, title="Evening", *, after=0, **facts):
    return CourseDateFactory(
        course=course,
        after_module=after,
        session__title_en=title,
        **{f"session__{name}": value for name, value in facts.items()},
    ).session


def page(client: Client, address: str = "/courses/kurs/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestPlace:
    @pytest.mark.parametrize(
        ("after", "where"),
        [(0, (1, 0, 0)), (1, (0, 1, 0)), (5, (0, 1, 0)), (9, (0, 0, 1)), (99, (0, 0, 1))],
    )
    def test_is_after_the_last_module_that_comes_before(self, course, after, where):
        date(course, after=after)

        outline = outline_of(course, None)

        assert (len(outline.dates), *(len(part.dates) for part in outline.parts)) == where

    def test_earlier_ones_first(self, course):
        late = date(course, "Late", starts_at=datetime(2027, 5, 2, 16, tzinfo=UTC))
        early = date(course, "Early", starts_at=datetime(2027, 5, 1, 16, tzinfo=UTC))

        found = outline_of(course, None).dates

        assert [one.url for one in found] == [early.get_absolute_url(), late.get_absolute_url()]

    def test_the_pages_show_it_with_its_link(self, course, participant):
        EnrolmentFactory(course=course, person=participant)
        session = date(course, "Opening", after=1)
        client = signed_in(participant, "en")

        for address in ("/courses/kurs/", "/courses/kurs/1/"):
            assert f'href="{session.get_absolute_url()}">Opening</a>' in page(client, address)
        assert "Opening" not in page(client, "/courses/kurs/9/")

    def test_it_is_never_the_next_step_and_does_not_count(self, course, participant):
        row = EnrolmentFactory(course=course, person=participant)
        bare = outline_of(course, row)
        date(course)
        date(course, after=1)

        outline = outline_of(course, row)

        assert (outline.total, outline.next, outline.steps) == (bare.total, bare.next, bare.steps)
        assert outline.next.url == "/courses/kurs/1/1/"


class TestTime:
    def test_is_told_on_the_reader_s_clock(self, course, partner):
        """Bucharest; the session's own clock stands behind it."""
        EnrolmentFactory(course=course, person=partner)
        date(course, starts_at=datetime(2027, 3, 30, 14, tzinfo=UTC), zone="Europe/Berlin")

        html = page(signed_in(partner, "en"))

        assert "Tuesday, 30 March 2027, 17:00–18:00 Bucharest (EEST)" in html
        assert "Tuesday, 30 March 2027, 16:00–17:00 Berlin (CEST)" in html

    def test_and_once_where_both_are_the_same(self, course, participant):
        EnrolmentFactory(course=course, person=participant)
        date(course, starts_at=datetime(2027, 3, 30, 14, tzinfo=UTC), zone="Europe/Budapest")

        assert page(signed_in(participant, "en")).count("30 March 2027") == 1


class TestDone:
    def test_by_who_was_there(self, course, participant, partner):
        mine = EnrolmentFactory(course=course, person=participant)
        other = EnrolmentFactory(course=course, person=partner)
        session = date(course)
        RegistrationFactory(session=session, person=participant, attended_at=timezone.now())
        RegistrationFactory(session=session, person=partner)

        assert [outline_of(course, row).dates[0].is_done for row in (mine, other, None)] == [
            True,
            False,
            False,
        ]
        assert "you were there" in page(signed_in(participant, "en"))
        assert "you were there" not in page(signed_in(partner, "en"))


class TestVisibility:
    @pytest.mark.parametrize("state", ["draft", "cancelled"])
    def test_only_what_takes_place_is_shown(self, course, participant, state):
        EnrolmentFactory(course=course, person=participant)
        date(course, "Not held", state=state)

        for client in (Client(), signed_in(participant, "en")):
            assert "Not held" not in page(client)

    def test_a_session_for_invited_people_is_named_to_them_only(self, course, participant, partner):
        for person in (participant, partner):
            EnrolmentFactory(course=course, person=person)
        session = date(course, "Closed round", audience="invited")
        Invitation.objects.create(session=session, person=participant, invited_at=timezone.now())

        shown = [
            "Closed round" in page(client)
            for client in (signed_in(participant, "en"), signed_in(partner, "en"), Client())
        ]

        assert shown == [True, False, False]
        assert not re.search(session.slug, page(Client()))
