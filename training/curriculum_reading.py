"""What every file of the curriculum is read with: faults are collected, with their place, and all said at once."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """Values of a row by column: `title_de`, `title_en`, and what is the same in every language."""

    values: dict[str, Any]


@dataclass(slots=True)
class Reader:
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


def both(
    reader: Reader,
    path: Path,
    said: dict[str, Any],
    longest: dict[str, int],
    where: str = "",
    line_of: Callable[[str, str], int] = lambda _language, _name: 1,
) -> Texts:
    """The texts `longest` names, from the tables "de" and "en" of `said`. `line_of`: where one stands, for what is
    wrong with it."""
    values = {}
    for language in LANGUAGES:
        block = said.get(language)
        for name, most in longest.items():
            value = block.get(name) if isinstance(block, dict) else None
            if not isinstance(value, str) or not value.strip():
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
