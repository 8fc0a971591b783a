"""A course as files, looked at before it is brought in: what would change is said, nothing is written."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.training import ModuleFactory
from tests.training.course_files_office import (
    IMPORT,
    changed,
    everything,
    files_of,
    zipped,
)
from training.actions.editing import save_texts
from training.models import Course, Lesson

pytestmark = pytest.mark.django_db


class TestLook:
    def test_says_what_would_change_and_writes_nothing(self, course, office):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files = changed(files, "m01/checklist.de.md", "Punkt 2", "Zweitens")
        before = everything()

        answer = office.look(zipped(files))

        html = answer.content.decode()
        lesson = Lesson.objects.get(number=1)
        assert answer.status_code == 200
        assert everything() == before
        assert f"New: 0, changed: 2, the same: {sum(map(len, before)) - 2}." in html
        assert f'<a href="/admin/training/lesson/{lesson.pk}/change/">1.1 Lesson 1.1</a>' in html
        assert "<p>title [de]: Lektion 1.1</p>" in html
        assert "<p>title [de]: Neuer Titel</p>" in html
        assert "<p>text [de]: Zweitens</p>" in html
        assert "The course “" in html
        assert "It is published" in html

    def test_of_a_new_course(self, course, office):
        files = changed(files_of("kurs"), "course.toml", '"kurs"', '"anderer-kurs"')

        html = office.look(zipped(files)).content.decode()

        assert "There is no course at the address “anderer-kurs” yet." in html
        assert f"New: {sum(map(len, everything()))}, changed: 0, the same: 0." in html
        assert Course.objects.count() == 1

    def test_the_same_again_cannot_be_written(self, course, office):
        answer = office.look(zipped(files_of("kurs")))

        assert "Everything in the files stands there already." in answer.content.decode()
        assert 'name="write"' not in answer.content.decode()

    def test_what_the_files_lack_is_named_and_stays(self, course, office):
        ModuleFactory(course=course, title_en="Second")
        files = {name: text for name, text in files_of("kurs").items() if not name.startswith("m02/")}
        files = changed(files, "m01/module.toml", "minutes = [10, 10]", "minutes = [10]")
        files = {name: text for name, text in files.items() if not name.startswith("m01/2.")}

        answer = office.look(zipped(files))

        assert [str(row) for _kind, row, _address in answer.context["left"]] == [
            "1.2 Lesson 1.2",
            "2. Second",
        ]
        assert "an import deletes nothing" in answer.content.decode()

    @pytest.mark.parametrize("way", ["text", "office"])
    def test_marks_what_was_changed_here_after_the_export(self, course, office, admin, way):
        first, second = Lesson.objects.order_by("number")
        for row in (first, second):
            save_texts(row=row, now=timezone.now() - timedelta(days=2))
        LogEntry.objects.log_actions(admin.pk, [first], 2, "before", single_object=True)
        LogEntry.objects.update(action_time=timezone.now() - timedelta(days=2))
        files = files_of("kurs", timezone.now() - timedelta(days=1))
        for number in "12":
            files = changed(files, f"m01/{number}.de.md", "Ein *Text*", "Mein Text")
        if way == "text":
            second.text_de = "Hier geändert."
            save_texts(row=second, now=timezone.now())
        else:
            # As the admin notes what is no text, such as the minutes.
            LogEntry.objects.log_actions(admin.pk, [second], 2, "minutes", single_object=True)

        answer = office.look(zipped(files))

        marks = {one["change"].row.number: one["change"].is_newer for one in answer.context["rows"]}
        assert marks == {1: False, 2: True}
        assert "1 text was changed here after the export." in answer.content.decode()

    @pytest.mark.parametrize("said", ["", 'exported = "gestern"', "exported = 0001-01-01T00:00:00+14:00"])
    def test_marks_nothing_without_the_moment_of_the_export(self, course, office, admin, said):
        lesson = Lesson.objects.get(number=1)
        LogEntry.objects.log_actions(admin.pk, [lesson], 2, "minutes", single_object=True)
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files["course.toml"] = re.sub("exported = .*", said, files["course.toml"])

        answer = office.look(zipped(files))

        assert [one["change"].is_newer for one in answer.context["rows"]] == [False]
        assert "The files were exported on" not in answer.content.decode()

    def test_asks_the_database_as_often_for_many_changes(self, course, office):
        files = files_of("kurs")
        few = changed(files, "m01/1.de.md", "Ein", "Kein")
        many = dict(few)
        for name in files:
            if name.endswith((".md", ".toml")) and name != "course.toml":
                many |= {name: re.sub(r"(Ein|Was|Antwort|Darum|Punkt|Kurz|etwas)", r"\1 neu", many[name])}
        office.look(zipped(few))

        counts = []
        for one in (few, many):
            with CaptureQueriesContext(connection) as asked:
                answer = office.look(zipped(one))
            counts.append((len(asked), len(answer.context["rows"])))

        assert counts[0][0] == counts[1][0]
        assert [rows for _queries, rows in counts] == [1, 8]

    def test_faults_are_said_with_file_and_line(self, course, office):
        files = files_of("kurs") | {"m01/quiz.de.toml": '[[question]]\ntext = "a\n'}
        files = changed(files, "m01/1.de.md", "Ein *Text*.", "![x](images/not-there.svg)")
        before = everything()

        answer = office.look(zipped(files))

        html = answer.content.decode()
        assert answer.status_code == 422
        assert "m01/quiz.de.toml:2: " in html
        assert (
            "m01/1.de.md:5: images/not-there.svg is no picture of the folder of this module on the server"
            in html
        )
        assert everything() == before

    @pytest.mark.parametrize(
        ("name", "text", "reason"),
        [
            ("m01/module.toml", "number = 1\nminutes = [99999]\n", "minutes"),
            ("m01/module.toml", "number = 1\nminutes = [true]\n", "minutes"),
            ("course.toml", f"slug = {'[' * 5000}", "cannot be read"),
            ("course.toml", f"slug = {'9' * 5000}", "cannot be read"),
            ("course.toml", f'slug = "{"a" * 81}"', "slug"),
            ("m01/1.de.md", "# Titel\n\na\x00b", "U+0000"),
            ("m01/quiz.de.toml", '[[question]]\ntext = "a\\u0000"', "U+0000"),
            ("m01/1.de.md", b"# \xff", "UTF-8"),
            ("m01/3.de.md", "# Drei", "belongs to no lesson"),
            ("selfcheck.en.toml", "", "another number"),
            (
                "m01/1.media.toml",
                '[video]\nurl = "https://v.example/"\n[video.de]\ntitle = "T"',
                "transcript",
            ),
        ],
    )
    def test_is_no_look_at_faulty_files(self, course, office, name, text, reason):
        answer = office.look(zipped(files_of("kurs") | {name: text}))

        assert answer.status_code == 422
        assert [
            one
            for one in answer.context["form"].errors["file"]
            if one.startswith(f"{name}:") and reason in one
        ]

    def test_the_first_faults_are_enough(self, course, office, monkeypatch):
        monkeypatch.setattr("training.forms.course_files.MOST_FAULTS", 2)

        answer = office.look(zipped({"course.toml": 'slug = "kurs"'}))

        first, second, rest = answer.context["form"].errors["file"]
        assert first.startswith("course.toml:1: title is missing")
        assert second == "selfcheck.de.toml:1: is missing"
        assert re.fullmatch(r"And \d+ more\.", rest)

    def test_more_text_than_a_form_carries(self, course, office, monkeypatch):
        monkeypatch.setattr("training.forms.course_files.MOST_CARRIED", 100)

        answer = office.look(zipped(files_of("kurs")))

        assert answer.status_code == 422
        assert "There is too much text in it" in answer.content.decode()

    def test_asks_for_a_file(self, office):
        key = "6a2ec1ba-6a3c-4ac4-8e0d-6ad9f7f1b2a1"

        answer = office.client.post(IMPORT, {"key": key, "look": "1"})

        assert answer.status_code == 422
        assert "Please choose a file." in answer.content.decode()


def test_a_flag_is_told_in_words(course, office):
    first = '[[question.answer]]\ntext = "{}"\nright = {}'
    files = files_of("kurs")
    for language, words in (("de", "Antwort 1.2"), ("en", "Answer 1.2")):
        name = f"m01/quiz.{language}.toml"
        files = changed(files, name, first.format(words, "false"), first.format(words, "true"))

    html = office.look(zipped(files)).content.decode()

    assert "<p>is right: no</p>" in html
    assert "<p>is right: yes</p>" in html
