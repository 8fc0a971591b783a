"""The plan of reminders of a session: one small form for each."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from webinars import choices


class LeadForm(forms.Form):
    """One reminder. Without a number it is none."""

    amount = forms.IntegerField(label=gettext_lazy("How long before?"), min_value=1, required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=choices.LeadUnit.choices, initial=choices.LeadUnit.DAYS
    )
    text_de = forms.CharField(
        label=gettext_lazy("Own words in this reminder, in German"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Own words in this reminder, in English"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        longest = {choices.LeadUnit.DAYS: 60, choices.LeadUnit.HOURS: 1440, choices.LeadUnit.MINUTES: 600}
        unit, amount = cleaned.get("unit"), cleaned.get("amount")
        if unit and amount and amount > longest[choices.LeadUnit(unit)]:
            self.add_error("amount", _("At most %(number)s.") % {"number": longest[choices.LeadUnit(unit)]})
        return cleaned


class LeadsOnce(forms.BaseFormSet):
    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        # A row that says what it was proposed with counts like any other.
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def clean(self) -> None:
        known = set()
        for form in self.forms:
            lead = (form.cleaned_data.get("amount"), form.cleaned_data.get("unit"))
            if lead[0] and lead in known:
                form.add_error("amount", _("This reminder is there twice."))
            known.add(lead)

    def plan(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("amount")]


LeadFormSet = forms.formset_factory(
    LeadForm, formset=LeadsOnce, extra=2, max_num=8, validate_max=True, absolute_max=8
)


def lead_forms(data: Any, initial: list[dict[str, Any]]) -> LeadsOnce:
    return cast(LeadsOnce, LeadFormSet(data, prefix="lead", initial=initial))
