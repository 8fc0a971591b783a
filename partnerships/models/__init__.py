"""What the register stores, one subject a file."""

from partnerships.models.chronicle import Actor, ChronicleEntry, Document, DocumentQuerySet
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
    "Change",
    "ChangeQuerySet",
    "ChronicleEntry",
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
