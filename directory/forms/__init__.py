"""What visitors, members and the office are asked, one subject a file."""

from directory.forms.organisations import (
    EditOrganisationForm,
    InvitationForm,
    JoinForm,
    KeyForm,
    LeaveForm,
    NewOrganisationForm,
    OfficeMembershipForm,
    OfficeOrganisationForm,
    OrganisationForm,
    RoleForm,
    facts_of,
)
from directory.forms.places import (
    AnswerForm,
    MergeForm,
    MunicipalityForm,
    RegionForm,
    ReportForm,
)
from directory.forms.town import TownField

__all__ = [
    "AnswerForm",
    "EditOrganisationForm",
    "InvitationForm",
    "JoinForm",
    "KeyForm",
    "LeaveForm",
    "MergeForm",
    "MunicipalityForm",
    "NewOrganisationForm",
    "OfficeMembershipForm",
    "OfficeOrganisationForm",
    "OrganisationForm",
    "RegionForm",
    "ReportForm",
    "RoleForm",
    "TownField",
    "facts_of",
]
