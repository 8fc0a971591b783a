"""What the directory tells people, one subject a file."""

from directory.emails.organisations import (
    MembershipAnswered,
    MembershipEnded,
    MembershipRequested,
    MembershipRoleChanged,
    OrganisationGivenUp,
    OrganisationInvited,
    OrganisationJoined,
    OrganisationPublished,
    OrganisationWaits,
    OrganisationWithoutCoordinator,
)
from directory.emails.reports import (
    EntryReported,
    ReportAnswered,
)

__all__ = [
    "EntryReported",
    "MembershipAnswered",
    "MembershipEnded",
    "MembershipRequested",
    "MembershipRoleChanged",
    "OrganisationGivenUp",
    "OrganisationInvited",
    "OrganisationJoined",
    "OrganisationPublished",
    "OrganisationWaits",
    "OrganisationWithoutCoordinator",
    "ReportAnswered",
]
