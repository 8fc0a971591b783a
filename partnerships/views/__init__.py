"""Pages of the register, one subject a file."""

from partnerships.views.browse import (
    MAP_ROWS,
    detail,
    export,
    list_,
    map_,
)
from partnerships.views.changes import edit, history, status
from partnerships.views.places import place
from partnerships.views.wizard import discard, draft, new, sides

__all__ = [
    "MAP_ROWS",
    "detail",
    "discard",
    "draft",
    "edit",
    "export",
    "history",
    "list_",
    "map_",
    "new",
    "place",
    "sides",
    "status",
]
