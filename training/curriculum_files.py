"""The curriculum as an editor writes it: a folder of plain files, read into plain values. No database here.

    course.toml                       slug; [de] and [en]: title, summary; exported, if the office took it out (UTC)
    m01/module.toml                   number, section, minutes (one number per lesson); [de] and [en]: title, summary,
                                      goals, product
    m01/1.de.md, m01/1.en.md          a lesson: "# Title", then Markdown; pictures are "images/name.svg"
    m01/1.media.toml                  if it has any: the video and the downloads of a lesson (curriculum_media.py)
    m01/quiz.de.toml, quiz.en.toml    [[question]] text, [[question.answer]] text, right, why
    m01/checklist.de.md, …            "- [ ] …" in each line
    selfcheck.de.toml, …              [[question]] text, low, high: what 1 and 5 mean

Everything in both languages, with the same structure. What is wrong is said with file, line and reason; all of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from training.choices import Section
from training.curriculum_media import check_names, read_media
from training.curriculum_reading import LANGUAGES, Reader, Texts, both, line_at, lines_of

LONGEST_TITLE, LONGEST_ITEM, MOST_TEXT = 140, 300, 20_000  # as the columns are
LONGEST_SLUG, MOST_MINUTES = 80, 32_767  # as well
FOLDER = Path(__file__).parent / "curriculum"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_OF_THE_OFFICE = re.compile(r"[-a-zA-Z0-9_]+")
_ITEM = re.compile(r"- \[ \] (\S.*)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)\)")
PICTURE_NAME = re.compile(r"images/[a-z0-9-]{1,60}\.svg")
_HEADING = re.compile(r"^(#{1,6}) \S", re.MULTILINE)


class Faulty(Exception):
    """The files cannot be loaded; `faults` has a line for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class QuestionFile:
    texts: Texts
    answers: list[Texts]


@dataclass(frozen=True, slots=True)
class ModuleFile:
    number: int
    texts: Texts
    lessons: list[Texts]
    downloads: list[list[Texts]]
    """Of each lesson."""
    questions: list[QuestionFile]
    checklist: list[Texts]


@dataclass(frozen=True, slots=True)
class CourseFile:
    slug: str
    texts: Texts
    modules: list[ModuleFile]
    selfcheck: list[Texts]
    exported: datetime | None = field(default=None, compare=False)
    """When the office took it out of the database, if it did; says nothing about the texts."""


def read(folder: Path = FOLDER, *, draft_beside: Path | None = None) -> CourseFile:
    """The whole folder. Raises Faulty with every reason found.

    `draft_beside`: the texts are a draft of the office, and what they name of pictures, videos and downloads lies in
    the modules' folders there. A draft may be in German only, and its languages may differ in their headings.
    """
    reader = Reader(folder, draft_beside, draft_beside is not None)
    path = folder / "course.toml"
    said = reader.toml(path)
    slug = str(said.get("slug", ""))
    if not (_SLUG_OF_THE_OFFICE if reader.is_draft else _SLUG).fullmatch(slug) or len(slug) > LONGEST_SLUG:
        reader.wrong(path, _("slug: lower-case letters, digits and hyphens"))
    modules = [_module(reader, place) for place in sorted(folder.glob("m[0-9][0-9]")) if place.is_dir()]
    numbers = [module.number for module in modules]
    if len(set(numbers)) != len(numbers):
        words = {"numbers": ", ".join(map(str, numbers))}
        reader.wrong(path, _("two modules have the same number: %(numbers)s") % words)
    texts = both(reader, path, said, {"title": 140, "summary": 2000}, line_of=_line_of(reader, path))
    course = CourseFile(slug, texts, modules, _selfcheck(reader, folder), _moment(said.get("exported")))
    if reader.faults:
        raise Faulty(reader.faults)
    return course


def _line_of(reader: Reader, path: Path) -> Callable[[str, str], int]:
    """Where a text of the tables [de] and [en] stands."""
    lines = lines_of(reader.lines(path))
    return lambda language, name: line_at(lines, f"{language}.{name}")


def _moment(said: Any) -> datetime | None:
    """None for what no export has written: days at the edge of time exist in few zones."""
    is_one = isinstance(said, datetime) and said.tzinfo is not None and 2000 < said.year < 3000
    return said if is_one else None


def _module(reader: Reader, place: Path) -> ModuleFile:
    path = place / "module.toml"
    said = reader.toml(path)
    lines = lines_of(reader.lines(path))
    minutes = said.get("minutes")
    is_empty = not minutes and not reader.is_draft
    if (
        not isinstance(minutes, list)
        or is_empty
        or not all(type(one) is int and 0 <= one <= MOST_MINUTES for one in minutes)
    ):
        reader.wrong(path, _("minutes: one number per lesson"), line_at(lines, "minutes"))
        minutes = []
    number = said.get("number")
    if not isinstance(number, int) or place.name != f"m{number:02}":
        reason = _("number: that of the folder %(name)s") % {"name": place.name}
        reader.wrong(path, reason, line_at(lines, "number"))
        number = 0
    section = said.get("section", "")
    if section not in Section.values and not (reader.is_draft and section == ""):
        reason = _("section: one of %(known)s") % {"known": ", ".join(Section.values)}
        reader.wrong(path, reason, line_at(lines, "section"))
    for language in LANGUAGES:
        block = said.get(language)
        if isinstance(block, dict) and isinstance(block.get("goals"), list):
            block["goals"] = "\n".join(map(str, block["goals"]))
    longest = {"title": 140, "summary": 1000, "goals": 2000, "product": 300}
    texts = both(reader, path, said, longest, line_of=_line_of(reader, path))
    texts.values["section"] = section
    check_names(reader, place, len(minutes))
    media = [read_media(reader, place, at) for at in range(1, len(minutes) + 1)]
    lessons = [_lesson(reader, place, at, length) for at, length in enumerate(minutes, 1)]
    for lesson, (video, _downloads) in zip(lessons, media, strict=True):
        lesson.values.update(video)
    return ModuleFile(
        number=number,
        texts=texts,
        lessons=lessons,
        downloads=[downloads for _video, downloads in media],
        questions=_quiz(reader, place),
        checklist=_checklist(reader, place),
    )


def _lesson(reader: Reader, place: Path, number: int, minutes: int) -> Texts:
    values: dict[str, Any] = {"minutes": minutes}
    shapes = []
    for language in LANGUAGES:
        path = place / f"{number}.{language}.md"
        may_lack_title = reader.may_lack(language, "title")
        text = "#" if may_lack_title and not path.is_file() else reader.text(path)
        first, _line, rest = text.partition("\n")
        if not re.fullmatch(r"# \S.*", first) and not (may_lack_title and first.strip() == "#"):
            reader.wrong(path, _('the first line is "# " and the title'))
        if len(first) > LONGEST_TITLE + 2 or len(rest) > MOST_TEXT:
            most = {"title": LONGEST_TITLE, "text": MOST_TEXT}
            reader.wrong(path, _("a title has at most %(title)s characters, a text %(text)s") % most)
        values |= {
            f"title_{language}": first[1:].strip(),
            f"text_{language}": rest.strip("\n"),
        }
        _check_pictures(reader, path, text)
        pictures = [address for _alternative, address in PICTURE.findall(rest)]
        shapes.append(([len(found) for found in _HEADING.findall(rest)], pictures, rest.count("\n- ")))
    if shapes[0] != shapes[1] and not reader.is_draft:
        path = place / f"{number}.en.md"
        reader.wrong(path, _("has other headings, pictures or lists than the German text"))
    return Texts(values)


def _check_pictures(reader: Reader, path: Path, text: str) -> None:
    for line, words in enumerate(text.splitlines(), 1):
        for alternative, address in PICTURE.findall(words):
            if not alternative.strip():
                reader.wrong(path, _("%(name)s has no alternative text") % {"name": address}, line)
            here = reader.media_of(path.parent)
            if not PICTURE_NAME.fullmatch(address) or not (here / address).is_file():
                known = {"name": address, "folder": reader.its_folder}
                reader.wrong(path, _("%(name)s is no picture of %(folder)s (images/name.svg)") % known, line)


def _quiz(reader: Reader, place: Path) -> list[QuestionFile]:
    paths = {language: place / f"quiz.{language}.toml" for language in LANGUAGES}
    sides = [_tables(reader, path, "question") for path in paths.values()]
    if len(sides[0]) != len(sides[1]):
        reader.wrong(paths["en"], _("has another number of questions than the German quiz"))
    places = {language: _places(reader, path) for language, path in paths.items()}
    return [
        _question(reader, paths, places, number, german, english)
        for number, (german, english) in enumerate(zip(*sides, strict=False), 1)
    ]


def _tables(reader: Reader, path: Path, name: str) -> list[dict[str, Any]]:
    found = reader.toml(path).get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        reader.wrong(path, _("%(name)s: a list of tables") % {"name": f"[[{name}]]"})
        return []
    for one in found:
        answers = one.get("answer", [])
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            reader.wrong(path, _("%(name)s: a list of tables") % {"name": f"[[{name}.answer]]"})
            return []
    return found


def _places(reader: Reader, path: Path) -> dict[tuple[int, int], int]:
    """The line of each question (its number and 0) and of each of its answers. Written in another way than in lines of
    their own, tables count all the same."""
    found: dict[tuple[int, int], int] = {}
    question = answer = 0
    for line, words in enumerate(reader.lines(path), 1):
        match words.strip():
            case "[[question]]":
                question, answer = question + 1, 0
            case "[[question.answer]]":
                answer += 1
            case _other:
                continue
        found[question, answer] = line
    return found


def _question(
    reader: Reader,
    paths: dict[str, Path],
    places: dict[str, dict[tuple[int, int], int]],
    number: int,
    german: dict[str, Any],
    english: dict[str, Any],
) -> QuestionFile:
    def line_of(at: int) -> Callable[[str, str], int]:
        return lambda language, _name: places[language].get((number, at), 1)

    where = _("question %(number)s: ") % {"number": number}
    here = line_of(0)("en", "")
    answers = [side.get("answer", []) for side in (german, english)]
    rights = [[bool(answer.get("right")) for answer in side] for side in answers]
    if rights[0] != rights[1]:
        reader.wrong(paths["en"], where + _("other answers are right than in German"), here)
    if not any(rights[0]):
        reader.wrong(paths["en"], where + _("no answer is right"), here)
    found = []
    for at, pair in enumerate(zip(*answers, strict=False), 1):
        texts = both(
            reader,
            paths,
            dict(zip(LANGUAGES, pair, strict=True)),
            {"text": 300, "why": 1000},
            _("question %(number)s, answer %(answer)s: ") % {"number": number, "answer": at},
            line_of(at),
        )
        texts.values["is_right"] = bool(pair[0].get("right"))
        found.append(texts)
    said = {"de": german, "en": english}
    return QuestionFile(both(reader, paths, said, {"text": 400}, where, line_of(0)), found)


def _checklist(reader: Reader, place: Path) -> list[Texts]:
    sides = []
    for language in LANGUAGES:
        path = place / f"checklist.{language}.md"
        items = []
        for line, words in enumerate(reader.text(path).splitlines(), 1):
            if found := _ITEM.fullmatch(words.strip()):
                items.append(found[1])
                if len(found[1]) > LONGEST_ITEM:
                    reason = _("has more than %(most)s characters") % {"most": LONGEST_ITEM}
                    reader.wrong(path, reason, line)
            elif words.strip() == "- [ ]" and reader.may_lack(language, "item"):
                items.append("")
            elif words.strip():
                reader.wrong(path, _('a line is "- [ ] " and the text'), line)
        sides.append(items)
    if len(sides[0]) != len(sides[1]):
        reader.wrong(place / "checklist.en.md", _("has another number of items than the German list"))
    return [Texts({"text_de": german, "text_en": english}) for german, english in zip(*sides, strict=False)]


def _selfcheck(reader: Reader, folder: Path) -> list[Texts]:
    sides = [
        _selfcheck_side(reader, folder / f"selfcheck.{language}.toml", language) for language in LANGUAGES
    ]
    if len(sides[0]) != len(sides[1]):
        reason = _("has another number of questions than the German self-check")
        reader.wrong(folder / "selfcheck.en.toml", reason)
    return [Texts(german | english) for german, english in zip(*sides, strict=False)]


def _selfcheck_side(reader: Reader, path: Path, language: str) -> list[dict[str, Any]]:
    found = _tables(reader, path, "question")
    lines = [at for at, words in enumerate(reader.lines(path), 1) if words.strip() == "[[question]]"]
    sides = []
    # Written in another way than in these lines, a table counts all the same.
    for number, (said, line) in enumerate(zip(found, chain(lines, repeat(1)), strict=False), 1):
        values = {}
        where = _("question %(number)s: ") % {"number": number}
        for name, most in {"text": 300, "low": 200, "high": 200}.items():
            value = said.get(name)
            if (value is None or value == "") and reader.may_lack(language, name):
                value = ""
            elif not isinstance(value, str) or not value.strip():
                reader.wrong(path, where + _("%(name)s is missing") % {"name": name}, line)
                value = ""
            elif len(value) > most:
                reason = _("%(name)s has more than %(most)s characters") % {"name": name, "most": most}
                reader.wrong(path, where + reason, line)
            values[f"{name}_{language}"] = value.strip()
        sides.append(values)
    return sides
