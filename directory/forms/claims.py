"""What we ask who wants to speak for a municipality, who does already, and the office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_keys import FormKeyField
from directory.models import Claim

MOST_WORDS_OF_REASON = 1000


class ClaimForm(forms.Form):
    """ "I speak for this town". Something must show it: an official address, or a few words for the office."""

    role = forms.ChoiceField(
        label=_("What do you do there?"),
        choices=[
            (Claim.Role.COORDINATOR, _("I look after the partnerships")),
            (Claim.Role.DEPUTY, _("I am the deputy of the person who looks after them")),
        ],
        initial=Claim.Role.COORDINATOR,
        widget=forms.RadioSelect,
    )
    official_email = forms.EmailField(
        label=_("Your official e-mail address"),
        help_text=_(
            "Of the administration, if it is another one than that of your account. We send a link there. "
            "Nobody but the office sees it."
        ),
        required=False,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    reason = forms.CharField(
        label=_("A few words for the office"),
        help_text=_(
            "For example your post, and where we can read about it. Who speaks for the municipality already "
            "reads it, too."
        ),
        required=False,
        max_length=MOST_WORDS_OF_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = FormKeyField()

    def __init__(self, *args: Any, has_official_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_official_address = has_official_address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_proof = cleaned.get("official_email") or "official_email" in self.errors or cleaned.get("reason")
        if not is_proof and "reason" not in self.errors and not self._has_official_address:
            self.add_error(
                "reason",
                _("Please name an official address, or tell the office how it can see that you may."),
            )
        return cleaned


class HolderAnswerForm(forms.Form):
    """Who speaks for the municipality agrees or objects; two buttons."""

    answer = forms.ChoiceField(choices=[("agrees", _("agrees")), ("objects", _("objects"))])
    key = FormKeyField()


class DecisionForm(forms.ModelForm):
    """The office accepts or declines."""

    state = forms.ChoiceField(
        label=_("decision"),
        choices=[
            ("", "---------"),
            (Claim.State.ACCEPTED, _("accept: the person speaks for the municipality")),
            (Claim.State.DECLINED, _("decline")),
        ],
    )
    answer = forms.CharField(
        label=_("answer to the person"),
        help_text=_("Sent by mail with the decision."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=1000,
    )

    class Meta:
        model = Claim
        fields = ("state", "answer")
