"""The office's view of the directory, one subject a file."""

from directory.admin.claims import ClaimAdmin
from directory.admin.contact import ContactMessageAdmin
from directory.admin.organisations import MembershipAdmin, OrganisationAdmin, OrganisationInvitationAdmin
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
    "MembershipAdmin",
    "MergedFilter",
    "MunicipalityAdmin",
    "MunicipalityNameInline",
    "NotDeletable",
    "OrganisationAdmin",
    "OrganisationInvitationAdmin",
    "PositionFilter",
    "RegionAdmin",
    "RegionFilter",
    "TopicAdmin",
    "merge_view",
]
