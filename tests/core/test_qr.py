"""QR codes that fit a page with a strict policy and can be read."""

import re
from xml.etree import ElementTree

import segno

from core.qr import qr_svg

SVG = "{http://www.w3.org/2000/svg}"
ADDRESS = "https://vipad.example/certificates/VIP-7K3M-Q2XH-0ARE/"


def drawn_rows(svg: str) -> list[list[int]]:
    """The picture as rows of 0 and 1, quiet zone included."""
    size = int(ElementTree.fromstring(svg).attrib["viewBox"].split()[2])
    rows = [[0] * size for _ in range(size)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        for column in range(int(x), int(x) + int(run)):
            rows[int(y)][column] = 1
    return rows


def test_the_modules_are_those_of_the_address() -> None:
    expected = [list(row) for row in segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=4)]

    assert drawn_rows(qr_svg(ADDRESS, title="x")) == expected


def test_it_brings_nothing_a_strict_policy_forbids() -> None:
    elements = list(ElementTree.fromstring(qr_svg(ADDRESS, title="Check")).iter())

    assert [element.tag.removeprefix(SVG) for element in elements] == ["svg", "title", "path"]
    assert [sorted(element.attrib) for element in elements] == [
        ["class", "role", "shape-rendering", "viewBox"],
        [],
        ["d", "fill"],
    ]
    assert elements[2].attrib["fill"] == "currentColor"


def test_it_says_its_title_whatever_is_in_it() -> None:
    root = ElementTree.fromstring(qr_svg("x", title="</title><script>alert(1)</script> & Győző"))

    assert root.attrib["role"] == "img"
    assert root.findtext(SVG + "title") == "</title><script>alert(1)</script> & Győző"
    assert root.find(".//" + SVG + "script") is None


def test_the_text_is_only_modules() -> None:
    assert "script" not in qr_svg("<script>alert(1)</script>", title="x")
