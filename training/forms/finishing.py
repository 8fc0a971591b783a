"""The name on a certificate, and the self-check."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.pdf import drawable
from training.models import SelfCheckQuestion


class CertificateForm(forms.Form):
    name = forms.CharField(
        label=_("Your name as it is to be printed"),
        help_text=_("Please look at it closely: on the certificate it cannot be changed afterwards."),
        max_length=80,
        error_messages={"max_length": _("Please write at most 80 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        """Refused is what would be printed as something else."""
        name = unicodedata.normalize("NFC", self.cleaned_data["name"])
        strange = [letter for letter in dict.fromkeys(name) if drawable(letter) != letter]
        if strange:
            said = _("These characters cannot be printed: %(letters)s")
            raise forms.ValidationError(said, params={"letters": " ".join(strange)})
        return name


class SelfCheckForm(forms.Form):
    """A group of five for each question, all to be answered."""

    def __init__(self, *args: Any, questions: Sequence[SelfCheckQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = {f"question_{question.number}": question.pk for question in questions}
        for question in questions:
            self.fields[f"question_{question.number}"] = forms.TypedChoiceField(
                label=f"{question.number}. {question.text}",
                choices=[
                    (1, f"1 – {question.low}"),
                    (2, "2"),
                    (3, "3"),
                    (4, "4"),
                    (5, f"5 – {question.high}"),
                ],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Please choose a number from 1 to 5.")},
            )

    def values(self) -> dict[int, int]:
        """From 1 to 5, by key of the question."""
        return {self.numbers[name]: value for name, value in self.cleaned_data.items()}
