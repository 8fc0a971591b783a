"""Whom the people of a side ask to join them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.languages import PARTNER_LANGUAGES
from core.form_keys import FormKeyField


class ContactForm(forms.Form):
    """Somebody to be asked to look after a side."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=PARTNER_LANGUAGES,
        help_text=_("The person reads our mails and the page behind the link in this language."),
    )
    key = FormKeyField()
