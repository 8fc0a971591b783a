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

from training.curriculum_reading import LANGUAGES, Reader, Texts, both

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
            reader.wrong(path, "belongs to no lesson of this module: minutes has a number for each")
    for path in sorted(place.glob("*media*.toml")):
        found = _MEDIA_FILE.fullmatch(path.name)
        if not found or int(found[1]) > lessons:
            reader.wrong(path, "belongs to no lesson of this module (1.media.toml)")


def read_media(reader: Reader, place: Path, number: int) -> tuple[dict[str, Any], list[Texts]]:
    """Columns of the lesson, and the downloads."""
    path = place / f"{number}.media.toml"
    if not path.is_file():
        return dict(NO_VIDEO), []
    said = reader.toml(path)
    lines = _lines_of(reader.lines(path))
    _refuse_unknown(reader, path, said, {"video", "download"}, "", lines)
    video, downloads = said.get("video"), said.get("download", [])
    if not isinstance(downloads, list) or not all(isinstance(one, dict) for one in downloads):
        reader.wrong(path, "[[download]]: a list of tables")
        downloads = []
    if video is not None and not isinstance(video, dict):
        reader.wrong(path, "[video]: a table")
        video = None
    columns = dict(NO_VIDEO) if video is None else _video(reader, path, video, lines)
    return columns, [_download(reader, path, at, one, lines) for at, one in enumerate(downloads, 1)]


def _video(reader: Reader, path: Path, said: dict[str, Any], lines: dict[str, int]) -> dict[str, Any]:
    _refuse_unknown(reader, path, said, {"url", "file", *LANGUAGES}, "video.", lines)
    url, name = said.get("url", ""), said.get("file", "")
    if bool(url) == bool(name):
        reader.wrong(path, "video: either url or file", _line(lines, "video."))
    if url and not _is_address(url):
        reader.wrong(path, "video: url is no address (https://…)", _line(lines, "video.url"))
    here = reader.media_of(path.parent)
    if name and not (isinstance(name, str) and _VIDEO.fullmatch(name) and file_within(here, name)):
        reason = f"video: {name} is no video of {reader.its_folder} (videos/name.webm)"
        reader.wrong(path, reason, _line(lines, "video.file"))
    longest = {"title": LONGEST_TITLE, "transcript": MOST_TEXT}
    texts = both(
        reader,
        path,
        said,
        longest,
        "video: ",
        lambda language, text: _line(lines, f"video.{language}.{text}"),
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
    _refuse_unknown(reader, path, said, {"title", "file"}, begin, lines)
    values: dict[str, Any] = {}
    for name in ("title", "file"):
        texts = said.get(name)
        for language in LANGUAGES:
            value = texts.get(language) if isinstance(texts, dict) else None
            line = _line(lines, f"{begin}{name}.{language}")
            if (value is None or value == "") and reader.may_lack(language, name):
                value = ""
            elif not isinstance(value, str) or not value.strip():
                reader.wrong(path, f"download {at}: {name}.{language} is missing", line)
                value = ""
            elif name == "title" and len(value) > LONGEST_TITLE:
                reader.wrong(
                    path, f"download {at}: {name}.{language} has more than {LONGEST_TITLE} characters", line
                )
            elif name == "file":
                _check_download(reader, path, f"download {at}: {value}", value, line)
            values[f"{name}_{language}"] = value.strip()
    return Texts(values)


def _check_download(reader: Reader, path: Path, where: str, name: str, line: int) -> None:
    found = file_within(reader.media_of(path.parent), name) if _DOWNLOAD.fullmatch(name) else None
    if found is None:
        endings = ", ".join(f".{ending}" for ending in DOWNLOADS)
        reader.wrong(
            path, f"{where} is no file of {reader.its_folder} (downloads/name-de.pdf; {endings})", line
        )
    elif found.suffix == ".csv" and not found.read_bytes().startswith(_BOM):
        # Spreadsheets take it for another alphabet otherwise.
        reader.wrong(path, f"{where} does not begin with the mark of UTF-8 (BOM)", line)


def _refuse_unknown(
    reader: Reader, path: Path, said: dict[str, Any], known: set[str], begin: str, lines: dict[str, int]
) -> None:
    for name in said.keys() - known:
        reader.wrong(
            path,
            f"{begin}{name}: unknown, possible are {', '.join(sorted(known))}",
            _line(lines, begin + name),
        )


def _lines_of(lines: list[str]) -> dict[str, int]:
    """Where tables ("video.de.") and values ("video.de.title", "download.2.file.en") stand; texts of several lines are
    passed over."""
    found: dict[str, int] = {}
    table, downloads, is_text = "", 0, False
    for line, words in enumerate(lines, 1):
        was_text, is_text = is_text, is_text != bool(words.count('"""') % 2)
        if was_text:
            continue
        if words.strip() == "[[download]]":
            downloads += 1
            table = f"download.{downloads}."
            found[table] = line
        elif head := re.fullmatch(r"\[+([a-z._-]+)\]+", words.strip()):
            table = f"{head[1]}."
            found.setdefault(table, line)
        elif value := re.match(r"\s*([A-Za-z._-]+)\s*=", words):
            found.setdefault(table + value[1], line)
    return found


def _line(lines: dict[str, int], name: str) -> int:
    """Of a value, else of the nearest table around it."""
    while name:
        for known in (name, f"{name}."):
            if known in lines:
                return lines[known]
        name = name.rstrip(".").rpartition(".")[0]
    return 1
