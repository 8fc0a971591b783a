"""The map and the projection agree, and the map's file keeps what it promises."""

import gzip
import re
from itertools import pairwise
from math import hypot
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.projection import COUNTRY_BOXES, COUNTRY_LABELS, HEIGHT, WIDTH, inside, project

SVG_FILE = Path(__file__).resolve().parents[2] / "static" / "map" / "danube.svg"
SVG = "{http://www.w3.org/2000/svg}"

ON_THE_DANUBE = {
    "Donaueschingen": (8.50, 47.95),
    "Ulm": (9.99, 48.40),
    "Passau": (13.46, 48.57),
    "Wien": (16.37, 48.21),
    "Budapest": (19.04, 47.50),
    "Novi Sad": (19.84, 45.25),
    "Ruse": (25.97, 43.85),
    "Galați": (28.05, 45.43),
    "Tulcea": (28.80, 45.18),
    "Sulina": (29.68, 45.15),
}

# Berlin lies north of the map; Germany takes part with its two southern Länder.
CAPITALS = [
    ("AT", 16.37, 48.21),
    ("BA", 18.41, 43.86),
    ("BG", 23.32, 42.70),
    ("CZ", 14.42, 50.09),
    ("DE", 9.18, 48.78),  # Stuttgart
    ("DE", 11.58, 48.14),  # München
    ("HR", 15.98, 45.81),
    ("HU", 19.04, 47.50),
    ("MD", 28.86, 47.01),
    ("ME", 19.26, 42.44),
    ("RO", 26.10, 44.43),
    ("RS", 20.46, 44.80),
    ("SI", 14.51, 46.05),
    ("SK", 17.11, 48.15),
    ("UA", 30.52, 50.45),
]

# The seats of the four oblasts of Ukraine that belong to the Danube region.
DANUBE_OBLASTS = {
    "Uzhhorod": (22.29, 48.62),
    "Ivano-Frankivsk": (24.71, 48.92),
    "Chernivtsi": (25.94, 48.29),
    "Odesa": (30.72, 46.48),
}

Point = tuple[float, float]


@pytest.fixture(scope="module")
def drawing() -> ElementTree.Element:
    return ElementTree.fromstring(SVG_FILE.read_bytes())


def path(drawing: ElementTree.Element, name: str) -> list[list[Point]]:
    """The lines of a path, read as the script writes them: M once, then relative l."""
    element = drawing.find(f".//{SVG}path[@id='{name}']")
    assert element is not None, name
    lines = []
    for subpath in element.get("d", "").rstrip("z").split("M")[1:]:
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", subpath)]
        x = y = 0.0
        line = []
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            line.append((x, y))
        lines.append(line)
    return lines


def contains(rings: list[list[Point]], x: float, y: float) -> bool:
    """Even-odd rule."""
    within = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                within = not within
    return within


def distance(line: list[Point], x: float, y: float) -> float:
    """Distance from a point to a line."""
    distances = []
    for (x1, y1), (x2, y2) in pairwise(line):
        dx, dy = x2 - x1, y2 - y1
        along = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)))
        distances.append(hypot(x - x1 - along * dx, y - y1 - along * dy))
    return min(distances)


def test_north_is_up_and_east_is_right() -> None:
    ulm, wien, sofia = project(9.99, 48.40), project(16.37, 48.21), project(23.32, 42.70)
    assert ulm[0] < wien[0] < sofia[0]
    assert sofia[1] > wien[1]


def test_distances_are_true_to_scale() -> None:
    # The great circle from Ulm to Wien; one unit is 1.86 km.
    ulm, wien = project(9.99, 48.40), project(16.37, 48.21)
    assert hypot(wien[0] - ulm[0], wien[1] - ulm[1]) * 1.86 == pytest.approx(472, rel=0.005)


def test_inside_knows_the_frame() -> None:
    assert inside(0, 0)
    assert inside(WIDTH, HEIGHT)
    assert not inside(*project(13.40, 52.52)), "Berlin lies north of the map"
    assert not inside(*project(34.1, 44.95)), "Simferopol lies east of the map"
    assert not inside(WIDTH / 2, HEIGHT + 1)


def test_frame_is_the_drawing_s_own(drawing: ElementTree.Element) -> None:
    assert drawing.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"


@pytest.mark.parametrize("town", ON_THE_DANUBE)
def test_danube_passes_its_towns(drawing: ElementTree.Element, town: str) -> None:
    (danube,) = path(drawing, "danube")
    assert distance(danube, *project(*ON_THE_DANUBE[town])) < 4


def test_danube_is_one_line_from_spring_to_mouth(drawing: ElementTree.Element) -> None:
    (danube,) = path(drawing, "danube")
    assert distance(danube[:2], *project(*ON_THE_DANUBE["Donaueschingen"])) < 4
    assert distance(danube[-2:], *project(*ON_THE_DANUBE["Sulina"])) < 4


def test_ornament_fills_its_strip(drawing: ElementTree.Element) -> None:
    element = drawing.find(f".//{SVG}path[@id='danube-ornament']")
    assert element is not None
    start, curves = element.get("d", "").removeprefix("M").split("c")
    x, y = (float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", start))
    steps = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", curves)]
    heights = [y]
    for i in range(4, len(steps), 6):
        x, y = x + steps[i], y + steps[i + 1]
        heights.append(y)
    assert x == pytest.approx(1200)
    assert min(heights) == pytest.approx(2, abs=0.1)
    assert max(heights) == pytest.approx(22, abs=0.1)


def test_all_countries_are_drawn(drawing: ElementTree.Element) -> None:
    drawn = {element.get("id") for element in drawing.findall(f"{SVG}g[@id='land']/{SVG}path")}
    assert drawn == {f"land-{code.lower()}" for code in COUNTRY_BOXES}
    assert len(drawn) == 14
    assert COUNTRY_LABELS.keys() == COUNTRY_BOXES.keys()


@pytest.mark.parametrize(
    "name", ["neighbours", "land", "borders", "lakes", "rivers", "danube", "danube-ornament"]
)
def test_every_part_has_its_name(drawing: ElementTree.Element, name: str) -> None:
    assert drawing.find(f".//*[@id='{name}']") is not None


@pytest.mark.parametrize(("code", "lon", "lat"), CAPITALS)
def test_capital_lies_in_its_country_and_no_other(
    drawing: ElementTree.Element, code: str, lon: float, lat: float
) -> None:
    place = project(lon, lat)
    owners = [other for other in COUNTRY_BOXES if contains(path(drawing, f"land-{other.lower()}"), *place)]
    assert owners == [code]
    x, y, width, height = COUNTRY_BOXES[code]
    assert x < place[0] < x + width
    assert y < place[1] < y + height


@pytest.mark.parametrize("town", DANUBE_OBLASTS)
def test_ukraine_s_danube_oblasts_are_on_the_map(drawing: ElementTree.Element, town: str) -> None:
    place = project(*DANUBE_OBLASTS[town])
    assert inside(*place)
    assert contains(path(drawing, "land-ua"), *place)


def test_kosovo_is_drawn_with_the_neighbours(drawing: ElementTree.Element) -> None:
    pristina = project(21.16, 42.66)
    assert not any(contains(path(drawing, f"land-{code.lower()}"), *pristina) for code in COUNTRY_BOXES)


@pytest.mark.parametrize("code", COUNTRY_BOXES)
def test_country_box_lies_on_the_map_and_is_no_ribbon(code: str) -> None:
    x, y, width, height = COUNTRY_BOXES[code]
    assert x >= 0
    assert y >= 0
    assert x + width <= WIDTH + 0.1
    assert y + height <= HEIGHT + 0.1
    assert 1.19 < width / height < 1.81


@pytest.mark.parametrize("code", COUNTRY_LABELS)
def test_label_stands_in_its_country(drawing: ElementTree.Element, code: str) -> None:
    assert inside(*COUNTRY_LABELS[code])
    assert contains(path(drawing, f"land-{code.lower()}"), *COUNTRY_LABELS[code])


def test_drawing_leaves_colours_to_the_page_and_calls_nobody(drawing: ElementTree.Element) -> None:
    tags = {element.tag.removeprefix(SVG) for element in drawing.iter()}
    attributes = {name for element in drawing.iter() for name in element.attrib}
    assert tags == {"svg", "g", "defs", "path"}
    assert attributes == {"viewBox", "id", "d"}
    text = SVG_FILE.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "", 1)
    assert "//" not in text
    assert "Made with Natural Earth" in text


def test_drawing_is_small() -> None:
    content = SVG_FILE.read_bytes()
    assert len(content) <= 60_000
    assert len(gzip.compress(content)) <= 20_000
