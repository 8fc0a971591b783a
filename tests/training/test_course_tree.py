"""The order of modules and lessons, and the page of the office that shows a course as a tree."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from tests.conftest import signed_in
from tests.factories.training import (
    CourseDateFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    ModuleFactory,
)
from training.actions import cloning, taking_part
from training.actions.editing import save_texts
from training.actions.ordering import move
from training.choices import Way
from training.loading import load_curriculum
from training.models import Course, Lesson, LessonDone, Module
from training.queries.reading import outline_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    """Three modules with two lessons each."""
    row = CourseFactory(slug="kurs")
    for _at in range(3):
        ModuleFactory(course=row, questions=1, items=1)
    return row


def module(course: Course, number: int) -> Module:
    return course.modules.get(number=number)


def lesson(course: Course, part: int, number: int) -> Lesson:
    return Lesson.objects.get(module__course=course, module__number=part, number=number)


def shown(rows) -> list[int]:
    """The numbers of the rows in the order in which they are shown."""
    return [row.number for row in rows.all()]


class TestOrder:
    def test_a_new_row_stands_at_its_number(self):
        row = CourseFactory()
        for number in (3, 1):
            ModuleFactory(course=row, number=number)

        assert list(row.modules.values_list("number", "position")) == [(1, 1), (3, 3)]
        # Between those that are there: nobody has moved anything.
        assert ModuleFactory(course=row, number=2).position == 2

    def test_where_something_was_moved_a_new_row_comes_last(self, course, admin):
        move(row=module(course, 3), to=Way.UP, by=admin)
        move(row=lesson(course, 1, 1), to=Way.DOWN, by=admin)

        ModuleFactory(course=course, number=9)
        LessonFactory(module=module(course, 1), number=3)

        assert shown(course.modules) == [1, 3, 2, 9]
        assert module(course, 9).position == 4
        assert shown(module(course, 1).lessons) == [2, 1, 3]
        assert module(course, 1).lessons.get(number=3).position == 3

    def test_rows_that_were_there_stand_at_their_number(self, course):
        """As the migration finds them, with any places."""
        migration = import_module("training.migrations.0005_position")
        for number, at in ((1, 13), (2, 12), (3, 11)):
            course.modules.filter(number=number).update(position=at)

        migration.stand_at_their_number(apps, None)

        assert list(course.modules.values_list("number", "position")) == [(1, 1), (2, 2), (3, 3)]

    def test_the_copy_stands_in_the_same_order(self, course, admin, now):
        move(row=module(course, 1), to=Way.DOWN, by=admin)
        move(row=lesson(course, 1, 1), to=Way.DOWN, by=admin)

        made = cloning.clone_course(
            course=course, slug="neu", titles={"title_de": "Neu"}, shift=7, by=admin, now=now
        )

        assert shown(made.modules) == [2, 1, 3]
        assert shown(module(made, 1).lessons) == [2, 1]

    def test_saving_a_text_does_not_put_it_back(self, course, admin, now):
        stale = module(course, 1)
        move(row=module(course, 1), to=Way.DOWN, by=admin)

        stale.title_de = "Neu"
        save_texts(row=stale, now=now)

        assert shown(course.modules) == [2, 1, 3]
        assert module(course, 1).title_de == "Neu"


class TestMove:
    def test_changes_places_with_the_neighbour(self, course, admin):
        assert move(row=module(course, 3), to=Way.UP, by=admin)
        assert shown(course.modules) == [1, 3, 2]
        assert move(row=module(course, 1), to=Way.DOWN, by=admin)
        assert shown(course.modules) == [3, 1, 2]
        assert move(row=lesson(course, 2, 2), to=Way.UP, by=admin)
        assert shown(module(course, 2).lessons) == [2, 1]
        assert shown(module(course, 1).lessons) == [1, 2]

    def test_over_a_gap(self, admin):
        row = CourseFactory()
        for number in (1, 7):
            ModuleFactory(course=row, number=number)

        assert move(row=module(row, 7), to=Way.UP, by=admin)

        assert list(row.modules.values_list("number", "position")) == [(7, 1), (1, 7)]

    def test_at_the_edge_nothing_happens(self, course, admin):
        before = list(course.modules.values_list("pk", "position", "version"))

        assert not move(row=module(course, 1), to=Way.UP, by=admin)
        assert not move(row=module(course, 3), to=Way.DOWN, by=admin)
        assert not move(row=lesson(course, 2, 1), to=Way.UP, by=admin)

        assert list(course.modules.values_list("pk", "position", "version")) == before

    def test_what_people_have_done_stays_theirs(self, course, admin, participant, now):
        row = EnrolmentFactory(course=course, person=participant)
        taking_part.mark_lesson(enrolment=row, lesson=lesson(course, 1, 1), done=True, now=now)
        taking_part.note_quiz(enrolment=row, module=module(course, 1), now=now)
        row.refresh_from_db()
        before = (row.enrolled_at, row.active_at, row.finished_at, row.left_at)

        move(row=module(course, 1), to=Way.DOWN, by=admin)
        move(row=lesson(course, 1, 1), to=Way.DOWN, by=admin)

        row.refresh_from_db()
        assert (row.enrolled_at, row.active_at, row.finished_at, row.left_at) == before
        assert LessonDone.objects.get().lesson == lesson(course, 1, 1)
        outline = outline_of(course, row)
        assert [[step.is_done for step in part.steps] for part in outline.parts] == [
            [False, False, False],
            [False, True, True],
            [False, False, False],
        ]
        assert outline.next.url == "/courses/kurs/2/1/"

    def test_the_files_still_find_every_row(self, admin, now):
        load_curriculum()
        course = Course.objects.get()
        first = course.modules.first()
        move(row=first, to=Way.DOWN, by=admin)
        move(row=first.lessons.first(), to=Way.DOWN, by=admin)
        order = shown(course.modules)

        done = load_curriculum()

        assert (done.new, done.changed, done.kept) == (0, 0, [])
        assert order == [9, 1]
        assert shown(course.modules) == order
        assert shown(first.lessons)[:2] == [2, 1]


class TestReaders:
    @pytest.fixture
    def client(self, course, admin, participant):
        """Module 3 is the second, and its lesson 2 the first in it."""
        move(row=module(course, 3), to=Way.UP, by=admin)
        move(row=lesson(course, 3, 2), to=Way.UP, by=admin)
        EnrolmentFactory(course=course, person=participant)
        return signed_in(participant, "en")

    def test_go_on_in_the_new_order(self, course, client, participant):
        urls = [step.url for step in outline_of(course, None).steps]

        assert urls[3:7] == [f"/courses/kurs/{end}/" for end in ("3/2", "3/1", "3/quiz", "2/1")]
        html = client.get("/courses/kurs/3/1/").content.decode()
        assert 'href="/courses/kurs/3/2/"' in html
        assert 'href="/courses/kurs/3/quiz/"' in html
        answer = client.post("/courses/kurs/1/quiz/", {f"question_{1}": []})
        assert answer.context["after"].url == "/courses/kurs/3/2/"

    def test_read_the_place_and_not_the_number(self, client):
        assert "Module 2, lesson 1" in client.get("/courses/kurs/3/2/").content.decode()
        assert "<h1>2. Module 3</h1>" in client.get("/courses/kurs/3/").content.decode()
        paper = client.get("/courses/kurs/3/print/").content.decode()
        assert paper.index("<h2>2.1 Lesson 3.2</h2>") < paper.index("<h2>2.2 Lesson 3.1</h2>")
        html = client.get("/courses/kurs/").content.decode()
        assert html.index("2. Module 3") < html.index("3. Module 2")

    def test_pictures_are_those_of_the_files(self, course, client):
        lesson(course, 3, 2)
        Lesson.objects.filter(module__number=3).update(text_en="![A line](timeline.svg)")

        assert "/m03/timeline" in client.get("/courses/kurs/3/2/").content.decode()

    def test_a_date_goes_with_its_module(self, course, client):
        for after, title in ((3, "After three"), (0, "Opening"), (7, "After seven")):
            CourseDateFactory(course=course, after_module=after, session__title_en=title)

        outline = outline_of(course, None)

        assert [len(part.dates) for part in outline.parts] == [0, 2, 0]
        assert len(outline.dates) == 1


def test_texts_name_the_place(course, admin):
    move(row=module(course, 3), to=Way.UP, by=admin)

    assert str(module(course, 3)).startswith("2. ")
    assert str(lesson(course, 3, 2)).startswith("2.2 ")
