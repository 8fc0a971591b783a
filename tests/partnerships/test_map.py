import re
from datetime import datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.projection import COUNTRY_BOXES, HEIGHT, WIDTH, project
from directory.models import Municipality
from partnerships import actions, queries
from partnerships.drawing import MOST_LINES, MOST_MARKS, Link, Place, draw, place_names
from partnerships.map_view import (
    DEEPEST,
    WHOLE,
    View,
    code_around,
    view_of_country,
    view_of_points,
    view_of_spot,
)
from partnerships.models import Partnership
from partnerships.queries.map import view_for
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory

# Views


def test_every_country_fits_into_its_view() -> None:
    for code, (x, y, width, height) in COUNTRY_BOXES.items():
        view = view_of_country(code)
        assert view is not None
        assert view.holds(x + 1, y + 1)
        assert view.holds(x + width - 1, y + height - 1)
        assert view.height / view.width == pytest.approx(HEIGHT / WIDTH, rel=0.01)
    assert view_of_country("FR") is None


@pytest.mark.parametrize(
    "code", ["", "XX", "0-1-1", "6-1-1", "3-5", "3-x-y", "99-1-1", "3-٣-1", "'", "3-42000-1"]
)
def test_what_names_no_spot_gives_no_view(code: str) -> None:
    assert view_of_spot(code) is None


@given(st.integers(1, DEEPEST), st.integers(0, 9999), st.integers(0, 999))
def test_views_never_leave_the_map(level: int, x: int, y: int) -> None:
    view = view_of_spot(f"{level}-{x}-{y}")

    assert view is not None
    assert 0 <= view.x <= WIDTH - view.width + 0.1
    assert 0 <= view.y <= HEIGHT - view.height + 0.1
    assert view.level == level
    again = view_of_spot(view.code)
    assert again is not None
    assert again.code == view.code


def test_steps_lead_nearer_and_farther() -> None:
    view = view_of_spot("3-500-300")
    assert view is not None

    assert view.nearer().startswith("4-")
    assert view.farther().startswith("2-")
    assert WHOLE.farther() == ""
    deepest = view_of_spot(f"{DEEPEST}-500-300")
    assert deepest is not None
    assert deepest.nearer() == ""


def test_view_of_points_holds_them_all() -> None:
    points = [(100.0, 100.0), (300.0, 180.0)]

    view = view_of_points(points)

    assert all(view.holds(x, y) for x, y in points)
    assert view_of_points([]) == WHOLE


def test_group_is_looked_at_at_least_one_step_nearer() -> None:
    assert code_around([(500, 300), (501, 300)], above=0).startswith(f"{DEEPEST}-")
    assert code_around([(100, 300), (900, 300)], above=0).startswith("1-")
    assert code_around([(500, 300)], above=DEEPEST).startswith(f"{DEEPEST}-")


# Drawing


def place(key: str, x: float, y: float, country: str = "HU", name: str = "") -> Place:
    return Place(key, name or key, "", country, x, y, key)


def link(slug: str, *keys: str, kind: str = "partnership", status: str = "active") -> Link:
    return Link(slug, kind, status, (None, None, None), keys)


def test_places_close_together_become_one_mark_with_the_best_connected_in_front() -> None:
    places = [place("a", 100, 100, "DE"), place("b", 105, 100, "DE"), place("c", 600, 300)]
    links = [link("1", "b", "c"), link("2", "a", "c"), link("3", "b", "c", kind="contact")]

    drawing = draw(places, links, WHOLE, width_px=900)

    assert [[one.key for one in mark.places] for mark in drawing.marks] == [["c"], ["b", "a"]]
    (line,) = drawing.lines
    assert (len(line.links), line.kind) == (3, "mixed")


def test_nearer_view_takes_groups_apart() -> None:
    places = [place("a", 100, 100, "DE"), place("b", 105, 100, "DE"), place("c", 600, 300)]
    links = [link("1", "a", "c"), link("2", "b", "c", status="ended")]

    drawing = draw(places, links, View(90, 90, 30, 18.5), width_px=900)

    assert sorted(mark.first.key for mark in drawing.marks) == ["a", "b"]
    assert [line.is_faded for line in drawing.lines] == [False, True]


def test_lines_that_do_not_touch_the_view_are_left_out() -> None:
    places = [place("a", 500, 300), place("b", 900, 500)]

    assert draw(places, [link("1", "a", "b")], View(0, 0, 100, 61), width_px=900).lines == []


def test_triangle_joins_its_countries_but_not_its_neighbours() -> None:
    places = [place("a", 100, 100, "DE"), place("b", 200, 100, "DE"), place("c", 600, 300, "HU")]

    drawing = draw(places, [link("1", "a", "b", "c")], WHOLE, width_px=900)

    ends = {frozenset((line.start.first.key, line.end.first.key)) for line in drawing.lines}
    assert ends == {frozenset("ac"), frozenset("bc")}


def test_partnership_within_one_country_is_drawn_too() -> None:
    places = [place("a", 100, 100, "DE"), place("b", 300, 100, "DE")]

    assert len(draw(places, [link("1", "a", "b")], WHOLE, width_px=900).lines) == 1


def test_thousands_of_partnerships_stay_few_lines() -> None:
    homes = [place(f"h{number}", 40 + number % 11 * 9, 130 + number // 11 * 9, "DE") for number in range(110)]
    abroad = [place(f"a{number}", 300 + number % 40 * 15, 60 + number // 40 * 20) for number in range(900)]
    links = [link(str(n), homes[n * 7 % 110].key, abroad[n * 13 % 900].key) for n in range(5000)]

    drawing = draw([*homes, *abroad], links, WHOLE, width_px=900)

    assert 20 < len(drawing.lines) <= MOST_LINES
    assert 10 < len(drawing.marks) <= MOST_MARKS
    assert {slug for mark in drawing.marks for slug in mark.links} == {str(n) for n in range(5000)}


def test_same_input_gives_the_same_drawing() -> None:
    places = [place(f"p{n}", 13 * n % 900, 29 * n % 600, "DE" if n % 2 else "HU") for n in range(80)]
    links = [link(str(n), f"p{n}", f"p{n + 1}") for n in range(79)]

    first = draw(places, links, WHOLE, width_px=900)
    second = draw(list(reversed(places)), links, WHOLE, width_px=900)

    assert [line.path for line in first.lines] == [line.path for line in second.lines]
    assert [mark.first for mark in first.marks] == [mark.first for mark in second.marks]


def test_names_cover_neither_marks_nor_each_other() -> None:
    places = [
        place(f"p{n}", 100 + 40 * (n % 15), 100 + 30 * (n // 15), name="Longer name") for n in range(90)
    ]
    drawing = draw(places, [link("1", *[one.key for one in places])], WHOLE, width_px=900)

    place_names(drawing, [("Hungary", 500, 300), ("Nowhere", -50, 20)], most=5)

    assert len(drawing.names) == 5
    assert "Nowhere" not in [name.text for name in drawing.countries]


# The picture


@pytest.fixture
def english() -> object:
    with translation.override("en"):
        yield


def picture(zoom: str = "", **params: str) -> queries.Picture:
    words = queries.labels()
    return queries.map_picture(queries.filters_from(params, words), words, zoom=zoom)


@pytest.mark.django_db
def test_every_town_line_and_group_is_a_named_link(
    english: object, fellbach: Municipality, pecs: Municipality, ulm: Municipality, baja: Municipality
) -> None:
    PartnershipFactory(slug="fellbach-pecs", towns=[fellbach, pecs], signed_year=1986)
    PartnershipFactory(slug="ulm-baja", towns=[ulm, baja], kind="contact", status="ended")

    shown = picture()

    assert (shown.on_map, shown.off_map, shown.total) == (2, 0, 2)
    assert "<title>Fellbach – Pécs: partnership, active, since 1986</title>" in shown.marks
    assert 'href="/partnerships/fellbach-pecs/"' in shown.marks
    assert "<title>Ulm, Germany: 1 partnership</title>" in shown.marks
    assert 'href="/municipalities/ulm/"' in shown.marks
    assert shown.marks.count("<a ") == shown.marks.count("<title>")
    assert [form for form, _name in shown.forms] == ["partnership", "contact"]
    assert shown.has_faded


@pytest.mark.django_db
def test_titles_are_safe_html(fellbach: Municipality) -> None:
    town = MunicipalityFactory(name="<b>&", country=CountryFactory(code="HU"), latitude=46, longitude=18)
    PartnershipFactory(towns=[fellbach, town])

    assert "<b>" not in picture().marks


@pytest.mark.django_db
def test_what_has_no_place_on_the_map_is_counted(fellbach: Municipality, pecs: Municipality) -> None:
    hungary = CountryFactory(code="HU")
    PartnershipFactory(towns=[fellbach, pecs])
    PartnershipFactory(towns=[fellbach, MunicipalityFactory(country=hungary)])
    PartnershipFactory(towns=[fellbach, MunicipalityFactory(country=hungary, latitude=60, longitude=10)])
    PartnershipFactory(towns=[fellbach, RegionFactory(code="HU-XX", country=hungary)])

    shown = picture()

    assert (shown.on_map, shown.off_map) == (1, 3)


@pytest.mark.django_db
def test_county_stands_as_a_square_in_the_middle_of_its_municipalities(
    english: object, fellbach: Municipality
) -> None:
    county = RegionFactory(code="HU-BA", name="Baranya", country=CountryFactory(code="HU"))
    for latitude, longitude in ((46.0, 18.0), (46.2, 18.4)):
        MunicipalityFactory(country=county.country, region=county, latitude=latitude, longitude=longitude)
    PartnershipFactory(towns=[fellbach, county])

    shown = picture()

    x, y = project(18.2, 46.1)
    square = re.search(r'<rect class="t" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', shown.marks)
    assert square is not None
    left, top, side = (float(number) for number in square.groups())
    assert (left + side / 2, top + side / 2) == pytest.approx((x, y), abs=0.1)
    assert shown.has_regions
    assert "?q=Baranya" in shown.marks


@pytest.mark.django_db
def test_several_partnerships_of_two_towns_lead_to_their_list(
    english: object, fellbach: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(towns=[fellbach, pecs])
    PartnershipFactory(towns=[fellbach, pecs], kind="contact")

    shown = picture()

    assert 'href="/partnerships/?q=Fellbach+P%C3%A9cs"' in shown.marks
    assert "<title>2 partnerships: Fellbach – Pécs</title>" in shown.marks
    assert [form for form, _name in shown.forms] == ["mixed"]


@pytest.mark.django_db
def test_group_leads_nearer_and_keeps_the_filters(
    english: object, fellbach: Municipality, pecs: Municipality, baja: Municipality
) -> None:
    waiblingen = MunicipalityFactory(name="Waiblingen", ags="08119079", latitude=48.83, longitude=9.31)
    PartnershipFactory(towns=[fellbach, pecs], status="unknown")
    PartnershipFactory(towns=[waiblingen, pecs], status="unknown")
    PartnershipFactory(towns=[waiblingen, baja], status="unknown")

    shown = picture(status="unknown")

    assert re.search(r'href="/map/\?status=unknown&amp;zoom=5-\d+-\d+"', shown.marks)
    assert "<title>Waiblingen and 1 more: 3 partnerships. Look closer</title>" in shown.marks
    assert "<title>2 partnerships: Waiblingen and 1 more – Pécs</title>" in shown.marks
    assert shown.has_groups


@pytest.mark.django_db
def test_zoom_is_a_country_a_region_or_a_spot(pecs: Municipality) -> None:
    x, y = project(18.23, 46.07)

    assert view_for("HU").country == "HU"
    assert view_for("HU-BA").holds(x, y)
    assert view_for("HU-BA").width < 100
    assert view_for("4-500-300").level == 4
    for nothing in ("", "XX", "HU-ZZ", "zoom", "6-1-1", "\x00", "x" * 10_000):
        assert view_for(nothing) == WHOLE


@pytest.mark.django_db
def test_state_is_shown_with_its_districts(fellbach: Municipality) -> None:
    state = RegionFactory(code="DE-BW", kind="state")
    fellbach.region.parent = state
    fellbach.region.save()

    assert view_for("DE-BW").holds(*project(9.28, 48.81))


@pytest.mark.django_db
def test_zooms_offer_countries_and_the_regions_of_the_partners(
    english: object, fellbach: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(towns=[fellbach, pecs])
    words = queries.labels()
    filters = queries.filters_from({"country": "HU"}, words)

    far = queries.zooms(view_for(""), filters, words)
    near = queries.zooms(view_for("HU"), filters, words)
    spot = queries.zooms(view_for("1-500-300"), filters, words)

    assert (far.whole_url, far.farther_url, far.regions) == ("", "", [])
    assert [zoom.label for zoom in far.countries] == ["Baden-Württemberg", "Germany", "Hungary"]
    assert near.whole_url == "?country=HU"
    assert near.here_url == "?country=HU&zoom=HU"
    assert [(zoom.label, zoom.url) for zoom in near.regions] == [("Baranya", "?country=HU&zoom=HU-BA")]
    assert spot.farther_url == "?country=HU"


@pytest.mark.django_db
def test_picture_is_kept_until_something_changes(
    fellbach: Municipality, pecs: Municipality, now: datetime, django_assert_num_queries: object
) -> None:
    partnership = PartnershipFactory(towns=[fellbach, pecs])
    words = queries.labels()
    filters = queries.filters_from({}, words)
    queries.map_picture(filters, words)

    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.map_picture(filters, words)

    actions.unpublish(partnership=partnership, now=now)
    assert queries.map_picture(filters, words).total == 0


@pytest.mark.django_db
def test_picture_of_a_search_is_drawn_each_time(fellbach: Municipality, pecs: Municipality) -> None:
    PartnershipFactory(towns=[fellbach, pecs])
    assert picture(q="pecs").total == 1

    Partnership.objects.update(published_at=None)

    assert picture(q="pecs").total == 0


@pytest.mark.django_db
def test_small_map_shows_the_town_that_has_no_partnership(ulm: Municipality) -> None:
    nowhere = MunicipalityFactory()
    words = queries.labels()

    with_place = queries.picture_of(Partnership.objects.none(), words, extra=[ulm])
    without_place = queries.picture_of(Partnership.objects.none(), words, extra=[nowhere])

    assert with_place.marks.count("<circle") == 1
    assert without_place.marks.count("<circle") == 0
    assert without_place.view == WHOLE
    assert without_place.country_id == ""
