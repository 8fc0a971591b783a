"""Courses as files, and the office's browser before the page that takes them in."""

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from tests.conftest import signed_in
from training.curriculum_files import FOLDER, CourseFile, read
from training.curriculum_writing import written
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
from training.queries.course_files import content_of, held

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
