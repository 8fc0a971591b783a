"""From the files of training/curriculum/ into the database. Loading again updates what nobody edited here, and says
what it left alone.

All or nothing, in one transaction; nothing is deleted but downloads: a module that vanished from the files stays. A
lesson, a question and an item are known by their number: new ones come last, or what people have done would belong to
another text. Where the office has moved a module or a lesson (actions/ordering.py) is no business of the files.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from training.curriculum_files import FOLDER, CourseFile, ModuleFile, QuestionFile, read
from training.curriculum_media import NO_VIDEO
from training.curriculum_reading import Texts
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


@dataclass(slots=True)
class Loaded:
    """What happened: how many rows are new, changed, and as they were; `kept` names those that were edited here while
    their file changed too."""

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)


def load_curriculum(folder: Path = FOLDER, *, dry_run: bool = False) -> Loaded:
    """Raises Faulty, and then nothing has changed. With `dry_run` nothing is written either."""
    files = read(folder)
    done = Loaded()
    with transaction.atomic():
        _write(files, done)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _write(files: CourseFile, done: Loaded) -> None:
    course = _row(Course, {"slug": files.slug}, files.texts, done)
    for module in files.modules:
        _write_module(course, module, done)
    for number, texts in enumerate(files.selfcheck, 1):
        _row(SelfCheckQuestion, {"course": course, "number": number}, texts, done)


def _write_module(course: Course, files: ModuleFile, done: Loaded) -> None:
    module = _row(Module, {"course": course, "number": files.number}, files.texts, done)
    for number, (texts, downloads) in enumerate(zip(files.lessons, files.downloads, strict=True), 1):
        lesson = _row(Lesson, {"module": module, "number": number}, texts, done)
        _write_downloads(lesson, downloads, done)
    for number, question in enumerate(files.questions, 1):
        _write_question(module, number, question, done)
    for number, texts in enumerate(files.checklist, 1):
        _row(ChecklistItem, {"module": module, "number": number}, texts, done)


def _write_downloads(lesson: Lesson, files: list[Texts], done: Loaded) -> None:
    """Nothing that people have done hangs on a download: what the files no longer name goes, unless the office has
    brought it in."""
    for number, texts in enumerate(files, 1):
        _row(LessonFile, {"lesson": lesson, "number": number}, texts, done)
    rest = LessonFile.objects.filter(lesson=lesson, number__gt=len(files))
    gone, _rows = rest.exclude(loaded="").delete()
    done.changed += gone


def _write_question(module: Module, number: int, files: QuestionFile, done: Loaded) -> None:
    question = _row(Question, {"module": module, "number": number}, files.texts, done)
    for at, texts in enumerate(files.answers, 1):
        _row(Answer, {"question": question, "number": at}, texts, done)


def _row(model: type[Model], key: dict[str, Any], texts: Texts, done: Loaded) -> Any:
    """The row with this key, with the texts of the files unless somebody has edited it."""
    row: Any = model._default_manager.select_for_update().filter(**key).first()
    wanted = digest(texts.values)
    if row is None:
        row = model(**key, **texts.values, loaded=wanted)
        row.save()
        done.new += 1
        return row
    is_edited = digest({name: getattr(row, name) for name in texts.values}) != row.loaded
    if row.loaded == wanted:
        done.same += 1
    elif is_edited:
        done.kept.append(f"{row._meta.verbose_name} {row}")
    else:
        for name, value in texts.values.items():
            setattr(row, name, value)
        row.loaded = wanted
        # Both languages come from the files together.
        row.changed_de = row.changed_en = None
        row.version += 1
        row.save()
        done.changed += 1
    return row


def digest(values: dict[str, Any]) -> str:
    """Of the texts of a row. No video counts as nothing: lessons loaded before there were any are as they were."""
    values = {name: value for name, value in values.items() if value or name not in NO_VIDEO}
    words = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()
