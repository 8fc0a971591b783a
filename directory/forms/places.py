"""What we ask visitors, and the office."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from core.conflicts import VersionedForm
from core.form_keys import FormKeyField
from directory.domains import GENERIC, domain_as_typed
from directory.models import EntryReport, Municipality, Region

FEWEST_CHARACTERS = 10
MOST_CHARACTERS = 2000
MOST_LEVELS = 5
"""Of regions within regions; there are two."""


class ReportForm(forms.Form):
    """Somebody tells us that an entry is wrong. No account is needed."""

    text = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("And what would be right? A link to a page that shows it helps us."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=MOST_CHARACTERS,
        validators=[MinLengthValidator(FEWEST_CHARACTERS)],
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_(
            "Only if you want an answer. We forget it once we have answered, at the latest after 90 days."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # People do not see this field (class "trap"); programs fill it in.
    website = forms.CharField(
        label=_("Please leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    key = FormKeyField()

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))


class DomainsField(forms.CharField):
    """Mail domains as the office types them, "@ulm.de, www.ulm.de"; only such as belong to one owner."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        found = set()
        for typed in (super().to_python(self.prepare_value(value)) or "").split(","):
            domain = domain_as_typed(typed)
            if domain in GENERIC:
                raise forms.ValidationError(
                    _("Anybody can have an address at %(domain)s.") % {"domain": domain}
                )
            if typed.strip() and "." not in domain:
                raise forms.ValidationError(_("“%(domain)s” is no mail domain.") % {"domain": typed.strip()})
            found.add(domain)
        return sorted(found - {""})


class MunicipalityForm(VersionedForm):
    """The office's form: position whole or not at all, no overwriting of what the town itself wrote meanwhile.

    The admin's fieldsets say which fields it has.

    No Meta: modeltranslation would copy its fields to the admin, which then has both fields and fieldsets.
    """

    website = forms.URLField(label=_("website"), required=False, max_length=200, assume_scheme="https")
    official_domains = DomainsField(
        label=_("official mail domains"),
        help_text=Municipality._meta.get_field("official_domains").help_text,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "latitude" in cleaned and (cleaned["latitude"] is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", _("Please give both latitude and longitude, or neither."))
        region, country = cleaned.get("region"), cleaned.get("country")
        if region and country and region.country_id != country.pk:
            self.add_error("region", _("This region lies in another country."))
        return cleaned


class RegionForm(forms.ModelForm):
    class Meta:
        model = Region
        fields = (
            "name",
            "german_name",
            "country",
            "parent",
            "kind",
            "in_danube_region",
            "code",
            "nuts",
            "official_code",
        )

    def clean_parent(self) -> Region | None:
        """A region is no part of itself, nor of its own parts."""
        parent: Region | None = self.cleaned_data["parent"]
        above = parent
        for _level in range(MOST_LEVELS):
            if above is not None and above.pk == self.instance.pk:
                raise forms.ValidationError(_("This one is itself a part of the region."))
            above = above.parent if above else None
        return parent


class AnswerForm(forms.ModelForm):
    """The office decides a report."""

    state = forms.ChoiceField(
        label=_("decision"),
        choices=[("", "---------"), *[choice for choice in EntryReport.State.choices if choice[0] != "open"]],
    )
    answer = forms.CharField(
        label=_("answer to the reporter"),
        help_text=_("Sent by mail, if the reporter left an address."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    class Meta:
        model = EntryReport
        fields = ("state", "answer")


class MergeForm(forms.Form):
    """Which of the selected rows stays."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"] = forms.ChoiceField(
            label=_("This one stays"), choices=choices, widget=forms.RadioSelect
        )
