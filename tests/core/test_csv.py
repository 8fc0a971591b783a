import csv
import io

import pytest

from core.csv import csv_lines, safe_cell


@pytest.mark.parametrize(
    "dangerous",
    ["=1+1", "+49 731", "-Dorf", "@import", "\tTab", "\rReturn", "\nLine", " =1+1", "\u00a0=1", "＝1", "－1"],
)
def test_a_cell_that_would_be_a_formula_is_text(dangerous):
    assert safe_cell(dangerous) == f"'{dangerous}"


@pytest.mark.parametrize("harmless", ["Ulm", "Bad Urach", "St. Pölten", "Русе", "a=b", "08421000", ""])
def test_other_words_stay_as_they_are(harmless):
    assert safe_cell(harmless) == harmless


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell():
    assert [safe_cell(-17), safe_cell(48.4), safe_cell(None), safe_cell(True)] == [-17, 48.4, "", "True"]


def test_nul_never_reaches_the_file():
    assert safe_cell("a\x00b") == "ab"


def test_the_file_begins_with_the_byte_order_mark_and_reads_back():
    lines = list(csv_lines(["name", "note"], [["Győr", 'says "hi", twice'], ["=HYPERLINK()", "two\nlines"]]))

    text = "".join(lines)
    assert text.startswith("\ufeffname,note\r\n")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) == [
        ["name", "note"],
        ["Győr", 'says "hi", twice'],
        ["'=HYPERLINK()", "two\nlines"],
    ]
