"""The office's view of the register, one subject a file."""

from partnerships.admin.entries import (
    SOURCE_FIELDS,
    CountryFilter,
    PartnershipAdmin,
    PublishedFilter,
    SideInline,
)

__all__ = ["SOURCE_FIELDS", "CountryFilter", "PartnershipAdmin", "PublishedFilter", "SideInline"]
