"""Loading the curriculum: again changes nothing, an edit in the office stays, and one fault stops everything."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from training.actions.editing import save_texts
from training.curriculum_files import FOLDER
from training.loading import digest, load_curriculum
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

pytestmark = pytest.mark.django_db
MODELS = (Course, Module, Lesson, LessonFile, Question, Answer, ChecklistItem, SelfCheckQuestion)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "curriculum"
    shutil.copytree(FOLDER, copy)
    return copy


def counts() -> list[int]:
    return [model._default_manager.count() for model in MODELS]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_loading_twice_changes_nothing():
    first = load_curriculum()
    before = counts()
    stamps = list(Lesson.objects.values_list("pk", "loaded", "text_de", "text_en"))

    second = load_curriculum()

    assert first.new == sum(before) == 95
    assert (second.new, second.changed, second.same, second.kept) == (0, 0, sum(before), [])
    assert counts() == before
    assert list(Lesson.objects.values_list("pk", "loaded", "text_de", "text_en")) == stamps


def test_both_languages_are_there():
    load_curriculum()

    for lesson in Lesson.objects.all():
        assert lesson.title_de
        assert lesson.title_en
        assert lesson.title_de != lesson.title_en
    assert Course.objects.get().state == Course.State.DRAFT


def test_a_file_that_changed_is_taken_over(folder: Path):
    load_curriculum(folder)
    replace(folder / "m01" / "1.de.md", "# Unsere Geschichte", "# Unsere neue Geschichte")

    done = load_curriculum(folder)

    assert (done.new, done.changed, done.kept) == (0, 1, [])
    assert Lesson.objects.get(module__number=1, number=1).title_de.startswith("Unsere neue Geschichte")


def test_what_was_edited_stays_and_is_said(folder: Path):
    load_curriculum(folder)
    lesson = Lesson.objects.get(module__number=1, number=1)
    lesson.title_de = "Von Hand"
    save_texts(row=lesson, now=timezone.now())

    assert load_curriculum(folder).kept == []  # its file is as it was: nothing to say

    replace(folder / "m01" / "1.de.md", "# Unsere Geschichte", "# Unsere neue Geschichte")
    done = load_curriculum(folder)

    lesson.refresh_from_db()
    assert lesson.title_de == "Von Hand"
    assert (done.changed, len(done.kept)) == (0, 1)
    assert "1.1" in done.kept[0]


def test_a_fault_stops_everything(folder: Path):
    load_curriculum(folder)
    replace(folder / "m01" / "1.de.md", "# Unsere Geschichte", "# Unsere neue Geschichte")
    (folder / "m09" / "4.en.md").unlink()

    with pytest.raises(CommandError, match=r"m09/4\.en\.md:1: is missing"):
        call_command("load_curriculum", folder)

    assert not Lesson.objects.filter(title_de__startswith="Unsere neue").exists()


def test_a_dry_run_writes_nothing():
    out = StringIO()

    call_command("load_curriculum", "--dry-run", stdout=out)

    assert counts() == [0] * len(MODELS)
    assert out.getvalue().startswith("New: ")
    assert "nothing written" in out.getvalue()


def test_the_command_says_what_it_left_alone(folder: Path):
    load_curriculum(folder)
    module = Module.objects.get(number=9)
    module.summary_en = "By hand"
    save_texts(row=module, now=timezone.now())
    replace(folder / "m09" / "module.toml", 'product = "', 'product = "Neu: ')
    out = StringIO()

    call_command("load_curriculum", folder, stdout=out)

    assert "left alone although its file has changed" in out.getvalue()


def test_the_self_check_is_loaded_and_an_edit_stays(folder: Path):
    load_curriculum(folder)
    first, second = SelfCheckQuestion.objects.filter(number__lte=2)
    assert (SelfCheckQuestion.objects.count(), first.low_en) == (10, "I avoid them or need help every time.")
    first.text_en = "By hand?"
    first.save()
    path = folder / "selfcheck.en.toml"
    replace(path, "How confident do you feel", "How sure do you feel")
    replace(path, "Could your team prepare", "Can your team prepare")

    done = load_curriculum(folder)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.text_en, second.text_en[:21]) == ("By hand?", "Can your team prepare")
    assert (done.changed, len(done.kept)) == (1, 1)
    assert done.kept[0].endswith(str(first))


VIDEO = """
[video]
url = "https://video.example/1"
[video.de]
title = "Film"
transcript = "Gesagtes"
[video.en]
title = "Film, in English"
transcript = "What is said"
"""


def test_a_video_comes_and_goes_with_its_file(folder: Path):
    load_curriculum(folder)
    (folder / "m01" / "2.media.toml").write_text(VIDEO, "utf-8")

    done = load_curriculum(folder)

    lesson = Lesson.objects.get(module__number=1, number=2)
    assert (done.new, done.changed, done.kept) == (0, 1, [])
    assert (lesson.video_url, lesson.video_file) == ("https://video.example/1", "")
    assert (lesson.video_title_en, lesson.transcript_de) == ("Film, in English", "Gesagtes")
    assert load_curriculum(folder).changed == 0
    (folder / "m01" / "2.media.toml").unlink()

    assert load_curriculum(folder).changed == 1

    lesson.refresh_from_db()
    assert (lesson.video_url, lesson.video_title_en, lesson.transcript_de) == ("", "", "")


def test_a_video_put_in_here_stays(folder: Path):
    load_curriculum(folder)
    lesson = Lesson.objects.get(module__number=1, number=2)
    lesson.video_url = "https://other.example/"
    save_texts(row=lesson, now=timezone.now())
    (folder / "m01" / "2.media.toml").write_text(VIDEO, "utf-8")

    assert len(load_curriculum(folder).kept) == 1

    lesson.refresh_from_db()
    assert lesson.video_url == "https://other.example/"


def test_lessons_loaded_before_there_were_videos_are_not_taken_for_edited():
    load_curriculum()
    lesson = Lesson.objects.first()
    values = {
        name: getattr(lesson, name) for name in ("minutes", "title_de", "title_en", "text_de", "text_en")
    }

    assert lesson.loaded == digest(values)


def test_downloads_that_the_files_do_not_name_any_more_go(folder: Path):
    path = folder / "m01" / "1.media.toml"
    first = path.read_text("utf-8")
    path.write_text(first + first.replace("Arbeitsblatt", "Zweites Blatt"), "utf-8")
    load_curriculum(folder)
    assert list(LessonFile.objects.values_list("number", flat=True)) == [1, 2]
    path.write_text(first.replace("Arbeitsblatt", "Zweites Blatt"), "utf-8")

    done = load_curriculum(folder)

    assert LessonFile.objects.get().title_de.startswith("Zweites Blatt")
    assert (done.changed, load_curriculum(folder).changed) == (2, 0)
