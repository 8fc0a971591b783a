"""From places and connections to what is drawn: groups where it is crowded, arcs, names that do not overlap.

Pure geometry: nothing here reads the database or knows a language, and the same input always gives the same
drawing. Positions are in units of core/projection.py; sizes named `…_px` are in pixels of a picture of the
width it is mostly shown in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import hypot

from partnerships.map_view import View

GROUP_PX = 21
"""Places nearer to each other than this become one mark."""

MOST_LINES = 230
MOST_MARKS = 130
"""More than these make the page heavy and the map a web: then places are grouped more coarsely."""

_BEND = 0.13
NAME_PX = 13.5
COUNTRY_PX = 11
_LETTER = 0.54  # mean width of a letter of Fira Sans, in font sizes
MIXED = "mixed"
FADED = frozenset({"dormant", "ended"})


@dataclass(frozen=True, slots=True)
class Place:
    """A side of a partnership on the map; `key` is unique, `country` an ISO code."""

    key: str
    name: str
    german_name: str
    country: str
    x: float
    y: float
    slug: str
    is_region: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A partnership between places of the map, by their keys."""

    slug: str
    kind: str
    status: str
    facts: tuple[int | None, int | None, int | None]
    keys: tuple[str, ...]


@dataclass(slots=True)
class Mark:
    """A place, or several where it is crowded: then it stands where the first of them is."""

    places: list[Place]
    links: set[str] = field(default_factory=set)
    is_visible: bool = True
    radius: float = 0

    @property
    def first(self) -> Place:
        return self.places[0]

    @property
    def x(self) -> float:
        return self.first.x

    @property
    def y(self) -> float:
        return self.first.y


@dataclass(frozen=True, slots=True)
class Line:
    """All partnerships between two marks, from west to east."""

    start: Mark
    end: Mark
    links: list[Link]
    kind: str
    is_faded: bool
    path: str

    @property
    def weight(self) -> int:
        """One of four widths."""
        return 1 + sum(len(self.links) >= step for step in (2, 5, 20))


@dataclass(frozen=True, slots=True)
class Name:
    """A word on the map; `anchor` as in SVG."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(slots=True)
class Drawing:
    view: View
    unit: float
    """Units a pixel."""
    marks: list[Mark]
    lines: list[Line]
    names: list[Name] = field(default_factory=list)
    countries: list[Name] = field(default_factory=list)


def draw(places: Iterable[Place], links: Sequence[Link], view: View, *, width_px: int) -> Drawing:
    """A drawing with at most MOST_LINES lines and MOST_MARKS marks."""
    unit = view.width / width_px
    degree: dict[str, int] = defaultdict(int)
    for link in links:
        for key in link.keys:
            degree[key] += 1
    ordered = sorted(places, key=lambda place: (-degree[place.key], place.key))
    coarse = 1.0
    while True:
        marks = _grouped(
            ordered, view, near=GROUP_PX * unit * coarse, far=GROUP_PX * 1000 / width_px * coarse
        )
        lines = _lines(marks, links, precision=1 if unit > 0.2 else 2)
        shown = [mark for mark in marks if mark.is_visible]
        if len(lines) <= MOST_LINES and len(shown) <= MOST_MARKS:
            break
        coarse *= 1.35
    for mark in shown:
        mark.radius = _radius_px(mark) * unit
    return Drawing(view, unit, shown, lines)


def _grouped(places: Sequence[Place], view: View, *, near: float, far: float) -> list[Mark]:
    """Each place joins the first mark near enough, or becomes one: the best connected come first."""
    marks: list[Mark] = []
    cells: dict[tuple[bool, int, int], list[Mark]] = defaultdict(list)
    for place in places:
        visible = view.holds(place.x, place.y)
        reach = near if visible else far
        column, row = int(place.x // reach), int(place.y // reach)
        neighbours = (
            mark
            for x in (column, column - 1, column + 1)
            for y in (row, row - 1, row + 1)
            for mark in cells[visible, x, y]
        )
        for mark in neighbours:
            if hypot(mark.x - place.x, mark.y - place.y) < reach:
                mark.places.append(place)
                break
        else:
            mark = Mark([place], is_visible=visible)
            marks.append(mark)
            cells[visible, column, row].append(mark)
    return marks


def _lines(marks: Sequence[Mark], links: Sequence[Link], *, precision: int) -> list[Line]:
    at: dict[str, int] = {place.key: number for number, mark in enumerate(marks) for place in mark.places}
    countries = {place.key: place.country for mark in marks for place in mark.places}
    between: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for mark in marks:
        mark.links.clear()
    for link in links:
        for key in link.keys:
            marks[at[key]].links.add(link.slug)
        ends = {tuple(sorted((at[one], at[other]))) for one, other in _pairs(link.keys, countries)}
        for start, end in ends:
            if start != end and (marks[start].is_visible or marks[end].is_visible):
                between[start, end].append(link)
    return [
        _line(marks[start], marks[end], found, precision)
        for (start, end), found in sorted(between.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _pairs(keys: Sequence[str], countries: dict[str, str]) -> list[tuple[str, str]]:
    """Which sides a line joins: those of different countries; all if there is but one country."""
    pairs = list(combinations(keys, 2))
    return [(one, other) for one, other in pairs if countries[one] != countries[other]] or pairs


def _line(one: Mark, other: Mark, links: list[Link], precision: int) -> Line:
    start, end = sorted((one, other), key=lambda mark: (mark.x, mark.y))
    kinds = {link.kind for link in links}
    return Line(
        start,
        end,
        links,
        kind=kinds.pop() if len(kinds) == 1 else MIXED,
        is_faded=all(link.status in FADED for link in links),
        path=_arc(start, end, precision),
    )


def _arc(west: Mark, east: Mark, precision: int) -> str:
    """Gently bent to the north."""
    x = (west.x + east.x) / 2 + (east.y - west.y) * _BEND
    y = (west.y + east.y) / 2 - (east.x - west.x) * _BEND
    numbers = [f"{round(number, precision):g}" for number in (west.x, west.y, x, y, east.x, east.y)]
    return "M{} {}Q{} {} {} {}".format(*numbers)


def _radius_px(mark: Mark) -> float:
    if len(mark.places) > 1:
        return 9.5 if len(mark.places) < 10 else 11 if len(mark.places) < 100 else 13
    return 4.5 if len(mark.links) < 3 else 5.5 if len(mark.links) < 6 else 6.5


def place_names(drawing: Drawing, countries: Sequence[tuple[str, float, float]], *, most: int) -> None:
    """Names of the best connected marks, then of the countries, wherever they cover nothing."""
    unit = drawing.unit
    taken = [_box_around(mark.x, mark.y, mark.radius + unit) for mark in drawing.marks]
    size = NAME_PX * unit
    for mark in sorted(drawing.marks, key=lambda mark: -len(mark.links)):
        if len(drawing.names) == most:
            break
        gap = mark.radius + 3 * unit
        width = len(mark.first.name) * size * _LETTER
        for x, y, anchor in (
            (mark.x + gap, mark.y + size * 0.35, "start"),
            (mark.x - gap, mark.y + size * 0.35, "end"),
            (mark.x, mark.y - gap - size * 0.1, "middle"),
            (mark.x, mark.y + gap + size * 0.8, "middle"),
        ):
            if _take(_text_box(x, y, width, size, anchor), taken, drawing.view):
                drawing.names.append(Name(mark.first.name, x, y, anchor))
                break
    size = COUNTRY_PX * unit
    for text, x, y in countries:
        if _take(_text_box(x, y, len(text) * size * 0.78, size, "middle"), taken, drawing.view):
            drawing.countries.append(Name(text, x, y, "middle"))


_Box = tuple[float, float, float, float]


def _box_around(x: float, y: float, reach: float) -> _Box:
    return x - reach, y - reach, x + reach, y + reach


def _text_box(x: float, y: float, width: float, size: float, anchor: str) -> _Box:
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, y - size * 0.85, left + width, y + size * 0.25


def _take(box: _Box, taken: list[_Box], view: View) -> bool:
    """Whether the box was free and lies inside the view; then it is taken now."""
    left, top, right, bottom = box
    if left < view.x or top < view.y or right > view.x + view.width or bottom > view.y + view.height:
        return False
    if any(left < r and right > l and top < b and bottom > t for l, t, r, b in taken):  # noqa: E741 -- edges
        return False
    taken.append(box)
    return True
