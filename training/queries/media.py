"""The video and the downloads of a lesson, as its reader meets them, and the files behind them."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import get_language, get_language_info

from training.curriculum_files import FOLDER
from training.curriculum_media import file_within
from training.curriculum_reading import LANGUAGES
from training.models import Lesson, LessonFile


@dataclass(frozen=True, slots=True)
class Video:
    """`host` is that of the other website it lies on; empty for a file of ours, which is played on the page."""

    title: str
    transcript: str
    url: str
    host: str


@dataclass(frozen=True, slots=True)
class Version:
    """A download in one language. `size` in bytes."""

    url: str
    kind: str
    size: int
    language: str

    @property
    def language_name(self) -> str:
        return str(get_language_info(self.language)["name_translated"])


@dataclass(frozen=True, slots=True)
class Download:
    """In the reader's language first; partners have the other one, too."""

    title: str
    versions: list[Version]


def video_of(lesson: Lesson, course: str) -> Video | None:
    """`course` is its address. No query."""
    if lesson.video_url:
        host = urlsplit(lesson.video_url).hostname or ""
        return Video(lesson.video_title, lesson.transcript, lesson.video_url, host)
    if _file(lesson.module.number, lesson.video_file) is None:
        return None
    url = reverse("training:lesson_video", args=(course, lesson.module.number, lesson.number))
    return Video(lesson.video_title, lesson.transcript, url, "")


def downloads_of(lesson: Lesson, course: str) -> list[Download]:
    """Those that lie in the folder. One query, none where they were fetched before."""
    found = []
    for row in lesson.files.all():
        versions = [one for language in _own_first() if (one := _version(lesson, row, language, course))]
        if versions:
            found.append(Download(row.title, versions))
    return found


def _own_first() -> list[str]:
    return sorted(LANGUAGES, key=lambda language: language != get_language())


def _version(lesson: Lesson, row: LessonFile, language: str, course: str) -> Version | None:
    path = _file(lesson.module.number, getattr(row, f"file_{language}"))
    if path is None:
        return None
    place = (course, lesson.module.number, lesson.number, row.number, language)
    kind = path.suffix.removeprefix(".").upper()
    return Version(reverse("training:lesson_file", args=place), kind, path.stat().st_size, language)


def video_file(module: int, number: int, course: int) -> Path | None:
    """Of a lesson, by its place in a course."""
    here = {"module__course": course, "module__number": module, "number": number}
    return _file(module, Lesson.objects.filter(**here).values_list("video_file", flat=True).first())


def download_file(module: int, lesson: int, number: int, language: str, course: int) -> Path | None:
    """The same of its download with this number."""
    if language not in LANGUAGES:
        return None
    here = {
        "lesson__module__course": course,
        "lesson__module__number": module,
        "lesson__number": lesson,
        "number": number,
    }
    return _file(module, LessonFile.objects.filter(**here).values_list(f"file_{language}", flat=True).first())


def _file(module: int, name: str | None) -> Path | None:
    return file_within(FOLDER / f"m{module:02}", name) if name else None
