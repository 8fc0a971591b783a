"""What every file of the curriculum is read with: faults are collected, with their place, and all said at once."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
        return "this folder" if self.media is None else "the folder of this module on the server"

    def may_lack(self, language: str, name: str) -> bool:
        return self.is_draft and (language != "de" or name in MAY_LACK)

    def wrong(self, path: Path, reason: str, line: int = 1) -> None:
        self.faults.append(f"{path.relative_to(self.folder)}:{line}: {reason}")

    def toml(self, path: Path) -> dict[str, Any]:
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
            if _has_nul(said):
                self.wrong(path, "has a character that no text has (U+0000)")
                return {}
            return said
        except FileNotFoundError:
            self.wrong(path, "is missing")
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            self.wrong(path, str(error), int(found[1]) if found else 1)
        except UnicodeDecodeError:
            self.wrong(path, "is not UTF-8")
        except (ValueError, RecursionError):
            # Numbers of thousands of digits, brackets in brackets in brackets: tomllib does not say where.
            self.wrong(path, "cannot be read as TOML")
        return {}

    def lines(self, path: Path) -> list[str]:
        """Of a file that was read before: what is wrong with it is said already."""
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []

    def text(self, path: Path) -> str:
        try:
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n").strip("\n")
            if not _has_nul(text):
                return text
            self.wrong(path, "has a character that no text has (U+0000)")
        except FileNotFoundError:
            self.wrong(path, "is missing")
        except UnicodeDecodeError:
            self.wrong(path, "is not UTF-8")
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
    path: Path,
    said: dict[str, Any],
    longest: dict[str, int],
    where: str = "",
    line_of: Callable[[str, str], int] = lambda _language, _name: 1,
    may_lack: Callable[[str, str], bool] | None = None,
) -> Texts:
    """The texts `longest` names, from the tables "de" and "en" of `said`. `line_of`: where one stands, for what is
    wrong with it. `may_lack`: if it may be missing, else the reader knows."""
    may_lack = may_lack or reader.may_lack
    values = {}
    for language in LANGUAGES:
        block = said.get(language)
        for name, most in longest.items():
            value = block.get(name) if isinstance(block, dict) else None
            if (value is None or value == "") and may_lack(language, name):
                value = ""
            elif not isinstance(value, str) or not value.strip():
                reader.wrong(path, f"{where}{name} is missing in [{language}]", line_of(language, name))
                value = ""
            elif len(value) > most:
                reader.wrong(
                    path,
                    f"{where}{name} has more than {most} characters in [{language}]",
                    line_of(language, name),
                )
            values[f"{name}_{language}"] = value.strip()
    return Texts(values)
