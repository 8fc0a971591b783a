"""What members are asked who come to a session."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_keys import FormKeyField
from directory.models import Organisation
from webinars.actions import NeedsFacts
from webinars.forms.guests import NEEDS, needs_fields


class KeyForm(forms.Form):
    """One button."""

    key = FormKeyField()


class RegisterForm(forms.Form):
    """One button; what else may be said is folded away."""

    organisation = forms.ModelChoiceField(
        label=_("For which organisation do you come?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("For myself"),
    )
    key = FormKeyField()

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= needs_fields()
        if organisations:
            numbers = [organisation.pk for organisation in organisations]
            field = self.fields["organisation"]
            field.queryset = Organisation.objects.filter(pk__in=numbers)  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]

    @property
    def needs(self) -> NeedsFacts:
        return NeedsFacts(**{name: self.cleaned_data[name] for name in NEEDS})
