"""What a lesson has besides its text, in the file `1.media.toml` beside it: at most one video, and files to keep.

    [video]             url = "https://…", which opens in a new tab; or file = "videos/name.webm" (or .mp4)
    [video.de]          title; transcript: all that is said in the video. The same in [video.en]
    [[download]]        title.de, title.en; file.de, file.en = "downloads/name-en.pdf", of the module's folder

A video without its words in both languages is refused: some cannot hear it, some read faster in their own language.
"""

import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from training.curriculum_reading import LANGUAGES, Reader, Texts, both, line_at, lines_of

NO_VIDEO: dict[str, Any] = {
    "video_url": "",
    "video_file": "",
    **{f"{name}_{language}": "" for name in ("video_title", "transcript") for language in LANGUAGES},
}
"""The columns of a lesson without one."""
DOWNLOADS = {
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
}
VIDEOS = {"webm": "video/webm", "mp4": "video/mp4"}
"""Content types by the end of the name."""
LONGEST_URL, LONGEST_TITLE, MOST_TEXT = 500, 140, 20_000  # as the columns are
_DOWNLOAD = re.compile(rf"downloads/[a-z0-9-]{{1,80}}\.({'|'.join(DOWNLOADS)})")
_VIDEO = re.compile(rf"videos/[a-z0-9-]{{1,80}}\.({'|'.join(VIDEOS)})")
_MEDIA_FILE = re.compile(r"([1-9][0-9]?)\.media\.toml")
_LESSON_FILE = re.compile(r"([1-9][0-9]?)\.(de|en)\.md")
_BOM = b"\xef\xbb\xbf"
_is_url = URLValidator(schemes=["http", "https"])


def file_within(place: Path, name: str) -> Path | None:
    """A file to be given out: named as above, and lying in the module's folder, however it came to be named."""
    if not (_DOWNLOAD.fullmatch(name) or _VIDEO.fullmatch(name)):
        return None
    path = (place / name).resolve()
    return path if path.is_file() and path.is_relative_to(place.resolve()) else None


def check_names(reader: Reader, place: Path, lessons: int) -> None:
    """A file that belongs to no lesson would be overlooked in silence."""
    for path in sorted(place.glob("[0-9]*.md")):
        found = _LESSON_FILE.fullmatch(path.name)
        if not found or int(found[1]) > lessons:
            reader.wrong(path, _("belongs to no lesson of this module: minutes has a number for each"))
    for path in sorted(place.glob("*media*.toml")):
        found = _MEDIA_FILE.fullmatch(path.name)
        if not found or int(found[1]) > lessons:
            reader.wrong(path, _("belongs to no lesson of this module (1.media.toml)"))


def read_media(reader: Reader, place: Path, number: int) -> tuple[dict[str, Any], list[Texts]]:
    """Columns of the lesson, and the downloads."""
    path = place / f"{number}.media.toml"
    if not path.is_file():
        return dict(NO_VIDEO), []
    said = reader.toml(path)
    lines = lines_of(reader.lines(path))
    _refuse_unknown(reader, path, said, {"video", "download"}, "", lines)
    video, downloads = said.get("video"), said.get("download", [])
    if not isinstance(downloads, list) or not all(isinstance(one, dict) for one in downloads):
        reader.wrong(path, _("%(name)s: a list of tables") % {"name": "[[download]]"})
        downloads = []
    if video is not None and not isinstance(video, dict):
        reader.wrong(path, _("%(name)s: a table") % {"name": "[video]"})
        video = None
    columns = dict(NO_VIDEO) if video is None else _video(reader, path, video, lines)
    return columns, [_download(reader, path, at, one, lines) for at, one in enumerate(downloads, 1)]


def _video(reader: Reader, path: Path, said: dict[str, Any], lines: dict[str, int]) -> dict[str, Any]:
    _refuse_unknown(reader, path, said, {"url", "file", *LANGUAGES}, "video.", lines)
    url, name = said.get("url", ""), said.get("file", "")
    if bool(url) == bool(name):
        reader.wrong(path, _("video: either url or file"), line_at(lines, "video."))
    if url and not _is_address(url):
        reader.wrong(path, _("video: url is no address (https://…)"), line_at(lines, "video.url"))
    here = reader.media_of(path.parent)
    if name and not (isinstance(name, str) and _VIDEO.fullmatch(name) and file_within(here, name)):
        words = {"name": name, "folder": reader.its_folder}
        reason = _("video: %(name)s is no video of %(folder)s (videos/name.webm)") % words
        reader.wrong(path, reason, line_at(lines, "video.file"))
    longest = {"title": LONGEST_TITLE, "transcript": MOST_TEXT}
    texts = both(
        reader,
        path,
        said,
        longest,
        "video: ",
        lambda language, text: line_at(lines, f"video.{language}.{text}"),
        may_lack=lambda _language, _text: False,
    )
    columns = {"video_url": url, "video_file": name}
    for language in LANGUAGES:
        columns[f"video_title_{language}"] = texts.values[f"title_{language}"]
        columns[f"transcript_{language}"] = texts.values[f"transcript_{language}"]
    return columns


def _is_address(url: Any) -> bool:
    try:
        _is_url(url)
    except ValidationError:
        return False
    return len(url) <= LONGEST_URL


def _download(reader: Reader, path: Path, at: int, said: dict[str, Any], lines: dict[str, int]) -> Texts:
    begin = f"download.{at}."
    where = _("download %(number)s: ") % {"number": at}
    _refuse_unknown(reader, path, said, {"title", "file"}, begin, lines)
    values: dict[str, Any] = {}
    for name in ("title", "file"):
        texts = said.get(name)
        for language in LANGUAGES:
            value = texts.get(language) if isinstance(texts, dict) else None
            line = line_at(lines, f"{begin}{name}.{language}")
            if (value is None or value == "") and reader.may_lack(language, name):
                value = ""
            elif not isinstance(value, str) or not value.strip():
                reader.wrong(path, where + _("%(name)s is missing") % {"name": f"{name}.{language}"}, line)
                value = ""
            elif name == "title" and len(value) > LONGEST_TITLE:
                words = {"name": f"{name}.{language}", "most": LONGEST_TITLE}
                reason = _("%(name)s has more than %(most)s characters") % words
                reader.wrong(path, where + reason, line)
            elif name == "file":
                _check_download(reader, path, where, value, line)
            values[f"{name}_{language}"] = value.strip()
    return Texts(values)


def _check_download(reader: Reader, path: Path, where: str, name: str, line: int) -> None:
    found = file_within(reader.media_of(path.parent), name) if _DOWNLOAD.fullmatch(name) else None
    if found is None:
        endings = ", ".join(f".{ending}" for ending in DOWNLOADS)
        words = {"name": name, "folder": reader.its_folder, "endings": endings}
        reason = _("%(name)s is no file of %(folder)s (downloads/name-de.pdf; %(endings)s)") % words
        reader.wrong(path, where + reason, line)
    elif found.suffix == ".csv" and not found.read_bytes().startswith(_BOM):
        # Spreadsheets take it for another alphabet otherwise.
        reason = _("%(name)s does not begin with the mark of UTF-8 (BOM)") % {"name": name}
        reader.wrong(path, where + reason, line)


def _refuse_unknown(
    reader: Reader, path: Path, said: dict[str, Any], known: set[str], begin: str, lines: dict[str, int]
) -> None:
    for name in said.keys() - known:
        reader.wrong(
            path,
            _("%(name)s: unknown, possible are %(known)s")
            % {"name": begin + name, "known": ", ".join(sorted(known))},
            line_at(lines, begin + name),
        )
