"""What people without an account are asked. Partners abroad read every word: complete in 13 languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.languages import PARTNER_LANGUAGES, ZONES
from core.form_keys import FormKeyField
from webinars.actions import NeedsFacts
from webinars.models import Needs

TOO_MANY = _("There were many registrations from your connection. Please try again in an hour.")
NEEDS = ("diet", "accessibility", "interpretation")
# The clock most readers of the language live by; a first guess that the form shows.
_ZONE_OF = {
    "de": "Europe/Berlin",
    "bg": "Europe/Sofia",
    "bs": "Europe/Sarajevo",
    "cs": "Europe/Prague",
    "hr": "Europe/Zagreb",
    "hu": "Europe/Budapest",
    "ro": "Europe/Bucharest",
    "sk": "Europe/Bratislava",
    "sl": "Europe/Ljubljana",
    "sr": "Europe/Belgrade",
    "sr-latn": "Europe/Belgrade",
    "uk": "Europe/Kyiv",
}


def needs_fields(needs: Needs | None = None) -> dict[str, forms.Field]:
    labels = (
        (_("Food and drink"), _("For example: vegetarian, no nuts."), 200),
        (_("Accessibility"), _("For example: wheelchair, sign language, captions."), 300),
        (_("Interpretation"), _("The language you need it in."), 200),
    )
    return {
        name: forms.CharField(
            label=label,
            help_text=help_text,
            max_length=most,
            required=False,
            initial=getattr(needs, name) if needs else "",
        )
        for name, (label, help_text, most) in zip(NEEDS, labels, strict=True)
    }


class SeatForm(forms.Form):
    """One button."""

    key = FormKeyField()


class NeedsForm(forms.Form):
    key = FormKeyField()

    def __init__(self, *args: Any, needs: Needs | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= needs_fields(needs)

    @property
    def facts(self) -> NeedsFacts:
        return NeedsFacts(**{name: self.cleaned_data[name] for name in NEEDS})


class DoorForm(forms.Form):
    """Entering is a button; a session that may be recorded asks first."""

    consent = forms.BooleanField(
        label=_("I know that the session may be recorded, and I agree"),
        error_messages={
            "required": _("Please agree, or stay outside: a recording cannot leave anybody out.")
        },
    )

    def __init__(self, *args: Any, is_recorded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_recorded:
            del self.fields["consent"]


class GuestForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a link there to confirm your registration."),
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=PARTNER_LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Your time zone"), help_text=_("Our mails name the time on your clock."), choices=ZONES
    )
    # People do not see this field (class "trap"); programs fill it in.
    website = forms.CharField(
        label=_("Please leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    key = FormKeyField()

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        start = {"language": language, "time_zone": _ZONE_OF.get(language, "Europe/Berlin")}
        super().__init__(*args, **{**kwargs, "initial": start})
        self.fields |= needs_fields()

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    @property
    def said(self) -> dict[str, Any]:
        """What `actions.register_guest` wants to know."""
        named = {name: self.cleaned_data[name] for name in ("name", "email", "language", "time_zone")}
        return {**named, "needs": NeedsFacts(**{name: self.cleaned_data[name] for name in NEEDS})}
