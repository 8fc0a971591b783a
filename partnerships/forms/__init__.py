"""What people are asked about a partnership, one subject a file."""

from partnerships.forms.answers import ConfirmForm, ContactForm, CorrectionForm, DisputeForm
from partnerships.forms.office import (
    PartnershipForm,
    SidesFormSet,
    problem_with,
    same_pair_sentence,
)

__all__ = [
    "ConfirmForm",
    "ContactForm",
    "CorrectionForm",
    "DisputeForm",
    "PartnershipForm",
    "SidesFormSet",
    "problem_with",
    "same_pair_sentence",
]
