"""What people are asked about a partnership, one subject a file."""

from partnerships.forms.office import (
    PartnershipForm,
    SidesFormSet,
    problem_with,
    same_pair_sentence,
)

__all__ = [
    "PartnershipForm",
    "SidesFormSet",
    "problem_with",
    "same_pair_sentence",
]
