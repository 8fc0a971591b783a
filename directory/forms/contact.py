"""Writing to somebody without knowing the address."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.form_keys import FormKeyField

FEWEST_CHARACTERS = 10
MOST_CHARACTERS = 4000


class ContactForm(forms.Form):
    """No account is needed. Who is signed in writes with the address of the account."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_(
            "The answer comes there. Only those who read your message see it; we forget it after 90 days."
        ),
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    text = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=MOST_CHARACTERS,
        validators=[MinLengthValidator(FEWEST_CHARACTERS)],
    )
    # People do not see this field (class "trap"); programs fill it in.
    website = forms.CharField(
        label=_("Please leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    key = FormKeyField()

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            self.fields["name"].initial = person.display_name
            del self.fields["email"]

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    @property
    def sender(self) -> dict[str, Any]:
        """What `actions.send_message` wants to know about who wrote. Only of a valid form."""
        email = self.person.email if self.person else self.cleaned_data["email"]
        return {"name": self.cleaned_data["name"], "email": email, "by": self.person}
