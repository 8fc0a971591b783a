from core.pagination import page_of


def test_of_a_thousand_pages_a_few_are_named() -> None:
    page = page_of(range(20_000), "500", total=20_000)

    assert page.numbers == [1, "…", 498, 499, 500, 501, 502, "…", 1000]


def test_of_a_few_pages_all_are_named() -> None:
    assert page_of(range(60), "1", total=60).numbers == [1, 2, 3]
