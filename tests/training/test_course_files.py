"""A course as files: taken out and read again it says the same."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.conftest import signed_in
from tests.factories.training import CourseFactory, ModuleFactory, SelfCheckQuestionFactory
from tests.training.course_files_office import CURRICULUM, NASTY, files_of, read_again
from training import course_zips
from training.course_zips import unpack
from training.curriculum_files import FOLDER, Faulty, read
from training.curriculum_writing import written
from training.loading import load_curriculum
from training.models import Answer, ChecklistItem, Course, Lesson, Module, Question
from training.queries.course_files import content_of, held, looked_at, media_of

pytestmark = pytest.mark.django_db


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
