"""PDF files for everybody's eyes and ears (PDF/UA-1), set by typst from our templates in templates/pdf.

A template gets its data as JSON: text stays text, whatever signs it is made of, and nothing is escaped by hand.
Typst sees the folder of the templates and our two fonts, no other file. It could load packages from the network,
so no template may name one (tests/core/test_pdf.py). The same data give the same bytes: no date is written.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates" / "pdf"
FONTS = Path(__file__).parent / "fonts"
"""Fira Sans in both weights with all its letters, made by scripts/vendor.py."""

NO_GLYPH = "?"


class BadTemplate(Exception):
    """Typst had something to say. A warning is as bad: without a font, for example, the text is simply missing."""


def render(template: str, data: Mapping[str, Any], *, language: str, title: str) -> bytes:
    """One PDF. `data` is what json can write; the template finds it as `given.data` of document.typ."""
    given = drawable({"title": title, "language": language.partition("-")[0], "data": data})
    compiler = typst.Compiler(
        TEMPLATES / template, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True
    )
    made, warnings = compiler.compile_with_warnings(
        format="pdf", pdf_standards="ua-1", sys_inputs={"given": json.dumps(given)}
    )
    if warnings or not isinstance(made, bytes):
        raise BadTemplate(template, [warning.message for warning in warnings])
    return made


def drawable(value: Any) -> Any:
    """The same with only such letters as our fonts have, since PDF/UA forbids any other.

    What has no glyph is drawn without its marks, else as a question mark: a name in Chinese must not cost somebody
    the certificate. What cannot be seen at all (controls, marks of direction) is left out.
    """
    if isinstance(value, str):
        return "".join(map(_drawn, unicodedata.normalize("NFC", value)))
    if isinstance(value, Mapping):
        return {name: drawable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(part) for part in value]
    return value


def _drawn(letter: str) -> str:
    letters = _letters()
    if letter in letters or letter == "\n":
        return letter
    kind = unicodedata.category(letter)
    if kind in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return " " if letter.isspace() else ""
    if kind.startswith("Z"):
        return " "
    if kind == "Pd":
        return "-"
    simpler = "".join(
        part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)
    )
    return simpler if simpler and letters.issuperset(simpler) else NO_GLYPH


@lru_cache(maxsize=1)
def _letters() -> frozenset[str]:
    ranges = (line.split("-") for line in (FONTS / "fira-sans-letters.txt").read_text("ascii").split())
    return frozenset(
        chr(letter) for first, last in ranges for letter in range(int(first, 16), int(last, 16) + 1)
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
