"""Workbooks for spreadsheets (XLSX). Text stays text: no cell is ever calculated, so nothing needs an apostrophe."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE = 29
"""Of a sheet: the format allows 31, and openpyxl adds a number to the second one of a name (at most two digits)."""
WIDEST = 60
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`note` stands below the rows."""

    title: str
    headings: Sequence[Any]
    rows: Sequence[Sequence[Any]] = field(default_factory=list)
    note: str = ""


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Numbers and days go in as such, everything else as its text. At least one sheet."""
    # Some megabytes, and rarely wanted: a web worker loads it with its first workbook.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(_NOT_IN_TITLES.sub(" ", sheet.title)[:LONGEST_TITLE])
        _write(page, sheet, bold=Font(bold=True))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _write(page: Any, sheet: Sheet, *, bold: Any) -> None:
    lines = [sheet.headings, *sheet.rows]
    for at, line in enumerate(lines, 1):
        for number, value in enumerate(line, 1):
            _put(page.cell(at, number), value)
    for cell in page[1]:
        cell.font = bold
    for cells in page.columns:
        longest = max(len(str(cell.value)) for cell in cells)
        page.column_dimensions[cells[0].column_letter].width = min(longest + 2, WIDEST)
    page.freeze_panes = "A2"
    if sheet.note:
        # After the widths: a sentence would make its column as wide as itself.
        _put(page.cell(len(lines) + 2, 1), sheet.note)


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        cell.value = value
        return
    cell.value = _NOT_IN_XML.sub("", "" if value is None else str(value))
    # Else a text that begins with "=" would be a formula.
    cell.data_type = "s"
