"""Pages of a list: any page number gives a page."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator

PER_PAGE = 20


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """A paginator that is told the number of rows, because the facets have counted them already."""

    def __init__(self, rows: Sequence[Any] | Any, total: int, per_page: int = PER_PAGE) -> None:
        super().__init__(rows, per_page)
        self.count = total

    def _get_page(self, *args: Any, **kwargs: Any) -> "CountedPage":
        return CountedPage(*args, **kwargs)


class CountedPage(Page):  # type: ignore[type-arg]  # not generic at run time
    @property
    def numbers(self) -> list[int | str]:
        """The pages worth a link; an ellipsis where some are left out. A thousand pages would cost time."""
        return list(self.paginator.get_elided_page_range(self.number, on_each_side=2, on_ends=1))


def page_of(rows: Any, number: str | None, *, total: int, per_page: int = PER_PAGE) -> Page[Any]:
    """The page asked for, the first for nonsense, the last for a number beyond it."""
    return CountedPaginator(rows, total, per_page).get_page(number if number and len(number) < 9 else 1)
