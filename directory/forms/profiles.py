"""What a municipality or an organisation says about itself, in as many languages as it likes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.forms import BoundField
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.languages import PARTNER_LANGUAGES
from core.conflicts import (
    BaseVersion,
    Difference,
    VersionField,
    based_on,
    differences,
    mark_of,
    renew,
    show_instead,
    untouched_fields,
)
from core.form_keys import FormKeyField
from directory.models import Municipality, Organisation

MOST_CHARACTERS = 4000
OWN_COLUMNS = tuple(code for code, _name in settings.LANGUAGES)
FURTHER_LANGUAGES = tuple((code, name) for code, name in PARTNER_LANGUAGES if code not in OWN_COLUMNS)


def language_choices() -> list[tuple[str, str]]:
    """ "Hungarian (magyar)"."""
    named = [
        (code, f"{get_language_info(code)['name_translated']} ({name})") for code, name in FURTHER_LANGUAGES
    ]
    return [("", str(_("Choose a language"))), *sorted(named, key=lambda choice: choice[1])]


class ProfileForm(forms.Form):
    """Texts in German and English, and rows of a language and its text; a row without text is left out."""

    description_de = forms.CharField(
        label=_("About you in German"),
        help_text=_("Who you are, and what you look for in a partnership. A few sentences are enough."),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "de"}),
    )
    description_en = forms.CharField(
        label=_("About you in English"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "en"}),
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    base_version = VersionField()
    key = FormKeyField()

    def __init__(
        self,
        data: Any = None,
        *,
        subject: Municipality | Organisation,
        wants_row: bool = False,
        **kwargs: Any,
    ) -> None:
        """`wants_row`: `data` is not sent to be saved but to be shown again, with one row more."""
        texts = texts_now(subject)
        initial: dict[str, Any] = {
            "description_de": getattr(subject, "description_de", None) or "",
            "description_en": getattr(subject, "description_en", None) or "",
            "website": subject.website,
            "base_version": based_on(subject.version, _marked(subject, texts)),
        }
        if wants_row:
            initial |= {name: data[name] for name in data}
        super().__init__(None if wants_row else data, initial=initial, **kwargs)
        self._add_rows(texts, typed=data or {}, wants_row=wants_row)

    def _add_rows(self, texts: Mapping[str, str], *, typed: Mapping[str, Any], wants_row: bool) -> None:
        """One empty row more than needed; a sent form keeps as many rows as it had, and one more on request."""
        self._rows = len(texts) + 1
        while f"language_{self._rows + 1}" in typed and self._rows < len(FURTHER_LANGUAGES):
            self._rows += 1
        self._rows = min(self._rows + wants_row, len(FURTHER_LANGUAGES))
        entered = list(texts.items())
        for number in range(1, self._rows + 1):
            language, text = entered[number - 1] if number <= len(entered) else ("", "")
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=_("Further language %(number)s") % {"number": number},
                choices=language_choices,
                initial=language,
                required=False,
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("About you in this language"),
                initial=text,
                required=False,
                max_length=MOST_CHARACTERS,
                widget=forms.Textarea(attrs={"rows": 6, **({"lang": language} if language else {})}),
            )
            self.fields[f"remove_{number}"] = forms.BooleanField(label=_("Remove this text"), required=False)
        if wants_row:
            self.fields[f"language_{self._rows}"].widget.attrs["autofocus"] = True

    @property
    def rows(self) -> list[tuple[BoundField, BoundField, BoundField | None]]:
        """Language, text, and the tick to remove it where there is something to remove."""
        return [
            (
                self[f"language_{number}"],
                self[f"text_{number}"],
                self[f"remove_{number}"] if self[f"text_{number}"].value() else None,
            )
            for number in range(1, self._rows + 1)
        ]

    @property
    def can_have_another_row(self) -> bool:
        return self._rows < len(FURTHER_LANGUAGES)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        texts: dict[str, str] = {}
        for number in range(1, self._rows + 1):
            language, text = cleaned.get(f"language_{number}", ""), cleaned.get(f"text_{number}", "")
            if not text or cleaned.get(f"remove_{number}") or f"language_{number}" in self.errors:
                continue
            if not language:
                self.add_error(f"language_{number}", _("Please say in which language the text is."))
            elif language in texts:
                self.add_error(f"language_{number}", _("You have named this language above already."))
            texts[language] = text
        self._texts = texts
        return cleaned

    @property
    def profile(self) -> dict[str, Any]:
        """What `actions.save_profile` wants to know. Only of a valid form."""
        return {
            "descriptions": {code: self.cleaned_data[f"description_{code}"] for code in OWN_COLUMNS},
            "website": self.cleaned_data["website"],
            "texts": self._texts,
            "base_version": self.cleaned_data["base_version"],
        }

    def differences_to(self, subject: Municipality | Organisation) -> list[Difference]:
        """What was saved meanwhile and what was typed; the form is one of the present version then.

        What its writer has not touched shows the newer text and is not asked about.
        """
        base: BaseVersion = self.cleaned_data["base_version"]
        now, texts = _columns(subject), texts_now(subject)
        untouched = untouched_fields(self, now, base)
        typed = {name: self.cleaned_data[name] for name in now if name not in untouched}
        found = differences(self.fields, now=now, typed=typed)
        merged = self._merged(texts, base)
        further = differences(
            {code: forms.CharField(label=name) for code, name in FURTHER_LANGUAGES},
            now={code: texts.get(code, "") for code, _name in FURTHER_LANGUAGES},
            typed={code: merged.get(code, "") for code, _name in FURTHER_LANGUAGES},
        )
        renew(self, subject.version, values=_marked(subject, texts) if base.marks else None)
        for name in untouched:
            show_instead(self, name, now[name])
        if base.marks:
            self._show_texts(merged)
        return found + further

    def _merged(self, texts: Mapping[str, str], base: BaseVersion) -> dict[str, str]:
        """The typed texts; those that say what they said at first give way to what is there now."""
        if not base.marks:
            return self._texts
        merged = {}
        for code, _name in FURTHER_LANGUAGES:
            typed = self._texts.get(code, "")
            is_untouched = mark_of(typed) == base.marks.get(_in(code), mark_of(""))
            if text := texts.get(code, "") if is_untouched else typed:
                merged[code] = text
        return merged

    def _show_texts(self, texts: Mapping[str, str]) -> None:
        """The rows, anew."""
        old = [name for name in self.data if name.startswith(("language_", "text_", "remove_"))]
        for name in old:
            del self.data[name]  # type: ignore[attr-defined]  # a copy, made by renew
        for number, (language, text) in enumerate(texts.items(), start=1):
            show_instead(self, f"language_{number}", language)
            show_instead(self, f"text_{number}", text)
        self._add_rows(texts, typed={}, wants_row=False)
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]  # they belong to the old rows


def _columns(subject: Municipality | Organisation) -> dict[str, str]:
    own = {f"description_{code}": getattr(subject, f"description_{code}") or "" for code in OWN_COLUMNS}
    return own | {"website": subject.website}


def _marked(subject: Municipality | Organisation, texts: Mapping[str, str]) -> dict[str, str]:
    return _columns(subject) | {_in(code): text for code, text in texts.items()}


def _in(code: str) -> str:
    return f"in_{code}"


def texts_now(subject: Municipality | Organisation) -> dict[str, str]:
    return dict(subject.profile_texts.order_by("language").values_list("language", "text"))
