"""The office's view of the register, one subject a file."""

from partnerships.admin.answers import CorrectionAdmin, QuestionAdmin, SideAdmin
from partnerships.admin.chronicle import ActorAdmin, ChronicleEntryAdmin
from partnerships.admin.documents import DocumentAdmin
from partnerships.admin.entries import (
    SOURCE_FIELDS,
    CountryFilter,
    PartnershipAdmin,
    PublishedFilter,
    SideInline,
)
from partnerships.admin.history import ChangeAdmin

__all__ = [
    "SOURCE_FIELDS",
    "ActorAdmin",
    "ChangeAdmin",
    "ChronicleEntryAdmin",
    "CorrectionAdmin",
    "CountryFilter",
    "DocumentAdmin",
    "PartnershipAdmin",
    "PublishedFilter",
    "QuestionAdmin",
    "SideAdmin",
    "SideInline",
]
