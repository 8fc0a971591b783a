"""What visitors, members and the office are asked, one subject a file."""

from directory.forms.claims import ClaimForm, DecisionForm, HolderAnswerForm
from directory.forms.contact import ContactForm
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
from directory.forms.profiles import ProfileForm
from directory.forms.town import TownField

__all__ = [
    "AnswerForm",
    "ClaimForm",
    "ContactForm",
    "DecisionForm",
    "EditOrganisationForm",
    "HolderAnswerForm",
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
    "ProfileForm",
    "RegionForm",
    "ReportForm",
    "RoleForm",
    "TownField",
    "facts_of",
]
