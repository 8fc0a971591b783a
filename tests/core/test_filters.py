import pytest
from django.http import QueryDict
from django.template import Context, Template

from core.filters import LONGEST_QUERY, Filters, clean_query
from core.pagination import page_of

ALLOWED = {"country": {"DE", "HU"}, "kind": {"town"}, "sort": {"name"}}


def filters(query: str) -> Filters:
    return Filters(QueryDict(query), ALLOWED)


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("  Ulm \n", "Ulm"),
        ("a\x00b", "a b"),
        ("x" * 10_000, "x" * LONGEST_QUERY),
        ("\t\r\n", ""),
        ("Pécs  Ruse", "Pécs Ruse"),
    ],
)
def test_typed_text_becomes_one_short_line(typed: str, kept: str) -> None:
    assert clean_query(typed) == kept


def test_only_known_values_are_believed() -> None:
    assert filters("country=XX&kind=town&evil=1").values == {"kind": "town"}


def test_sorting_alone_is_no_filter() -> None:
    assert (bool(filters("sort=name")), bool(filters("q=u"))) == (False, True)


def test_the_address_keeps_the_other_filters() -> None:
    assert filters("q=ul&country=HU&page=3").url(kind="town") == "?q=ul&country=HU&kind=town"


def test_an_active_choice_leads_to_the_list_without_it() -> None:
    choices = filters("country=HU").choices("country", [("DE", "Germany"), ("HU", "Hungary")], {"DE": 3})

    assert [(choice.value, choice.count, choice.url, choice.active) for choice in choices] == [
        ("DE", 3, "?country=DE", False),
        ("HU", 0, "?", True),
    ]


def test_chips_take_one_filter_away() -> None:
    chips = filters("q=ul&country=HU").chips({"country": "Hungary", "kind": "town"})

    assert [(str(chip.label), chip.url) for chip in chips] == [("„ul“", "?country=HU"), ("Hungary", "?q=ul")]


@pytest.mark.parametrize(
    "number, page", [(None, 1), ("2", 2), ("0", 3), ("abc", 1), ("-1", 3), ("999999999999", 1), ("7", 3)]
)
def test_any_page_number_gives_a_page(number: str | None, page: int) -> None:
    assert page_of(list(range(50)), number, total=50).number == page


def test_a_template_reaches_the_values() -> None:
    template = Template("{% for name, value in filters.values.items %}{{ name }}={{ value }}{% endfor %}")

    assert template.render(Context({"filters": filters("country=HU")})) == "country=HU"
