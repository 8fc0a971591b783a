"""PDF files: readable by everybody, and text stays text."""

import re
import unicodedata
from pathlib import Path

import pytest
import typst
from fontTools.ttLib import TTFont

from core import pdf
from core.pdf import drawable, render
from tests.pdf_reading import opened, text_of

LINE = '#import "document.typ": accessible, given\n#show: accessible\n= #given.title\n#given.data.line\n'


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates with our frame and one page that shows one line."""
    folder = tmp_path / "pdf"
    folder.mkdir()
    (folder / "document.typ").write_bytes((pdf.TEMPLATES / "document.typ").read_bytes())
    (folder / "line.typ").write_text(LINE)
    monkeypatch.setattr(pdf, "TEMPLATES", folder)
    return folder


def rendered(line: object, *, language: str = "de", title: str = "Titel") -> bytes:
    return render("line.typ", {"line": line}, language=language, title=title)


# --- PDF/UA -------------------------------------------------------------------------------


def test_a_file_says_that_it_is_accessible(templates: Path) -> None:
    with opened(rendered("x", title="Győző & Ђорђе")) as document:
        metadata = document.open_metadata()

        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Győző & Ђорђе"
        assert document.docinfo["/Title"] == "Győző & Ђорђе"
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        assert document.Root.MarkInfo.Marked is True
        assert document.Root.StructTreeRoot.K[0].K[0].S == "/H1"


@pytest.mark.parametrize(
    ("language", "written"), [("de", "de"), ("en", "en"), ("uk", "uk"), ("sr-latn", "sr")]
)
def test_a_file_names_its_language(templates: Path, language: str, written: str) -> None:
    with opened(rendered("x", language=language)) as document:
        assert document.Root.Lang == written


def test_a_picture_without_a_text_for_those_who_do_not_see_it_is_refused(templates: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
    (templates / "picture.typ").write_text(LINE + '#image(bytes(given.data.svg), format: "svg")')

    with pytest.raises(typst.TypstError, match="missing alt text"):
        render("picture.typ", {"line": "", "svg": svg}, language="de", title="T")


def test_the_same_data_give_the_same_bytes(templates: Path) -> None:
    assert rendered("x") == rendered("x")


# --- text stays text ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        '#import "x"',
        "*Győző*",
        "_a_ `b` $c$ <d> @e [f] {g} \\h // i /* j */ = k",
        '#read("/document.typ")',
        '"); panic("x',
        "https://example.org/#let x = 1",
    ],
)
def test_signs_of_typst_are_only_letters(templates: Path, name: str) -> None:
    assert text_of(rendered(name, title="T")).split("\n", 1)[1].replace("\n", "") == name


@pytest.mark.parametrize(
    "name", ["Győző", "Râmnicu Țepeș", "Ђорђе", "Щербаківський", "Željko Đinđić", "Търново"]
)
def test_names_of_the_region_are_drawn_in_our_font(templates: Path, name: str) -> None:
    made = rendered(name)

    with opened(made) as document:
        fonts = {str(font.BaseFont).partition("+")[2] for font in document.pages[0].Resources.Font.values()}
    assert name in text_of(made)
    assert {font.partition("-")[0] for font in fonts} == {"FiraSans"}


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("王小明", "???"),
        ("Zoe\u0308", "Zoë"),
        ("a\u2010b\u2011c", "a-b-c"),
        ("\ufb01n", "fin"),
        ("a\u202eb\x07c\ufeffd", "abcd"),
        ("a\tb\u2003c", "a b c"),
        ("zwei\nZeilen", "zwei\nZeilen"),
        ("e\u0305", "e"),
        ("𝒜nna", "Anna"),
    ],
)
def test_what_has_no_glyph_is_drawn_more_simply(typed: str, drawn: str) -> None:
    assert drawable({"names": [typed], "number": 3}) == {"names": [drawn], "number": 3}


def test_no_letter_makes_a_file_fail(templates: Path) -> None:
    every = [chr(point) for point in range(0x30000) if unicodedata.category(chr(point)) != "Cn"]

    assert rendered(" ".join(every)).startswith(b"%PDF-1.7")


def test_the_list_of_letters_is_that_of_the_fonts() -> None:
    fonts = [TTFont(file).getBestCmap() for file in sorted(pdf.FONTS.glob("*.ttf"))]

    assert len(fonts) == 2
    assert {ord(letter) for letter in pdf._letters()} == set.intersection(*map(set, fonts))


# --- what typst may do --------------------------------------------------------------------


def test_only_our_two_fonts_are_known() -> None:
    assert [(font.family, font.weight) for font in pdf._fonts().fonts()] == [
        ("Fira Sans", 400),
        ("Fira Sans", 600),
    ]


def test_a_file_outside_the_templates_cannot_be_read(templates: Path) -> None:
    (templates.parent / "secret.txt").write_text("secret")
    (templates / "curious.typ").write_text(LINE + '#read("../secret.txt")')

    with pytest.raises(typst.TypstError, match="escape"):
        render("curious.typ", {"line": ""}, language="de", title="T")


def test_a_warning_is_an_error(templates: Path) -> None:
    (templates / "foreign.typ").write_text(LINE + '#text(font: "Arial")[lost]')

    with pytest.raises(pdf.BadTemplate, match="unknown font family: arial"):
        render("foreign.typ", {"line": ""}, language="de", title="T")


def risky(source: str) -> list[str]:
    """Packages come from the network; `eval` would make a program of what people wrote."""
    return re.findall(r'"@\w+/|\beval\b|mode:', source)


def test_no_template_of_ours_loads_a_package_or_runs_text() -> None:
    sources = {path.name: path.read_text("utf-8") for path in pdf.TEMPLATES.glob("*")}

    assert {name: risky(source) for name, source in sources.items()} == {name: [] for name in sources}
    assert sources.keys() >= {
        "certificate.typ",
        "document.typ",
        "report.typ",
        "strategy.typ",
        "worksheet.typ",
    }


@pytest.mark.parametrize("planted", ['#import "@preview/tiaoma:0.3.0"', "#eval(given.data.name)"])
def test_a_planted_risk_is_found(planted: str) -> None:
    assert len(risky(planted)) == 1
