"""The four questions after a session. Partners abroad read every word: complete in 13 languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.form_keys import FormKeyField

MARKS = (
    (5, pgettext_lazy("feedback", "yes, very")),
    (4, pgettext_lazy("feedback", "rather yes")),
    (3, pgettext_lazy("feedback", "partly")),
    (2, pgettext_lazy("feedback", "rather not")),
    (1, pgettext_lazy("feedback", "not at all")),
)


def _mark(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=MARKS, coerce=int, widget=forms.RadioSelect)


class FeedbackForm(forms.Form):
    useful = _mark(_("Was the session useful for you?"))
    understandable = _mark(_("Could you follow well?"))
    technology = _mark(_("Did the technology or the place work well?"))
    text = forms.CharField(
        label=_("What should be different next time?"),
        help_text=_("In your language. The hosts read it, without your name."),
        required=False,
        max_length=2000,
        error_messages={"max_length": _("Please write at most 2,000 characters.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    key = FormKeyField()

    @property
    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("useful", "understandable", "technology", "text")}
