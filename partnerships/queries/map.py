"""The map as a picture: made from the register on the server, kept until the register changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Avg, Max, Min, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from core.filters import Filters
from core.projection import COUNTRY_BOXES, COUNTRY_LABELS, inside, project
from directory.models import Municipality
from directory.names import shown_name
from partnerships import register_cache
from partnerships.drawing import (
    COUNTRY_PX,
    MIXED,
    NAME_PX,
    Drawing,
    Line,
    Link,
    Mark,
    Name,
    Place,
    draw,
    place_names,
)
from partnerships.map_view import (
    REGION_CODE,
    WHOLE,
    View,
    code_around,
    view_of_country,
    view_of_points,
    view_of_spot,
)
from partnerships.models import Partnership, PartnershipQuerySet, PartnershipSide
from partnerships.names import kind_name, status_name, years_of
from partnerships.queries.lists import Labels, filtered

LARGE, MEDIUM, COLUMN, SMALL = 860, 620, 480, 330
"""Widths in pixels a map is mostly shown in: the map page, the start page, below a text, beside a text."""

MOST_NAMES = {LARGE: 16, MEDIUM: 9, COLUMN: 7, SMALL: 6}
# Small countries whose name would stand beside their marked capital anyway.
NAMED_IN_THE_WHOLE = frozenset(COUNTRY_LABELS) - {"SI", "MD", "ME"}

FORMS: dict[str, str] = {
    Partnership.Kind.PARTNERSHIP: "partnership",
    Partnership.Kind.FRIENDSHIP: "friendship",
    Partnership.Kind.CONTACT: "contact",
    Partnership.Kind.PROJECT: "project",
    Partnership.Kind.SOLIDARITY: "solidarity",
    Partnership.Kind.SPONSORSHIP: "solidarity",
    Partnership.Kind.UNKNOWN: "unknown",
    MIXED: "mixed",
}
"""Which form a line takes; the style sheet gives each a colour and a pattern of strokes."""

FORM_NAMES: dict[str, str | Promise] = {
    "partnership": gettext_lazy("partnership"),
    "friendship": gettext_lazy("friendship"),
    "contact": pgettext_lazy("kind of partnership", "contact"),
    "project": gettext_lazy("project partnership"),
    "solidarity": gettext_lazy("solidarity partnership, sponsorship"),
    "unknown": gettext_lazy("kind not documented"),
    "mixed": gettext_lazy("several of different kinds"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template of the map needs. `marks` is safe HTML."""

    view: View
    unit: float
    marks: str
    on_map: int
    off_map: int
    forms: list[tuple[str, str]]
    has_faded: bool
    has_groups: bool
    has_regions: bool

    @property
    def total(self) -> int:
        return self.on_map + self.off_map

    @property
    def country_id(self) -> str:
        """The part of the base map to lift out."""
        return f"land-{self.view.country.lower()}" if self.view.country in COUNTRY_BOXES else ""

    def widths(self) -> dict[str, str]:
        """Widths of the base map's lines, which grow with the picture."""
        return {
            name: f"{width * self.unit:.3g}"
            for name, width in (("borders", 1.0), ("rivers", 1.1), ("danube", 2.6))
        }


def view_for(code: str) -> View:
    """The part of the map an address asks for; the whole region for anything that is none."""
    view = view_of_country(code) or view_of_spot(code)
    if view is None and REGION_CODE.fullmatch(code):
        view = register_cache.remember(f"region:{code}", lambda: _view_of_region(code))
    return view or WHOLE


def _view_of_region(code: str) -> View:
    """The whole region where nothing of it is on the map."""
    places = (
        Municipality.objects.current().mapped().filter(Q(region__code=code) | Q(region__parent__code=code))
    )
    edges = places.aggregate(
        west=Min("longitude"), east=Max("longitude"), south=Min("latitude"), north=Max("latitude")
    )
    if edges["west"] is None:
        return WHOLE
    corners = [project(edges[lon], edges[lat]) for lon in ("west", "east") for lat in ("south", "north")]
    return view_of_points(corners, code=code)


def map_picture(
    filters: Filters, words: Labels, *, zoom: str = "", is_similar: bool = False, size: int = LARGE
) -> Picture:
    """The map of what the filters leave, seen from near or far."""
    view = view_for(zoom)

    def make() -> Picture:
        return picture_of(
            filtered(filters, is_similar=is_similar), words, view=view, size=size, filters=filters
        )

    if filters.q:
        return make()
    asked = urlencode(sorted((name, value) for name, value in filters.values.items() if name != "sort"))
    return register_cache.remember(f"map:{get_language()}:{size}:{view.code}:{asked}", make)


def picture_of(
    partnerships: PartnershipQuerySet,
    words: Labels,
    *,
    view: View | None = None,
    size: int = SMALL,
    filters: Filters | None = None,
    extra: Sequence[Municipality] = (),
) -> Picture:
    """A map of these partnerships; without a view just as wide as they reach. `extra` towns are marked too."""
    # In portions the whole register takes half the memory; what somebody searches is read faster at once.
    places, links, off_map = _read(partnerships, in_portions=filters is not None and not filters.q)
    for town in extra:
        place = _place(
            f"m{town.pk}",
            town.name,
            town.german_name,
            town.country_id,
            town.latitude,
            town.longitude,
            town.slug,
        )
        if place is not None:
            places.setdefault(place.key, place)
    if view is None:
        view = view_of_points([(place.x, place.y) for place in places.values()], narrowest=260)
    drawing = draw(places.values(), links, view, width_px=size)
    place_names(drawing, list(_country_names(view, words)), most=MOST_NAMES[size])
    return _picture(drawing, words, on_map=len(links), off_map=off_map, filters=filters)


class _Side(NamedTuple):
    """A side with its partnership, as the database gives them."""

    partnership: int
    slug: str
    kind: str
    status: str
    signed_year: int | None
    first_contact_year: int | None
    ended_year: int | None
    town: int | None
    town_name: str
    town_german_name: str
    town_country: str
    latitude: float | None
    longitude: float | None
    town_slug: str
    region: int | None
    region_name: str
    region_german_name: str
    region_country: str

    @property
    def key(self) -> str:
        return f"r{self.region}" if self.town is None else f"m{self.town}"

    def link(self, keys: list[str]) -> Link:
        years = (self.signed_year, self.first_contact_year, self.ended_year)
        return Link(self.slug, self.kind, self.status, years, tuple(keys))


_COLUMNS = (
    "partnership_id", "partnership__slug", "partnership__kind", "partnership__status", "partnership__signed_year",
    "partnership__first_contact_year", "partnership__ended_year", "municipality_id", "municipality__name",
    "municipality__german_name", "municipality__country_id", "municipality__latitude", "municipality__longitude",
    "municipality__slug", "region_id", "region__name", "region__german_name", "region__country_id",
)  # fmt: skip


def _read(
    partnerships: PartnershipQuerySet, *, in_portions: bool
) -> tuple[dict[str, Place], list[Link], int]:
    """Places and links of the partnerships with at least two places on the map, and how many have not."""
    rows: Any = PartnershipSide.objects.filter(partnership__in=partnerships)
    rows = rows.order_by("partnership_id", "position", "pk").values_list(*_COLUMNS)
    if in_portions:
        rows = rows.iterator()
    places: dict[str, Place | None] = {}
    regions: dict[int, _Side] = {}
    links = []
    for _partnership, found in groupby(map(_Side._make, rows), key=attrgetter("partnership")):
        sides = list(found)
        for side in sides:
            if side.region is not None:
                regions[side.region] = side
            elif side.key not in places:
                places[side.key] = _town(side)
        links.append(sides[0].link([side.key for side in sides]))
    places |= _counties(regions)
    on_map = [link for link in (_within(places, link) for link in links) if len(link.keys) > 1]
    keys = {key for link in on_map for key in link.keys}
    drawn = {key: place for key, place in places.items() if place and key in keys}
    return drawn, on_map, len(links) - len(on_map)


def _within(places: dict[str, Place | None], link: Link) -> Link:
    """The link between those of its places that are on the map."""
    return replace(link, keys=tuple(key for key in link.keys if places[key]))


def _town(side: _Side) -> Place | None:
    return _place(
        side.key, side.town_name, side.town_german_name, side.town_country, side.latitude, side.longitude,
        side.town_slug,
    )  # fmt: skip


def _counties(sides: dict[int, _Side]) -> dict[str, Place | None]:
    middles = _middles(set(sides))
    return {
        side.key: _county(side, *middles[region]) if region in middles else None
        for region, side in sides.items()
    }


def _county(side: _Side, latitude: float, longitude: float) -> Place | None:
    return _place(
        side.key, side.region_name, side.region_german_name, side.region_country, latitude, longitude, "",
        is_region=True,
    )  # fmt: skip


def _place(
    key: str,
    name: str,
    german_name: str,
    country: str,
    latitude: float | None,
    longitude: float | None,
    slug: str,
    *,
    is_region: bool = False,
) -> Place | None:
    """None for what has no coordinates or lies beyond the edge of the map."""
    if latitude is None or longitude is None:
        return None
    x, y = project(longitude, latitude)
    if not inside(x, y):
        return None
    return Place(key, name, german_name, country, round(x, 2), round(y, 2), slug, is_region)


def _middles(regions: set[int]) -> dict[int, tuple[float, float]]:
    """A county stands in the middle of its municipalities."""
    if not regions:
        return {}
    places: Any = Municipality.objects.current().mapped().filter(region__in=regions)
    found = places.order_by().values_list("region_id").annotate(north=Avg("latitude"), east=Avg("longitude"))
    return {region: (latitude, longitude) for region, latitude, longitude in found}


def _country_names(view: View, words: Labels) -> Iterable[tuple[str, float, float]]:
    for code, (x, y) in COUNTRY_LABELS.items():
        if view != WHOLE or code in NAMED_IN_THE_WHOLE:
            yield words.countries.get(code, code), x, y


def _picture(
    drawing: Drawing, words: Labels, *, on_map: int, off_map: int, filters: Filters | None
) -> Picture:
    unit = drawing.unit
    context = {
        "lines": [
            {
                "url": _line_url(line, drawing.view, filters),
                "title": _line_title(line, words),
                "form": FORMS[line.kind],
                "weight": line.weight,
                "is_faded": line.is_faded,
                "path": line.path,
            }
            for line in drawing.lines
        ],
        "marks": [_mark(mark, drawing, words, filters) for mark in drawing.marks],
        "names": [_name(name) for name in drawing.names],
        "countries": [_name(name) for name in drawing.countries],
        "name_size": f"{NAME_PX * unit:.3g}",
        "number_size": f"{11.5 * unit:.3g}",
        "country_size": f"{COUNTRY_PX * unit:.3g}",
        "halo": f"{3.5 * unit:.3g}",
    }
    used = {FORMS[line.kind] for line in drawing.lines}
    return Picture(
        view=drawing.view,
        unit=unit,
        marks=render_to_string("partnerships/map_marks.html", context),
        on_map=on_map,
        off_map=off_map,
        forms=[(form, str(name)) for form, name in FORM_NAMES.items() if form in used],
        has_faded=any(line.is_faded for line in drawing.lines),
        has_groups=any(len(mark.places) > 1 for mark in drawing.marks),
        has_regions=any(len(mark.places) == 1 and mark.first.is_region for mark in drawing.marks),
    )


def _name(name: Name) -> dict[str, str]:
    return {"text": name.text, "x": f"{name.x:.1f}", "y": f"{name.y:.1f}", "anchor": name.anchor}


def _mark(mark: Mark, drawing: Drawing, words: Labels, filters: Filters | None) -> dict[str, object]:
    is_group = len(mark.places) > 1
    return {
        "url": _group_url(mark, drawing.view, filters) if is_group else _place_url(mark.first),
        "title": _mark_title(mark, words),
        "x": f"{mark.x:.2f}",
        "y": f"{mark.y:.2f}",
        "r": f"{mark.radius:.3g}",
        "left": f"{mark.x - mark.radius:.2f}",
        "top": f"{mark.y - mark.radius:.2f}",
        "side": f"{2 * mark.radius:.3g}",
        "number": len(mark.places) if is_group else "",
        "number_y": f"{mark.y + 4.1 * drawing.unit:.2f}",
        "is_region": mark.first.is_region and not is_group,
        "is_home": mark.first.country == "DE",
    }


def _place_url(place: Place) -> str:
    if place.is_region:
        return f"{reverse('partnerships:list')}?{urlencode({'q': place.name})}"
    return reverse("directory:detail", args=(place.slug,))


def _group_url(mark: Mark, view: View, filters: Filters | None) -> str:
    code = code_around([(place.x, place.y) for place in mark.places], above=view.level)
    return map_url(filters, code)


def map_url(filters: Filters | None, zoom: str) -> str:
    kept = filters.url(zoom=zoom) if filters else f"?{urlencode({'zoom': zoom})}"
    return reverse("partnerships:map") + kept


def _line_url(line: Line, view: View, filters: Filters | None) -> str:
    """One partnership: its page. Several: the list of the two towns, or a nearer look at a group."""
    if len(line.links) == 1:
        return reverse("partnerships:detail", args=(line.links[0].slug,))
    groups = [mark for mark in (line.end, line.start) if len(mark.places) > 1]
    if groups:
        return _group_url(max(groups, key=lambda mark: len(mark.places)), view, filters)
    return (
        f"{reverse('partnerships:list')}?{urlencode({'q': f'{line.start.first.name} {line.end.first.name}'})}"
    )


def _line_title(line: Line, words: Labels) -> str:
    ends = [_mark_name(line.start), _mark_name(line.end)]
    if len(line.links) > 1:
        return ngettext(
            "%(number)s partnership: %(ends)s", "%(number)s partnerships: %(ends)s", len(line.links)
        ) % {"number": len(line.links), "ends": " – ".join(ends)}
    link = line.links[0]
    facts = dict(zip(("signed_year", "first_contact_year", "ended_year"), link.facts, strict=True))
    said = [
        kind_name(link.kind),
        status_name(link.status) if link.status != "unknown" else "",
        years_of(facts),
    ]
    names = [_name_in(mark, link) for mark in (line.start, line.end)]
    return f"{' – '.join(names)}: {', '.join(word for word in said if word)}"


def _name_in(mark: Mark, link: Link) -> str:
    """The place of a mark this partnership means."""
    place = next(place for place in mark.places if place.key in link.keys)
    return shown_name(place.name, place.german_name)


def _mark_name(mark: Mark) -> str:
    name = shown_name(mark.first.name, mark.first.german_name)
    more = len(mark.places) - 1
    if not more:
        return name
    return ngettext("%(name)s and %(more)s more", "%(name)s and %(more)s more", more) % {
        "name": name,
        "more": more,
    }


def _mark_title(mark: Mark, words: Labels) -> str:
    number = len(mark.links)
    name = _mark_name(mark)
    if len(mark.places) == 1:
        name = f"{name}, {words.countries.get(mark.first.country, mark.first.country)}"
    partnerships = ngettext("%(number)s partnership", "%(number)s partnerships", number) % {"number": number}
    title, closer = f"{name}: {partnerships}", _("Look closer")
    return f"{title}. {closer}" if len(mark.places) > 1 else title


@dataclass(frozen=True, slots=True)
class Zoom:
    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Zooms:
    """Links to other parts of the map under the same filters; an empty address where there is none."""

    here_url: str
    whole_url: str
    nearer_url: str
    farther_url: str
    countries: list[Zoom]
    regions: list[Zoom]


HOME = "DE-BW"


def zooms(view: View, filters: Filters, words: Labels) -> Zooms:
    nearer, farther = view.nearer(), view.farther()
    countries = [(code, name) for code, name in words.countries.items() if code in COUNTRY_BOXES]
    regions = _regions_of_partners(view.country) if view.country else []
    return Zooms(
        here_url=filters.url(zoom=view.code),
        whole_url=filters.url(zoom="") if view.code else "",
        nearer_url=filters.url(zoom=nearer) if nearer else "",
        farther_url=(filters.url(zoom=farther) if farther else filters.url(zoom="")) if view.code else "",
        countries=[
            Zoom(name, filters.url(zoom=code), code == view.code)
            for code, name in [(HOME, "Baden-Württemberg"), *countries]
        ],
        regions=[Zoom(name, filters.url(zoom=code), code == view.code) for code, name in regions],
    )


def _regions_of_partners(country: str) -> list[tuple[str, str]]:
    """(code, name) of the regions of a country in which partners lie."""
    found = (
        PartnershipSide.objects.filter(
            partnership__in=Partnership.objects.listed(demo=settings.SHOW_DEMO),
            municipality__region__country=country,
        )
        .order_by("municipality__region__name")
        .values_list("municipality__region__code", "municipality__region__name")
        .distinct()
    )
    return register_cache.remember(f"regions:{country}", lambda: list(found))
