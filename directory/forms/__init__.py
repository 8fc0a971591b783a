"""What visitors, members and the office are asked, one subject a file."""

from directory.forms.claims import ButtonForm, ClaimForm, DecisionForm, HolderAnswerForm
from directory.forms.contact import ContactForm
from directory.forms.places import (
    AnswerForm,
    MergeForm,
    MunicipalityForm,
    RegionForm,
    ReportForm,
)
from directory.forms.profiles import ProfileForm

__all__ = [
    "AnswerForm",
    "ButtonForm",
    "ClaimForm",
    "ContactForm",
    "DecisionForm",
    "HolderAnswerForm",
    "MergeForm",
    "MunicipalityForm",
    "ProfileForm",
    "RegionForm",
    "ReportForm",
]
