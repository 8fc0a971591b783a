"""Pages of the register, one subject a file."""

from partnerships.views.answers import answer
from partnerships.views.browse import (
    MAP_ROWS,
    detail,
    export,
    list_,
    map_,
)

__all__ = [
    "MAP_ROWS",
    "answer",
    "detail",
    "export",
    "list_",
    "map_",
]
