"""From longitude and latitude to a place on the map `static/map/danube.svg`.

The map is a Lambert conformal conic projection of the sphere with its standard parallels at 43 and 50 degrees
north, so that the Danube region keeps its natural shape (formulas: John P. Snyder, "Map Projections: A
Working Manual", USGS 1987, page 106). The same `project` draws the map (`scripts/build_map.py`) and places
the towns on it, so that lines and towns can never disagree.

Everything that leaves this module is in SVG units: the origin is the upper left corner, x runs to the east
and y to the south, and one unit is 1.86 km on the two standard parallels.

Two tables, keyed by ISO 3166-1 alpha-2 code in capitals, come from the drawn geometry:

- `COUNTRY_BOXES`: (x, y, width, height) of a viewBox that shows the country's part of the map with some air;
- `COUNTRY_LABELS`: (x, y) of a point well inside the country's part of the map, for its name.
"""

from math import cos, log, pi, radians, sin, tan

from core.projection_data import COUNTRY_BOXES, COUNTRY_LABELS

__all__ = ["COUNTRY_BOXES", "COUNTRY_LABELS", "HEIGHT", "WIDTH", "inside", "project"]

WIDTH = 1000
"""Width of the map in SVG units."""

HEIGHT = 616
"""Height of the map in SVG units."""

EARTH_RADIUS_KM = 6371.0
KM_PER_UNIT = 1.86
CENTRAL_MERIDIAN = 19.5
STANDARD_PARALLELS = (43.0, 50.0)

# The window on the cone. It holds Lörrach in the west, Odesa oblast and Kyiv in the east, Bohemia in the
# north and the Rhodope mountains in the south: the upper edge is 5,480 km from the cone's tip, the left edge
# 925 km west of the central meridian.
TOP_KM = 5480.0
LEFT_KM = 925.0


def _parallel_factor(lat: float) -> float:
    """Snyder's tan(π/4 + φ/2) of a latitude in degrees."""
    return tan(pi / 4 + radians(lat) / 2)


def _cone() -> tuple[float, float]:
    """The cone's opening (n) and its scale in kilometres (radius times F)."""
    south, north = STANDARD_PARALLELS
    ratio = cos(radians(south)) / cos(radians(north))
    opening = log(ratio) / log(_parallel_factor(north) / _parallel_factor(south))
    scale = EARTH_RADIUS_KM * cos(radians(south)) * _parallel_factor(south) ** opening / opening
    return opening, scale


_OPENING, _SCALE_KM = _cone()


def project(lon: float, lat: float) -> tuple[float, float]:
    """Longitude and latitude in degrees (WGS 84) to x and y in SVG units, also outside the map's frame."""
    distance = _SCALE_KM / _parallel_factor(lat) ** _OPENING
    angle = _OPENING * radians(lon - CENTRAL_MERIDIAN)
    east_km = distance * sin(angle)
    south_km = distance * cos(angle)
    return (east_km + LEFT_KM) / KM_PER_UNIT, (south_km - TOP_KM) / KM_PER_UNIT


def inside(x: float, y: float) -> bool:
    """Whether a point in SVG units lies on the map; towns outside are listed, not drawn."""
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT
