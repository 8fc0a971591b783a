"""What the directory stores, one subject a file."""

from directory.models.claims import Claim, ClaimQuerySet
from directory.models.contact import ContactMessage, ProfileText
from directory.models.organisations import (
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationInvitation,
    OrganisationInvitationQuerySet,
    OrganisationQuerySet,
)
from directory.models.places import (
    Country,
    CountryQuerySet,
    Municipality,
    MunicipalityName,
    MunicipalityQuerySet,
    Region,
    Topic,
    TopicQuerySet,
)
from directory.models.reports import EntryReport, EntryReportQuerySet

__all__ = [
    "Claim",
    "ClaimQuerySet",
    "ContactMessage",
    "Country",
    "CountryQuerySet",
    "EntryReport",
    "EntryReportQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Municipality",
    "MunicipalityName",
    "MunicipalityQuerySet",
    "Organisation",
    "OrganisationInvitation",
    "OrganisationInvitationQuerySet",
    "OrganisationQuerySet",
    "ProfileText",
    "Region",
    "Topic",
    "TopicQuerySet",
]
