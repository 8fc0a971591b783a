"""Pages of the register, one subject a file."""

from partnerships.views.answers import answer, confirm, correction
from partnerships.views.browse import (
    MAP_ROWS,
    detail,
    export,
    list_,
    map_,
)
from partnerships.views.contacts import ask_contact, contacts, end_contact

__all__ = [
    "MAP_ROWS",
    "answer",
    "ask_contact",
    "confirm",
    "contacts",
    "correction",
    "detail",
    "end_contact",
    "export",
    "list_",
    "map_",
]
