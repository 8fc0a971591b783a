"""The office's view of the directory, one subject a file."""

from directory.admin.claims import ClaimAdmin
from directory.admin.contact import ContactMessageAdmin
from directory.admin.places import (
    CODES,
    CountryAdmin,
    EntryReportAdmin,
    FoldedSearch,
    MergedFilter,
    MunicipalityAdmin,
    MunicipalityNameInline,
    NotDeletable,
    PositionFilter,
    RegionAdmin,
    RegionFilter,
    TopicAdmin,
    merge_view,
)

__all__ = [
    "CODES",
    "ClaimAdmin",
    "ContactMessageAdmin",
    "CountryAdmin",
    "EntryReportAdmin",
    "FoldedSearch",
    "MergedFilter",
    "MunicipalityAdmin",
    "MunicipalityNameInline",
    "NotDeletable",
    "PositionFilter",
    "RegionAdmin",
    "RegionFilter",
    "TopicAdmin",
    "merge_view",
]
