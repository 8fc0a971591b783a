"""Workbooks, read back as a spreadsheet would."""

from datetime import date, datetime
from io import BytesIO

from openpyxl import load_workbook

from core.workbook import Sheet, workbook


def read(*sheets: Sheet):
    return load_workbook(BytesIO(workbook(sheets)))


def test_numbers_and_days_are_such_and_the_note_stands_below():
    book = read(
        Sheet("Figures", ["what", "number"], [["seats", 5], ["mark", 3.3], ["day", date(2027, 3, 1)]], "All.")
    )

    page = book["Figures"]
    assert [[cell.value for cell in row] for row in page.rows] == [
        ["what", "number"],
        ["seats", 5],
        ["mark", 3.3],
        ["day", datetime(2027, 3, 1)],
        [None, None],
        ["All.", None],
    ]
    assert [cell.font.b for cell in page["A"]][:2] == [True, False]
    assert page["B4"].is_date


def test_text_is_never_a_formula():
    page = read(Sheet("x", ["=1+1"], [['=HYPERLINK("https://evil.example")'], ["+1"], ["@x"]])).active

    assert [cell.data_type for cell in page["A"]] == ["s"] * 4
    assert page["A2"].value == '=HYPERLINK("https://evil.example")'


def test_what_xml_cannot_hold_is_left_out():
    assert read(Sheet("x", ["a\x00b\x0bc"])).active["A1"].value == "abc"


def test_titles_of_sheets_are_made_to_fit_and_to_differ():
    book = read(Sheet("Who? [all] of: a/b", ["x"]), Sheet("y" * 40, ["x"]), Sheet("y" * 31, ["x"]))

    names = book.sheetnames
    assert names[0] == "Who   all  of  a b"
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 31
