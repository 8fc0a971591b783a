"""Which part of the map is shown. Everything is in the units of core/projection.py.

In addresses: `HU` (a country), `HU-BA` (a region, known to the directory) or `3-420-260` (level, x and y of the
middle). Level 0 is the whole region, each further level shows half the width.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.projection import COUNTRY_BOXES, HEIGHT, WIDTH

DEEPEST = 5
"""31 units: some 60 km from left to right."""

RATIO = HEIGHT / WIDTH
REGION_CODE = re.compile(r"[A-Z]{2}-?[A-Z0-9]{1,8}(-[A-Z0-9]{1,8})?", re.ASCII)
_SPOT = re.compile(r"([1-5])-(\d{1,4})-(\d{1,3})", re.ASCII)
_PADDING = 1.16
_SMALLEST_REGION = 50.0


@dataclass(frozen=True, slots=True)
class View:
    """A part of the map as wide as high as the whole; `code` stands in the address."""

    x: float
    y: float
    width: float
    height: float
    code: str = ""
    country: str = ""

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    @property
    def box(self) -> str:
        return f"{self.x:g} {self.y:g} {self.width:g} {self.height:g}"

    @property
    def level(self) -> int:
        """How often the whole width was halved, rounded down."""
        level = 0
        while level < DEEPEST and self.width <= WIDTH / 2 ** (level + 1):
            level += 1
        return level

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def nearer(self) -> str:
        """The code of the next level down at the same middle; empty at the deepest."""
        return _spot_code(self.level + 1, *self.middle) if self.level < DEEPEST else ""

    def farther(self) -> str:
        """The code of the next level up; empty for the whole region."""
        return _spot_code(self.level - 1, *self.middle) if self.level > 1 else ""


WHOLE = View(0, 0, WIDTH, HEIGHT)


def view_of_country(code: str) -> View | None:
    box = COUNTRY_BOXES.get(code)
    return _around(*box, code=code, country=code) if box else None


def view_of_spot(code: str) -> View | None:
    """The view of a code like "3-420-260", wherever that lies."""
    match = _SPOT.fullmatch(code)
    if match is None:
        return None
    level, x, y = (int(number) for number in match.groups())
    width = WIDTH / 2**level
    return _clamped(x - width / 2, y - width * RATIO / 2, width, code=_spot_code(level, x, y))


def view_of_points(
    points: Iterable[tuple[float, float]], *, code: str = "", narrowest: float = _SMALLEST_REGION
) -> View:
    """Just wide enough for all points, with some air; the whole map for none."""
    points = list(points)
    if not points:
        return WHOLE
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    width = max((right - left) * _PADDING, narrowest)
    height = max((bottom - top) * _PADDING, narrowest * RATIO)
    return _around(
        (left + right - width) / 2, (top + bottom - height) / 2, width, height, code=code, country=code[:2]
    )


def code_around(points: Iterable[tuple[float, float]], *, above: int) -> str:
    """The code of the deepest view that still holds all points, at least one level below `above`."""
    tight = view_of_points(points, narrowest=WIDTH / 2**DEEPEST)
    return _spot_code(min(DEEPEST, max(above + 1, tight.level)), *tight.middle)


def _spot_code(level: int, x: float, y: float) -> str:
    # Few different views are kept better than many nearly equal ones.
    step = max(1, round(WIDTH / 2**level / 16))
    across, down = (min(round(at / step), edge // step) * step for at, edge in ((x, WIDTH), (y, HEIGHT)))
    return f"{level}-{across}-{down}"


def _around(x: float, y: float, width: float, height: float, *, code: str, country: str) -> View:
    """The box widened to the map's own proportions."""
    wide = min(max(width, height / RATIO), WIDTH)
    return _clamped(x - (wide - width) / 2, y - (wide * RATIO - height) / 2, wide, code=code, country=country)


def _clamped(x: float, y: float, width: float, *, code: str, country: str = "") -> View:
    """Not beyond the edge of the map."""
    height = width * RATIO
    return View(
        round(min(max(x, 0), WIDTH - width), 1),
        round(min(max(y, 0), HEIGHT - height), 1),
        round(width, 2),
        round(height, 2),
        code,
        country,
    )
