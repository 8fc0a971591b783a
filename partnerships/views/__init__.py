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
from partnerships.views.documents import (
    delete_document,
    documents,
    draft_documents,
    edit_document,
    file,
    thumbnail,
)
from partnerships.views.places import place
from partnerships.views.wizard import discard, draft, new, sides

__all__ = [
    "MAP_ROWS",
    "answer",
    "ask_contact",
    "confirm",
    "contacts",
    "correction",
    "delete_document",
    "detail",
    "discard",
    "documents",
    "draft",
    "draft_documents",
    "edit",
    "edit_document",
    "end_contact",
    "export",
    "file",
    "history",
    "list_",
    "map_",
    "new",
    "place",
    "sides",
    "status",
    "thumbnail",
]
