"""What the directory tells people, one subject a file."""

from directory.emails.claims import (
    ADDRESS_LINK,
    ClaimAddressCheck,
    ClaimDecided,
    ClaimEnded,
    ClaimHandedOver,
    ClaimMade,
    ClaimSecond,
    ClaimSecondAnswered,
    MunicipalityWithoutVoice,
)
from directory.emails.contact import MessagePassedOn
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
    "ADDRESS_LINK",
    "ClaimAddressCheck",
    "ClaimDecided",
    "ClaimEnded",
    "ClaimHandedOver",
    "ClaimMade",
    "ClaimSecond",
    "ClaimSecondAnswered",
    "EntryReported",
    "MembershipAnswered",
    "MembershipEnded",
    "MembershipRequested",
    "MembershipRoleChanged",
    "MessagePassedOn",
    "MunicipalityWithoutVoice",
    "OrganisationGivenUp",
    "OrganisationInvited",
    "OrganisationJoined",
    "OrganisationPublished",
    "OrganisationWaits",
    "OrganisationWithoutCoordinator",
    "ReportAnswered",
]
