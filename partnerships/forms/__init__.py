"""What people are asked about a partnership, one subject a file."""

from partnerships.forms.answers import NOTHING_TO_CORRECT, ConfirmForm, CorrectionForm, DisputeForm
from partnerships.forms.changes import EditForm, StatusForm
from partnerships.forms.chronicle import ActorForm, EntryForm
from partnerships.forms.contacts import ContactForm
from partnerships.forms.documents import DocumentForm, EditDocumentForm, PhotoForm
from partnerships.forms.office import (
    PartnershipForm,
    SidesFormSet,
    problem_with,
    same_pair_sentence,
)
from partnerships.forms.sides import OtherSideForm, OwnSideForm, StartForm
from partnerships.forms.wizard import ContactsForm, KindForm, PlaceForm, RegisterForm, WorkForm

__all__ = [
    "NOTHING_TO_CORRECT",
    "ActorForm",
    "ConfirmForm",
    "ContactForm",
    "ContactsForm",
    "CorrectionForm",
    "DisputeForm",
    "DocumentForm",
    "EditDocumentForm",
    "EditForm",
    "EntryForm",
    "KindForm",
    "OtherSideForm",
    "OwnSideForm",
    "PartnershipForm",
    "PhotoForm",
    "PlaceForm",
    "RegisterForm",
    "SidesFormSet",
    "StartForm",
    "StatusForm",
    "WorkForm",
    "problem_with",
    "same_pair_sentence",
]
