"""The order of modules and lessons, and the page of the office that shows a course as a tree."""

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.architecture.sent.cases import Sent
from tests.architecture.test_sent_twenty_times import sent_at_once
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.training import (
    CourseDateFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonFileFactory,
    ModuleFactory,
    SelfCheckQuestionFactory,
)
from training.actions import cloning, taking_part
from training.actions.editing import save_texts
from training.actions.ordering import move
from training.choices import Way
from training.loading import load_curriculum
from training.models import Answer, ChecklistItem, Course, Lesson, LessonDone, Module, Question
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
        answer = client.get("/courses/kurs/1/quiz/")
        assert answer.context["after"].url == "/courses/kurs/3/2/"

    def test_read_the_place_and_not_the_number(self, client):
        assert "Module 2, lesson 1" in client.get("/courses/kurs/3/2/").content.decode()
        assert "<h1>2. Module 3</h1>" in client.get("/courses/kurs/3/").content.decode()
        paper = client.get("/courses/kurs/3/print/").content.decode()
        assert paper.index("<h2>2.1 Lesson 3.2</h2>") < paper.index("<h2>2.2 Lesson 3.1</h2>")
        html = client.get("/courses/kurs/").content.decode()
        assert html.index("2. Module 3") < html.index("3. Module 2")

    def test_pictures_are_those_of_the_files(self, course, client):
        Lesson.objects.filter(module__number=3).update(text_en="![A line](images/timeline.svg)")

        assert "/m03/timeline.svg" in client.get("/courses/kurs/3/2/").content.decode()

    def test_a_date_goes_with_its_module(self, course, client):
        for after, title in ((3, "Three"), (2, "Two"), (0, "Opening"), (7, "Seven")):
            CourseDateFactory(course=course, after_module=after, session__title_en=title)

        outline = outline_of(course, None)

        # The last module in the files is now the second; what names none that is there goes with it.
        assert [[str(date.title) for date in part.dates] for part in outline.parts] == [
            [],
            ["Three", "Seven"],
            ["Two"],
        ]
        assert len(outline.dates) == 1


def test_texts_name_the_place(course, admin):
    move(row=module(course, 3), to=Way.UP, by=admin)

    assert str(module(course, 3)).startswith("2. ")
    assert str(lesson(course, 3, 2)).startswith("2.2 ")


def page(course: Course) -> str:
    return f"/admin/training/course/{course.pk}/tree/"


def pressed(row: Module | Lesson, to: str) -> dict[str, Any]:
    return {"kind": row._meta.model_name, "row": row.pk, "to": to, "key": str(uuid4())}


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


class TestPage:
    def test_shows_what_stands_in_what(self, course, admin):
        question, item = Question.objects.get(module__number=1), ChecklistItem.objects.get(module__number=1)
        check = SelfCheckQuestionFactory(course=course)
        opening = CourseDateFactory(course=course, session__title_en="Opening").session.course_dates.get()
        evening = CourseDateFactory(course=course, after_module=1, session__title_en="Evening")
        Lesson.objects.filter(module__number=1, number=2).update(minutes=25)
        other = ModuleFactory(title_en="Of another course")

        html = signed_in(admin, "en").get(page(course)).content.decode()

        rows = [
            opening,
            module(course, 1),
            lesson(course, 1, 1),
            lesson(course, 1, 2),
            question,
            item,
            evening,
        ]
        rows += [module(course, 2), module(course, 3), lesson(course, 3, 2), check]
        links = [f"/admin/training/{row._meta.model_name}/{row.pk}/change/" for row in rows]
        assert [link for link in links if link not in html] == []
        assert sorted(links, key=html.index) == links
        assert other.title_en not in html
        words = text(html)
        assert "1. Module 1 35 minutes" in words
        assert "1.2 Lesson 1.2 25 minutes" in words
        assert "All lessons together: 75 minutes" in words
        assert "What 1? 2 answers" in words

    def test_a_date_stands_behind_its_module_wherever_that_is(self, course, admin):
        CourseDateFactory(course=course, after_module=3, session__title_en="Evening", session__state="draft")
        move(row=module(course, 3), to=Way.UP, by=admin)

        html = signed_in(admin, "en").get(page(course)).content.decode()

        places = [html.index(one) for one in (">Module 1<", ">Module 3<", ">Evening<", ">Module 2<")]
        assert sorted(places) == places
        assert "number 3 in its address" in html
        assert re.search(r"\d\d:\d\d \(\w+, \w+\)", html)
        assert "(Europe/" not in html

    def test_marks_what_is_to_be_translated(self, course, admin, now):
        row = lesson(course, 2, 1)
        row.text_de = "Neu."
        save_texts(row=row, now=now)
        Module.objects.filter(number=3).update(title_en="")
        Answer.objects.filter(question__module__number=1, number=1).update(why_de="")
        LessonFileFactory(lesson=lesson(course, 1, 2), title_en="")
        other = ModuleFactory(questions=1)
        Question.objects.filter(module=other).update(text_en="")

        words = text(signed_in(admin, "en").get(page(course)).content.decode())

        assert "Lesson 2.1 10 minutes English: outdated since 26 March 2027" in words
        assert "3. Modul 3 20 minutes English: is missing" in words
        assert "2 answers answer, German: is missing" in words
        assert "Lesson 1.2 10 minutes download of a lesson, English: is missing" in words
        assert (words.count("is missing"), words.count("outdated")) == (3, 1)

    def test_asks_no_more_for_more_rows(self, admin):
        """Seven for the course and its rows, eight for what is to be translated, two for who is there."""
        client, counts = signed_in(admin, "en"), []
        for number in (1, 8):
            course = CourseFactory()
            for _at in range(number):
                ModuleFactory(course=course, questions=number, items=number, lessons=number)
                CourseDateFactory(course=course, after_module=number)
                SelfCheckQuestionFactory(course=course)
            Lesson.objects.update(title_en="")
            Answer.objects.update(text_en="")
            client.get(page(course))
            with CaptureQueriesContext(connection) as queries:
                client.get(page(course))
            counts.append(len(queries))

        assert counts == [17, 17]

    def test_buttons_have_names_and_are_missing_at_the_ends(self, course, admin):
        Module.objects.filter(number=2).update(title_en='Say "hello" & <go>')

        html = signed_in(admin, "en").get(page(course)).content.decode()

        labels = re.findall(r'<button type="submit" name="to" value="(up|down)" aria-label="([^"]*)"', html)
        middle = "Say &quot;hello&quot; &amp; &lt;go&gt;"
        assert [one for one in labels if "Lesson" not in one[1]] == [
            ("down", "Move “Module 1” down"),
            ("up", f"Move “{middle}” up"),
            ("down", f"Move “{middle}” down"),
            ("up", "Move “Module 3” up"),
        ]
        assert [one for one in labels if "Lesson 2" in one[1]] == [
            ("down", "Move “Lesson 2.1” down"),
            ("up", "Move “Lesson 2.2” up"),
        ]
        assert "<script" not in html.split('id="content"')[1].split('id="footer"')[0]

    def test_stands_first_among_what_one_can_do_with_a_course(self, course, admin):
        html = signed_in(admin, "en").get(f"/admin/training/course/{course.pk}/change/").content.decode()

        assert f'href="{page(course)}">Structure of the course</a>' in html
        assert html.index(page(course)) < html.index(f"/admin/training/course/{course.pk}/copy/")

    def test_who_may_not_read_a_row_gets_no_link_to_it(self, course):
        person = UserFactory(is_staff=True)
        grant(person, "training.view_course", "training.change_course", "training.view_lesson")

        html = signed_in(person, "en").get(page(course)).content.decode()

        assert f"/admin/training/lesson/{lesson(course, 1, 1).pk}/change/" in html
        assert "/admin/training/module/" not in html.split('id="content"')[1]
        assert "What 1?" in html


class TestPress:
    def test_moves_and_leads_back_to_the_row(self, course, admin):
        client, row = signed_in(admin, "en"), lesson(course, 1, 2)

        answer = client.post(page(course), pressed(row, "up"))

        assert (answer.status_code, answer.url) == (302, f"{page(course)}#lesson-{row.pk}")
        assert shown(module(course, 1).lessons) == [2, 1]
        html = client.get(answer.url).content.decode()
        assert "“Lesson 1.2” has moved." in html
        assert f'id="lesson-{row.pk}"' in html
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id, entry.change_message) == (admin, str(row.pk), "moved up")

    def test_the_page_carries_what_it_needs(self, course, admin):
        """A form as the page has it."""
        client = signed_in(admin, "en")
        html = client.get(page(course)).content.decode()
        form = html.split(f'id="module-{module(course, 1).pk}"')[1].split("</form>")[0]
        data = dict(re.findall(r'name="(key|kind|row)" value="([^"]*)"', form))

        client.post(page(course), data | {"to": "down"})

        assert shown(course.modules) == [2, 1, 3]

    def test_sent_twice_moves_once(self, course, admin):
        client, data = signed_in(admin, "en"), pressed(module(course, 1), "down")

        first, second = client.post(page(course), data), client.post(page(course), data)

        assert first.url == second.url == f"{page(course)}#module-{data['row']}"
        assert shown(course.modules) == [2, 1, 3]
        # The same page's other button is another act.
        client.post(page(course), data | {"to": "up"})
        assert shown(course.modules) == [1, 2, 3]

    def test_at_the_edge_it_says_that_nothing_moved(self, course, admin):
        client = signed_in(admin, "en")

        answer = client.post(page(course), pressed(module(course, 1), "up"), follow=True)

        assert "“Module 1” stays where it is." in answer.content.decode()
        assert not LogEntry.objects.exists()

    def test_a_row_of_another_course_is_not_there(self, course, admin):
        client, other = signed_in(admin), ModuleFactory()
        ModuleFactory(course=other.course)

        for row in (other, other.lessons.first()):
            assert client.post(page(course), pressed(row, "down")).status_code == 404
        assert shown(other.course.modules) == [1, 2]
        assert shown(other.lessons) == [1, 2]

    @pytest.mark.parametrize("wrong", [{"key": ""}, {"to": "away"}, {"kind": "course"}, {"row": "x"}])
    def test_what_no_button_sends_moves_nothing(self, course, admin, wrong):
        answer = signed_in(admin).post(page(course), pressed(module(course, 1), "down") | wrong)

        assert answer.status_code == 422
        assert shown(course.modules) == [1, 2, 3]

    def test_only_with_the_right(self, course, outsider):
        reader = UserFactory(is_staff=True)
        grant(reader, "training.view_course", "training.change_module", "training.change_lesson")
        data = pressed(module(course, 1), "down")

        answers = [client.post(page(course), data) for client in (Client(), signed_in(outsider))]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert all("#module" not in answer.url for answer in answers)
        assert signed_in(reader).post(page(course), data).status_code == 403
        assert shown(course.modules) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Real connections and commits."""

    def test_twenty_times_the_same_form_moves_once(self, course, admin):
        answers = sent_at_once(Sent(admin, page(course), pressed(module(course, 1), "down")))

        assert len(set(answers)) == 1
        assert answers[0][0] == 302
        assert shown(course.modules) == [2, 1, 3]

    def test_two_people_at_once_wait_for_each_other(self, course, admin):
        """Whatever comes first, every row keeps a place of its own."""
        acts = [(number, to) for number in (1, 2, 3) for to in ("up", "down")] * 3
        other = UserFactory(is_staff=True, is_superuser=True)

        def press(at: int) -> int:
            try:
                number, to = acts[at]
                client = signed_in((admin, other)[at % 2])
                return client.post(page(course), pressed(module(course, number), to)).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as crowd:
            answers = list(crowd.map(press, range(len(acts))))

        assert set(answers) == {302}
        assert sorted(course.modules.values_list("position", flat=True)) == [1, 2, 3]
