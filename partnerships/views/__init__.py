"""Pages of the register, one subject a file."""

from partnerships.views.actors import add_actor, delete_actor, edit_actor
from partnerships.views.answers import answer, confirm, correction
from partnerships.views.browse import (
    MAP_ROWS,
    detail,
    export,
    list_,
    map_,
)
from partnerships.views.changes import edit, history, status
from partnerships.views.chronicle import (
    add_entry,
    add_photo,
    chronicle,
    delete_entry,
    edit_entry,
    export_chronicle,
)
from partnerships.views.contacts import ask_contact, contacts, end_contact
from partnerships.views.documents import (
    delete_document,
    documents,
    draft_documents,
    edit_document,
    file,
    thumbnail,
)
from partnerships.views.groups import open_group
from partnerships.views.places import place
from partnerships.views.wizard import discard, draft, new, sides

__all__ = [
    "MAP_ROWS",
    "add_actor",
    "add_entry",
    "add_photo",
    "answer",
    "ask_contact",
    "chronicle",
    "confirm",
    "contacts",
    "correction",
    "delete_actor",
    "delete_document",
    "delete_entry",
    "detail",
    "discard",
    "documents",
    "draft",
    "draft_documents",
    "edit",
    "edit_actor",
    "edit_document",
    "edit_entry",
    "end_contact",
    "export",
    "export_chronicle",
    "file",
    "history",
    "list_",
    "map_",
    "new",
    "open_group",
    "place",
    "sides",
    "status",
    "thumbnail",
]
