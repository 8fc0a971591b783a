"""The curriculum as an editor writes it: a folder of plain files, read into plain values. No database here.

    course.toml                       slug; [de] and [en]: title, summary
    m01/module.toml                   number, section, minutes (one number per lesson); [de] and [en]: title, summary,
                                      goals, product
    m01/1.de.md, m01/1.en.md          a lesson: "# Title", then Markdown; pictures are "images/name.svg"
    m01/quiz.de.toml, quiz.en.toml    [[question]] text, [[question.answer]] text, right, why
    m01/checklist.de.md, …            "- [ ] …" in each line
    selfcheck.de.toml, …              [[question]] text, low, high: what 1 and 5 mean

Everything in both languages, with the same structure. What is wrong is said with file, line and reason; all of it.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.choices import Section

LANGUAGES = ("de", "en")
LONGEST_TITLE, LONGEST_ITEM, MOST_TEXT = 140, 300, 20_000  # as the columns are
FOLDER = Path(__file__).parent / "curriculum"
_ITEM = re.compile(r"- \[ \] (\S.*)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)\)")
_PICTURE_NAME = re.compile(r"images/[a-z0-9-]{1,60}\.svg")
_HEADING = re.compile(r"^(#{1,6}) \S", re.MULTILINE)


class Faulty(Exception):
    """The files cannot be loaded; `faults` has a line for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Texts:
    """Values of a row by column: `title_de`, `title_en`, and what is the same in every language."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuestionFile:
    texts: Texts
    answers: list[Texts]


@dataclass(frozen=True, slots=True)
class ModuleFile:
    number: int
    texts: Texts
    lessons: list[Texts]
    questions: list[QuestionFile]
    checklist: list[Texts]


@dataclass(frozen=True, slots=True)
class CourseFile:
    slug: str
    texts: Texts
    modules: list[ModuleFile]
    selfcheck: list[Texts]


@dataclass(slots=True)
class _Reader:
    folder: Path
    faults: list[str] = field(default_factory=list)

    def wrong(self, path: Path, reason: str, line: int = 1) -> None:
        self.faults.append(f"{path.relative_to(self.folder)}:{line}: {reason}")

    def toml(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.wrong(path, "is missing")
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            self.wrong(path, str(error), int(found[1]) if found else 1)
        except UnicodeDecodeError:
            self.wrong(path, "is not UTF-8")
        return {}

    def lines(self, path: Path) -> list[str]:
        """Of a file that was read before: what is wrong with it is said already."""
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []

    def text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8").replace("\r\n", "\n").strip("\n")
        except FileNotFoundError:
            self.wrong(path, "is missing")
        except UnicodeDecodeError:
            self.wrong(path, "is not UTF-8")
        return ""


def read(folder: Path = FOLDER) -> CourseFile:
    """The whole folder. Raises Faulty with every reason found."""
    reader = _Reader(folder)
    path = folder / "course.toml"
    said = reader.toml(path)
    slug = str(said.get("slug", ""))
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        reader.wrong(path, "slug: lower-case letters, digits and hyphens")
    modules = [_module(reader, place) for place in sorted(folder.glob("m[0-9][0-9]")) if place.is_dir()]
    numbers = [module.number for module in modules]
    if len(set(numbers)) != len(numbers):
        reader.wrong(path, f"two modules have the same number: {numbers}")
    texts = _both(reader, path, said, {"title": 140, "summary": 2000})
    course = CourseFile(slug, texts, modules, _selfcheck(reader, folder))
    if reader.faults:
        raise Faulty(reader.faults)
    return course


def _module(reader: _Reader, place: Path) -> ModuleFile:
    path = place / "module.toml"
    said = reader.toml(path)
    minutes = said.get("minutes")
    if not isinstance(minutes, list) or not minutes or not all(isinstance(one, int) for one in minutes):
        reader.wrong(path, "minutes: one number per lesson")
        minutes = []
    number = said.get("number")
    if not isinstance(number, int) or place.name != f"m{number:02}":
        reader.wrong(path, f"number: that of the folder {place.name}")
        number = 0
    if said.get("section") not in Section.values:
        reader.wrong(path, f"section: one of {', '.join(Section.values)}")
    for language in LANGUAGES:
        block = said.get(language)
        if isinstance(block, dict) and isinstance(block.get("goals"), list):
            block["goals"] = "\n".join(map(str, block["goals"]))
    texts = _both(reader, path, said, {"title": 140, "summary": 1000, "goals": 2000, "product": 300})
    texts.values["section"] = said.get("section", "")
    return ModuleFile(
        number=number,
        texts=texts,
        lessons=[_lesson(reader, place, at, length) for at, length in enumerate(minutes, 1)],
        questions=_quiz(reader, place),
        checklist=_checklist(reader, place),
    )


def _lesson(reader: _Reader, place: Path, number: int, minutes: int) -> Texts:
    values: dict[str, Any] = {"minutes": minutes}
    shapes = []
    for language in LANGUAGES:
        path = place / f"{number}.{language}.md"
        text = reader.text(path)
        first, _line, rest = text.partition("\n")
        if not re.fullmatch(r"# \S.*", first):
            reader.wrong(path, 'the first line is "# " and the title')
        if len(first) > LONGEST_TITLE + 2 or len(rest) > MOST_TEXT:
            reader.wrong(path, f"a title has at most {LONGEST_TITLE} characters, a text {MOST_TEXT}")
        values |= {
            f"title_{language}": first.removeprefix("# ").strip(),
            f"text_{language}": rest.strip("\n"),
        }
        _check_pictures(reader, path, text)
        pictures = [address for _alternative, address in PICTURE.findall(rest)]
        shapes.append(([len(found) for found in _HEADING.findall(rest)], pictures, rest.count("\n- ")))
    if shapes[0] != shapes[1]:
        path = place / f"{number}.en.md"
        reader.wrong(path, "has other headings, pictures or lists than the German text")
    return Texts(values)


def _check_pictures(reader: _Reader, path: Path, text: str) -> None:
    for line, words in enumerate(text.splitlines(), 1):
        for alternative, address in PICTURE.findall(words):
            if not alternative.strip():
                reader.wrong(path, f"{address} has no alternative text", line)
            if not _PICTURE_NAME.fullmatch(address) or not (path.parent / address).is_file():
                reader.wrong(path, f"{address} is no picture of this folder (images/name.svg)", line)


def _quiz(reader: _Reader, place: Path) -> list[QuestionFile]:
    sides = [_tables(reader, place / f"quiz.{language}.toml", "question") for language in LANGUAGES]
    path = place / "quiz.en.toml"
    if len(sides[0]) != len(sides[1]):
        reader.wrong(path, "has another number of questions than the German quiz")
    return [
        _question(reader, path, number, german, english)
        for number, (german, english) in enumerate(zip(*sides, strict=False), 1)
    ]


def _tables(reader: _Reader, path: Path, name: str) -> list[dict[str, Any]]:
    found = reader.toml(path).get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        reader.wrong(path, f"[[{name}]]: a list of tables")
        return []
    for one in found:
        answers = one.get("answer", [])
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            reader.wrong(path, f"[[{name}.answer]]: a list of tables")
            return []
    return found


def _question(
    reader: _Reader, path: Path, number: int, german: dict[str, Any], english: dict[str, Any]
) -> QuestionFile:
    answers = [side.get("answer", []) for side in (german, english)]
    rights = [[bool(answer.get("right")) for answer in side] for side in answers]
    if rights[0] != rights[1]:
        reader.wrong(path, f"question {number}: other answers are right than in German")
    if not any(rights[0]):
        reader.wrong(path, f"question {number}: no answer is right")
    found = []
    for at, pair in enumerate(zip(*answers, strict=False), 1):
        texts = _both(
            reader,
            path,
            dict(zip(LANGUAGES, pair, strict=True)),
            {"text": 300, "why": 1000},
            f"question {number}, answer {at}: ",
        )
        texts.values["is_right"] = bool(pair[0].get("right"))
        found.append(texts)
    said = {"de": german, "en": english}
    return QuestionFile(_both(reader, path, said, {"text": 400}, f"question {number}: "), found)


def _checklist(reader: _Reader, place: Path) -> list[Texts]:
    sides = []
    for language in LANGUAGES:
        path = place / f"checklist.{language}.md"
        items = []
        for line, words in enumerate(reader.text(path).splitlines(), 1):
            if found := _ITEM.fullmatch(words.strip()):
                items.append(found[1])
                if len(found[1]) > LONGEST_ITEM:
                    reader.wrong(path, f"has more than {LONGEST_ITEM} characters", line)
            elif words.strip():
                reader.wrong(path, 'a line is "- [ ] " and the text', line)
        sides.append(items)
    if len(sides[0]) != len(sides[1]):
        reader.wrong(place / "checklist.en.md", "has another number of items than the German list")
    return [Texts({"text_de": german, "text_en": english}) for german, english in zip(*sides, strict=False)]


def _selfcheck(reader: _Reader, folder: Path) -> list[Texts]:
    sides = [
        _selfcheck_side(reader, folder / f"selfcheck.{language}.toml", language) for language in LANGUAGES
    ]
    if len(sides[0]) != len(sides[1]):
        reader.wrong(
            folder / "selfcheck.en.toml", "has another number of questions than the German self-check"
        )
    return [Texts(german | english) for german, english in zip(*sides, strict=False)]


def _selfcheck_side(reader: _Reader, path: Path, language: str) -> list[dict[str, Any]]:
    found = _tables(reader, path, "question")
    lines = [at for at, words in enumerate(reader.lines(path), 1) if words.strip() == "[[question]]"]
    sides = []
    for number, (said, line) in enumerate(zip(found, lines, strict=False), 1):
        values = {}
        for name, most in {"text": 300, "low": 200, "high": 200}.items():
            value = said.get(name)
            if not isinstance(value, str) or not value.strip():
                reader.wrong(path, f"question {number}: {name} is missing", line)
                value = ""
            elif len(value) > most:
                reader.wrong(path, f"question {number}: {name} has more than {most} characters", line)
            values[f"{name}_{language}"] = value.strip()
        sides.append(values)
    return sides


def _both(
    reader: _Reader, path: Path, said: dict[str, Any], longest: dict[str, int], where: str = ""
) -> Texts:
    values = {}
    for language in LANGUAGES:
        block = said.get(language)
        for name, most in longest.items():
            value = block.get(name) if isinstance(block, dict) else None
            if not isinstance(value, str) or not value.strip():
                reader.wrong(path, f"{where}{name} is missing in [{language}]")
                value = ""
            elif len(value) > most:
                reader.wrong(path, f"{where}{name} has more than {most} characters in [{language}]")
            values[f"{name}_{language}"] = value.strip()
    return Texts(values)
