"""Which texts lack a language, and which are outdated in one because the other was changed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.training import CourseFactory, LessonFileFactory, ModuleFactory
from training.actions.editing import agree, save_course, save_texts
from training.loading import digest, load_curriculum
from training.models import Answer, ChecklistItem, Course, Lesson, Module, Question
from training.queries.translations import gaps, outdated

pytestmark = pytest.mark.django_db
PAGE = "/admin/training/course/translations/"


def edit(row, now, **texts: str) -> None:
    for name, text in texts.items():
        setattr(row, name, text)
    save_texts(row=row, now=now)


def behind(row) -> set[str]:
    model = type(row)
    return {code for code in ("de", "en") if model.objects.filter(outdated(code), pk=row.pk).exists()}


@pytest.fixture
def lesson() -> Lesson:
    return ModuleFactory().lessons.first()


class TestRule:
    def test_german_alone_leaves_english_behind_until_that_is_changed_too(self, lesson, now):
        edit(lesson, now, text_de="Neu.")
        assert behind(lesson) == {"en"}
        edit(lesson, now + timedelta(days=1), title_de="Noch neuer")
        assert behind(lesson) == {"en"}

        edit(lesson, now + timedelta(days=2), text_en="New.")
        assert behind(lesson) == set()

    def test_the_other_way_round(self, lesson, now):
        edit(lesson, now, text_en="New.")
        assert behind(lesson) == {"de"}
        edit(lesson, now + timedelta(days=1), text_de="Neu.")
        assert behind(lesson) == set()
        edit(lesson, now + timedelta(days=2), text_de="Wieder neu.")
        assert behind(lesson) == {"en"}

    def test_both_at_once_agree(self, lesson, now):
        edit(lesson, now, text_de="Neu.")
        edit(lesson, now, text_de="Neuer.", text_en="Newer.")
        assert behind(lesson) == set()

    def test_what_is_no_text_changes_nothing(self, lesson, now):
        lesson.minutes = 30
        save_texts(row=lesson, now=now)

        assert behind(lesson) == set()
        edit(lesson, now, text_de="Neu.")
        lesson.minutes = 40
        save_texts(row=lesson, now=now + timedelta(days=1))
        assert behind(lesson) == {"en"}

    def test_how_a_browser_ends_lines_is_no_change(self, lesson, now):
        lesson.text_en = lesson.text_en.replace("\n", "\r\n")
        assert "\r\n" in lesson.text_en

        edit(lesson, now, text_de="Neu.\r\nUnd mehr.")

        assert behind(lesson) == {"en"}
        lesson.refresh_from_db()
        assert lesson.text_de == "Neu.\nUnd mehr."
        assert "\r" not in lesson.text_en

    def test_filling_what_was_empty_is_translating(self, now):
        module = ModuleFactory(summary_en="")

        edit(module, now, summary_en="In short.")

        assert behind(module) == set()

    def test_said_to_be_right(self, lesson, admin, now):
        edit(lesson, now, text_de="Neu.")
        agree(row=lesson, by=admin, now=now + timedelta(days=1))

        assert behind(lesson) == set()
        lesson.refresh_from_db()
        edit(lesson, now + timedelta(days=2), text_de="Neuer.")
        assert behind(lesson) == {"en"}

    def test_a_course_too(self, now):
        course = CourseFactory(state="draft")
        course.summary_de = "Neu."
        save_course(course=course, now=now)

        assert behind(course) == {"en"}

    def test_files_come_in_both_languages(self, now):
        load_curriculum()
        assert gaps() == []
        lesson = Lesson.objects.first()
        Lesson.objects.filter(pk=lesson.pk).update(loaded="of an older file", changed_de=now)
        # As if nobody had edited it: its digest is that of its texts.
        texts = {
            name: getattr(lesson, name) for name in ("minutes", "title_de", "title_en", "text_de", "text_en")
        }
        Lesson.objects.filter(pk=lesson.pk).update(text_de="Alt.", loaded=digest(texts | {"text_de": "Alt."}))
        assert behind(lesson) == {"en"}

        assert load_curriculum().changed == 1

        assert behind(lesson) == set()


class TestDownloads:
    def test_a_download_counts_as_a_text(self):
        row = LessonFileFactory(title_en="")

        assert [(gap.row, gap.language, gap.is_missing) for gap in gaps()] == [(row, "en", True)]


class TestPage:
    def test_names_every_gap(self, admin, now):
        module = ModuleFactory(course__slug="b", title_en="", questions=1, items=1)
        edit(module.lessons.get(number=2), now, text_de="Neu.")
        Question.objects.update(text_en="")
        Answer.objects.filter(number=2).update(why_de="")
        ChecklistItem.objects.update(text_de=None)
        ModuleFactory(course__state="archived", title_en="")

        found = {(type(gap.row), gap.language, gap.is_missing) for gap in gaps()}

        assert found == {
            (Module, "en", True),
            (Lesson, "en", False),
            (Question, "en", True),
            (Answer, "de", True),
            (ChecklistItem, "de", True),
        }
        assert len(gaps()) == 5
        html = signed_in(admin, "en").get(PAGE).content.decode()
        assert f"/admin/training/module/{module.pk}/change/" in html
        assert "outdated since 26 March 2027" in html
        assert html.count("is missing") == 4

    def test_says_when_nothing_is_to_be_done(self, admin):
        ModuleFactory()

        assert "Everything is there in both languages." in signed_in(admin, "en").get(PAGE).content.decode()

    def test_asks_no_more_for_more_rows(self, admin):
        client, counts = signed_in(admin, "en"), []
        for number in (1, 6):
            for _at in range(number):
                ModuleFactory(questions=3, items=3)
            Question.objects.update(text_en="")
            Answer.objects.update(text_en="")
            Lesson.objects.update(title_en="")
            with CaptureQueriesContext(connection) as queries:
                client.get(PAGE)
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_is_for_editors_as_well(self):
        editor, other = UserFactory(is_staff=True), UserFactory(is_staff=True)
        grant(editor, "training.view_lesson", "training.change_lesson")

        assert signed_in(editor).get(PAGE).status_code == 200
        assert PAGE in signed_in(editor).get("/admin/training/lesson/").content.decode()
        assert signed_in(other).get(PAGE).status_code == 403


class TestLists:
    @pytest.mark.parametrize("model", [Course, Module, Lesson])
    def test_filter_and_note(self, admin, now, model):
        ModuleFactory()
        ModuleFactory()
        row = model.objects.first()
        edit(row, now, title_de="Neu")
        client, address = signed_in(admin, "en"), f"/admin/training/{model._meta.model_name}/"

        def shown(language: str) -> list[int]:
            return [one.pk for one in client.get(f"{address}?outdated={language}").context["cl"].result_list]

        assert shown("en") == [row.pk]
        assert shown("de") == []
        client.post(address, {"action": "agree", "_selected_action": [row.pk]})
        assert shown("en") == []

    def test_answers_are_noted_with_their_question(self, admin, now):
        first, second = Question.objects.filter(module=ModuleFactory(questions=2))
        for question in (first, second):
            edit(question.answers.get(number=1), now, text_de="Neu.")
        client = signed_in(admin, "en")

        html = client.post(
            "/admin/training/question/", {"action": "agree", "_selected_action": [first.pk]}, follow=True
        )

        assert "2 texts are noted as right." in html.content.decode()
        assert [gap.row for gap in gaps()] == [second.answers.get(number=1)]
        # Nobody has worked on the other one.
        assert first.answers.get(number=2).version == 1
