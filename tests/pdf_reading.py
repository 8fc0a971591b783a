"""Reads the text of a PDF as a screen reader finds it: signs through the fonts' tables, in the order of drawing."""

import re
from io import BytesIO

import pikepdf


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    with opened(pdf) as document:
        return "\n".join(_of_page(page) for page in document.pages)


def _of_page(page: pikepdf.Page) -> str:
    tables = {name: _signs(font.ToUnicode.read_bytes()) for name, font in page.Resources.Font.items()}
    table: dict[int, str] = {}
    found: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                table = tables[str(operands[0])]
            case "Tj":
                found.append(_decoded(bytes(operands[0]), table))
            case "TJ":
                strings = [bytes(part) for part in operands[0] if isinstance(part, pikepdf.String)]
                found.append(_decoded(b"".join(strings), table))
            case "ET":
                found.append("\n")
    return "".join(found)


def _decoded(glyphs: bytes, table: dict[int, str]) -> str:
    pairs = (int.from_bytes(glyphs[at : at + 2]) for at in range(0, len(glyphs), 2))
    return "".join(table[glyph] for glyph in pairs)


def _signs(cmap: bytes) -> dict[int, str]:
    signs: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for glyph, sign in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            signs[int(glyph, 16)] = bytes.fromhex(sign.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, sign in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = ord(bytes.fromhex(sign.decode()).decode("utf-16-be"))
            for offset in range(int(last, 16) - int(first, 16) + 1):
                signs[int(first, 16) + offset] = chr(start + offset)
    return signs
