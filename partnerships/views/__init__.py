"""Pages of the register, one subject a file."""

from partnerships.views.answers import answer, confirm, correction
from partnerships.views.browse import (
    MAP_ROWS,
    detail,
    export,
    list_,
    map_,
)
from partnerships.views.changes import edit, history, status
from partnerships.views.contacts import ask_contact, contacts, end_contact
from partnerships.views.places import place
from partnerships.views.wizard import discard, draft, new, sides

__all__ = [
    "MAP_ROWS",
    "answer",
    "ask_contact",
    "confirm",
    "contacts",
    "correction",
    "detail",
    "discard",
    "draft",
    "edit",
    "end_contact",
    "export",
    "history",
    "list_",
    "map_",
    "new",
    "place",
    "sides",
    "status",
]
