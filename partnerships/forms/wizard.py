"""The form in steps with which a partnership is entered. `values()` is what a draft keeps of a step."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES
from core.form_keys import FormKeyField
from directory.models import Country
from partnerships.forms.facts import (
    DoingForm,
    YearField,
    YearsForm,
    check_end,
    kind_choices,
    shape_choices,
    status_choices,
)
from partnerships.models import Partnership, SideContact
from partnerships.queries import Hit, hit_of, region_called, same_name
from partnerships.queries.drafts import DraftEntry
from partnerships.queries.parties import Party

Status = Partnership.Status


class KindForm(YearsForm):
    """What kind of connection it is, how it stands, and since when."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    shape = forms.ChoiceField(
        label=gettext_lazy("How do the sides belong together?"), widget=forms.RadioSelect
    )
    status = forms.ChoiceField(
        label=gettext_lazy("How does it stand today?"), widget=forms.RadioSelect, initial=Status.ACTIVE
    )
    ended_year = YearField(
        label=gettext_lazy("Year of the end"), help_text=gettext_lazy("Only if it has ended.")
    )
    end_reason = forms.CharField(
        label=gettext_lazy("Why did it end?"),
        help_text=gettext_lazy("Only if it has ended. One sentence is enough."),
        max_length=300,
        required=False,
    )

    field_order = (
        "kind", "shape", "status", "ended_year", "end_reason", "first_contact_year", "signed_year", "signed_on",
        "renewed_year", "council_decided_on",
    )  # fmt: skip

    def __init__(self, *args: Any, entry: DraftEntry, taken: Mapping[str, str], **kwargs: Any) -> None:
        """`taken`: for each kind that is entered already a sentence that says so."""
        super().__init__(*args, **kwargs)
        self.taken = taken
        self.fields["kind"].choices = kind_choices(explained=True)  # type: ignore[attr-defined]
        self.fields["status"].choices = status_choices()  # type: ignore[attr-defined]
        self.fields["shape"].choices = shape_choices()  # type: ignore[attr-defined]
        if len(entry.parties) < 4:
            del self.fields["shape"]

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind in self.taken:
            raise forms.ValidationError(self.taken[kind])
        return kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("status") == Status.ENDED:
            check_end(self, signed=cleaned.get("signed_year"))
        else:
            cleaned |= {"ended_year": None, "end_reason": ""}
        return cleaned

    def values(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said[f"end_reason_{_language()}"] = said.pop("end_reason")
        return {name: _plain(value) for name, value in said.items()}

    @staticmethod
    def initial_of(said: Mapping[str, Any]) -> dict[str, Any]:
        reasons = [text for name, text in said.items() if name.startswith("end_reason_") and text]
        return {**said, "end_reason": reasons[0] if reasons else ""}


class WorkForm(DoingForm):
    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**said, "topics": [topic.code for topic in said["topics"]]}


class ContactsForm(forms.Form):
    """One's own part, and for each other side whom to ask. The other sides may be asked later, too."""

    role = forms.ChoiceField(
        label=gettext_lazy("What do you do for your side?"),
        help_text=gettext_lazy("The coordinator looks after the partnership, the deputy stands in."),
        choices=SideContact.Role,
        widget=forms.RadioSelect,
        initial=SideContact.Role.COORDINATOR,
    )

    def __init__(self, *args: Any, entry: DraftEntry, own_email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_email = own_email
        self.others = dict(entry.others)
        for code, party in self.others.items():
            self._ask_for(code, party)

    def _ask_for(self, code: str, party: Party) -> None:
        said = (self.initial.get("others") or {}).get(code, {})
        self.fields[f"name_{code}"] = forms.CharField(
            label=_("Name"), max_length=80, required=False, initial=said.get("name", "")
        )
        self.fields[f"email_{code}"] = forms.EmailField(
            label=_("E-mail address"), required=False, initial=said.get("email", "")
        )
        self.fields[f"language_{code}"] = forms.ChoiceField(
            label=_("Language of the invitation"),
            choices=PARTNER_LANGUAGES,
            initial=said.get("language") or partner_language(party.country.languages),
            required=False,
        )

    @property
    def groups(self) -> list[tuple[Hit, list[forms.BoundField]]]:
        """The fields of each other side."""
        return [
            (hit_of(party), [self[f"{part}_{code}"] for part in ("name", "email", "language")])
            for code, party in self.others.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for code in self.others:
            email = cleaned.get(f"email_{code}", "")
            if cleaned.get(f"name_{code}") and not email and f"email_{code}" not in self.errors:
                self.add_error(f"email_{code}", _("Without an address we cannot ask anybody."))
            if email and email.casefold() == self.own_email.casefold():
                self.add_error(
                    f"email_{code}", _("This is your own address. Somebody of the other side has to confirm.")
                )
        return cleaned

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        others = {
            code: {part: said[f"{part}_{code}"] for part in ("name", "email", "language")}
            for code in self.others
            if said[f"email_{code}"]
        }
        return {"role": said["role"], "others": others}


class PlaceForm(forms.Form):
    """A place the directory lacks. Places that are called so already are shown first."""

    name = forms.CharField(
        label=gettext_lazy("Name of the place"),
        help_text=gettext_lazy("As it is written there, in Latin letters."),
        min_length=2,
        max_length=120,
    )
    country = forms.ModelChoiceField(label=gettext_lazy("Country"), queryset=Country.objects.all())
    region = forms.CharField(
        label=gettext_lazy("Region, county or district"),
        help_text=gettext_lazy("Leave it empty if you are not sure."),
        max_length=120,
        required=False,
    )
    is_new = forms.BooleanField(label=gettext_lazy("None of these is the place I mean."), required=False)
    key = FormKeyField()

    known: list[Hit]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = []

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(letter.isalpha() for letter in name):
            raise forms.ValidationError(_("Please write the name of the place."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        country = cleaned.get("country")
        if country is None or "name" not in cleaned:
            return cleaned
        self._find_region(country)
        self.known = same_name(name=cleaned["name"], country=country.pk)
        if self.known and not cleaned.get("is_new"):
            self.add_error("name", _("We know places of this name already. Is it one of them?"))
        return cleaned

    def _find_region(self, country: Country) -> None:
        typed = self.cleaned_data.get("region", "")
        self.cleaned_data["region"] = None
        if typed:
            region = region_called(name=typed, country=country.pk)
            self.cleaned_data["region"] = region
            if region is None:
                self.add_error(
                    "region",
                    _("We know no region of this name in %(country)s. Leave it empty if you are not sure.")
                    % {"country": country.name},
                )


class RegisterForm(forms.Form):
    """The one button at the end."""

    key = FormKeyField()


def partner_language(languages: list[str]) -> str:
    """In which language somebody of a country is asked first: the most used one that we write."""
    written = dict(PARTNER_LANGUAGES)
    return next((code for code in languages if code in written), "en")


def _language() -> str:
    here = get_language() or settings.LANGUAGE_CODE
    return here if here in settings.MODELTRANSLATION_LANGUAGES else settings.LANGUAGE_CODE


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
