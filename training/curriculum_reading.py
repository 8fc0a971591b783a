"""What every file of the curriculum is read with: faults are collected, with their place, and all said at once, in the
language that is active."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

LANGUAGES = ("de", "en")
MAY_LACK = {"summary", "goals", "product"}
"""What the office may leave empty in German, too: what is said about a course or a module."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Values of a row by column: `title_de`, `title_en`, and what is the same in every language."""

    values: dict[str, Any]


@dataclass(slots=True)
class Reader:
    """`media`: where the modules' pictures, videos and downloads lie, if not beside the texts. A draft of the office
    may lack what its forms do not ask for; the curriculum is complete."""

    folder: Path
    media: Path | None = None
    is_draft: bool = False
    faults: list[str] = field(default_factory=list)

    def media_of(self, place: Path) -> Path:
        """The folder with the pictures, videos and downloads of the module in `place`."""
        return place if self.media is None else self.media / place.name

    @property
    def its_folder(self) -> str:
        """Of what `media_of` leads to, for who reads the faults."""
        return _("this folder") if self.media is None else _("the folder of this module on the server")

    def may_lack(self, language: str, name: str) -> bool:
        return self.is_draft and (language != "de" or name in MAY_LACK)

    def wrong(self, path: Path, reason: str, line: int = 1) -> None:
        self.faults.append(f"{path.relative_to(self.folder)}:{line}: {reason}")

    def toml(self, path: Path) -> dict[str, Any]:
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
            if _has_nul(said):
                self.wrong(path, _("has a character that no text has (U+0000)"))
                return {}
            return said
        except FileNotFoundError:
            self.wrong(path, _("is missing"))
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            # What tomllib says is English in every language.
            reason = _("cannot be read as TOML: %(reason)s") % {"reason": error}
            self.wrong(path, reason, int(found[1]) if found else 1)
        except UnicodeDecodeError:
            self.wrong(path, _("is not UTF-8"))
        except (ValueError, RecursionError):
            # Numbers of thousands of digits, brackets in brackets in brackets: tomllib does not say where.
            self.wrong(path, _("cannot be read as TOML"))
        return {}

    def lines(self, path: Path) -> list[str]:
        """Of a file that was read before: what is wrong with it is said already."""
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []

    def text(self, path: Path) -> str:
        try:
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n").strip("\n")
            if not _has_nul(text):
                return text
            self.wrong(path, _("has a character that no text has (U+0000)"))
        except FileNotFoundError:
            self.wrong(path, _("is missing"))
        except UnicodeDecodeError:
            self.wrong(path, _("is not UTF-8"))
        return ""


def _has_nul(value: Any) -> bool:
    """The database takes no such text."""
    if isinstance(value, dict):
        return any(map(_has_nul, value.values()))
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\x00" in value


def both(
    reader: Reader,
    path: Path | Mapping[str, Path],
    said: dict[str, Any],
    longest: dict[str, int],
    where: str = "",
    line_of: Callable[[str, str], int] = lambda _language, _name: 1,
    may_lack: Callable[[str, str], bool] | None = None,
) -> Texts:
    """The texts `longest` names, from the tables "de" and "en" of `said`. `path`: the file, or that of each language;
    `line_of`: where a text stands there, for what is wrong with it. `may_lack`: if it may be missing, else the reader
    knows."""
    may_lack = may_lack or reader.may_lack
    values = {}
    for language in LANGUAGES:
        block = said.get(language)
        file = path if isinstance(path, Path) else path[language]
        for name, most in longest.items():
            value = block.get(name) if isinstance(block, dict) else None
            if (value is None or value == "") and may_lack(language, name):
                value = ""
            elif not isinstance(value, str) or not value.strip():
                reason = _("%(name)s is missing in [%(language)s]") % {"name": name, "language": language}
                reader.wrong(file, where + reason, line_of(language, name))
                value = ""
            elif len(value) > most:
                words = {"name": name, "most": most, "language": language}
                reason = _("%(name)s has more than %(most)s characters in [%(language)s]") % words
                reader.wrong(file, where + reason, line_of(language, name))
            values[f"{name}_{language}"] = value.strip()
    return Texts(values)


def lines_of(lines: list[str]) -> dict[str, int]:
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


def line_at(lines: dict[str, int], name: str) -> int:
    """Of a value, else of the nearest table around it."""
    while name:
        for known in (name, f"{name}."):
            if known in lines:
                return lines[known]
        name = name.rstrip(".").rpartition(".")[0]
    return 1
