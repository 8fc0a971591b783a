"""Whom a host names by the address of an account: who leads as well, and who is invited."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.form_keys import FormKeyField
from webinars.queries.invited import people_behind

MOST_LINES = 200


class AddHostForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The address of the person's account."),
        max_length=254,
    )
    key = FormKeyField()


class InviteForm(forms.Form):
    """All lines or none: who typed them corrects the wrong ones and sends them all again."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("Addresses of the people's accounts, one in each line, at most 200."),
        max_length=MOST_LINES * 260,
        widget=forms.Textarea(attrs={"rows": 8}),
        strip=False,  # lines are counted as they are seen
    )
    key = FormKeyField()

    has_unknown = False
    """Whether an address was named that has no account."""

    def clean_addresses(self) -> list[User]:
        typed = self.cleaned_data["addresses"].splitlines()
        lines = [(number, line.strip()) for number, line in enumerate(typed, 1) if line.strip()]
        if not lines:
            raise ValidationError(_("Please give at least one address."))
        if len(lines) > MOST_LINES:
            said = _("These are %(number)s addresses. Please give at most %(most)s at once.")
            raise ValidationError(said % {"number": len(lines), "most": MOST_LINES})
        found = people_behind(address for _number, address in lines)
        wrong = [
            ValidationError(self._why_not(address) % {"number": number, "address": address})
            for number, address in lines
            if address.lower() not in found
        ]
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(found[address.lower()] for _number, address in lines))

    def _why_not(self, address: str) -> str:
        try:
            validate_email(address)
        except ValidationError:
            return _("Line %(number)s: “%(address)s” is no e-mail address.")
        self.has_unknown = True
        return _("Line %(number)s: there is no account with the address %(address)s.")
