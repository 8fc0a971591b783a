"""What the register stores, one subject a file."""

from partnerships.models.chronicle import (
    Actor,
    ActorQuerySet,
    ChronicleEntry,
    ChronicleEntryQuerySet,
    Document,
    DocumentQuerySet,
)
from partnerships.models.contacts import SideContact, SideContactQuerySet
from partnerships.models.history import Change, ChangeQuerySet, Correction, CorrectionQuerySet
from partnerships.models.invitations import SideInvitation
from partnerships.models.register import (
    Partnership,
    PartnershipDraft,
    PartnershipDraftQuerySet,
    PartnershipManager,
    PartnershipQuerySet,
    PartnershipSide,
)

__all__ = [
    "Actor",
    "ActorQuerySet",
    "Change",
    "ChangeQuerySet",
    "ChronicleEntry",
    "ChronicleEntryQuerySet",
    "Correction",
    "CorrectionQuerySet",
    "Document",
    "DocumentQuerySet",
    "Partnership",
    "PartnershipDraft",
    "PartnershipDraftQuerySet",
    "PartnershipManager",
    "PartnershipQuerySet",
    "PartnershipSide",
    "SideContact",
    "SideContactQuerySet",
    "SideInvitation",
]
