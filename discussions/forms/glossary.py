"""A term of the glossary: a field for each language."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import SPOKEN_LANGUAGES
from core.conflicts import VersionField, based_on
from core.form_keys import FormKeyField
from discussions.models import Term


class TermForm(forms.Form):
    """At least two languages: a word alone translates nothing."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For example where the word is used, or what it must not be mixed up with."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    base_version = VersionField()
    key = FormKeyField()

    def __init__(self, data: Any = None, *, term: Term | None = None) -> None:
        initial = values_of_term(term)
        base = based_on(term.version if term else 0, initial)
        super().__init__(data, initial=initial | {"base_version": base})
        for code, name in SPOKEN_LANGUAGES:
            self.fields[f"word_{code}"] = forms.CharField(
                label=name, max_length=120, required=False, widget=forms.TextInput(attrs={"lang": code})
            )
        self.order_fields([*(f"word_{code}" for code, _name in SPOKEN_LANGUAGES), "note"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if len(self.words()) < 2 and not self.errors:
            self.add_error("word_de", _("Please enter the term in at least two languages."))
        return cleaned

    def words(self) -> dict[str, str]:
        found = {code: self.cleaned_data.get(f"word_{code}", "") for code, _name in SPOKEN_LANGUAGES}
        return {code: word for code, word in found.items() if word}


def values_of_term(term: Term | None) -> dict[str, Any]:
    """As `TermForm.cleaned_data` would hold them."""
    words = term.words if term else {}
    return {f"word_{code}": words.get(code, "") for code, _name in SPOKEN_LANGUAGES} | {
        "note": term.note if term else ""
    }
