"""What the people of a side are asked. Partners abroad read every word: complete in 13 languages."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.form_keys import FormKeyField
from partnerships.choices import Kind, Status
from partnerships.models import Partnership

FIRST_YEAR = 1800
MOST_CHARACTERS = 2000
NOTHING_TO_CORRECT = _("The entry says this already. Please change something, or write what is wrong.")
TOO_LONG = {"max_length": _("Please write at most 2,000 characters.")}


class ConfirmForm(forms.Form):
    """One button."""

    key = FormKeyField()


class _YearField(forms.IntegerField):
    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=FIRST_YEAR,
            max_value=date.today().year + 2,  # noqa: DTZ011 -- a year more or less does no harm
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )


class CorrectionForm(forms.Form):
    """What would be right. Filled with what the entry says now."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("line of an entry", "Kind"), choices=Kind.choices, required=False
    )
    status = forms.ChoiceField(label=pgettext_lazy("line of an entry", "Status"), choices=Status.choices)
    note = forms.CharField(
        label=_("What else is wrong?"),
        help_text=_("In your language. The other side reads it."),
        required=False,
        max_length=MOST_CHARACTERS,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = FormKeyField()

    YEARS = ("first_contact_year", "signed_year", "renewed_year", "ended_year")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        start = {name: getattr(partnership, name) for name in ("kind", "status", *self.YEARS)}
        super().__init__(*args, **{**kwargs, "initial": start})
        labels = (
            pgettext_lazy("line of an entry", "First contact"),
            pgettext_lazy("line of an entry", "Signed"),
            pgettext_lazy("line of an entry", "Renewed"),
            pgettext_lazy("line of an entry", "Ended"),
        )
        for name, label in zip(self.YEARS, labels, strict=True):
            self.fields[name] = _YearField(label)
        self.order_fields(["kind", "status", *self.YEARS, "note"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        signed, ended = cleaned.get("signed_year"), cleaned.get("ended_year")
        if signed and ended and ended < signed:
            self.add_error("ended_year", _("It cannot end before it was signed."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "status", *self.YEARS)}


class DisputeForm(forms.Form):
    text = forms.CharField(
        label=_("Why is this entry wrong?"),
        help_text=_("In your language. The other side and the office read it."),
        max_length=MOST_CHARACTERS,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    key = FormKeyField()
