"""The texts of a course in the database as the files of the curriculum have them, and what other files would change."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet

from training.curriculum_files import FOLDER, PICTURE, PICTURE_NAME, CourseFile, ModuleFile, QuestionFile
from training.curriculum_media import NO_VIDEO, file_within
from training.curriculum_reading import LANGUAGES, Texts
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


def _both(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{language}" for name in names for language in LANGUAGES)


COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Course: _both("title", "summary"),
    Module: (*_both("title", "summary", "goals", "product"), "section"),
    Lesson: (*_both("title", "text"), "minutes", *NO_VIDEO),
    LessonFile: _both("title", "file"),
    Question: _both("text"),
    Answer: (*_both("text", "why"), "is_right"),
    ChecklistItem: _both("text"),
    SelfCheckQuestion: _both("text", "low", "high"),
}
_IN_ONE_LINE = {(Lesson, "title"), (ChecklistItem, "text")}


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of a course by the row they belong to, each list in the order of its numbers."""

    course: Course | None
    rows: Mapping[tuple[type[Model], int], list[Any]]

    def below(self, model: type[Model], parent: Any) -> list[Any]:
        return self.rows.get((model, parent.pk), []) if parent.pk else []


@dataclass(frozen=True, slots=True)
class Change:
    """A row the files would make, or change: what stands there and what would, by column. A new row is not saved yet;
    `is_newer`: it was changed here after the files were taken out."""

    row: Any
    before: dict[str, Any]
    after: dict[str, Any]
    is_newer: bool = False

    @property
    def is_new(self) -> bool:
        return not self.before

    @property
    def kind(self) -> str:
        return str(self.row._meta.verbose_name)

    @property
    def name(self) -> str:
        """A row that is not saved yet has no place to be named by."""
        row = self.row
        return str(row) if row.pk else str(getattr(row, "title", "") or getattr(row, "text", ""))


@dataclass(slots=True)
class Look:
    """`left`: rows that the files do not have; they stay."""

    course: Course
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    left: list[Any] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of all that would change, and from what."""
        told = [[one.row._meta.label, one.row.pk, one.before, one.after] for one in self.changes]
        words = json.dumps([self.course.slug, told], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()


def held(slug: str, *, locked: bool = False) -> Held:
    """Eight queries. `locked`: nobody else changes the rows before the transaction ends."""
    course = _rows(Course, locked, slug=slug).first()
    found: dict[tuple[type[Model], int], list[Any]] = {}
    if course is not None:
        ways: tuple[tuple[type[Model], str, str], ...] = (
            (Module, "course", "course"),
            (Lesson, "module__course", "module"),
            (LessonFile, "lesson__module__course", "lesson"),
            (Question, "module__course", "module"),
            (Answer, "question__module__course", "question"),
            (ChecklistItem, "module__course", "module"),
            (SelfCheckQuestion, "course", "course"),
        )
        parents: dict[tuple[str, int], Any] = {("course", course.pk): course}
        for model, way, parent in ways:
            for row in _rows(model, locked, **{way: course}).order_by("number"):
                found.setdefault((model, getattr(row, f"{parent}_id")), []).append(row)
                parents[model.__name__.lower(), row.pk] = row
                # For its name, and the way to its form.
                setattr(row, parent, parents[parent, getattr(row, f"{parent}_id")])
    return Held(course, found)


def _rows(model: type[Model], locked: bool, **wanted: Any) -> QuerySet[Any]:
    rows = model._default_manager.filter(**wanted)
    return rows.select_for_update(of=("self",)) if locked else rows


def content_of(rows: Held) -> CourseFile:
    """As the reader of the files gives it."""
    course = rows.course
    assert course is not None  # noqa: S101 -- nothing to take out otherwise
    return CourseFile(
        slug=course.slug,
        texts=_texts(course),
        modules=[_module(rows, module) for module in rows.below(Module, course)],
        selfcheck=[_texts(row) for row in rows.below(SelfCheckQuestion, course)],
    )


def _module(rows: Held, module: Module) -> ModuleFile:
    lessons = rows.below(Lesson, module)
    return ModuleFile(
        number=module.number,
        texts=_texts(module),
        lessons=[_texts(row) for row in lessons],
        downloads=[[_texts(row) for row in rows.below(LessonFile, lesson)] for lesson in lessons],
        questions=[
            QuestionFile(_texts(row), [_texts(answer) for answer in rows.below(Answer, row)])
            for row in rows.below(Question, module)
        ],
        checklist=[_texts(row) for row in rows.below(ChecklistItem, module)],
    )


def _texts(row: Any) -> Texts:
    return Texts(values_of(row))


def values_of(row: Any) -> dict[str, Any]:
    """By column, in the form a file gives them back."""
    return {name: _plain(type(row), name, getattr(row, name)) for name in COLUMNS[type(row)]}


def _plain(model: type[Model], column: str, value: Any) -> Any:
    if value is not None and not isinstance(value, str):
        return value
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    name = column.rpartition("_")[0]
    if (model, name) in _IN_ONE_LINE:
        return " ".join(text.splitlines()).strip()
    # Blanks at the beginning mean something in Markdown.
    return text.strip("\n") if model is Lesson and name == "text" else text.strip()


def media_of(course: CourseFile, folder: Path = FOLDER) -> dict[str, Path]:
    """The pictures, videos and downloads its texts name, as far as they lie in the modules' folders, by name."""
    found = {}
    for module in course.modules:
        place = folder / f"m{module.number:02}"
        for name in _named(module):
            path = place / name if PICTURE_NAME.fullmatch(name) else file_within(place, name)
            if path and path.is_file():
                found[f"{place.name}/{name}"] = path
    return found


def _named(module: ModuleFile) -> Iterator[str]:
    for lesson, downloads in zip(module.lessons, module.downloads, strict=True):
        yield lesson.values["video_file"]
        for language in LANGUAGES:
            for _alternative, address in PICTURE.findall(lesson.values[f"text_{language}"]):
                yield address
            for download in downloads:
                yield download.values[f"file_{language}"]


def looked_at(files: CourseFile, *, locked: bool = False) -> Look:
    """What bringing the files in would do. Writes nothing; nine queries.

    A module is known by its number; everything else by its place among its like, as in the files.
    """
    rows = held(files.slug, locked=locked)
    course = rows.course or Course(slug=files.slug)
    pairs: list[tuple[Any, Texts]] = [(course, files.texts)]
    left: list[Any] = []
    modules = {row.number: row for row in rows.below(Module, course)}
    for module in files.modules:
        row = modules.pop(module.number, None) or Module(course=course, number=module.number)
        pairs += [(row, module.texts), *_pairs_of_module(rows, row, module, left)]
    left += modules.values()
    pairs += _pairs(rows, SelfCheckQuestion, "course", course, files.selfcheck, left)
    return _told(course, pairs, left, files.exported)


def _pairs_of_module(
    rows: Held, module: Module, files: ModuleFile, left: list[Any]
) -> Iterator[tuple[Any, Texts]]:
    lessons = _pairs(rows, Lesson, "module", module, files.lessons, left)
    for (lesson, texts), downloads in zip(lessons, files.downloads, strict=True):
        yield lesson, texts
        yield from _pairs(rows, LessonFile, "lesson", lesson, downloads, left)
    questions = _pairs(rows, Question, "module", module, [one.texts for one in files.questions], left)
    for (question, texts), one in zip(questions, files.questions, strict=True):
        yield question, texts
        yield from _pairs(rows, Answer, "question", question, one.answers, left)
    yield from _pairs(rows, ChecklistItem, "module", module, files.checklist, left)


def _pairs(
    rows: Held, model: type[Model], parent: str, of: Any, files: Sequence[Texts], left: list[Any]
) -> list[tuple[Any, Texts]]:
    """Each text of the files with its row, the new ones behind those that are there."""
    there = rows.below(model, of)
    left += there[len(files) :]
    last = there[-1].number if there else 0
    new = [model(**{parent: of, "number": last + at}) for at in range(1, max(len(files) - len(there), 0) + 1)]
    return list(zip([*there[: len(files)], *new], files, strict=True))


def _told(course: Course, pairs: list[tuple[Any, Texts]], left: list[Any], exported: datetime | None) -> Look:
    look = Look(course, left=left)
    differing: list[tuple[Any, dict[str, Any], dict[str, Any]]] = []
    for row, texts in pairs:
        before, after = values_of(row), texts.values
        columns = [name for name in COLUMNS[type(row)] if before[name] != after[name]]
        if row.pk is None:
            set_texts(row, after)
            differing.append((row, {}, after))
        elif columns:
            differing.append((row, *({name: side[name] for name in columns} for side in (before, after))))
        else:
            look.same += 1
    newer = _newer([row for row, _before, _after in differing if row.pk], exported)
    look.changes = [
        Change(row, before, after, (type(row), row.pk) in newer) for row, before, after in differing
    ]
    return look


def set_texts(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _newer(rows: list[Any], exported: datetime | None) -> set[tuple[type[Model], int]]:
    """Of these rows, those that were changed here after that moment."""
    if exported is None:
        return set()
    entries = LogEntry.objects.filter(
        content_type__app_label="training",
        action_time__gt=exported,
        object_id__in={str(row.pk) for row in rows},
    )
    logged = set(entries.values_list("content_type__model", "object_id"))
    return {
        (type(row), row.pk)
        for row in rows
        if (row._meta.model_name, str(row.pk)) in logged
        or any(moment and moment > exported for moment in (row.changed_de, row.changed_en))
    }
