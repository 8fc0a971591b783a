"""The office's view of the register, one subject a file."""

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
    "ChangeAdmin",
    "CountryFilter",
    "DocumentAdmin",
    "PartnershipAdmin",
    "PublishedFilter",
    "SideInline",
]
