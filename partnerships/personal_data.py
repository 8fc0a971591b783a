"""What the register stores about a person: drafts, contacts, questions asked, and who changed what."""

from accounts.personal_data import register_rows
from partnerships.actions import forget_files_of_drafts
from partnerships.models import (
    Change,
    ChronicleEntry,
    Correction,
    Document,
    Partnership,
    PartnershipDraft,
    SideContact,
    SideInvitation,
)

register_rows(Partnership, keys=("registered_by",), show=("slug",))
register_rows(
    PartnershipDraft,
    own=("person",),
    show=("data", "started_at", "changed_at"),
    before_erasure=forget_files_of_drafts,
)
register_rows(
    SideContact,
    own=("person",),
    own_addresses=("email",),
    show=("side", "role", "name", "email", "language", "since", "ended_at"),
)
register_rows(
    SideInvitation,
    keys=("sent_by",),
    addresses=("email",),
    blank_too=("name",),
    show=("side", "purpose", "language", "sent_at", "answer", "answered_at"),
)
register_rows(Change, keys=("person",), show=("partnership", "what", "at", "before", "after", "note"))
register_rows(
    Correction,
    keys=("proposed_by", "decided_by"),
    show=("partnership", "changes", "note", "proposed_at", "state"),
)
register_rows(ChronicleEntry, keys=("written_by",), show=("partnership", "on", "title", "text"))
register_rows(Document, keys=("uploaded_by",), show=("kind", "title", "original_name", "uploaded_at"))
