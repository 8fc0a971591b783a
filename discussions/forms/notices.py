"""What somebody without an account reports. Partners abroad read every word: complete in 13 languages."""

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from core.form_keys import FormKeyField

TOO_MANY = _("There were many reports from your connection. Please try again in an hour.")
_TOO_SHORT = _("Please write a little more, so that we understand what you mean.")
_TOO_LONG = _("Please write less.")


class NoticeForm(forms.Form):
    address = forms.CharField(
        label=_("Where does it stand?"),
        help_text=_("Copy the address of the page. If you do not have it, describe where you saw it."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": _TOO_LONG},
    )
    text = forms.CharField(
        label=_("What is wrong with it?"),
        help_text=_("Which law does it break, or whose rights? What is it exactly?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[MinLengthValidator(10, _TOO_SHORT)],
        error_messages={"max_length": _TOO_LONG},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_(
            "Only if you want an answer. We forget it once we have answered, at the latest after 90 days."
        ),
        required=False,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"max_length": _TOO_LONG},
    )
    in_good_faith = forms.BooleanField(
        label=_("To the best of my knowledge what I write is right and complete."),
        error_messages={"required": _("Please tick this if it is so.")},
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
