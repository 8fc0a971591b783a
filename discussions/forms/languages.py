"""What is asked about translations."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.conflicts import VersionField, based_on
from core.form_keys import FormKeyField
from discussions.forms.writing import text_field
from discussions.models import Post, Translation

Choices = Sequence[tuple[str, str]]


class LanguageForm(forms.Form):
    """A language, and a button. `prefix` says which of the two on one page was sent."""

    language = forms.ChoiceField(label=gettext_lazy("Into which language?"))
    key = FormKeyField()

    def __init__(self, data: Any = None, *, choices: Choices, prefix: str) -> None:
        super().__init__(data if data and f"{prefix}-key" in data else None, prefix=prefix)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")),
            *choices,
        ]


class TranslationForm(forms.Form):
    """The text in the other language. `of_version` is the version of the post it was made from."""

    text = text_field(gettext_lazy("Translation"), rows=12)
    of_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    base_version = VersionField()
    key = FormKeyField()

    def __init__(self, data: Any = None, *, post: Post, row: Translation | None, name: str) -> None:
        initial = values_of_translation(row)
        base = based_on(row.version if row else 0, initial)
        super().__init__(data, initial=initial | {"base_version": base, "of_version": post.version})
        self.fields["text"].label = _("Translation: %(language)s") % {"language": name}

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(_("Please write the translation."))
        return text


def values_of_translation(row: Translation | None) -> dict[str, Any]:
    """As `TranslationForm.cleaned_data` would hold it."""
    return {"text": row.text if row else ""}
