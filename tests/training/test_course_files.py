"""A course as files: taken out and read again it says the same; brought in after a look, all or nothing, once."""

import json
import re
import shutil
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from tests.conftest import signed_in
from tests.factories.training import CourseFactory, LessonFileFactory, ModuleFactory, SelfCheckQuestionFactory
from training import course_zips
from training.actions import importing
from training.actions.editing import save_texts
from training.course_zips import NotUsable, unpack
from training.curriculum_files import FOLDER, CourseFile, Faulty, read
from training.curriculum_writing import written
from training.forms.course_files import SALT
from training.loading import load_curriculum
from training.models import (
    Answer,
    ChecklistItem,
    Course,
    Lesson,
    LessonFile,
    Module,
    Question,
    SelfCheckQuestion,
)
from training.queries.course_files import content_of, held, looked_at, media_of

pytestmark = pytest.mark.django_db
MODELS = (Course, Module, Lesson, LessonFile, Question, Answer, ChecklistItem, SelfCheckQuestion)
IMPORT = "/admin/training/course/import/"
NASTY = 'Er sagte: "Győr \\n ț ї"\n\n"""drei\\"""""\nÄ\\\n\tEnde""'
"""Quotation marks, backslashes and letters that TOML could stumble over, in several lines."""
CURRICULUM = "digitale-partnerschaft"


def zipped(files: dict[str, str | bytes], top: str = "") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(top + name, text)
    return file.getvalue()


def files_of(slug: str, exported: datetime | None = None) -> dict[str, str]:
    return written(content_of(held(slug)), exported=exported or timezone.now())


def read_again(files: dict[str, str], folder: Path) -> CourseFile:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return read(folder, draft_beside=FOLDER)


def everything() -> list[list[tuple]]:
    """Not through the managers: those give the columns of the reader's language."""
    return [list(QuerySet(model).order_by("pk").values_list()) for model in MODELS]


def changed(files: dict[str, str], name: str, old: str, new: str) -> dict[str, str]:
    assert old in files[name]
    return files | {name: files[name].replace(old, new, 1)}


class TestThereAndBack:
    def test_the_curriculum_comes_back_as_it_was_written(self, tmp_path):
        load_curriculum()

        again = read_again(files_of(CURRICULUM), tmp_path)

        assert again == read()
        assert [module.number for module in again.modules] == [1, 9]
        # Complete enough to become the curriculum.
        (tmp_path / "m01" / "images").symlink_to(FOLDER / "m01" / "images")
        with pytest.raises(Faulty) as caught, translation.override("en"):
            read(tmp_path)
        assert [fault for fault in caught.value.faults if "is no " not in fault] == []

    def test_edits_with_all_kinds_of_letters(self, tmp_path):
        load_curriculum()
        module = Module.objects.get(number=1)
        module.goals_de, module.product_en, module.summary_de = "eins\r\n\r\nzwei „drei“", "", NASTY
        lesson = module.lessons.get(number=2)
        lesson.title_de, lesson.text_de, lesson.text_en = 'Mit "Zitat" \\ und #', f"\n{NASTY}\r\nmehr\r\n", ""
        lesson.video_url, lesson.transcript_de, lesson.transcript_en = (
            "https://v.example/",
            NASTY,
            NASTY + "x",
        )
        lesson.video_title_de = lesson.video_title_en = '"""'
        answer = Answer.objects.filter(question__module=module).first()
        answer.why_de, answer.why_en, answer.is_right = NASTY, None, answer.is_right
        for row in (module, lesson, answer):
            row.save()

        again = read_again(files_of(CURRICULUM), tmp_path)

        assert again == content_of(held(CURRICULUM))
        texts = again.modules[0]
        assert texts.texts.values["summary_de"] == NASTY
        assert texts.texts.values["goals_de"] == "eins\n\nzwei „drei“"
        assert texts.lessons[1].values["transcript_de"] == NASTY
        assert texts.lessons[1].values["text_de"] == NASTY + "\nmehr"
        assert texts.lessons[1].values["video_title_en"] == '"""'
        assert texts.questions[0].answers[0].values["why_en"] == ""

    @pytest.mark.parametrize(
        "text",
        [
            '"',
            '""',
            '"""',
            '""""',
            'a\n"',
            'a\n"""',
            'a\\\n"""\\',
            "\\",
            "a\n\\",
            "\x7f\x01\n\x0b",
            "\u2028\n'''",
        ],
    )
    def test_what_ends_a_text_in_toml_does_not_end_it(self, text, tmp_path):
        row = ModuleFactory(summary_de=text)

        again = read_again(files_of(row.course.slug), tmp_path)

        assert again.modules[0].texts.values["summary_de"] == text.strip()

    def test_a_course_made_by_hand(self, tmp_path):
        """Its module has no folder, no section and nothing in English."""
        course = CourseFactory(slug="Von_Hand", title_en="", summary_de="", summary_en="")
        module = ModuleFactory(
            course=course, number=77, section="", questions=1, items=1, goals_de="", goals_en=None
        )
        Module.objects.filter(pk=module.pk).update(title_en=None, summary_en="", product_en="", product_de="")
        Lesson.objects.filter(module=module, number=1).update(title_en="", text_en="", text_de="")
        Question.objects.update(text_en="")
        Answer.objects.update(text_en=None, why_en="")
        ChecklistItem.objects.update(text_en="")
        SelfCheckQuestionFactory(course=course, text_en="", low_en="", high_en="")
        ModuleFactory(course=course, lessons=0)

        content = content_of(held("Von_Hand"))
        again = read_again(written(content, exported=timezone.now()), tmp_path)

        assert again == content
        assert media_of(content) == {}
        assert looked_at(again).changes == []

    def test_gaps_in_numbers_are_no_change(self, tmp_path):
        module = ModuleFactory(questions=3, items=3)
        module.questions.get(number=2).delete()
        module.checklist.get(number=1).delete()

        look = looked_at(read_again(files_of(module.course.slug), tmp_path))

        assert (look.changes, look.left) == ([], [])

    def test_long_texts_stand_in_lines(self):
        row = ModuleFactory(summary_de='Sie sagt: "ja"\nund geht.', goals_de="eins\nzwei")

        text = files_of(row.course.slug)[f"m{row.number:02}/module.toml"]

        assert (
            'summary = """\nSie sagt: "ja"\nund geht."""\n' not in text
        )  # a quotation mark at the end of a line
        assert 'summary = """\nSie sagt: \\"ja\\"\nund geht."""\n' in text
        assert 'goals = [\n    "eins",\n    "zwei",\n]\n' in text

    def test_the_curriculum_itself_still_has_to_be_complete(self, tmp_path):
        files = files_of(ModuleFactory(course__summary_en="").course.slug)
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")

        fault = r"course\.toml:\d+: summary is missing in \[en\]"
        with pytest.raises(Faulty, match=fault), translation.override("en"):
            read(tmp_path)


class TestExport:
    def exported(self, admin, course: Course) -> tuple[object, bytes]:
        answer = signed_in(admin).get(f"/admin/training/course/{course.pk}/files.zip")
        return answer, b"".join(answer.streaming_content)

    def test_is_a_zip_with_texts_and_what_they_name(self, admin):
        load_curriculum()
        course = Course.objects.get()

        answer, content = self.exported(admin, course)

        day = timezone.localdate(timezone.now(), timezone.get_default_timezone())
        assert answer["Content-Type"] == "application/zip"
        assert answer["Content-Disposition"] == f'attachment; filename="{CURRICULUM}-{day}.zip"'
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            assert names[:3] == ["README.txt", "course.toml", "m01/module.toml"]
            assert {
                "m01/images/timeline.svg",
                "m01/downloads/our-partnership-de.pdf",
                "m09/images/hour.svg",
            } <= set(names)
            picture = archive.read("m01/images/timeline.svg")
            assert "Deutsch" in archive.read("README.txt").decode()
        assert picture == (FOLDER / "m01" / "images" / "timeline.svg").read_bytes()
        assert set(unpack(content)) == set(files_of(CURRICULUM))

    def test_is_always_the_same(self, admin, monkeypatch):
        load_curriculum()
        moment = datetime(2027, 3, 26, 9, tzinfo=UTC)
        files, content = files_of(CURRICULUM, moment), content_of(held(CURRICULUM))
        made = []
        for _at in range(2):
            file = BytesIO()
            course_zips.pack(file, files, media_of(content))
            made.append(file.getvalue())
            monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)

        assert made[0] == made[1]

    def test_gives_nothing_that_lies_elsewhere(self):
        module = ModuleFactory(number=1)
        Lesson.objects.filter(number=1).update(
            text_de="![a](images/../module.toml) ![b](images/two-sides.svg) ![c](/etc/passwd)",
            video_file="videos/../module.toml",
        )

        assert set(media_of(content_of(held(module.course.slug)))) == {"m01/images/two-sides.svg"}

    def test_is_asked_with_constant_queries(self, admin, django_assert_num_queries):
        row = ModuleFactory(questions=1, items=1)
        with CaptureQueriesContext(
            connection,
        ) as few:
            held(row.course.slug)
        for _at in range(3):
            ModuleFactory(course=row.course, questions=3, items=2)

        with django_assert_num_queries(len(few)):
            held(row.course.slug)
        assert len(few) == 8

    def test_posts_change_nothing(self, admin):
        course = CourseFactory()

        assert signed_in(admin).post(f"/admin/training/course/{course.pk}/files.zip").status_code == 405


@pytest.fixture
def course() -> Course:
    row = ModuleFactory(course__slug="kurs", questions=1, items=2, number=1).course
    LessonFileFactory(lesson=Lesson.objects.get(number=1))
    SelfCheckQuestionFactory(course=row)
    return row


class Office:
    """The office's browser before the page."""

    def __init__(self, admin) -> None:
        self.client = signed_in(admin, "en")

    def look(self, content: bytes, **more: str):
        key = str(self.client.get(IMPORT).context["form"]["key"].value())
        file = SimpleUploadedFile("kurs.zip", content, "application/zip")
        return self.client.post(IMPORT, {"file": file, "key": key, "look": "1", **more})

    def written_from(self, look) -> dict[str, str]:
        form = look.context["form"]
        return {name: str(form[name].value()) for name in ("texts", "shown", "key")} | {"write": "1"}

    def write(self, look):
        return self.client.post(IMPORT, self.written_from(look))


@pytest.fixture
def office(admin) -> Office:
    return Office(admin)


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


class TestWriting:
    def test_writes_what_was_shown_once(self, course, office, admin):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files = changed(files, "m01/quiz.en.toml", "Because 1.2", "For this reason")
        data = office.written_from(office.look(zipped(files)))

        first, second = office.client.post(IMPORT, data), office.client.post(IMPORT, data)

        lesson, answer = Lesson.objects.get(number=1), Answer.objects.get(number=2)
        assert first.status_code == second.status_code == 302
        assert first.url == second.url == f"/admin/training/course/{course.pk}/change/"
        assert (lesson.title_de, lesson.version, lesson.loaded) == ("Neuer Titel", 2, "")
        assert lesson.changed_de is not None
        assert lesson.changed_en is None
        assert (answer.why_en, answer.changed_de) == ("For this reason", None)
        entries = {entry.object_id: entry for entry in LogEntry.objects.filter(user=admin)}
        assert set(entries) == {str(lesson.pk), str(answer.pk)}
        assert entries[str(lesson.pk)].get_edited_object() == lesson
        assert "title [de]: “Lektion 1.1” → “Neuer Titel”" in entries[str(lesson.pk)].get_change_message()
        assert Module.objects.get().version == 1

    def test_makes_a_draft_without_dates(self, course, office):
        Course.objects.update(enrol_from=timezone.now(), seats=4)
        files = changed(files_of("kurs"), "course.toml", '"kurs"', '"anderer"')

        answer = office.write(office.look(zipped(files)))

        made = Course.objects.get(slug="anderer")
        assert answer.url == reverse("admin:training_course_change", args=[made.pk])
        assert (made.state, made.enrol_from, made.seats, made.group, made.loaded) == (
            "draft",
            None,
            None,
            None,
            "",
        )
        expected = content_of(held("kurs"))
        found = content_of(held("anderer"))
        assert (found.texts, found.modules, found.selfcheck) == (
            expected.texts,
            expected.modules,
            expected.selfcheck,
        )
        assert found.modules[0].downloads[0][0].values["file_de"] == "downloads/our-partnership-de.pdf"
        assert LogEntry.objects.filter(action_flag=1).count() == sum(map(len, everything())) // 2

    def test_new_rows_come_behind_those_that_are_there(self, course, office):
        Question.objects.create(module=Module.objects.get(), number=5, text_de="Fünf?", text_en="Five?")
        files = files_of("kurs")
        files |= {
            "m01/module.toml": files["m01/module.toml"].replace("[10, 10]", "[10, 10, 25]"),
            "m01/3.de.md": "# Drei\n\nDritter Text\n",
        }
        answer = '[[question.answer]]\ntext = "a"\nright = true\nwhy = "b"\n'
        files = {
            name: text + (f'{answer}\n[[question]]\ntext = "Sechs?"\n{answer}' if "/quiz." in name else "")
            for name, text in files.items()
        }

        office.write(office.look(zipped(files)))

        lesson = Lesson.objects.get(number=3)
        assert (lesson.title_de, lesson.title_en or "", lesson.minutes, lesson.loaded) == ("Drei", "", 25, "")
        assert [row.number for row in Question.objects.order_by("number")] == [1, 5, 6]
        assert Answer.objects.get(question__number=6).is_right is True
        assert Answer.objects.get(question__number=5).text_en == "a"

    def test_not_if_other_rows_would_change_by_now(self, course, office):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        look = office.look(zipped(files))
        lesson = Lesson.objects.get(number=1)
        lesson.title_de = "Jemand anders"
        save_texts(row=lesson, now=timezone.now())

        answer = office.write(look)

        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody has changed the course in the meantime." in html
        assert "<p>title [de]: Jemand anders</p>" in html
        assert Lesson.objects.get(number=1).title_de == "Jemand anders"
        # Having seen that, it may be done.
        assert office.write(answer).status_code == 302
        assert Lesson.objects.get(number=1).title_de == "Neuer Titel"

    def test_all_or_nothing(self, course, admin, now, tmp_path, monkeypatch):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files = changed(files, "m01/2.de.md", "Lektion 1.2", "Noch einer")
        read_files = read_again(files, tmp_path)
        before, done = everything(), []

        def stumbles(*, row, now):
            if done:
                raise RuntimeError
            done.append(row)
            save_texts(row=row, now=now)

        monkeypatch.setattr("training.actions.editing.save_texts", stumbles)
        with pytest.raises(RuntimeError):
            importing.bring_in(files=read_files, shown=looked_at(read_files).digest, by=admin, now=now)

        assert done
        assert everything() == before

    def test_a_new_course_that_somebody_else_just_made(self, course, admin, now, tmp_path, monkeypatch):
        files = changed(files_of("kurs"), "course.toml", '"kurs"', '"anderer"')
        read_files = read_again(files, tmp_path)
        shown = looked_at(read_files).digest

        def meanwhile(files, *, locked):
            look = looked_at(files, locked=locked)
            CourseFactory(slug="anderer")
            return look

        monkeypatch.setattr(importing, "looked_at", meanwhile)
        with pytest.raises(importing.OtherThanShown):
            importing.bring_in(files=read_files, shown=shown, by=admin, now=now)

        assert Module.objects.count() == 1

    def test_texts_of_the_course_itself(self, course, office):
        version = course.version
        files = changed(files_of("kurs"), "course.toml", "Worum es geht.", "Etwas anderes.")

        office.write(office.look(zipped(files)))

        course.refresh_from_db()
        assert (course.summary_de, course.version, course.state) == (
            "Etwas anderes.",
            version + 1,
            "published",
        )

    def test_another_file_after_going_back_is_another_act(self, course, office):
        look = office.look(zipped(changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Eins")))
        key = str(look.context["form"]["key"].value())
        office.write(look)

        office.write(
            office.look(zipped(changed(files_of("kurs"), "m01/2.de.md", "Lektion 1.2", "Zwei")), key=key)
        )

        assert [row.title_de for row in Lesson.objects.order_by("number")] == ["Eins", "Zwei"]

    @pytest.mark.parametrize(
        "texts",
        ["nonsense", signing.dumps({"course.toml": ""}, salt="other", compress=True)],
        ids=[
            "nonsense",
            "of another form",
        ],  # a signature says the time: each worker would call the test otherwise
    )
    def test_takes_only_texts_it_has_read_itself(self, course, office, texts):
        look = office.look(zipped(changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")))
        before = everything()

        answer = office.client.post(IMPORT, office.written_from(look) | {"texts": texts})

        assert answer.status_code == 422
        assert "Please choose the file again." in answer.content.decode()
        assert everything() == before

    def test_only_the_texts_travel_on(self, course, office):
        look = office.look(zipped(files_of("kurs") | {"m01/images/x.svg": "<svg/>", "README.txt": "x"}))

        carried = signing.loads(look.context["form"]["texts"].value(), salt=SALT)

        assert set(carried) == set(files_of("kurs"))


class TestLoadingAfterwards:
    def test_leaves_alone_what_the_office_brought_in(self, office):
        load_curriculum()
        files = changed(files_of(CURRICULUM), "m01/1.de.md", "# ", "# Neu: ")
        files = changed(
            files, "m01/1.media.toml", "[[download]]", files["m01/1.media.toml"] + "\n[[download]]"
        )
        files = changed(files, "m01/checklist.de.md", "- [ ] ", "- [ ] Neu: ")
        answer = office.write(office.look(zipped(files)))
        assert answer.status_code == 302

        done = load_curriculum()

        lesson = Lesson.objects.get(module__number=1, number=1)
        assert (done.new, done.changed, done.kept) == (0, 0, [])
        assert lesson.title_de.startswith("Neu: ")
        assert lesson.loaded != ""
        # A download of the office stays, though the curriculum names one only.
        assert [row.loaded == "" for row in lesson.files.order_by("number")] == [False, True]

    def test_says_what_it_left_alone_if_the_file_changed(self, office, tmp_path):
        load_curriculum()
        office.write(office.look(zipped(changed(files_of(CURRICULUM), "m01/1.de.md", "# ", "# Neu: "))))
        folder = tmp_path / "curriculum"
        shutil.copytree(FOLDER, folder)
        path = folder / "m01" / "1.de.md"
        path.write_text(path.read_text("utf-8").replace("# ", "# Anders: ", 1), "utf-8")

        done = load_curriculum(folder)

        assert len(done.kept) == 1
        assert Lesson.objects.get(module__number=1, number=1).title_de.startswith("Neu: ")


def entry(name: str, **facts) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    for fact, value in facts.items():
        setattr(info, fact, value)
    return info


def with_entry(info: zipfile.ZipInfo, text: str | bytes = "x") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("course.toml", 'slug = "kurs"')
        archive.writestr(info, text)
    return file.getvalue()


def encrypted() -> bytes:
    content = bytearray(with_entry(entry("m01/module.toml")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(mark) + at] |= 1
    return bytes(content)


def wrong_name() -> bytes:
    return with_entry(entry("m01/images/ä.svg")).replace("ä".encode(), b"\xff\xfe")


def lying_about_sizes() -> bytes:
    content = zipped({"course.toml": "a" * 400_000})
    size = (400_000).to_bytes(4, "little")
    assert content.count(size) == 2
    return content.replace(size, (10).to_bytes(4, "little"))


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return with_entry(entry("course.toml"))


WRONG = {
    "up": (lambda: with_entry(entry("../m01/1.de.md")), "leads out"),
    "absolute": (lambda: with_entry(entry("/m01/1.de.md")), "leads out"),
    "backslash": (lambda: with_entry(entry("m01\\1.de.md")), "leads out"),
    "drive": (lambda: with_entry(entry("C:/1.de.md")), "leads out"),
    "within": (lambda: with_entry(entry("m01/../../1.de.md")), "leads out"),
    "link": (
        lambda: with_entry(entry("m01/1.de.md", external_attr=(stat.S_IFLNK | 0o777) << 16), "/etc/passwd"),
        "leads out",
    ),
    "encrypted": (encrypted, "encrypted"),
    "lzma": (lambda: with_entry(entry("m01/module.toml", compress_type=zipfile.ZIP_LZMA)), "unusual way"),
    "bzip2": (lambda: with_entry(entry("m01/module.toml", compress_type=zipfile.ZIP_BZIP2)), "unusual way"),
    "twice": (twice, "twice"),
    "twice on a Mac": (lambda: with_entry(entry("COURSE.toml")), "twice"),
    "name": (wrong_name, "cannot be read"),
    "no zip": (lambda: b"not a zip", "no ZIP"),
    "cut off": (lambda: zipped({"course.toml": "a" * 900})[:-30], "no ZIP"),
    "bomb": (lambda: zipped({"course.toml": "a" * 50_000_000}), "too large when unpacked"),
    "many small bombs": (
        lambda: zipped({"course.toml": "", **{f"m{at:02}/1.de.md": "a" * 290_000 for at in range(30)}}),
        "too large when unpacked",
    ),
    "many files": (lambda: zipped({f"images/{at}.svg": "" for at in range(501)}), "more than 500"),
    "no course": (lambda: zipped({"m01/module.toml": "", "selfcheck.de.toml": ""}), "no course.toml"),
    "stranger": (lambda: with_entry(entry("m01/1.fr.md")), "belongs to nothing"),
    "stranger in capitals": (lambda: with_entry(entry("M01/Module.TOML")), "belongs to nothing"),
}


class TestZip:
    @pytest.mark.parametrize("what", WRONG)
    def test_what_is_unsafe_is_refused_at_the_field(self, what, course, office):
        make, reason = WRONG[what]
        content, before = make(), everything()

        answer = office.look(content)

        assert answer.status_code == 422
        (said,) = answer.context["form"].errors["file"]
        assert reason in said
        assert everything() == before

    def test_sizes_are_not_believed(self):
        with pytest.raises(NotUsable):
            unpack(lying_about_sizes())

    def test_too_large(self, office, monkeypatch):
        monkeypatch.setattr(course_zips, "MOST_BYTES", 1000)

        answer = office.look(b"a" * 1001)

        assert "The file is too large." in answer.content.decode()
        with pytest.raises(NotUsable, match="too large"):
            unpack(b"a" * 1001)

    def test_as_computers_pack_it(self, course, office):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files = {name: text.replace("\n", "\r\n") for name, text in files.items()}
        litter = {
            "__MACOSX/._course.toml": b"\x00\x05",
            ".DS_Store": b"\x00",
            "kurs/.DS_Store": b"\x00",
            "kurs/Thumbs.db": b"\x00",
            "kurs/m01/desktop.ini": b"x",
            "kurs/strategy.de.toml": b"",
            "kurs/README.txt": b"\xff",
            "kurs/m01/": b"",
        }
        texts = {f"kurs/{name}": b"\xef\xbb\xbf" + text.encode() for name, text in files.items()}

        answer = office.look(zipped(litter | texts))

        assert [str(one["change"].row.number) for one in answer.context["rows"]] == ["1"]
        assert answer.context["rows"][0]["change"].after == {"title_de": "Neuer Titel"}


def test_history_is_read_in_the_admin(course, office):
    files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
    office.write(office.look(zipped(files)))
    lesson = Lesson.objects.get(number=1)

    html = office.client.get(f"/admin/training/lesson/{lesson.pk}/history/").content.decode()

    assert "“Lektion 1.1” → “Neuer Titel”" in html
    assert json.loads(LogEntry.objects.get().change_message)[0]["changed"]["fields"]


def test_a_flag_is_told_in_words(course, office):
    first = '[[question.answer]]\ntext = "{}"\nright = {}'
    files = files_of("kurs")
    for language, words in (("de", "Antwort 1.2"), ("en", "Answer 1.2")):
        name = f"m01/quiz.{language}.toml"
        files = changed(files, name, first.format(words, "false"), first.format(words, "true"))

    html = office.look(zipped(files)).content.decode()

    assert "<p>is right: no</p>" in html
    assert "<p>is right: yes</p>" in html
