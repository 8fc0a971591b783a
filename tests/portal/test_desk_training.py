"""Courses and strategies on the desk: what it costs, and that each goes on where it stands."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.strategies import strategy_of
from tests.factories.training import CourseDateFactory, CourseFactory, EnrolmentFactory, ModuleFactory
from training.actions.taking_part import mark_lesson, note_quiz
from training.choices import SectionState
from training.models import Measure

pytestmark = pytest.mark.django_db


def take_part(person: User, number: int) -> None:
    """In so many courses; in each the first of two lessons and the quiz are done, and one is to be certified."""
    for at in range(number):
        module = ModuleFactory(course=CourseFactory(title_en=f"Course no. {at}"), questions=1)
        CourseDateFactory(course=module.course)
        row = EnrolmentFactory(course=module.course, person=person)
        mark_lesson(enrolment=row, lesson=module.lessons.first(), done=True, now=timezone.now())
        note_quiz(enrolment=row, module=module, now=timezone.now())
        finished = ModuleFactory(course=CourseFactory()).course
        EnrolmentFactory(course=finished, person=person, finished_at=timezone.now())


def look_after(person: User, number: int) -> None:
    """So many partnerships with a strategy, each with sections to revise and a measure that is due."""
    for _at in range(number):
        strategy = strategy_of(person)
        strategy.sections.filter(code="S1").update(state=SectionState.RETURNED)
        strategy.approved_at = timezone.now()
        strategy.save()
        Measure.objects.create(
            strategy=strategy,
            owner=person,
            titles={"de": "Anrufen"},
            due_on=timezone.localdate() + timedelta(days=3),
            written_at=timezone.now(),
        )


@pytest.mark.parametrize(("strategies", "courses"), [(2, 1), (10, 5)])
def test_it_costs_the_same(
    strategies: int, courses: int, participant: User, django_assert_num_queries: Any
) -> None:
    take_part(participant, courses)
    look_after(participant, strategies)
    reading = signed_in(participant, "en")
    html = reading.get("/desk/").content.decode()
    assert html.count("Go on with “Course no.") == courses
    assert html.count("A coach has answered") == min(strategies, 5)
    assert html.count("Your measure is due") == min(strategies, 5)

    with django_assert_num_queries(29):
        reading.get("/desk/")


def test_each_course_goes_on_where_the_person_stands(participant: User) -> None:
    take_part(participant, 2)
    other = ModuleFactory(course=CourseFactory(title_en="Not mine"))
    EnrolmentFactory(course=other.course)
    left = ModuleFactory(course=CourseFactory(title_en="Left"))
    EnrolmentFactory(course=left.course, person=participant, left_at=timezone.now())
    begun = ModuleFactory(course=CourseFactory(title_en="Untouched"))
    EnrolmentFactory(course=begun.course, person=participant)

    html = " ".join(signed_in(participant, "en").get("/desk/").content.decode().split())

    assert html.count("2 of 3 steps are done. Next: Lesson 1.2") == 2
    assert html.count("0 of 2 steps are done. Next: Lesson 1.1") == 3  # and the two finished ones
    assert "Not mine" not in html
    assert "Left" not in html


def test_a_measure_says_in_which_language_it_is(participant: User) -> None:
    look_after(participant, 1)

    assert (
        '<h3 class="task__title" lang="de">Anrufen</h3>'
        in signed_in(participant, "en").get("/desk/").content.decode()
    )
    assert (
        '<h3 class="task__title">Anrufen</h3>' in signed_in(participant, "de").get("/desk/").content.decode()
    )
